package formula

import (
	"cmp"
	"math"
	"strings"
	"time"

	"threadline/internal/crm"
)

// binary is an operator between two operands.
func binary(op string, at int, a, b node) (node, error) {
	wrong := func() (node, error) {
		return node{}, fail(at, "%s does not go between a %s and a %s", op, a.typ, b.typ)
	}
	switch op {
	case "and", "or":
		if a.typ != Bool || b.typ != Bool {
			return wrong()
		}
		return logic(op, at, a, b), nil
	case "=", "!=", "<", "<=", ">", ">=":
		if a.typ != b.typ && !day(a.typ, b.typ) || a.typ == Bool && op != "=" && op != "!=" {
			return wrong()
		}
		return both(Bool, at, a, b, func(_ Env, x, y any) any { return decides(op, order(x, y)) }), nil
	case "+":
		switch {
		case a.typ == Text && b.typ == Text:
			return both(Text, at, a, b, func(_ Env, x, y any) any { return joined(x.(string), y.(string)) }), nil
		case a.typ == Date && b.typ == Number:
			return both(Date, at, a, b, func(_ Env, x, y any) any { return addDays(x.(string), y.(float64)) }), nil
		}
	case "-":
		switch {
		case a.typ == Date && b.typ == Number:
			return both(Date, at, a, b, func(_ Env, x, y any) any { return addDays(x.(string), -y.(float64)) }), nil
		case a.typ == b.typ && (a.typ == Date || a.typ == Time):
			return both(Number, at, a, b, func(_ Env, x, y any) any { return between(y, x) }), nil
		}
	}
	if a.typ != Number || b.typ != Number {
		return wrong()
	}
	return both(Number, at, a, b, func(_ Env, x, y any) any { return arithmetic(op, x.(float64), y.(float64)) }), nil
}

// maxText is how many bytes a text may have that is put together.
const maxText = 100_000

// joined is a text behind another one; missing when no field would hold it: texts
// that are put together of each other grow without end.
func joined(x, y string) any {
	if len(x)+len(y) > maxText {
		return nil
	}
	return x + y
}

// day tells whether a date stands beside a text such as "2026-11-22".
func day(a, b Type) bool { return a == Date && b == Text || a == Text && b == Date }

// both computes where both operands are there.
func both(typ Type, at int, a, b node, f func(e Env, x, y any) any) node {
	return node{typ, at, func(e Env) any {
		x := finite(a.eval(e))
		y := finite(b.eval(e))
		if x == nil || y == nil {
			return nil
		}
		return finite(f(e, x, y))
	}}
}

// logic decides as soon as one operand does.
func logic(op string, at int, a, b node) node {
	decisive := op == "or"
	return node{Bool, at, func(e Env) any {
		x, okX := a.eval(e).(bool)
		if okX && x == decisive {
			return decisive
		}
		y, okY := b.eval(e).(bool)
		switch {
		case okY && y == decisive:
			return decisive
		case !okX || !okY:
			return nil
		}
		return !decisive
	}}
}

func arithmetic(op string, x, y float64) any {
	switch op {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	}
	if y == 0 {
		return nil
	}
	return x / y
}

func order(x, y any) int {
	switch a := x.(type) {
	case float64:
		b, _ := y.(float64)
		return cmp.Compare(a, b)
	case string:
		b, _ := y.(string)
		return strings.Compare(a, b)
	case crm.Time:
		b, _ := y.(crm.Time)
		return cmp.Compare(a, b)
	}
	if x == y {
		return 0
	}
	return 1
}

func decides(op string, o int) bool {
	switch op {
	case "=":
		return o == 0
	case "!=":
		return o != 0
	case "<":
		return o < 0
	case "<=":
		return o <= 0
	case ">":
		return o > 0
	}
	return o >= 0
}

// finite leaves out what no number is.
func finite(v any) any {
	if n, ok := v.(float64); ok && (math.IsNaN(n) || math.IsInf(n, 0)) {
		return nil
	}
	return v
}

// maxDays keeps dates within what can be written.
const maxDays = 1_000_000

func addDays(date string, days float64) any {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil || math.Abs(days) > maxDays {
		return nil
	}
	t = t.AddDate(0, 0, int(math.Floor(days)))
	if t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	return t.Format(time.DateOnly)
}

// between is the days from one date or time to another.
func between(from, to any) any {
	switch a := from.(type) {
	case crm.Time:
		b, _ := to.(crm.Time)
		return b.Sub(a).Hours() / 24
	case string:
		b, _ := to.(string)
		x, errX := time.Parse(time.DateOnly, a)
		y, errY := time.Parse(time.DateOnly, b)
		if errX != nil || errY != nil {
			return nil
		}
		return math.Round(y.Sub(x).Hours() / 24)
	}
	return nil
}
