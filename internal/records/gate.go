package records

import (
	"slices"

	"threadline/internal/crm"
	"threadline/internal/query"
)

// gateOf reads the gate of a stage; nil for none.
func gateOf(sch crm.Schema, kind crm.Kind, st crm.Stage) (*query.Query, error) {
	n, ok := sch.Noun(kind)
	if st.Gate == "" || !ok {
		return nil, nil
	}
	return query.Parse(n.Plural+" where "+st.Gate, sch.Nouns())
}

// checkGate refuses a gate that cannot be read.
func checkGate(sch crm.Schema, kind crm.Kind, st crm.Stage) error {
	_, err := gateOf(sch, kind, st)
	if e, ok := err.(*crm.Error); ok {
		return e.WithField("stages." + st.Key + ".gate")
	}
	return err
}

// pass refuses to let a record into a stage whose gate does not hold, and names
// the first field that is to blame.
func (e *edit) pass(r *crm.Record, st crm.Stage) error {
	q, err := gateOf(e.schema, r.Kind, st)
	if err != nil || q == nil {
		return err
	}
	n, _ := e.schema.Noun(r.Kind)
	for _, c := range q.Where {
		f, _ := n.Field(c.Field)
		if !holds(f, r, c) {
			return crm.Errorf(crm.Invalid, "records.pass", "%s is not ready for %s: %s", r.Kind, st.Name, c.Field).
				WithField(c.Field).WithHint("the stage asks for: " + st.Gate)
		}
	}
	return nil
}

// holds tells whether a record fulfils one condition.
func holds(f crm.Field, r *crm.Record, c query.Condition) bool {
	v := r.Values[c.Field]
	if c.Field == query.CreatedAt {
		v = r.CreatedAt
	}
	switch c.Op {
	case query.Has:
		return slices.Contains(r.List(c.Field), textOf(c.Value))
	case query.In:
		list, _ := c.Value.([]any)
		return slices.ContainsFunc(list, func(w any) bool { o, ok := f.Compare(v, w); return v != nil && ok && o == 0 })
	}
	o, ok := f.Compare(v, c.Value)
	if v == nil || !ok {
		return false
	}
	return map[query.Op]bool{query.Eq: o == 0, query.Lt: o < 0, query.Le: o <= 0, query.Gt: o > 0, query.Ge: o >= 0}[c.Op]
}

func textOf(v any) string { s, _ := v.(string); return s }
