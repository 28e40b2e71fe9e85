package records

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// CheckMarks reports every record that other people reach than its marks say, and
// reads only. While records are being marked for roles that have changed there is
// nothing to check. step is called for each record that was looked at.
func CheckMarks(ctx context.Context, sp *store.Space, step func(), report func(collection string, id crm.RecordID)) error {
	m, err := newMarker(ctx, sp)
	if err != nil || !m.done {
		return crm.Wrap("records.CheckMarks", "who reaches which record cannot be checked", err)
	}
	for _, c := range []store.Collection[crm.Record]{store.Records, store.Activities} {
		err := c.Each(ctx, sp, store.Query{Limit: markPage}, func(d store.Doc[crm.Record]) error {
			step()
			if r := d.Value; !m.mark(&r) {
				return nil
			}
			wrong, err := m.stillWrong(ctx, c, d.Value.ID)
			if wrong {
				report(c.Name, d.Value.ID)
			}
			return err
		})
		if err != nil {
			return crm.Wrap("records.CheckMarks", "who reaches which record cannot be checked", err)
		}
	}
	return nil
}

// stillWrong reads roles and record once more: either may have changed meanwhile.
func (m *marker) stillWrong(ctx context.Context, c store.Collection[crm.Record], id crm.RecordID) (bool, error) {
	now, err := newMarker(ctx, m.sp)
	if err != nil || now.sum != m.sum || !now.done {
		return false, err
	}
	docs, err := c.GetMany(ctx, m.sp, []string{string(id)})
	if err != nil || !docs[0].Exists() {
		return false, err
	}
	return now.mark(&docs[0].Value), nil
}
