package formula

import (
	"strconv"
	"time"

	"threadline/internal/crm"
)

// Type is what an expression gives.
type Type string

const (
	Number Type = "number"
	Text   Type = "text"
	Bool   Type = "yes/no"
	Date   Type = "date" // a day, text such as 2026-11-22
	Time   Type = "time"
)

// Env is what an expression may look at.
type Env struct {
	Record  *crm.Record
	Related func(crm.RecordID) *crm.Record        // nil when there is none
	Figure  func(r *crm.Record, field string) any // value of a statistic; may be nil
	Now     crm.Time
	Zone    *time.Location // of today()
}

// Program is a compiled expression.
type Program struct {
	Type Type
	eval func(Env) any
}

// Eval computes the value: float64, string, bool or crm.Time; nil when it is
// missing.
func (p *Program) Eval(e Env) any { return finite(p.eval(e)) }

// maxDepth bounds nesting and chains of formulas.
const maxDepth = 50

// maxSize bounds the parts of an expression with those of all formulas that it
// reads, each time that it does.
const maxSize = 5000

// Compile reads an expression over the fields of a noun.
func Compile(sch crm.Schema, n crm.Noun, expr string) (*Program, error) {
	budget := maxSize
	return compile(sch, n, expr, nil, &budget)
}

// Check compiles all formulas of a schema; the error names the field of the
// first that cannot be.
func Check(sch crm.Schema) error {
	for _, n := range sch.Nouns() {
		for _, f := range n.Fields {
			if f.Type != crm.FieldFormula {
				continue
			}
			budget := maxSize
			if _, err := compile(sch, n, f.Expr, []string{string(n.Kind) + "." + f.Key}, &budget); err != nil {
				if e, ok := err.(*crm.Error); ok {
					e.Msg = n.Plural + "." + f.Key + ": " + e.Msg
				}
				return err
			}
		}
	}
	return nil
}

func compile(sch crm.Schema, n crm.Noun, expr string, path []string, budget *int) (*Program, error) {
	if len(path) > maxDepth {
		return nil, fail(1, "the chain of formulas is too long")
	}
	tokens, err := scan(expr)
	if err != nil {
		return nil, err
	}
	p := &parser{sch: sch, noun: n, tokens: tokens, path: path, budget: budget}
	x, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, fail(t.at, "%q is not understood here", t.text)
	}
	return &Program{Type: x.typ, eval: x.eval}, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
