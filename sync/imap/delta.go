package imap

import (
	"context"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Delta opens the folder anew and compares its state with the cursor. A cursor
// that this package did not write is void. When the folder is open in the state
// of the cursor and the server has told that mail came, and nothing else, that
// is the difference: opening it again makes some servers walk through all of
// its files.
func (s *session) Delta(ctx context.Context, folder, since string) (d source.Delta, err error) {
	const op = crm.Op("imap.Delta")
	err = s.run(ctx, op, func(w *watch) error {
		if d = s.grown(folder, since); d.Cursor != "" {
			return nil
		}
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

// grown is the difference when new mail is all that happened, with an empty
// cursor when it is not. The new mail is taken to have the numbers that follow,
// without a question: servers that walk through a folder at its next command
// would do so once more. Where it has others, none of these exist, which the
// caller learns when it fetches, and the next Delta says Recount. The
// mod-sequence stays, so that changes of flags which were not told yet are in
// the next Delta.
func (s *session) grown(folder, since string) (d source.Delta) {
	old, ok := parseCursor(since)
	open := s.box != nil && s.box.folder == folder
	if !ok || !open || old.epoch != s.box.epoch || old.next != s.box.next || old.count != s.box.count {
		return d
	}
	count, ok := s.news.grown()
	if !ok || count <= old.count {
		return d
	}
	now := cursor{epoch: old.epoch, next: old.next + count - old.count, modseq: old.modseq, count: count}
	s.box.cursor = now
	s.told[folder] = now.String()
	fresh := crm.Span(crm.Key(old.next), crm.Key(now.next-1))
	return source.Delta{Epoch: now.epoch, Cursor: now.String(), Added: fresh, Count: int64(count), NoFlags: now.modseq == 0}
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
