package match

import "strings"

// phrases are turns of speech, folded, found by their first words. A word that
// ends with a star may go on, and one word may stand where "_" does, or none.
type phrases map[string][][]string

// newPhrases reads lists of phrases with commas between.
func newPhrases(lists ...string) phrases {
	out := phrases{}
	for text := range strings.SplitSeq(strings.Join(lists, ","), ",") {
		p := strings.Fields(text)
		if len(p) == 0 {
			continue
		}
		key := p[0]
		if stem, open := strings.CutSuffix(key, "*"); open {
			key = stem[:min(len(stem), startLetters)] + "*"
		}
		out[key] = append(out[key], p)
	}
	return out
}

// in tells whether one of the phrases stands in a text.
func (ph phrases) in(words []string) bool {
	for i, w := range words {
		if anyFollows(ph[w], words[i:]) || anyFollows(ph[w[:min(len(w), startLetters)]+"*"], words[i:]) {
			return true
		}
	}
	return false
}

func anyFollows(list [][]string, words []string) bool {
	for _, p := range list {
		if follows(p, words) {
			return true
		}
	}
	return false
}

// follows tells whether a text begins with a phrase.
func follows(phrase, words []string) bool {
	for k, p := range phrase {
		if p == "_" {
			rest := phrase[k+1:]
			return follows(rest, words) || len(words) > 0 && follows(rest, words[1:])
		}
		if len(words) == 0 {
			return false
		}
		if stem, open := strings.CutSuffix(p, "*"); open && strings.HasPrefix(words[0], stem) || p == words[0] {
			words = words[1:]
			continue
		}
		return false
	}
	return true
}
