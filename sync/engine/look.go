package engine

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// errVoid says that a folder began a new epoch in the middle of the work.
var errVoid = crm.Errorf(crm.Conflict, "engine.look", "the folder was numbered anew")

// flagSweep is how often flags are compared on servers that cannot tell changes.
const flagSweep = 30 * time.Minute

// look compares every folder with its cursor and queues what is new. Nothing of
// the mailbox may be in flight.
func (r *run) look(ctx context.Context, s source.Session) error {
	defer func() { r.looked = r.sp.Store().Now() }()
	folders, err := s.Folders(ctx)
	if err != nil {
		return err
	}
	boxes, err := r.boxes(ctx)
	if err != nil {
		return err
	}
	all, lost, tried := maps.Clone(boxes), lostOf(boxes, folders), lookedAt{}
	for _, f := range byUrgency(folders) {
		box := boxes[f.Name]
		if box == nil {
			if box, err = r.renamed(ctx, s, f, lost); err != nil {
				return err
			}
		}
		if box == nil {
			box = r.newBox(f, all)
		}
		found := func(b *crm.Box) bool { return b.ID == box.ID }
		lost = slices.DeleteFunc(lost, found)
		maps.DeleteFunc(boxes, func(_ string, b *crm.Box) bool { return found(b) })
		err := r.lookAt(ctx, s, f, box)
		if errors.Is(err, source.ErrClosed) {
			r.unread(f, box)
			tried.closed, err = err, r.shut(ctx, box, err)
		} else if err == nil && box.Skip == "" {
			tried.open = true
		}
		if err != nil && !crm.IsKind(err, crm.NotFound) { // vanished since the listing: the next look says so
			return err
		}
	}
	if tried.closed != nil && !tried.open {
		return tried.closed
	}
	for _, box := range boxes {
		if err := r.vanished(ctx, box); err != nil {
			return err
		}
	}
	return nil
}

// lookedAt is what became of the folders of a look.
type lookedAt struct {
	open   bool  // one at least could be opened
	closed error // of the last that could not
}

// lookNoticed compares only the folder of which the server spoke: asking for
// the state of all of them takes it longer than everything that we do with a
// new mail. When something left the folder it looks everywhere, because it may
// have been moved; the next look everywhere comes with the poll.
func (r *run) lookNoticed(ctx context.Context, n notice) error {
	boxes, err := r.boxes(ctx)
	if err != nil {
		return err
	}
	box := newsFolder(boxes)
	if box == nil {
		return r.look(ctx, r.session)
	}
	if !r.fetchNoticed(ctx, n.session, box) {
		err = r.delta(ctx, r.session, box)
	}
	if err != nil && !crm.IsKind(err, crm.NotFound) && !errors.Is(err, source.ErrClosed) {
		return err
	}
	if err != nil || box.Relist {
		return r.look(ctx, r.session)
	}
	return nil
}

// fetchNoticed compares a folder and stores its new mail on the session that
// was told of it, and tells whether it could compare. What fails is left to the
// session that the mailbox is worked on with, and fails there again if it must:
// the other one is a shortcut.
func (r *run) fetchNoticed(ctx context.Context, s source.Session, box *crm.Box) bool {
	next := *box
	if err := r.delta(ctx, s, &next); err != nil {
		r.log.Debug("news could not be asked for where they were told", "mailbox", r.mailbox.ID, "err", err)
		return false
	}
	*box = next
	if box.Relist { // what is to be fetched is not known yet
		return true
	}
	live := next
	live.Pending = nil
	if err := r.drain(ctx, swift{s}, []crm.Box{live}, nil, func() bool { return false }); err != nil {
		r.log.Debug("news could not be fetched where they were told", "mailbox", r.mailbox.ID, "err", err)
	}
	return true
}

// newsFolder is where a mail that the server spoke of shows: the one
// that is watched, or where a mail system keeps everything; nil for none.
func newsFolder(boxes map[string]*crm.Box) *crm.Box {
	synced := func(b *crm.Box) bool { return b != nil && !b.Gone && b.Skip == "" && b.Closed == nil }
	if b := boxes[watchFolder]; synced(b) {
		return b
	}
	for _, b := range boxes {
		if b.Role == crm.RoleAll && synced(b) {
			return b
		}
	}
	return nil
}

// swift is a session that fetches without care for mails that need it.
type swift struct{ source.Session }

// Fetch implements source.Session.
func (s swift) Fetch(ctx context.Context, folder string, epoch uint64, keys crm.KeySet, want source.Want) iter.Seq2[source.Item, error] {
	want.Swift = true
	return s.Session.Fetch(ctx, folder, epoch, keys, want)
}

func byUrgency(folders []source.Folder) []source.Folder {
	out := slices.Clone(folders)
	slices.SortStableFunc(out, func(a, b source.Folder) int { return urgency(a.Role) - urgency(b.Role) })
	return out
}

// boxes are the known folders by name.
func (r *run) boxes(ctx context.Context) (map[string]*crm.Box, error) {
	out := map[string]*crm.Box{}
	q := store.Query{Where: []store.Filter{store.Is("mailbox", r.mailbox.ID)}}
	docs, err := store.Boxes.All(ctx, r.sp, q)
	for i := range docs {
		out[docs[i].Value.Name] = &docs[i].Value
	}
	return out, err
}

func (r *run) newBox(f source.Folder, boxes map[string]*crm.Box) *crm.Box {
	return &crm.Box{
		ID: r.freeBoxID(f.Name, boxes), Mailbox: r.mailbox.ID,
		Name: f.Name, Role: f.Role, Skip: skipReason(r.mailbox, f), Since: r.mailbox.Since, KnownAt: r.mailbox.Acquainted(),
	}
}

// skipReason says why a whole folder is not synced, "" when it is.
func skipReason(m *crm.Mailbox, f source.Folder) crm.SkipReason {
	switch f.Role {
	case crm.RoleDrafts:
		return crm.SkipDrafts
	case crm.RoleTrash:
		return crm.SkipTrash
	case crm.RoleJunk:
		return crm.SkipJunk
	case crm.RoleChat:
		return crm.SkipChat
	}
	if len(m.Folders) == 0 && f.Within != "" {
		return crm.SkipDuplicate
	}
	if len(m.Folders) > 0 && !slices.Contains(m.Folders, f.Name) {
		return crm.SkipFolder
	}
	return ""
}

func (r *run) lookAt(ctx context.Context, s source.Session, f source.Folder, box *crm.Box) error {
	if err := r.rescope(ctx, f, box); err != nil {
		return err
	}
	if box.Skip != "" {
		return r.skipped(ctx, f, box)
	}
	if f.Cursor == "" || f.Cursor != box.Cursor || box.Gone || box.Closed != nil {
		if err := r.delta(ctx, s, box); err != nil {
			return err
		}
	}
	if box.FlagsAt != 0 && r.sp.Store().Now().Sub(box.FlagsAt) > flagSweep {
		if err := r.sweepFlags(ctx, s, box); err != nil {
			return err
		}
	}
	if widened := box.Since != r.mailbox.Since || box.KnownAt != r.mailbox.Acquainted(); box.Relist || widened {
		how := bySum
		if widened {
			how = byKeys
		}
		return r.relist(ctx, s, box, how)
	}
	return nil
}

// skipped counts a folder that is not synced.
func (r *run) skipped(ctx context.Context, f source.Folder, box *crm.Box) error {
	n := max(f.Count, 0)
	if box.Cursor == f.Cursor && box.Server == n && box.Listed != 0 && !box.Gone {
		return nil
	}
	box.Cursor, box.Server, box.Listed, box.Gone = f.Cursor, n, r.sp.Store().Now(), false
	box.Counts = crm.Counts{}
	setSkipped(&box.Counts, box.Skip, n)
	return r.putBox(ctx, box)
}

// putBox stores a folder as it is.
func (r *run) putBox(ctx context.Context, box *crm.Box) error {
	return r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		store.Boxes.Put(tx, box)
		return nil
	})
}

// saveBox stores a folder of which only the engine's part changed. A person may
// have put a dead letter back on the queue meanwhile.
func (r *run) saveBox(ctx context.Context, box *crm.Box) error {
	next := *box
	err := r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Boxes.Get(ctx, tx, string(box.ID))
		if err != nil {
			return err
		}
		next = *box
		next.Counts.Dead, next.Counts.Retrying, next.Known = doc.Value.Counts.Dead, doc.Value.Counts.Retrying, doc.Value.Known
		store.Boxes.Put(tx, &next)
		return nil
	})
	if err == nil {
		*box = next
	}
	return err
}

// delta queues what changed since the cursor, and moves the cursor with it.
func (r *run) delta(ctx context.Context, s source.Session, box *crm.Box) error {
	d, err := s.Delta(ctx, box.Name, box.Cursor)
	if err != nil {
		return err
	}
	first := box.Cursor == "" || d.Void || d.Epoch != box.Epoch
	if first && !d.Void && box.Cursor != "" {
		d, err = s.Delta(ctx, box.Name, "")
		if err != nil {
			return err
		}
	}
	if first {
		again := box.Epoch != 0 && box.Epoch != d.Epoch
		r.begin(box, d)
		if again {
			if err := r.outlived(ctx, box, false); err != nil {
				return err
			}
		}
	} else {
		if err := r.setFlags(ctx, box, d.Flags); err != nil {
			return err
		}
		if err := r.depart(ctx, box, d.Gone); err != nil {
			return err
		}
		r.follow(box, d)
	}
	box.Cursor, box.Gone, box.Closed = d.Cursor, false, nil
	if d.NoFlags && box.FlagsAt == 0 {
		box.FlagsAt = r.sp.Store().Now()
	}
	if first {
		return r.putBox(ctx, box)
	}
	return r.saveBox(ctx, box)
}

// begin starts a folder, or starts it again in a new epoch: every key of it is
// to be fetched, and the counters wait for a listing. Of one that was never synced
// and holds nothing there is nothing to list: people have hundreds of these.
func (r *run) begin(box *crm.Box, d source.Delta) {
	if box.Epoch == 0 && d.Count == 0 {
		box.Epoch, box.Live, box.Pending, box.Counts, box.Known = d.Epoch, nil, nil, crm.Counts{}, nil
		box.Server, box.Listed, box.Relist = 0, r.sp.Store().Now(), false
		return
	}
	box.Epoch, box.Live, box.Pending = d.Epoch, nil, newest(d.Added)
	box.Counts, box.Known = crm.Counts{Queued: d.Count}, nil
	box.Server, box.Relist = d.Count, true
}

// maxRanges is how many ranges of keys a folder's document holds in each lane.
// What is beyond it is counted as queued; when the lanes are empty a listing
// finds it again.
const maxRanges = 16_000

func newest(keys crm.KeySet) crm.KeySet { return keys[max(len(keys)-maxRanges, 0):] }

// depart takes off the copies that left the folder.
func (r *run) depart(ctx context.Context, box *crm.Box, gone crm.KeySet) error {
	if len(gone) == 0 {
		return nil
	}
	var ids []crm.CopyID
	for k := range gone.All() {
		ids = append(ids, copyID(r.build.key, box.ID, box.Epoch, k))
	}
	for chunk := range slices.Chunk(ids, removeChunk) {
		if err := r.remove(ctx, box.ID, chunk); err != nil {
			return err
		}
	}
	doc, err := store.Boxes.Get(ctx, r.sp, string(box.ID))
	if err == nil {
		box.Counts, box.Known = doc.Value.Counts, doc.Value.Known
	}
	return err
}

func (r *run) follow(box *crm.Box, d source.Delta) {
	switch {
	case d.Lost:
		box.Doubt, box.Relist = true, true
		return
	case d.Count < 0:
		followExactly(box, d, r.sp.Store().Now())
		return
	}
	box.Live = newest(box.Live.Union(d.Added.Minus(box.Pending)))
	aged := r.mailbox.Since != 0 && len(d.Added) > 0 // old mail can be moved in: only a listing tells its date
	box.Relist = box.Relist || d.Recount || aged
	if !d.Recount {
		box.Counts.Queued += d.Count - box.Server
		box.Server, box.Listed = d.Count, r.sp.Store().Now()
	}
}

// followExactly counts along where the server names what came and what left. A
// listing may have shown before what the server tells only now: that is fetched
// once more, for its flags, but did not come again.
func followExactly(box *crm.Box, d source.Delta, now crm.Time) {
	waiting := box.Live.Union(box.Pending)
	added := d.Added.Minus(waiting)
	box.Counts.Queued = max(box.Counts.Queued+added.Size()-waiting.Intersect(d.Gone).Size(), 0)
	box.Live = newest(box.Live.Union(added).Minus(d.Gone))
	box.Pending = box.Pending.Minus(d.Gone)
	box.Server += added.Minus(box.Known).Size() - d.Gone.Size()
	aged := len(d.Gone) > 0 && (box.Since != 0 || box.KnownAt != 0) // what left may have been too old to be stored
	if box.Relist = box.Relist || d.Recount || aged || outOfStep(box); !box.Relist {
		box.Listed = now
	}
}

// sweepFlags compares the flags of every copy.
func (r *run) sweepFlags(ctx context.Context, s source.Session, box *crm.Box) error {
	if err := r.compareFlags(ctx, s, box); err != nil {
		return err
	}
	box.FlagsAt, box.Relist = r.sp.Store().Now(), true
	return r.saveBox(ctx, box)
}

func (r *run) compareFlags(ctx context.Context, s source.Session, box *crm.Box) error {
	var changes []source.FlagChange
	for c, err := range s.Flags(ctx, box.Name) {
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	return r.setFlags(ctx, box, changes)
}

// vanished takes off a folder that is no longer on the server. Its messages
// stay where they are.
func (r *run) vanished(ctx context.Context, box *crm.Box) error {
	if box.Gone {
		return nil
	}
	if err := r.clear(ctx, box); err != nil {
		return err
	}
	box.Gone, box.Listed = true, r.sp.Store().Now()
	return r.putBox(ctx, box)
}
