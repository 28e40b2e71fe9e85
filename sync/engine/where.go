package engine

import (
	"context"
	"errors"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// Whereabouts is what a server and we know of a Message-ID that is not stored.
type Whereabouts struct {
	State  string         `json:"state"` // skipped, dead, waiting, never_seen
	Folder string         `json:"folder,omitempty"`
	Skip   crm.SkipReason `json:"skip,omitempty"`
	Dead   crm.DeadReason `json:"dead,omitempty"`
	Detail string         `json:"detail,omitempty"` // what went wrong last, of a copy that is dead or tried again
	Copy   crm.CopyID     `json:"copy,omitempty"`
}

// Answer is what became of a mail, as far as its server let us look.
type Answer struct {
	Whereabouts
	Closed []string `json:"closed,omitempty" doc:"Folders that were not looked through, because the server does not open them"`
}

const (
	WhereStored    = "stored"
	WhereSkipped   = "skipped"
	WhereDead      = "dead"
	WhereWaiting   = "waiting"
	WhereNeverSeen = "never_seen"
)

// Where asks the server of a mailbox for a Message-ID that is not stored, and
// says what became of the copies that it finds.
func (e *Engine) Where(ctx context.Context, m *crm.Mailbox, id crm.RFCID) (Answer, error) {
	best := Answer{Whereabouts: Whereabouts{State: WhereNeverSeen}}
	q, err := e.ask(ctx, m)
	if err != nil {
		return best, err
	}
	defer q.end()
	err = q.each(ctx, source.Clue{ID: id}, func(b *crm.Box, found source.Found) error {
		for k := range found.Keys.All() {
			w, err := e.became(ctx, q.s, m, q.key, b, found.Epoch, k)
			if err != nil {
				return err
			}
			if w.better(best.Whereabouts) {
				best.Whereabouts = w
			}
		}
		return nil
	})
	best.Closed = q.closed
	return best, err
}

// inquiry is a session on the server of a mailbox, and what we know of its folders.
type inquiry struct {
	e     *Engine
	m     *crm.Mailbox
	s     source.Session
	key   crm.IDKey
	boxes []store.Doc[crm.Box]

	closed []string // folders that each could not look through
}

func (e *Engine) ask(ctx context.Context, m *crm.Mailbox) (*inquiry, error) {
	ws, err := store.Workspaces.Get(ctx, e.sp, string(e.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	boxes, err := store.Boxes.All(ctx, e.sp, store.Query{Where: []store.Filter{store.Is("mailbox", m.ID)}})
	if err != nil {
		return nil, err
	}
	s, err := e.open(ctx, m)
	return &inquiry{e: e, m: m, s: s, key: ws.Value.IDKey, boxes: boxes}, err
}

func (q *inquiry) end() { _ = q.s.Close() } // nothing was written

// again goes on in a new session; the old one broke.
func (q *inquiry) again(ctx context.Context) error {
	s, err := q.e.open(ctx, q.m)
	if err == nil {
		q.end()
		q.s = s
	}
	return err
}

// each calls f with what fits a clue in each folder that has any, and keeps the
// names of those that the server does not open.
func (q *inquiry) each(ctx context.Context, clue source.Clue, f func(*crm.Box, source.Found) error) error {
	for i := range q.boxes {
		b := &q.boxes[i].Value
		if b.Gone {
			continue
		}
		found, err := q.s.Find(ctx, b.Name, clue)
		if errors.Is(err, source.ErrClosed) {
			q.closed = append(q.closed, b.Name)
			continue
		}
		if crm.IsKind(err, crm.NotFound) { // it went away since it was listed
			continue
		}
		if err == nil && len(found.Keys) > 0 {
			err = f(b, found)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// better tells which of two copies of one message counts.
func (w Whereabouts) better(than Whereabouts) bool {
	return slices.Index(bestFirst, w.State) < slices.Index(bestFirst, than.State)
}

// Known says what became of the copy with a key of its mailbox, without asking
// the server: of Gmail a key is the same in every folder. A copy that we do not
// know is never seen.
func (e *Engine) Known(ctx context.Context, m *crm.Mailbox, k crm.Key) (Whereabouts, crm.MessageID, error) {
	best, message := Whereabouts{State: WhereNeverSeen}, crm.MessageID("")
	ws, err := store.Workspaces.Get(ctx, e.sp, string(e.sp.Workspace()))
	if err != nil {
		return best, "", err
	}
	boxes, err := store.Boxes.All(ctx, e.sp, store.Query{Where: []store.Filter{store.Is("mailbox", m.ID)}})
	if err != nil {
		return best, "", err
	}
	ids := make([]string, len(boxes))
	for i := range boxes {
		ids[i] = string(copyID(ws.Value.IDKey, boxes[i].Value.ID, boxes[i].Value.Epoch, k))
	}
	copies, err := store.Copies.GetMany(ctx, e.sp, ids)
	if err != nil {
		return best, "", err
	}
	for i := range copies {
		w, b := Whereabouts{State: WhereNeverSeen, Folder: boxes[i].Value.Name}, &boxes[i].Value
		switch {
		case copies[i].Exists():
			if w = w.of(&copies[i].Value); w.State == WhereStored {
				message = copies[i].Value.Message
			}
		case b.Live.Has(k) || b.Pending.Has(k):
			w.State = WhereWaiting
		}
		if w.better(best) {
			best = w
		}
	}
	return best, message, nil
}

// of says what became of a copy that has a document.
func (w Whereabouts) of(c *crm.Copy) Whereabouts {
	w.State, w.Copy = WhereStored, c.ID
	switch c.State {
	case crm.CopySkipped:
		w.State, w.Skip = WhereSkipped, c.Skip
	case crm.CopyDead:
		w.State, w.Dead, w.Detail = WhereDead, c.Dead, c.Detail
	}
	return w
}

// bestFirst orders what became of several copies of one message: the best of
// them counts.
var bestFirst = []string{WhereStored, WhereWaiting, WhereDead, WhereSkipped, WhereNeverSeen}

// became says what became of a copy that is on the server. Of a folder that was
// made anew and not yet read again, nothing is known.
func (e *Engine) became(ctx context.Context, s source.Session, m *crm.Mailbox, key crm.IDKey, b *crm.Box, epoch uint64, k crm.Key) (Whereabouts, error) {
	w := Whereabouts{State: WhereWaiting, Folder: b.Name}
	if b.Skip != "" {
		w.State, w.Skip = WhereSkipped, b.Skip
		return w, nil
	}
	if epoch != b.Epoch {
		return w, nil
	}
	id := copyID(key, b.ID, b.Epoch, k)
	docs, err := store.Copies.GetMany(ctx, e.sp, []string{string(id)})
	if err != nil {
		return w, err
	}
	switch {
	case docs[0].Exists():
		return w.of(&docs[0].Value), nil
	case !b.Live.Has(k) && !b.Pending.Has(k):
		return e.unlisted(ctx, s, m, w, queueID(key, b.ID, b.Epoch, k), k)
	}
	return w, nil
}

// unlisted tells apart what is tried again, what is too old or of strangers, and
// what was not noticed yet.
func (e *Engine) unlisted(ctx context.Context, s source.Session, m *crm.Mailbox, w Whereabouts, queued string, k crm.Key) (Whereabouts, error) {
	docs, err := store.Queue.GetMany(ctx, e.sp, []string{queued})
	if err != nil {
		return w, err
	}
	if w.Detail = docs[0].Value.Detail; docs[0].Exists() || m.Since == 0 && !m.KnownOnly {
		return w, nil
	}
	l, err := wanted(ctx, e.sp, s, m, w.Folder)
	switch {
	case err != nil || !l.All.Has(k) || l.Recent.Has(k):
	case l.Strange.Has(k):
		w.State, w.Skip = WhereSkipped, crm.SkipStranger
	default:
		w.State, w.Skip = WhereSkipped, crm.SkipSince
	}
	return w, err
}

func (e *Engine) open(ctx context.Context, m *crm.Mailbox) (source.Session, error) {
	src, err := e.cfg.Open(*m)
	if err != nil {
		return nil, err
	}
	return src.Open(ctx)
}

// Try signs in once and lists the folders: what a person wants to know before
// a mailbox is added.
func Try(ctx context.Context, src source.Source) ([]source.Folder, error) {
	s, err := src.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.Folders(ctx)
}
