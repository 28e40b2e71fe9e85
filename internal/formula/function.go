package formula

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"threadline/internal/crm"
)

// builtin is a function: the types of its arguments and what it computes of
// arguments that are all there.
type builtin struct {
	args []Type
	more bool // the last may repeat
	typ  Type
	do   func(e Env, v []any) any
}

var builtins = map[string]builtin{
	"round": {args: []Type{Number, Number}, typ: Number, do: func(_ Env, v []any) any { return round(v[0].(float64), v[1].(float64)) }},
	"abs":   {args: []Type{Number}, typ: Number, do: func(_ Env, v []any) any { return math.Abs(v[0].(float64)) }},
	"min":   {args: []Type{Number}, more: true, typ: Number, do: func(_ Env, v []any) any { return slices.Min(floats(v)) }},
	"max":   {args: []Type{Number}, more: true, typ: Number, do: func(_ Env, v []any) any { return slices.Max(floats(v)) }},
	"lower": {args: []Type{Text}, typ: Text, do: func(_ Env, v []any) any { return strings.ToLower(v[0].(string)) }},
	"upper": {args: []Type{Text}, typ: Text, do: func(_ Env, v []any) any { return strings.ToUpper(v[0].(string)) }},
	"len":   {args: []Type{Text}, typ: Number, do: func(_ Env, v []any) any { return float64(utf8.RuneCountInString(v[0].(string))) }},
	"today": {typ: Date, do: func(e Env, _ []any) any { return today(e) }},
	"now":   {typ: Time, do: func(e Env, _ []any) any { return e.Now }},
	"date":  {args: []Type{Time}, typ: Date, do: func(e Env, v []any) any { return dayOf(v[0].(crm.Time), e.Zone) }},
	"days":  {args: []Type{Date, Date}, typ: Number, do: func(_ Env, v []any) any { return between(v[0], v[1]) }},
	"year":  {args: []Type{Date}, typ: Number, do: func(_ Env, v []any) any { return part(v[0], time.Time.Year) }},
	"month": {args: []Type{Date}, typ: Number, do: func(_ Env, v []any) any { return part(v[0], func(t time.Time) int { return int(t.Month()) }) }},
	"has":   {args: []Type{Text, Text}, typ: Bool, do: func(_ Env, v []any) any { return strings.Contains(crm.Fold(v[0].(string)), crm.Fold(v[1].(string))) }},
}

// function applies a function to its arguments.
func function(t token, args []node) (node, error) {
	switch strings.ToLower(t.text) {
	case "if":
		return conditional(t, args)
	case "empty":
		if len(args) != 1 {
			return node{}, fail(t.at, "empty takes one value")
		}
		return node{Bool, t.at, func(e Env) any { v := finite(args[0].eval(e)); return v == nil || v == "" }}, nil
	case "coalesce":
		return coalesce(t, args)
	}
	b, ok := builtins[strings.ToLower(t.text)]
	if !ok {
		names := append(slices.Sorted(maps.Keys(builtins)), "if", "empty", "coalesce")
		return node{}, fail(t.at, "there is no function %q", crm.Clip(t.text, 40)).WithHint("one of " + strings.Join(names, ", "))
	}
	if err := b.fits(t, args); err != nil {
		return node{}, err
	}
	return node{b.typ, t.at, func(e Env) any {
		v := make([]any, len(args))
		for i, a := range args {
			if v[i] = finite(a.eval(e)); v[i] == nil {
				return nil
			}
		}
		return finite(b.do(e, v))
	}}, nil
}

func (b builtin) fits(t token, args []node) error {
	if len(args) != len(b.args) && (!b.more || len(args) == 0) {
		return fail(t.at, "%s takes %d values, not %d", t.text, len(b.args), len(args))
	}
	for i, a := range args {
		if want := b.args[min(i, len(b.args)-1)]; a.typ != want {
			return fail(a.at, "%s takes a %s here, not a %s", t.text, want, a.typ)
		}
	}
	return nil
}

func conditional(t token, args []node) (node, error) {
	if len(args) != 3 || args[0].typ != Bool || args[1].typ != args[2].typ {
		return node{}, fail(t.at, "if takes a yes/no and two values of one type")
	}
	return node{args[1].typ, t.at, func(e Env) any {
		if yes, _ := args[0].eval(e).(bool); yes {
			return args[1].eval(e)
		}
		return args[2].eval(e)
	}}, nil
}

func coalesce(t token, args []node) (node, error) {
	for _, a := range args {
		if a.typ != args[0].typ {
			return node{}, fail(a.at, "coalesce takes values of one type")
		}
	}
	if len(args) == 0 {
		return node{}, fail(t.at, "coalesce takes at least one value")
	}
	return node{args[0].typ, t.at, func(e Env) any {
		for _, a := range args {
			if v := finite(a.eval(e)); v != nil && v != "" {
				return v
			}
		}
		return nil
	}}, nil
}

func floats(v []any) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i], _ = x.(float64)
	}
	return out
}

func round(x, digits float64) float64 {
	p := math.Pow10(int(max(-9, min(9, digits))))
	return math.Round(x*p) / p
}

func today(e Env) any { return dayOf(e.Now, e.Zone) }

func dayOf(t crm.Time, zone *time.Location) any {
	if zone == nil {
		zone = time.UTC
	}
	return t.Std().In(zone).Format(time.DateOnly)
}

func part(v any, of func(time.Time) int) any {
	s, _ := v.(string)
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return nil
	}
	return float64(of(t))
}
