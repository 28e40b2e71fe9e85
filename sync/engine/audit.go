package engine

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// FolderAudit compares one folder key by key with a listing taken now.
type FolderAudit struct {
	Folder  string `json:"folder"`
	Server  int64  `json:"server"`
	Known   int64  `json:"known"`   // copies stored, skipped or dead
	Waiting int64  `json:"waiting"` // queued or retrying, or so new that nobody looked yet
	Skipped int64  `json:"skipped"` // older than the since-date, or the whole folder
	Missing int64  `json:"missing"` // on the server and nowhere here: will be fetched
	Gone    int64  `json:"gone"`    // here and no longer on the server
	Proven  bool   `json:"proven"`
}

// Audit takes a complete listing of every folder and compares it key by key. It
// changes nothing; AskAudit repairs what is not proven.
func (e *Engine) Audit(ctx context.Context, m *crm.Mailbox) ([]FolderAudit, error) {
	s, err := e.open(ctx, m)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	r := &run{sp: e.sp, mailbox: m}
	boxes, err := r.boxes(ctx)
	if err != nil {
		return nil, err
	}
	out := []FolderAudit{}
	for _, b := range boxes {
		if b.Gone || b.Closed != nil {
			continue
		}
		a, err := r.audit(ctx, s, b.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b FolderAudit) int { return cmp.Compare(a.Folder, b.Folder) })
	return out, nil
}

// AskAudit lets whichever process holds the mailbox audit it as it does every
// night, as soon as nothing waits to be fetched: what is missing is fetched,
// what is gone is taken off, and the folders keep what was found.
func (e *Engine) AskAudit(ctx context.Context, id crm.MailboxID) error {
	return e.Edit(ctx, id, func(m *crm.Mailbox) { m.AuditAsked = e.sp.Store().Now() })
}

func (r *run) audit(ctx context.Context, s source.Session, id crm.BoxID) (FolderAudit, error) {
	doc, err := store.Boxes.Get(ctx, r.sp, string(id))
	if err != nil {
		return FolderAudit{}, err
	}
	b := doc.Value
	a := FolderAudit{Folder: b.Name}
	l, err := wanted(ctx, r.sp, s, r.mailbox, b.Name)
	if err != nil {
		return a, err
	}
	a.Server = l.All.Size()
	if b.Skip != "" {
		a.Skipped, a.Proven = a.Server, true
		return a, nil
	}
	fresh, err := r.unnoticed(ctx, s, &b)
	if err != nil {
		return a, err
	}
	k, err := r.copiesOf(ctx, &b)
	if err != nil {
		return a, err
	}
	retrying, err := r.retrying(ctx, r.sp, &b)
	if err != nil {
		return a, err
	}
	waiting := b.Live.Union(b.Pending).Union(retrying).Union(fresh)
	a.Known = k.present.Intersect(l.All).Size()
	a.Waiting = waiting.Intersect(l.All).Minus(k.present).Size()
	rest := l.All.Minus(k.present).Minus(waiting)
	a.Skipped = rest.Minus(l.Recent).Size()
	a.Missing = rest.Intersect(l.Recent).Size()
	a.Gone = k.present.Minus(l.All).Size() + int64(len(k.void))
	a.Proven = a.Missing == 0 && a.Gone == 0 && l.Epoch == b.Epoch
	return a, nil
}

// unnoticed are the keys that arrived since the folder was last looked at. They
// are asked for after the listing, so that mail which came in between counts as
// new and not as missed.
func (r *run) unnoticed(ctx context.Context, s source.Session, b *crm.Box) (crm.KeySet, error) {
	if b.Cursor == "" {
		return nil, nil
	}
	d, err := s.Delta(ctx, b.Name, b.Cursor)
	if err != nil || d.Void {
		return nil, err
	}
	return d.Added, nil
}

// auditHour is when nights are audited, on the clock of the workspace; the
// mailboxes of one are spread over auditSpread.
const (
	auditHour   = 3
	auditSpread = time.Hour
)

// auditDue tells whether a person asked for an audit, or a night has passed
// since the last one: a night that was missed is made up for.
func auditDue(m *crm.Mailbox, zone *time.Location, now crm.Time) bool {
	if m.AuditAsked > m.AuditedAt {
		return true
	}
	local := now.Std().In(zone)
	h := fnv.New32a()
	_, _ = h.Write([]byte(m.ID)) // never fails
	spread := time.Duration(h.Sum32()) * time.Second % auditSpread
	night := time.Date(local.Year(), local.Month(), local.Day(), auditHour, 0, 0, 0, zone).Add(spread)
	if night.After(local) {
		night = time.Date(local.Year(), local.Month(), local.Day()-1, auditHour, 0, 0, 0, zone).Add(spread)
	}
	return crm.At(night) > max(m.AuditedAt, m.CreatedAt)
}

// auditAll audits every folder and repairs the difference. It tells whether
// there is something to fetch now. Nothing may be in flight.
func (r *run) auditAll(ctx context.Context) (bool, error) {
	boxes, err := r.boxes(ctx)
	if err != nil {
		return false, err
	}
	more := false
	for _, b := range boxes {
		if b.Gone || b.Skip != "" || b.Closed != nil {
			continue
		}
		again, err := r.auditBox(ctx, b)
		if crm.IsKind(err, crm.NotFound) || errors.Is(err, source.ErrClosed) {
			continue // the next look says so
		}
		if err != nil {
			return false, err
		}
		more = more || again
	}
	if err := r.sweep(ctx); err != nil {
		r.log.Error("blobs that nobody names could not be swept", "err", err)
	}
	return more, r.audited(ctx)
}

// auditBox first looks, so that what is new is not called missing.
func (r *run) auditBox(ctx context.Context, b *crm.Box) (more bool, err error) {
	if err := r.delta(ctx, r.session, b); err != nil {
		return false, err
	}
	if b.Relist {
		if err := r.relist(ctx, r.session, b, byKeys); err != nil {
			return false, err
		}
	}
	at := r.sp.Store().Now()
	a, err := r.audit(ctx, r.session, b.ID)
	if err != nil {
		return false, err
	}
	if !a.Proven {
		r.log.Warn("an audit found a difference", "mailbox", r.mailbox.ID, "missing", a.Missing, "gone", a.Gone)
		if err := r.relist(ctx, r.session, b, byCopies); err != nil {
			return false, err
		}
	}
	b.Audit = &crm.BoxAudit{At: at, Server: a.Server, Missing: a.Missing, Gone: a.Gone}
	return b.Live.Size()+b.Pending.Size() > 0, r.saveBox(ctx, b)
}

// audited remembers that the audit is done.
func (r *run) audited(ctx context.Context) error {
	return r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Mailboxes.Get(ctx, tx, string(r.mailbox.ID))
		if err != nil {
			return err
		}
		doc.Value.AuditedAt = r.sp.Store().Now()
		r.mailbox.AuditedAt = doc.Value.AuditedAt
		store.Mailboxes.Put(tx, &doc.Value)
		return nil
	})
}
