package engine

import (
	"context"
	"errors"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// shut remembers that the server does not open a folder. It stays as it was listed
// last; every look tries it again.
func (r *run) shut(ctx context.Context, box *crm.Box, err error) error {
	r.log.Info("a folder is not opened", "mailbox", r.mailbox.ID, "box", box.ID, "err", err)
	box.Closed = trouble(box.Closed, Event{At: r.sp.Store().Now(), Err: err})
	if box.Epoch == 0 {
		return r.putBox(ctx, box)
	}
	return r.saveBox(ctx, box)
}

// unread is a folder that was never opened, as far as the listing tells of it.
func (r *run) unread(f source.Folder, box *crm.Box) {
	if n := max(f.Count, 0); box.Epoch == 0 {
		box.Server, box.Counts, box.Listed = n, crm.Counts{Queued: n}, r.sp.Store().Now()
	}
}

// closed are the folders that the server does not open.
func (r *run) closed(ctx context.Context) (map[crm.BoxID]bool, error) {
	out := map[crm.BoxID]bool{}
	boxes, err := r.boxes(ctx)
	for _, b := range boxes {
		out[b.ID] = b.Closed != nil
	}
	return out, err
}

// shutWhile remembers the folder whose mail was asked for when the server did not
// open it; done tells that this was what failed.
func (r *run) shutWhile(ctx context.Context, err error) (done bool, _ error) {
	var f *failedWork
	if !errors.Is(err, source.ErrClosed) || !errors.As(err, &f) {
		return false, err
	}
	boxes, err := r.boxes(ctx)
	if err != nil {
		return false, err
	}
	for _, b := range boxes {
		if b.ID == f.work.box {
			return true, r.shut(ctx, b, f.err)
		}
	}
	return true, nil
}
