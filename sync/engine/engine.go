package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/directory"
	"threadline/internal/lease"
	"threadline/internal/store"
	"threadline/sync/source"
)

// Config is what the engine needs from outside.
type Config struct {
	Open   func(crm.Mailbox) (source.Source, error) // the source of a mailbox, with its secret unsealed
	Bodies *store.BodyCodec
	Blobs  *store.Blobs
	Log    *slog.Logger
	Owner  string                                          // names this process in leases
	Jitter func() float64                                  // [0,1)
	Poll   time.Duration                                   // how often to look without being told; 0 means a minute
	Lease  time.Duration                                   // how long a mailbox stays with a process that says nothing; 0 means 30 seconds
	Pace   func(m *crm.Mailbox, mails int64) time.Duration // how long so many mails take at least, by what the server permits; nil for no limit
	Thrift *Thrift                                         // shared by all engines of the process; nil for one of its own
	Group  int                                             // mails in one transaction; 0 means as many as the store has room for, at most 800

	bytes int64         // of raw mail in one transaction
	round time.Duration // how often to look for mailboxes to take over; 0 means roundTime
}

// Engine runs every mailbox of a workspace that this process can lease.
type Engine struct {
	sp    *store.Space
	cfg   Config
	known *directory.Directory

	mu   sync.Mutex
	runs map[crm.MailboxID]*run
	rate map[crm.MailboxID]*meter
	lost map[crm.MailboxID]*crm.Trouble // why a run ended that could not even store why
	wg   sync.WaitGroup

	swept crm.Time // when this process last swept the blobs
}

// New makes an engine; Run starts it.
func New(sp *store.Space, cfg Config) *Engine {
	if cfg.Poll == 0 {
		cfg.Poll = time.Minute
	}
	if cfg.Lease == 0 {
		cfg.Lease = leaseLength
	}
	if cfg.Thrift == nil {
		cfg.Thrift = new(Thrift)
	}
	if cfg.round == 0 {
		cfg.round = roundTime
	}
	if cfg.Group == 0 {
		cfg.Group = min(groupMails, sp.Store().Room().Writes/writesPerMail)
	}
	cfg.bytes = min(groupBytes, int64(sp.Store().Room().Bytes)/3*2) // the rest is what the store adds
	return &Engine{sp: sp, cfg: cfg, known: directory.New(sp), runs: map[crm.MailboxID]*run{}, rate: map[crm.MailboxID]*meter{},
		lost: map[crm.MailboxID]*crm.Trouble{}}
}

// Run syncs until ctx ends, and returns when every mailbox has stopped.
func (e *Engine) Run(ctx context.Context) error {
	defer e.wg.Wait()
	for {
		woken := time.NewTimer(e.cfg.round)
		if err := e.round(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("mailboxes cannot be read", "err", err)
		}
		select {
		case <-ctx.Done():
			woken.Stop()
			return ctx.Err()
		case <-woken.C:
		}
	}
}

// Start looks for new mailboxes at once.
func (e *Engine) Start(ctx context.Context) error { return e.round(ctx) }

func (e *Engine) round(ctx context.Context) error {
	docs, err := store.Mailboxes.All(ctx, e.sp, store.Query{})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Value.State != crm.StateDeleted {
			e.start(ctx, d.Value)
		}
	}
	return nil
}

// start takes a mailbox over unless somebody has it.
func (e *Engine) start(ctx context.Context, m crm.Mailbox) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runs[m.ID] != nil || ctx.Err() != nil {
		return
	}
	r := e.newRun(m)
	meter := e.rate[m.ID]
	if meter == nil {
		meter = newMeter()
		e.rate[m.ID] = meter
	}
	r.stored = func(n int) { meter.add(e.sp.Store().Now(), n) }
	e.runs[m.ID] = r
	e.wg.Go(func() {
		defer e.forget(m.ID)
		err := e.hold(ctx, r)
		if err == nil || ctx.Err() != nil || crm.IsKind(err, crm.Conflict) {
			return
		}
		if e.stopped(m.ID, err) {
			e.cfg.Log.Error("mailbox stopped", "mailbox", m.ID, "err", err)
		}
	})
}

// stopped remembers why a mailbox is not worked on, because the store cannot,
// and tells whether that is news. The next round tries again.
func (e *Engine) stopped(id crm.MailboxID, err error) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	was := e.lost[id]
	e.lost[id] = trouble(was, Event{Kind: Failed, At: e.sp.Store().Now(), Err: err})
	return was == nil || was.Msg != e.lost[id].Msg
}

// sweepEvery keeps the audits of many mailboxes from each reading every body.
const sweepEvery = 20 * time.Hour

// sweep deletes blobs that no body names, once a night.
func (e *Engine) sweep(ctx context.Context) error {
	now := e.sp.Store().Now()
	e.mu.Lock()
	due := e.swept == 0 || now.Sub(e.swept) > sweepEvery
	if due {
		e.swept = now
	}
	e.mu.Unlock()
	if !due {
		return nil
	}
	return e.cfg.Blobs.Sweep(ctx, e.sp)
}

func (e *Engine) newRun(m crm.Mailbox) *run {
	return &run{
		sp: e.sp, cfg: &e.cfg, known: e.known, mailbox: &m, log: e.cfg.Log, size: firstPiece(&m),
		state: stateOf(&m), wake: make(chan struct{}, 1), noticed: make(chan notice, 1), sweep: e.sweep,
	}
}

func (e *Engine) forget(id crm.MailboxID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.runs, id)
}

func stateOf(m *crm.Mailbox) State {
	s := State{Mailbox: m.State, Fails: m.Fails, NextAt: m.NextAt, Trouble: m.Trouble}
	if s.Mailbox == "" {
		s.Mailbox = crm.StateNew
	}
	return s
}

// hold works on a mailbox while it has the lease.
func (e *Engine) hold(ctx context.Context, r *run) error {
	l, err := lease.Acquire(ctx, e.sp, string(r.mailbox.ID), e.cfg.Owner, e.cfg.Lease)
	if err != nil {
		return err
	}
	r.lease = l
	e.mu.Lock()
	delete(e.lost, r.mailbox.ID) // the store takes writes again
	e.mu.Unlock()
	ws, err := store.Workspaces.Get(ctx, e.sp, string(e.sp.Workspace()))
	if err != nil {
		return err
	}
	if r.zone, err = time.LoadLocation(ws.Value.Zone); err != nil {
		r.zone = time.UTC // an unknown zone has nights all the same
	}
	r.build = &builder{key: ws.Value.IDKey, mailbox: r.mailbox, bodies: e.cfg.Bodies}
	ctx, lose := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { keep(ctx, l, lose) })
	err = r.loop(ctx)
	if err == nil && r.state.Mailbox == crm.StateDeleting {
		err = r.purge(ctx)
	}
	lose(nil)
	renewing.Wait()
	if !errors.Is(err, lease.ErrLost) {
		release, done := context.WithTimeout(context.WithoutCancel(ctx), l.Margin())
		defer done()
		return errors.Join(err, l.Release(release))
	}
	return err
}

// keep renews the lease; when it cannot, the work is cancelled before the
// lease ends.
func keep(ctx context.Context, l *lease.Lease, lose context.CancelCauseFunc) {
	last := time.Now()
	for {
		sleep(ctx, l.Lasts()/3)
		if ctx.Err() != nil {
			return
		}
		switch err := l.Renew(ctx); {
		case err == nil:
			last = time.Now()
		case errors.Is(err, lease.ErrLost), time.Since(last) > l.Lasts()-l.Margin():
			lose(lease.ErrLost)
			return
		}
	}
}
