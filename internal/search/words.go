package search

import (
	"slices"
	"strings"
	"unicode"

	"threadline/internal/crm"
)

// Limits of a subject and of a question.
const (
	maxWord   = 40  // bytes of a word that are compared
	maxHead   = 60  // bytes of a name that are compared at once
	maxWords  = 400 // words of a subject for one audience
	maxAsked  = 8   // words of a question
	maxLength = 200 // bytes of a question that are read
)

// words splits text into folded words of letters and digits.
func words(text string) []string {
	return strings.FieldsFunc(crm.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// clip cuts a word to n bytes without breaking a letter.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// head is a name in the form in which its beginning is compared: its words
// without what stands between them.
func head(text string) string { return clip(strings.Join(words(clip(text, 4*maxHead)), ""), maxHead) }

// wordSet gathers words, each once.
type wordSet struct {
	list []string
	have map[string]bool
}

func (w *wordSet) add(text string) {
	if w.have == nil {
		w.have = map[string]bool{}
	}
	for _, s := range words(text) {
		if s = clip(s, maxWord); len(w.list) < maxWords && !w.have[s] {
			w.have[s] = true
			w.list = append(w.list, s)
		}
	}
}

// asked is a question in the words of the index.
type asked struct {
	head    string
	words   []string
	numbers []string // the beginnings of telephone numbers that it may be
}

func readAsked(text string, home crm.Country) asked {
	text = clip(text, maxLength)
	a := asked{head: head(text)}
	var set wordSet
	set.add(text)
	a.words = set.list[:min(len(set.list), maxAsked)]
	a.numbers = begun(text, a.head, home)
	return a
}

// begun are the telephone numbers that somebody may have begun to type, who may
// dial a 0, or 00, before them: head are the digits alone.
func begun(text, head string, home crm.Country) []string {
	if head == "" || strings.Trim(text, "0123456789 +-./()") != "" {
		return nil
	}
	var out []string
	if h := strings.TrimLeft(head, "0"); h != head && h != "" {
		out = append(out, h)
	}
	if p, err := crm.ParsePhone(text, home); err == nil {
		if h := string(p[1:]); h != head && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}
