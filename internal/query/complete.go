package query

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// Completion is what may be written at a place of a text.
type Completion struct {
	At    int      `json:"at" doc:"Character, from 1, from which on the words replace the text"`
	Words []string `json:"words"`
}

const maxWords = 50

// Complete says what may stand at the end of a text: the words that begin like
// what is half written there, or all that may follow.
func Complete(text string, s Schema) Completion {
	p := parser{schema: &s}
	out := Completion{At: len([]rune(text)) + 1, Words: []string{}}
	tokens, err := scan(text)
	if err != nil {
		return out
	}
	begun := ""
	if n := len(tokens) - 2; n >= 0 && !tokens[n].sign && !tokens[n].quoted && !strings.HasSuffix(text, " ") {
		out.At, begun = tokens[n].at, tokens[n].text
	}
	p.tokens = tokens
	p.offers = func(at int, words []string) {
		if at == out.At {
			out.add(begun, words)
		}
	}
	_ = p.query() // half of a query is none
	return out
}

func (c *Completion) add(begun string, words []string) {
	for _, w := range words {
		if len(c.Words) < maxWords && strings.HasPrefix(crm.Fold(w), crm.Fold(begun)) && !slices.Contains(c.Words, w) {
			c.Words = append(c.Words, w)
		}
	}
}

// offerValues tells which values a field may have.
func (p *parser) offerValues(f target) {
	if p.offers == nil {
		return
	}
	switch {
	case f.field.Type == crm.FieldUser:
		p.offer(me)
	case dated(f.field.Type):
		p.offer("today", "yesterday", "tomorrow", "this week", "last week", "next week", "this month", "last month", "next month", "7d ago", "in 7d")
	}
	for _, n := range names(p.schema.choices(f)) {
		p.offer(quote(n))
	}
}
