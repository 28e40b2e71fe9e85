package query

import (
	"slices"

	"threadline/internal/crm"
)

// Check reads a query that came as data, not as text, as strictly as Parse. It
// returns the query in the form in which it is kept; places in errors are those
// in the text that Format would make of it.
func Check(q Query, s Schema) (*Query, error) {
	const op = crm.Op("query.Check")
	if _, ok := s.noun(q.Kind); !ok {
		return nil, crm.Errorf(crm.Invalid, op, "%q is no kind of record", crm.Clip(string(q.Kind), 40)).WithField("kind")
	}
	if q.Order != "" && !isName(q.Order) {
		return nil, crm.Errorf(crm.Invalid, op, "%q is no field", crm.Clip(q.Order, 40)).WithField("order")
	}
	if q.Where != nil {
		if err := checkExpr(q.Where, "where"); err != nil {
			return nil, err
		}
	}
	return Parse(Format(&q, s), s)
}

// checkExpr holds an expression to its form, so that its text says the same.
func checkExpr(e *Expr, path string) error {
	const op = crm.Op("query.Check")
	parts := 0
	for _, set := range []bool{e.And != nil, e.Or != nil, e.Not != nil, e.Test != nil} {
		if set {
			parts++
		}
	}
	if parts != 1 {
		return crm.Errorf(crm.Invalid, op, "a condition is exactly one of and, or, not, test").WithField(path)
	}
	if e.Not != nil {
		return checkExpr(e.Not, path+".not")
	}
	if e.Test != nil {
		return checkTest(e.Test, path+".test")
	}
	group, name := e.And, ".and"
	if e.Or != nil {
		group, name = e.Or, ".or"
	}
	if len(group) < 2 || len(group) > maxTests {
		return crm.Errorf(crm.Invalid, op, "a group has 2 to %d members", maxTests).WithField(path + name)
	}
	for i := range group {
		if err := checkExpr(&group[i], path+name+"["+itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

func checkTest(c *Condition, path string) error {
	const op = crm.Op("query.Check")
	if !isName(c.Field) {
		return crm.Errorf(crm.Invalid, op, "%q is no field", crm.Clip(c.Field, 40)).WithField(path + ".field")
	}
	least, most := 1, 1
	switch c.Op {
	case In, NotIn, Has:
		most = maxList
	case Between:
		least, most = 2, 2
	case Empty, NotEmpty:
		least, most = 0, 0
	default:
		if !slices.Contains([]Op{Eq, Ne, Lt, Le, Gt, Ge, Like}, c.Op) {
			return crm.Errorf(crm.Invalid, op, "%q is no comparison", crm.Clip(string(c.Op), 40)).WithField(path + ".op")
		}
	}
	if n := len(c.Values); n < least || n > most {
		return crm.Errorf(crm.Invalid, op, "%s takes %d to %d values, not %d", c.Op, least, most, n).WithField(path + ".values")
	}
	return nil
}

// isName tells whether text reads as the name of a field and nothing else.
func isName(s string) bool {
	tokens, err := scan(s)
	return err == nil && len(tokens) == 2 && !tokens[0].quoted && !tokens[0].sign && tokens[0].text == s && !tokens[0].is("not")
}
