package records

import (
	"context"
	"reflect"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Keep brings a record that the program keeps by itself to what change makes of
// it, fields that are set by the program among them; one that does not exist yet
// is given empty. It is read and written in one transaction. change may run more
// than once and tells whether there is anything to keep. The batch is empty when
// nothing was written.
func (s *Service) Keep(ctx context.Context, by By, k crm.Kind, id crm.RecordID, change func(r *crm.Record, known bool) bool) (string, error) {
	wrote := false
	batch, err := s.sp.Change(ctx, by.info("keep a "+string(k)), func(ctx context.Context, tx *store.Tx) error {
		wrote = false
		e, err := s.begin(ctx, tx, by)
		if err != nil {
			return err
		}
		n, ok := e.schema.Noun(k)
		if !ok {
			return crm.Errorf(crm.Internal, "records.Keep", "%q is no kind of record", k)
		}
		docs, err := fetch(ctx, tx, []crm.RecordID{id})
		if err != nil {
			return err
		}
		d := edited{noun: n, now: &crm.Record{ID: id, Kind: k, Values: map[string]any{}, CreatedAt: e.now, CreatedBy: by.Actor}}
		if docs[0].Exists() {
			tidy(&docs[0].Value)
			r := docs[0].Value.Clone()
			d.old, d.now = &docs[0].Value, &r
		}
		if !change(d.now, d.old != nil) || d.old != nil && reflect.DeepEqual(d.old.Values, d.now.Values) {
			return nil
		}
		wrote = true
		return e.saveAll(ctx, tx, []edited{d})
	})
	if !wrote {
		batch = ""
	}
	return batch, crm.Wrap("records.Keep", "the "+string(k)+" cannot be kept", err)
}
