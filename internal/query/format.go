package query

import (
	"fmt"
	"strings"

	"threadline/internal/crm"
)

// Format writes a query so that Parse reads the same query back.
func Format(q *Query, s Schema) string {
	var b strings.Builder
	n, ok := s.noun(q.Kind)
	plural := n.Plural
	if !ok {
		plural = string(q.Kind)
	}
	b.WriteString(plural)
	if q.Where != nil {
		b.WriteString(" where ")
		s.writeExpr(&b, n, q.Where, "")
	}
	if q.Order != "" {
		b.WriteString(" order by " + q.Order)
		if q.Desc {
			b.WriteString(" desc")
		}
	}
	if q.Limit != 0 {
		fmt.Fprintf(&b, " limit %d", q.Limit)
	}
	return b.String()
}

// text writes one condition.
func (s *Schema) text(n crm.Noun, e *Expr) string {
	var b strings.Builder
	s.writeExpr(&b, n, e, "and")
	return b.String()
}

// writeExpr writes an expression; inside is the word that joins it with others.
func (s *Schema) writeExpr(b *strings.Builder, n crm.Noun, e *Expr, inside string) {
	word, parts := "and", e.And
	if e.Or != nil {
		word, parts = "or", e.Or
	}
	switch {
	case e.Not != nil:
		b.WriteString("not ")
		s.writeExpr(b, n, e.Not, "not")
	case e.Test != nil:
		s.writeTest(b, n, e.Test)
	default:
		brackets := inside == "not" || inside == "and" && word == "or" || inside == word
		if brackets {
			b.WriteString("(")
		}
		for i := range parts {
			if i > 0 {
				b.WriteString(" " + word + " ")
			}
			s.writeExpr(b, n, &parts[i], word)
		}
		if brackets {
			b.WriteString(")")
		}
	}
}

func (s *Schema) writeTest(b *strings.Builder, n crm.Noun, c *Condition) {
	b.WriteString(c.Field + " " + string(c.Op))
	f := crm.Field{}
	if t, err := s.find(n, c.Field, 0); err == nil {
		f = t.field
	}
	vs := make([]string, len(c.Values))
	for i, v := range c.Values {
		vs[i] = writeValue(f, c.Op, v)
	}
	switch {
	case len(vs) == 0:
	case c.Op == Between:
		b.WriteString(" " + strings.Join(vs, " and "))
	case c.Op == In, c.Op == NotIn, c.Op == Has && len(vs) > 1:
		b.WriteString(" (" + strings.Join(vs, ", ") + ")")
	default:
		b.WriteString(" " + vs[0])
	}
}

// writeValue leaves what has several words by its nature without quotes.
func writeValue(f crm.Field, op Op, v string) string {
	if op == Like {
		return quote(v)
	}
	if w, ok := readWhen(v); ok && dated(f.Type) {
		return w.String()
	}
	if _, code, ok := strings.Cut(v, " "); ok && monied(f) && !strings.ContainsAny(v, `,"\`) {
		if _, err := crm.ParseCurrency(code); err == nil && !keyword(code) {
			return v
		}
	}
	return quote(v)
}

// quote puts text in quotes unless it reads as one word.
func quote(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !isWord(r) || r == '\\' }) < 0 {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func list(words []string) string { return strings.Join(words, ", ") }
