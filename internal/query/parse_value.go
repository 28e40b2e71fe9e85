package query

import (
	"strings"

	"threadline/internal/crm"
)

// literal is a value as it was written.
type literal struct {
	text string
	at   int
}

// list reads values in brackets.
func (p *parser) list(f target) ([]literal, error) {
	if err := p.want("("); err != nil {
		return nil, err
	}
	var out []literal
	for more := true; more; more = p.skip(",") {
		v, err := p.value(f)
		if err != nil {
			return nil, err
		}
		if out = append(out, v); len(out) > maxList {
			return nil, fail(v.at, "a list has at most %d values", maxList)
		}
	}
	return out, p.want(")")
}

func (p *parser) between(f target) ([]literal, error) {
	a, err := p.value(f)
	if err != nil {
		return nil, err
	}
	if err := p.want("and"); err != nil {
		return nil, err
	}
	b, err := p.value(f)
	return []literal{a, b}, err
}

func (p *parser) values(f target, n int) ([]literal, error) {
	out := make([]literal, n)
	for i := range out {
		var err error
		if out[i], err = p.value(f); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// value reads one value; dates and amounts may have several words.
func (p *parser) value(f target) (literal, error) {
	p.offerValues(f)
	t := p.take()
	if t.sign || t.text == "" {
		return literal{}, fail(t.at, "expected a value for %s%s", f.key(), instead(t))
	}
	out := literal{t.text, t.at}
	if t.quoted {
		return out, nil
	}
	for range p.further(f.field, t) {
		out.text += " " + p.take().text
	}
	return out, nil
}

// further counts the words behind the first that belong to the same value.
func (p *parser) further(f crm.Field, first token) int {
	next := func(i int) string {
		if t := p.after(i); !t.quoted && !t.sign {
			return t.text
		}
		return ""
	}
	switch {
	case dated(f.Type):
		for n := 2; n > 0; n-- {
			words := []string{first.text, next(0), next(1)}[:n+1]
			if _, ok := readWhen(strings.Join(words, " ")); ok && words[n] != "" {
				return n
			}
		}
	case monied(f):
		if _, err := crm.ParseCurrency(next(0)); err == nil && !keyword(next(0)) {
			return 1
		}
	}
	return 0
}

// keyword tells whether three letters are a word of the language and no
// currency.
func keyword(s string) bool { return strings.EqualFold(s, "and") }

// settle checks the values of a condition and brings them into the form in which
// they are kept: the key of a choice, a date as 2026-11-22, 7d ago.
func (s *Schema) settle(t target, c Condition, raw []literal, at int) (Condition, error) {
	for _, l := range raw {
		vs, err := s.canonical(t, c.Op, l.text)
		if err != nil {
			return c, s.blame(t, l, err)
		}
		for _, v := range vs {
			if c.Op == Between || !contains(c.Values, v) {
				c.Values = append(c.Values, v)
			}
		}
	}
	switch {
	case c.Op == Between && monied(t.field) && code(c.Values[0]) != code(c.Values[1]):
		return c, fail(at, "the two ends of a range have one currency")
	case c.Op == Eq && len(c.Values) > 1:
		c.Op = In
	case c.Op == Ne && len(c.Values) > 1:
		c.Op = NotIn
	case c.Op != In && c.Op != NotIn && c.Op != Has && len(c.Values) > len(raw):
		return c, fail(at, "%q means several values of %s", raw[0].text, t.key()).WithHint("use = or in")
	}
	return c, nil
}

// code is the currency of an amount, "" when it has none.
func code(amount string) string {
	_, c, _ := strings.Cut(amount, " ")
	return c
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// blame says at which place a value is wrong.
func (s *Schema) blame(t target, l literal, err error) error {
	e := fail(l.at, "this is no value of %s", t.key())
	e.Err = err
	if inner, ok := err.(*crm.Error); ok && inner.Hint != "" {
		e = e.WithHint(inner.Hint)
	}
	if t.field.Type == crm.FieldRelation && t.via == nil && t.field.To != "" {
		e = e.WithHint("write an id, or ask for a field of it: " + t.field.Key + ".name = …")
	}
	return e
}

// canonical checks one value. A name that several choices share means all of
// them.
func (s *Schema) canonical(t target, op Op, text string) ([]string, error) {
	f := t.field
	f.Many = false
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, crm.Errorf(crm.Invalid, "query.value", "a value cannot be empty").WithHint("use: is empty")
	case op == Like && crm.Fold(text) == "":
		return nil, crm.Errorf(crm.Invalid, "query.value", "this is no text to look for")
	case op == Like:
		return []string{text}, nil
	case f.Type == crm.FieldUser && strings.EqualFold(text, me):
		return []string{me}, nil
	case dated(f.Type):
		if w, ok := readWhen(text); ok {
			return []string{w.String()}, w.suits(f.Type)
		}
		if _, ok := readWhen(text + " ago"); ok {
			return nil, crm.Errorf(crm.Invalid, "query.value", "a span of time is no date").WithHint("write " + text + " ago, or in " + text)
		}
	case monied(f):
		v, err := readAmount(text, s.Currency)
		return []string{v.String()}, err
	}
	if list := s.choices(t); len(list) > 0 {
		if vs := called(list, text); len(vs) > 0 {
			return vs, nil
		}
		if f.Type != crm.FieldUser || crm.IDPrefix(text) != crm.PrefixUser {
			return nil, crm.Errorf(crm.Invalid, "query.value", "%s is not among the values of %s", quote(crm.Clip(text, 40)), f.Key).
				WithHint(crm.Nearest(text, names(list)))
		}
	}
	v, err := f.Parse(text)
	if err != nil {
		return nil, err
	}
	if v == nil || write(v) == "" {
		return nil, crm.Errorf(crm.Invalid, "query.value", "a value cannot be empty")
	}
	return []string{write(v)}, nil
}
