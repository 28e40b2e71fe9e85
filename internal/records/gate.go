package records

import (
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
)

// gateOf reads the gate of a stage as of now; nil for none. A gate asks about
// the record itself: what others hold may change without it.
func gateOf(nouns []crm.Noun, ws crm.Workspace, now crm.Time, kind crm.Kind, st crm.Stage) (*query.Bound, error) {
	i := slices.IndexFunc(nouns, func(n crm.Noun) bool { return n.Kind == kind })
	if st.Gate == "" || i < 0 {
		return nil, nil
	}
	n, words := nouns[i], query.Schema{Nouns: nouns, Currency: ws.Currency}
	text, added := query.Whole(n.Plural, st.Gate)
	q, err := query.Parse(text, words)
	if err != nil {
		return nil, query.Moved(err, -added)
	}
	if q.Kind != kind {
		return nil, crm.Errorf(crm.Invalid, "records.gateOf", "the gate asks about other records than %s", n.Plural)
	}
	b, err := query.Bind(q, words, env(ws, access.Viewer{}, now))
	if err != nil {
		return nil, err
	}
	b.Relations(func(f crm.Field) {
		err = crm.Errorf(crm.Invalid, "records.gateOf", "a gate asks about the record itself, not about its %s", f.Key)
	})
	return b, err
}

// checkGate refuses a gate that cannot be read, or that asks about what is hidden
// from who sets it: whether a record passes would tell them.
func checkGate(sch crm.Schema, v access.Viewer, kind crm.Kind, st crm.Stage) error {
	var nouns []crm.Noun
	for _, n := range sch.Nouns() {
		nouns = append(nouns, v.Noun(n))
	}
	_, err := gateOf(nouns, crm.Workspace{}, 1, kind, st)
	if e, ok := err.(*crm.Error); ok {
		return e.WithField("stages." + st.Key + ".gate")
	}
	return err
}

// pass refuses to let a record into a stage whose gate does not hold, and names
// the first field that is to blame.
func (e *edit) pass(r *crm.Record, st crm.Stage) error {
	b, err := gateOf(e.schema.Nouns(), e.ws, e.now, r.Kind, st)
	if err != nil || b == nil {
		return err
	}
	for _, part := range b.Parts {
		if !part.Holds(r) {
			if e.viewer.Hides(r.Kind, part.Field()) {
				return crm.Errorf(crm.Invalid, "records.pass", "%s is not ready for %s", folderWord(r.Kind), st.Name).WithField("stage")
			}
			return crm.Errorf(crm.Invalid, "records.pass", "%s is not ready for %s: %s", folderWord(r.Kind), st.Name, part.Text).
				WithField(part.Field()).WithHint("the stage asks for: " + st.Gate)
		}
	}
	return nil
}

// folderWord is what people call a record of the kind: a noun of their language, or
// the name that they gave to their folder.
func folderWord(k crm.Kind) any {
	if k.Custom() {
		return strings.TrimPrefix(string(k), "x-")
	}
	return k
}
