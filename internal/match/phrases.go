package match

import "strings"

// act is what a turn of speech does; several are a set.
type act uint16

const (
	demand     act = 1 << iota // asks for something, or agrees to what has to be done: more has to be written or done
	content                    // what mere thanks do not have: objections, and things
	comingBack                 // the writer writes again
	owing                      // of theirs: they do something for us
	findingOut                 // of ours: we find out and write again
	doing                      // something is under way, if it comes later
	soon                       // not now; may be said of an appointment, too
	once                       // at some event: what was asked for comes then
	laterOn                    // at some time, of a day: the same
	handing                    // of theirs: a colleague will write
	assent                     // yes to a proposal
	choosing                   // leaves it open
)

func (a act) has(b act) bool { return a&b != 0 }

// phrase is a turn of speech, folded. A word that ends with a star may go on, and
// one word may stand where "_" does, or none.
type phrase struct {
	words []string
	does  act
}

// phrases are found by their first words.
type phrases map[string][]phrase

// newPhrases reads lists of phrases with commas between.
func newPhrases(lists map[act][]string) phrases {
	out := phrases{}
	for does, texts := range lists {
		for text := range strings.SplitSeq(strings.Join(texts, ","), ",") {
			words := strings.Fields(text)
			key := words[0]
			if stem, open := strings.CutSuffix(key, "*"); open {
				key = stem[:min(len(stem), startLetters)] + "*"
			}
			out[key] = append(out[key], phrase{words, does})
		}
	}
	return out
}

// in is all that a text does.
func (ph phrases) in(words []string) (acts act) {
	var room [startLetters + 1]byte
	for i, w := range words {
		stem := append(append(room[:0], w[:min(len(w), startLetters)]...), '*')
		for _, list := range [][]phrase{ph[w], ph[string(stem)]} {
			for _, p := range list {
				if !acts.has(p.does) && follows(p.words, words[i:]) {
					acts |= p.does
				}
			}
		}
	}
	return acts
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
