package records

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Stale is the cause of a crm.Conflict about a version: both versions of the
// record, that which the change was to bring about and the present one, as the
// writer may see it.
type Stale struct {
	Present store.Doc[crm.Record]
	Fields  []Contest // in which the two differ, by name
}

// Contest is a field in which a change and the present record differ.
type Contest struct {
	Field string `json:"field"`
	Yours any    `json:"yours" doc:"What the change says; null clears"`
	Now   any    `json:"now" doc:"What the record says; null: nothing"`
}

// Error implements error.
func (s *Stale) Error() string {
	list := make([]string, len(s.Fields))
	for i, c := range s.Fields {
		list[i] = c.Field
	}
	return fmt.Sprintf("of %s these differ: %s", s.Present.Value.ID, strings.Join(list, ", "))
}

// stale compares what was to be said with the present record.
func (e *edit) stale(doc store.Doc[crm.Record], wanted store.Version, said map[string]any) error {
	doc.Value = e.viewer.Show(doc.Value)
	s := &Stale{Present: doc}
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if now := doc.Value.Values[key]; !reflect.DeepEqual(now, said[key]) {
			s.Fields = append(s.Fields, Contest{key, said[key], now})
		}
	}
	err := crm.Errorf(crm.Conflict, "records.present", "%s was changed by somebody else in the meantime: it is at version %d, not %d", doc.Value.ID, doc.Version, wanted).
		WithField("version").WithHint("read it again and repeat the change")
	err.Err = s
	return err
}
