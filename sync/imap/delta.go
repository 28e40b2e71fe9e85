package imap

import (
	"context"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Delta opens the folder anew and compares its state with the cursor. A cursor
// that this package did not write is void.
func (s *session) Delta(ctx context.Context, folder, since string) (d source.Delta, err error) {
	const op = crm.Op("imap.Delta")
	err = s.run(ctx, op, func(w *watch) error {
		now, err := s.examine(op, folder)
		if err != nil {
			return err
		}
		d = source.Delta{Epoch: now.epoch, Cursor: now.String(), Count: int64(now.count), NoFlags: now.modseq == 0}
		if err := s.changes(w, &d, now.cursor, since); err != nil {
			return err
		}
		s.told[folder] = d.Cursor
		return nil
	})
	if err != nil {
		return source.Delta{}, err
	}
	return d, nil
}

func (s *session) changes(w *watch, d *source.Delta, now cursor, since string) error {
	old, ok := parseCursor(since)
	if !ok || now.voids(old) {
		d.Void = since != ""
		d.Added = now.all()
		return nil
	}
	d.Added = crm.Span(crm.Key(old.next), crm.Key(now.next-1))
	d.Recount = now.shrank(old)
	if old.modseq == 0 {
		d.NoFlags = true // the server can tell only from now on
		return nil
	}
	if now.modseq <= old.modseq || old.next == 1 {
		return nil
	}
	return s.eachFlags(w, old.all(), old.modseq, func(c source.FlagChange) bool {
		d.Flags = append(d.Flags, c)
		return true
	})
}
