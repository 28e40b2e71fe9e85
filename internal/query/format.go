package query

import (
	"fmt"
	"strings"

	"threadline/internal/crm"
)

// Format writes a query so that Parse reads the same query back.
func Format(q *Query) string {
	var b strings.Builder
	plural := string(q.Kind)
	if n, ok := crm.NounOf(q.Kind); ok {
		plural = n.Plural
	}
	b.WriteString(plural)
	for i, c := range q.Where {
		word := " and "
		if i == 0 {
			word = " where "
		}
		b.WriteString(word + c.Field + " " + string(c.Op) + " " + formatValue(c.Value))
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

func formatValue(v any) string {
	list, ok := v.([]any)
	if !ok {
		return quote(fmt.Sprint(v))
	}
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = quote(fmt.Sprint(x))
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// quote puts text in quotes unless it reads as one word.
func quote(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !isWord(r) || r == '\\' }) < 0 {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
