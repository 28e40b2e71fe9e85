package engine

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"threadline/internal/crm"
	"threadline/internal/directory"
	"threadline/internal/lease"
	"threadline/internal/store"
	"threadline/sync/source"
)

// run is one mailbox in the hands of this process.
type run struct {
	sp      *store.Space
	cfg     *Config
	lease   *lease.Lease
	known   *directory.Directory
	mailbox *crm.Mailbox // configuration; the state below is newer
	build   *builder
	log     *slog.Logger
	size    int64 // of a backfill piece: shrinks while the server has trouble
	state   State
	session source.Session
	watcher *watcher
	wake    chan struct{} // capacity 1: somebody says look everywhere
	noticed chan notice   // capacity 1: the server says that watchFolder changed
	looked  crm.Time      // when it last looked everywhere
	stored  func(n int)   // progress
	sweep   func(ctx context.Context) error
	zone    *time.Location // of the workspace: its nights
	moved   bool           // something was stored since the last event
}

func (r *run) progress(n int) {
	r.moved = r.moved || n > 0
	if r.stored != nil {
		r.stored(n)
	}
}

// loop carries out what Next decides, until it says stop or ctx ends.
func (r *run) loop(ctx context.Context) error {
	defer r.disconnect()
	event := Event{Kind: Started}
	for {
		event.At = r.sp.Store().Now()
		next, effects := Next(r.state, event)
		order, err := r.remember(ctx, next, event)
		if err != nil {
			return err
		}
		if order != "" { // a person was quicker than the event
			event = Event{Kind: order}
			continue
		}
		if len(effects) == 0 {
			effects = []Effect{Wait}
		}
		event = Event{}
		for _, effect := range effects {
			if effect == Stop {
				return nil
			}
			happened, err := r.do(ctx, effect)
			if err != nil {
				return err
			}
			if happened.Kind != "" {
				event = happened
			}
		}
	}
}

// do carries out one effect and says what happened; an error ends the loop.
func (r *run) do(ctx context.Context, effect Effect) (Event, error) {
	var kind EventKind
	var err error
	switch effect {
	case Disconnect:
		r.disconnect()
	case TellOwner:
		r.log.Warn("mailbox needs its owner", "mailbox", r.mailbox.ID, "trouble", r.state.Trouble.Msg)
	case Connect:
		kind, err = r.connect(ctx)
	case Prime:
		kind, err = Primed, r.look(ctx, r.session)
	case Work:
		kind, err = r.work(ctx)
	case Wait:
		return r.wait(ctx)
	}
	return r.outcome(ctx, kind, err)
}

// outcome says what happened; an error that ends the loop is returned.
func (r *run) outcome(ctx context.Context, kind EventKind, err error) (Event, error) {
	switch {
	case err == nil:
		return Event{Kind: kind}, nil
	case ctx.Err() != nil:
		return Event{}, ctx.Err()
	case errors.Is(err, lease.ErrLost):
		return Event{}, err
	case errors.Is(err, errVoid), isVoid(err):
		return Event{Kind: Voided}, nil
	}
	return r.failure(ctx, err)
}

// isVoid tells that the source noticed a new epoch while fetching.
func isVoid(err error) bool {
	var f *failedWork
	return errors.As(err, &f) && crm.IsKind(f.err, crm.Conflict)
}

// failure sets aside what is to blame and says so.
func (r *run) failure(ctx context.Context, err error) (Event, error) {
	r.log.Info("mailbox is delayed", "mailbox", r.mailbox.ID, "kind", crm.KindOf(err), "err", err)
	var f *failedWork
	if errors.As(err, &f) {
		if err := r.setAside(ctx, f); err != nil {
			if ctx.Err() != nil || errors.Is(err, lease.ErrLost) {
				return Event{}, err
			}
			r.log.Error("a failed piece could not be set aside", "mailbox", r.mailbox.ID, "err", err)
		}
		err = f.err
	}
	moved := r.moved
	r.moved = false
	return Event{Kind: Failed, Err: err, RetryAfter: crm.RetryAfter(err), Jitter: r.cfg.Jitter(), Moved: moved}, nil
}

// connect signs in, unless a person asked for something else meanwhile.
func (r *run) connect(ctx context.Context) (EventKind, error) {
	if order, err := r.heed(ctx); order != "" || err != nil { // its owner may have repaired it
		return order, err
	}
	src, err := r.cfg.Open(*r.mailbox)
	if err != nil {
		return "", err
	}
	if r.session, err = src.Open(ctx); err != nil {
		return "", err
	}
	r.watcher = watch(ctx, src, r.noticed, r.cfg.Jitter)
	return Connected, nil
}

func (r *run) disconnect() {
	if r.session != nil {
		r.session.Close()
		r.session = nil
	}
	if r.watcher != nil {
		r.watcher.stop()
		r.watcher = nil
	}
}

// work stores what is queued; when the server or a person calls meanwhile, or
// it is time to look, it stops after the piece at hand and does that first.
func (r *run) work(ctx context.Context) (EventKind, error) {
	boxes, due, err := r.todo(ctx)
	if err != nil {
		return "", err
	}
	err = r.drain(ctx, r.session, boxes, due, func() bool {
		if r.sp.Store().Now() > r.looked.Add(r.cfg.Poll) {
			ring(r.wake)
		}
		return len(r.wake)+len(r.noticed) > 0
	})
	if done, err := r.shutWhile(ctx, err); done || err != nil {
		return Advanced, err
	}
	select {
	case <-r.wake:
		if order, err := r.heed(ctx); order != "" || err != nil {
			return order, err
		}
		if err := r.look(ctx, r.session); err != nil {
			return "", err
		}
		return Advanced, nil
	case n := <-r.noticed:
		defer n.giveBack()
		if err := r.lookNoticed(ctx, n); err != nil {
			return "", err
		}
		return Advanced, nil
	default:
	}
	relisted, err := r.settle(ctx)
	if err == nil && !relisted && auditDue(r.mailbox, r.zone, r.sp.Store().Now()) {
		relisted, err = r.auditAll(ctx)
	}
	if err != nil {
		return "", err
	}
	if relisted {
		return Advanced, nil
	}
	return Idle, nil
}

// settle counts again where something vanished before it was fetched.
func (r *run) settle(ctx context.Context) (bool, error) {
	boxes, err := r.boxes(ctx)
	if err != nil {
		return false, err
	}
	again := false
	for _, b := range boxes {
		if b.Relist && !b.Gone && b.Skip == "" && b.Closed == nil {
			err := r.relist(ctx, r.session, b, byKeys)
			if errors.Is(err, source.ErrClosed) {
				err = r.shut(ctx, b, err)
			}
			if err != nil {
				return false, err
			}
			again = again || b.Live.Size()+b.Pending.Size() > 0
		}
	}
	return again, nil
}

// wait blocks until the server, a person or the clock has something.
func (r *run) wait(ctx context.Context) (Event, error) {
	d, due := r.cfg.Poll, false
	switch r.state.Mailbox {
	case crm.StateThrottled:
		d, due = max(r.state.NextAt.Sub(r.sp.Store().Now()), 0), true
	case crm.StatePaused, crm.StateAuthRequired:
		d = r.cfg.Poll
	default:
		// Notices of one folder must not put off the look at the others.
		d = r.untilRetry(ctx, max(r.looked.Add(r.cfg.Poll).Sub(r.sp.Store().Now()), 0))
	}
	t := time.NewTimer(d)
	defer t.Stop()
	look, woken := func() error { return r.look(ctx, r.session) }, false
	select {
	case <-ctx.Done():
		return Event{}, ctx.Err()
	case n := <-r.noticed:
		defer n.giveBack()
		look = func() error { return r.lookNoticed(ctx, n) }
	case <-t.C:
	case <-r.wake:
		woken = true
	}
	order, err := r.heed(ctx)
	switch {
	case err != nil:
		return r.outcome(ctx, "", err)
	case order != "":
		return Event{Kind: order}, nil
	case due && woken: // somebody asks for it now
		return Event{Kind: Resumed}, nil
	case due:
		return Event{Kind: Due}, nil
	case r.session == nil:
		return Event{}, nil
	}
	return r.outcome(ctx, Woken, look())
}

// untilRetry shortens the wait when an exception becomes due earlier.
func (r *run) untilRetry(ctx context.Context, d time.Duration) time.Duration {
	now := r.sp.Store().Now()
	next, err := r.queued(ctx, nil, 1)
	if err == nil && len(next) > 0 && next[0].NextAt <= now { // all that was due was tried: its folder is closed
		var closed map[crm.BoxID]bool
		if closed, err = r.closed(ctx); err == nil {
			next, err = r.queued(ctx, closed, 1)
		}
	}
	if err != nil || len(next) == 0 {
		return d
	}
	return min(d, max(next[0].NextAt.Sub(now), 0))
}

// remember writes the state into the mailbox document when people would see
// the difference, unless a person asked for something meanwhile: it returns
// that, and writes nothing.
func (r *run) remember(ctx context.Context, next State, e Event) (order EventKind, err error) {
	was := r.state
	r.state = next
	settled := e.Kind == Primed || e.Kind == Idle && r.mailbox.LastOK == 0
	if was.Mailbox == next.Mailbox && was.Fails == next.Fails && !settled || next.Mailbox == crm.StateDeleting {
		return "", nil
	}
	var m crm.Mailbox
	var asked bool
	err = r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Mailboxes.Get(ctx, tx, string(r.mailbox.ID))
		if err != nil {
			return err
		}
		m = doc.Value
		if asked = asksOther(r.mailbox, &m); asked {
			return nil
		}
		m.State, m.Fails, m.NextAt, m.Trouble = next.Mailbox, next.Fails, next.NextAt, next.Trouble
		if settled {
			m.LastOK = e.At
		}
		store.Mailboxes.Put(tx, &m)
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", err
	case asked:
		return r.hear(m), nil
	}
	*r.mailbox = m
	return "", nil
}
