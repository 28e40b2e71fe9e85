package backup

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// calm takes out of a workspace what must not come alive in another house:
// sessions with their sign-in links, leases, and who was working on a job. A
// job itself goes on where it was, as after a crash; a campaign is paused.
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
	if err := b.flush(ctx); err != nil {
		return err
	}
	return pause(ctx, sp)
}

// pause stops campaigns and sequences that were being sent: the house that was saved may have
// gone on sending since.
func pause(ctx context.Context, sp *store.Space) error {
	info := store.ChangeInfo{Cause: crm.CauseSystem, Title: "pause campaigns after a restore"}
	_, err := sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Campaigns.All(ctx, tx, store.Query{Where: []store.Filter{store.Is("status", string(crm.CampaignSending))}, Order: "at"})
		if err != nil {
			return err
		}
		sequences, err := store.Sequences.All(ctx, tx, store.Query{Where: []store.Filter{store.Is("status", string(crm.SequenceActive))}, Order: "at"})
		if err != nil {
			return err
		}
		for _, d := range docs {
			d.Value.Status = crm.CampaignPaused
			d.Value.Why = whyPaused
			store.Campaigns.Put(tx, &d.Value)
		}
		for _, d := range sequences {
			d.Value.Status = crm.SequencePaused
			d.Value.Why = whyPaused
			store.Sequences.Put(tx, &d.Value)
		}
		return nil
	})
	return err
}

// whyPaused is what people are told: what went out after the backup was taken is
// known to the mail system alone.
const whyPaused = "the workspace was restored from a backup, and whoever was due may have got their letter after it was taken: start it again if it is still wanted; " +
	"they are looked up among the sent mail first, and who is not found there waits for your word"

// Wake says in a workspace that was just restored that a past is lost: whoever a
// campaign or a sequence was to write to before now may have been written to. What
// was begun after the backup was taken is not known at all.
func Wake(ctx context.Context, sp *store.Space) error {
	now := sp.Store().Now()
	info := store.ChangeInfo{Cause: crm.CauseSystem, Title: "look letters up after a restore"}
	_, err := sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		campaigns, err := store.Campaigns.All(ctx, tx, store.Query{Order: "at"})
		if err != nil {
			return err
		}
		sequences, err := store.Sequences.All(ctx, tx, store.Query{Order: "at"})
		if err != nil {
			return err
		}
		for _, d := range campaigns {
			d.Value.Restored = now
			store.Campaigns.Put(tx, &d.Value)
		}
		for _, d := range sequences {
			d.Value.Restored = now
			store.Sequences.Put(tx, &d.Value)
		}
		return nil
	})
	return err
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
