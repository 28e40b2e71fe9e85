package query

import (
	"strconv"
	"strings"

	"threadline/internal/crm"
)

const (
	// MaxLimit is the largest page that a query may ask for.
	MaxLimit = 1000
	maxDepth = 20  // of groups within groups
	maxTests = 100 // conditions of a query
	maxList  = 100 // values of one condition
)

// Parse reads
//
//	<plural of a noun> [where <condition>] [order by <field> [asc|desc]] [limit <n>]
//
// A condition is one of
//
//	<field> <op> <value>                with = != < <= > >= and ~ (or contains)
//	<field> [not] in (<value>, …)
//	<field> between <value> and <value>
//	<list field> has <value>            or has (<value>, …) for any of them
//	<field> is [not] empty
//	not <condition>,  <condition> and|or <condition>,  (<condition>)
//
// where a field is one of the noun's or, one relation away, company.name.
// Keywords are read in any case; a value with spaces or signs stands in double
// quotes. Choices, stages and users are found by their names. Dates can be
// written 2026-11-22, today, this week, 7d ago, in 3 days; a user as me; an
// amount in whole units with or without its currency: 3240.50 EUR.
//
// Errors are crm.Invalid with the position in the text and, for a misspelt
// name, the nearest names.
func Parse(text string, s Schema) (*Query, error) {
	p := parser{schema: &s}
	if err := p.read(text); err != nil {
		return nil, err
	}
	return &p.q, nil
}

type parser struct {
	schema *Schema
	tokens []token
	noun   crm.Noun
	q      Query
	tests  int
	depth  int
	offers func(at int, words []string) // told what may stand at a place; may be nil
}

func (p *parser) read(text string) error {
	tokens, err := scan(text)
	if err != nil {
		return err
	}
	p.tokens = tokens
	return p.query()
}

func (p *parser) peek() token { return p.tokens[0] }

// after is the token behind the next one.
func (p *parser) after(n int) token { return p.tokens[min(n, len(p.tokens)-1)] }

// take returns the next token; the one behind the text is never used up.
func (p *parser) take() token {
	t := p.tokens[0]
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
	return t
}

// skip takes the word if it comes next.
func (p *parser) skip(word string) bool {
	if !p.peek().is(word) {
		return false
	}
	p.take()
	return true
}

func (p *parser) want(word string) error {
	p.offer(word)
	if t := p.peek(); !p.skip(word) {
		return fail(t.at, "expected %s%s", word, instead(t))
	}
	return nil
}

// offer tells what may stand next.
func (p *parser) offer(words ...string) {
	if p.offers != nil {
		p.offers(p.peek().at, words)
	}
}

func instead(t token) string {
	if t.end() {
		return ", but the text ends"
	}
	return ", not " + strconv.Quote(crm.Clip(t.text, 40))
}

func (p *parser) query() error {
	if err := p.kind(); err != nil {
		return err
	}
	p.offer("where", "order by", "limit")
	if p.skip("where") {
		e, err := p.any()
		if err != nil {
			return err
		}
		p.q.Where = &e
		p.offer("and", "or", "order by", "limit")
	}
	if p.skip("order") {
		if err := p.order(); err != nil {
			return err
		}
		p.offer("limit")
	}
	if p.skip("limit") {
		if err := p.limit(); err != nil {
			return err
		}
	}
	if t := p.peek(); !t.end() {
		return fail(t.at, "%s is not understood here", strconv.Quote(crm.Clip(t.text, 40))).
			WithHint("after the noun come: where …, order by …, limit …, in this order; conditions are joined by and, or")
	}
	return nil
}

func (p *parser) kind() error {
	var names []string
	for _, n := range p.schema.Nouns {
		names = append(names, n.Plural)
	}
	p.offer(names...)
	t := p.take()
	for _, n := range p.schema.Nouns {
		if t.is(n.Plural) {
			p.noun, p.q.Kind = n, n.Kind
			return nil
		}
	}
	if t.text == "" {
		return fail(t.at, "a query starts with what it looks for").WithHint("one of " + strings.Join(names, ", "))
	}
	return fail(t.at, "there are no %s", strconv.Quote(crm.Clip(t.text, 40))).WithHint(crm.Nearest(t.text, names))
}

// field reads the name of a field.
func (p *parser) field() (target, error) {
	if p.offers != nil {
		p.offer(p.schema.fieldNames(p.noun, strings.Contains(p.peek().text, "."))...)
	}
	t := p.take()
	if t.text == "" || t.quoted || t.sign {
		return target{}, fail(t.at, "expected the name of a field%s", instead(t))
	}
	return p.schema.find(p.noun, t.text, t.at)
}

func (p *parser) order() error {
	if err := p.want("by"); err != nil {
		return err
	}
	at := p.peek().at
	f, err := p.field()
	if err != nil {
		return err
	}
	if err := orderable(f, at); err != nil {
		return err
	}
	p.q.Order = f.key()
	p.offer("asc", "desc", "limit")
	if !p.skip("asc") {
		p.q.Desc = p.skip("desc")
	}
	return nil
}

func orderable(t target, at int) error {
	switch {
	case t.field.List(), opaque(t.field.Type):
		return fail(at, "%s gives no order", t.field.Key)
	case t.via != nil:
		return fail(at, "fields of related records give no order")
	}
	return nil
}

func (p *parser) limit() error {
	t := p.take()
	n, err := strconv.Atoi(t.text)
	if err != nil || t.quoted || n < 1 || n > MaxLimit {
		return fail(t.at, "the limit is a number from 1 to %d%s", MaxLimit, instead(t))
	}
	p.q.Limit = n
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
