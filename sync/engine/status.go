package engine

import (
	"cmp"
	"context"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// BoxStatus is one folder's side of the equation: on the server = stored +
// skipped + queued + retrying + dead, as of Listed.
type BoxStatus struct {
	ID       crm.BoxID                `json:"id"`
	Name     string                   `json:"name"`
	Role     crm.BoxRole              `json:"role,omitempty"`
	Server   int64                    `json:"server"`
	Stored   int64                    `json:"stored"`
	Skipped  map[crm.SkipReason]int64 `json:"skipped,omitempty"`
	Queued   int64                    `json:"queued"`
	Retrying int64                    `json:"retrying"`
	Dead     map[crm.DeadReason]int64 `json:"dead,omitempty"`
	Listed   crm.Time                 `json:"listed"`
	Balanced bool                     `json:"balanced"`
	Gone     bool                     `json:"gone,omitempty"`
	Audit    *crm.BoxAudit            `json:"audit,omitempty"`
	Closed   *crm.Trouble             `json:"closed,omitempty"` // why the server does not open it
}

// Status is where a mailbox stands, in numbers that add up.
type Status struct {
	ID       crm.MailboxID    `json:"id"`
	Address  crm.Address      `json:"address"`
	Owner    crm.UserID       `json:"owner"`
	Server   string           `json:"server"`
	State    crm.MailboxState `json:"state"`
	Trouble  *crm.Trouble     `json:"trouble,omitempty"`
	NextAt   crm.Time         `json:"next_at,omitempty"`
	LastOK   crm.Time         `json:"last_ok,omitempty"`
	Audited  crm.Time         `json:"audited_at,omitempty"` // when every folder was last compared key by key
	Known    bool             `json:"known_only,omitempty"` // older mail is that of known people alone
	Boxes    []BoxStatus      `json:"boxes"`
	Total    int64            `json:"total"`     // copies on the server
	Done     int64            `json:"done"`      // of them stored, skipped or dead
	Queued   int64            `json:"queued"`    // of them waiting
	Synced   bool             `json:"synced"`    // every folder is balanced and nothing waits
	Rate     float64          `json:"rate"`      // mails stored per second, lately
	TimeLeft int64            `json:"time_left"` // seconds, 0 when nothing waits or no rate is known
}

// StatusOf reads the equation of a mailbox from the store.
func StatusOf(ctx context.Context, sp *store.Space, m *crm.Mailbox) (Status, error) {
	st := Status{ID: m.ID, Address: m.Address, Owner: m.Owner, Server: m.Server, State: m.State,
		Trouble: m.Trouble, NextAt: m.NextAt, LastOK: m.LastOK, Audited: m.AuditedAt, Known: m.KnownOnly, Synced: true, Boxes: []BoxStatus{}}
	docs, err := store.Boxes.All(ctx, sp, store.Query{Where: []store.Filter{store.Is("mailbox", m.ID)}})
	if err != nil {
		return st, err
	}
	for _, d := range docs {
		b := boxStatus(&d.Value)
		st.Boxes = append(st.Boxes, b)
		st.Total += b.Server
		st.Queued += b.Queued + b.Retrying
		st.Synced = st.Synced && b.Balanced && b.Queued+b.Retrying == 0 && b.Closed == nil && upToDate(&d.Value, m)
	}
	st.Done = st.Total - st.Queued
	st.Synced = st.Synced && len(docs) > 0
	slices.SortFunc(st.Boxes, func(a, b BoxStatus) int {
		return cmp.Or(cmp.Compare(urgency(a.Role), urgency(b.Role)), cmp.Compare(a.Name, b.Name))
	})
	return st, nil
}

// AtRest tells whether the mailbox is live and has all that its server opens: for
// closed folders nobody waits.
func (s *Status) AtRest() bool {
	if s.State != crm.StateLive || len(s.Boxes) == 0 {
		return false
	}
	closed := func(b BoxStatus) bool { return b.Closed != nil }
	done := func(b BoxStatus) bool { return closed(b) || b.Balanced && b.Queued+b.Retrying == 0 }
	return s.Synced || slices.ContainsFunc(s.Boxes, closed) && !slices.ContainsFunc(s.Boxes, func(b BoxStatus) bool { return !done(b) })
}

// upToDate tells whether a folder was listed for what its owner wants of it now.
func upToDate(b *crm.Box, m *crm.Mailbox) bool {
	return b.Skip != "" || b.Gone || b.Since == m.Since && b.KnownAt == m.Acquainted()
}

func boxStatus(b *crm.Box) BoxStatus {
	return BoxStatus{ID: b.ID, Name: b.Name, Role: b.Role, Server: b.Server, Stored: b.Counts.Stored,
		Skipped: b.Counts.Skipped, Queued: b.Counts.Queued, Retrying: b.Counts.Retrying, Dead: b.Counts.Dead,
		Listed: b.Listed, Gone: b.Gone, Audit: b.Audit, Closed: b.Closed, Balanced: b.Counts.Total() == b.Server}
}

// Status adds what only the running engine knows: rate, time left, and trouble
// that could not be stored.
func (e *Engine) Status(ctx context.Context, m *crm.Mailbox) (Status, error) {
	st, err := StatusOf(ctx, e.sp, m)
	if err != nil {
		return st, err
	}
	e.mu.Lock()
	meter, lost := e.rate[m.ID], e.lost[m.ID]
	e.mu.Unlock()
	if lost != nil {
		st.State, st.Trouble = crm.StateThrottled, lost
	}
	if meter != nil {
		st.Rate = meter.perSecond(e.sp.Store().Now())
	}
	if st.Rate > 0 && st.Queued > 0 {
		st.TimeLeft = int64(float64(st.Queued)/st.Rate) + 1
	}
	if e.cfg.Pace != nil && st.Queued > 0 {
		st.TimeLeft = max(st.TimeLeft, int64(e.cfg.Pace(m, st.Queued)/time.Second))
	}
	return st, nil
}

// Ready waits until the mailbox is at rest, for at most d: for commands that
// report a result. The longer it waits the less it looks, because looks are
// billed on Firestore.
func (e *Engine) Ready(ctx context.Context, id crm.MailboxID, d time.Duration) (Status, error) {
	pause, deadline := 20*time.Millisecond, time.Now().Add(d)
	for {
		doc, err := store.Mailboxes.Get(ctx, e.sp, string(id))
		if err != nil {
			return Status{}, err
		}
		st, err := e.Status(ctx, &doc.Value)
		halted := st.State == crm.StateAuthRequired || st.State == crm.StatePaused
		if err != nil || st.AtRest() || halted || time.Now().After(deadline) {
			return st, err
		}
		sleep(ctx, pause)
		pause = min(pause*5/4, time.Second)
		if ctx.Err() != nil {
			return st, ctx.Err()
		}
	}
}
