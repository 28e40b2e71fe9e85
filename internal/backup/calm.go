package backup

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// calm takes out of a workspace what must not come alive in another house:
// sessions with their sign-in links, leases, and who was working on a job. A
// job itself goes on where it was, as after a crash.
func calm(ctx context.Context, sp *store.Space) error {
	b := &batches{sp: sp}
	sessions, err := store.Sessions.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	for _, d := range sessions {
		if err := b.add(ctx, func(w store.Writer) { store.Sessions.Delete(w, d.Value.ID) }); err != nil {
			return err
		}
	}
	leases, err := store.Leases.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	for _, d := range leases {
		if err := b.add(ctx, func(w store.Writer) { store.Leases.Delete(w, d.Value.ID) }); err != nil {
			return err
		}
	}
	jobs, err := store.Jobs.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	for _, d := range jobs {
		if d.Value.Owner == "" && d.Value.Until.IsZero() {
			continue
		}
		d.Value.Owner, d.Value.Until = "", crm.Time(0)
		if err := b.add(ctx, func(w store.Writer) { store.Jobs.Put(w, &d.Value) }); err != nil {
			return err
		}
	}
	return b.flush(ctx)
}

// batches commits writes in groups.
type batches struct {
	sp   *store.Space
	open *store.Batch
	n    int
}

const groupSize = 200

func (b *batches) add(ctx context.Context, write func(store.Writer)) error {
	if b.open == nil {
		b.open = b.sp.Batch()
	}
	write(b.open)
	if b.n++; b.n < groupSize {
		return nil
	}
	return b.flush(ctx)
}

func (b *batches) flush(ctx context.Context) error {
	if b.open == nil {
		return nil
	}
	err := b.open.Commit(ctx)
	b.open, b.n = nil, 0
	return err
}
