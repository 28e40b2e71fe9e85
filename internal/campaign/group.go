package campaign

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// group is some lines that are claimed, handed over and settled together.
type group struct {
	w       *worker
	lines   []crm.Recipient
	results []result // back until a mail was handed over
	letters []Letter
	agreed  map[crm.Address]bool // who may be tracked by name
	shut    atomic.Bool          // nobody else is to be tried now
}

// lane sends group after group: what became of one is written down with the claim
// of the next one. An end of ctx hands over what is under way.
func (w *worker) lane(ctx context.Context) error {
	var done *group // handed over, and not written down yet
	// What was handed over is written down whatever happens meanwhile.
	after := context.WithoutCancel(ctx)
	for {
		next, left, err := w.turn(after, done, ctx.Err() == nil && !done.stopped())
		if err == nil {
			err = done.consequences(after)
		}
		switch {
		case err != nil:
			return errors.Join(err, next.unsent(after))
		case next != nil:
			if err := next.fill(ctx); err != nil {
				return errors.Join(err, next.unsent(after))
			}
			next.handOver(ctx)
		case ctx.Err() != nil || done.stopped():
			return nil
		case done == nil && left == nothing:
			return w.e.Empty(ctx)
		case done == nil && left == waiting:
			return nil
		}
		done = next
	}
}

// stopped tells whether nobody else is to be tried: the mailbox may not send, or
// its mail system is not reached.
func (g *group) stopped() bool { return g != nil && g.shut.Load() }

// consequences are those of outcomes that were written down.
func (g *group) consequences(ctx context.Context) error {
	if g == nil {
		return nil
	}
	for i, r := range g.results {
		if r.bounce == crm.BounceHard {
			if err := g.w.s.suppressReader(ctx, &g.lines[i], crm.SuppressedBounced); err != nil {
				return err
			}
		}
		if r.verdict == barred {
			return g.w.e.Halt(ctx, r.reason, 0)
		}
	}
	return nil
}

// rest is what a claim left.
type rest int

const (
	waiting rest = iota // for another time
	moved               // lines that were due were put off or left out: there may be more
	nothing             // no line to which anything will happen
)

// page is what one transaction writes into the ledger.
type page struct {
	settled, claimed, put, out []crm.Recipient // put off or in doubt; left out
	room                       room
	left                       rest
}

// turn writes down what became of a group, and claims the next one unless more is
// false, in one transaction, which looks at everything that may forbid a claim. A
// claim that fails takes no outcome with it.
func (w *worker) turn(ctx context.Context, done *group, more bool) (next *group, left rest, err error) {
	most := 0
	if more {
		if most, err = w.cfg.Budget(ctx, &w.box); err != nil {
			more = false
		}
	}
	if done == nil && !more {
		return nil, waiting, err
	}
	p, e := w.write(ctx, done, more, most)
	if e != nil && more && done != nil {
		_, again := w.write(ctx, done, false, 0)
		e = errors.Join(e, again)
	}
	if err = errors.Join(err, e); err == nil && len(p.claimed) > 0 {
		next = &group{w: w, lines: p.claimed, results: make([]result, len(p.claimed))}
		for i := range next.results {
			next.results[i].verdict = back
		}
	}
	return next, p.left, err
}

// write is the transaction of a turn: it reads everything before it writes, while
// that of another group is being written. The shares of domains are remembered
// outside of it, so that with them it waits for its turn.
func (w *worker) write(ctx context.Context, done *group, more bool, most int) (p page, err error) {
	if w.c.Pace.PerDomain == 0 {
		ctx = store.Ahead(ctx, func() {})
	}
	err = w.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		p = page{}
		if p.settled, err = done.outcomes(ctx, tx); err != nil {
			return err
		}
		if more {
			if err := w.claim(ctx, tx, &p, most); err != nil {
				return err
			}
		}
		follow, err := w.e.After(ctx, tx, slices.Concat(p.settled, p.out))
		if err != nil {
			return err
		}
		follow(tx)
		if len(p.claimed) > 0 {
			p.room.use(tx, len(p.claimed))
		}
		for _, part := range [][]crm.Recipient{p.settled, p.claimed, p.put, p.out} {
			for i := range part {
				store.Recipients.Put(tx, &part[i])
			}
		}
		return nil
	})
	return p, err
}

// outcomes are the lines of a group with what became of them; those that are not
// the worker's any more are left as they are.
func (g *group) outcomes(ctx context.Context, tx *store.Tx) ([]crm.Recipient, error) {
	if g == nil {
		return nil, nil
	}
	ids := make([]string, len(g.lines))
	for i := range g.lines {
		ids[i] = g.lines[i].ID
	}
	docs, err := store.Recipients.GetMany(ctx, tx, ids)
	out, now := make([]crm.Recipient, 0, len(docs)), g.w.s.sp.Store().Now()
	for i, d := range docs {
		if r, ok := mark(d.Value, g.w.lease.Fence(), g.results[i], now); ok && d.Exists() {
			out = append(out, r)
		}
	}
	return out, err
}

// claim takes the next lines.
func (w *worker) claim(ctx context.Context, tx *store.Tx, p *page, most int) error {
	now := w.s.sp.Store().Now()
	going, err := w.e.Going(ctx, tx)
	if err != nil || !going {
		return err
	}
	if p.room, err = w.room(ctx, tx, now, most); err != nil {
		return err
	}
	limit := w.size()
	if w.c.Restored == 0 { // to doubt takes no room
		limit = min(limit, max(p.room.left, 1))
	}
	list, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(w.c.ID, crm.RecipientQueued), Order: "due", Limit: limit})
	if err != nil {
		return err
	}
	if len(list.Items) == 0 {
		held, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(w.c.ID, crm.RecipientClaimed), Order: "due", Limit: 1})
		if len(held.Items) == 0 {
			p.left = nothing
		}
		return err
	}
	due := w.doubt(p, list.Values(), now)
	if p.room.left == 0 || !w.c.Pace.Recipient && w.shut(now, "") > now {
		return nil
	}
	return w.take(ctx, tx, p, due[:min(len(due), p.room.left)], now)
}

// doubt puts lines in doubt that a lost past may have sent, whatever the hours and
// the budget, and returns those of the others that are due.
func (w *worker) doubt(p *page, list []crm.Recipient, now crm.Time) (due []crm.Recipient) {
	for _, r := range list {
		if x, ok := doubted(r, w.c.Restored, now); ok {
			p.put = append(p.put, x)
			p.left = moved
		} else if r.Due <= now {
			due = append(due, r)
		}
	}
	if len(p.put) > 0 {
		w.doubts.Store(true)
	}
	return due
}

// shut is when the hours of a recipient open: now, when they are open.
func (w *worker) shut(now crm.Time, zone string) crm.Time {
	open := w.bench.hours(w.c.Pace, zone).Open(now.Std())
	if !open.After(now.Std()) {
		return now
	}
	return crm.At(open)
}

// take claims those of the lines to whom nothing forbids it. Whoever wants no
// mail is left out; whose hours are shut, or whose domain had its share, waits.
func (w *worker) take(ctx context.Context, tx *store.Tx, p *page, due []crm.Recipient, now crm.Time) error {
	addresses := make([]crm.Address, len(due))
	for i := range due {
		addresses[i] = due[i].Address
	}
	gone, err := suppressed(ctx, tx, w.bench.key, addresses, w.c.Purpose)
	if err != nil || len(due) == 0 {
		return err
	}
	words, err := w.e.Admit(ctx, tx, due)
	if err != nil {
		return err
	}
	p.left = moved
	for i, r := range due {
		word := w.word(&r, words, i, gone[r.Address], now)
		switch {
		case word.Out != "":
			r.State, r.Reason, r.At = crm.RecipientExcluded, word.Out, now
			p.out = append(p.out, r)
		case word.Wait > now:
			r.Due = word.Wait
			p.put = append(p.put, r)
		default:
			if r, ok := claim(r, w.lease.Fence(), w.c.Restored, now); ok {
				p.claimed = append(p.claimed, r)
			}
		}
	}
	return nil
}

// word is what is said of one line.
func (w *worker) word(r *crm.Recipient, words []Word, i int, gone crm.SuppressionReason, now crm.Time) Word {
	switch {
	case gone != "":
		return Word{Out: string(gone)}
	case words != nil && words[i] != Word{}:
		return words[i]
	}
	if at := w.shut(now, r.Zone); at > now {
		return Word{Wait: at}
	}
	return Word{Wait: w.shares.slot(r, w.c.Pace.PerDomain, now)}
}

// handOver hands the mails of a group over, several at once, and waits for all
// of them. Once ctx ends, or it turns out that nobody is to be tried now, those
// that were not begun are given back.
func (g *group) handOver(ctx context.Context) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(g.w.cfg.Parallel, len(g.lines)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(g.lines) || g.stopped() || g.w.wait(ctx) != nil || !g.hand(ctx, i) {
					return
				}
			}
		})
	}
	wg.Wait()
}

// hand hands one mail over, when one of the desks is free that all groups of a
// worker share; false when it was not begun.
func (g *group) hand(ctx context.Context, i int) bool {
	var d *desk
	select {
	case d = <-g.w.desks:
		defer func() { g.w.desks <- d }()
	case <-ctx.Done():
		return false
	}
	// It must be over while the claim holds: a slow server has taken the time of the
	// others.
	if ctx.Err() != nil || g.stopped() || g.w.s.sp.Store().Now().Add(longest) > g.lines[i].Until {
		return false
	}
	g.results[i] = g.one(ctx, i, d)
	if v := g.results[i].verdict; v == barred || v == missed {
		g.shut.Store(true)
	}
	return true
}

// wait keeps to the rates of the errand and of the mailbox.
func (w *worker) wait(ctx context.Context) error {
	if err := w.limit.Wait(ctx); err != nil || w.account == nil {
		return err
	}
	return w.account.Wait(ctx)
}

// change runs a transaction that holds only while the lease does, and writes to
// the log what it changes of what people decide over.
func (w *worker) change(ctx context.Context, fn func(ctx context.Context, tx *store.Tx) error) error {
	_, err := w.s.sp.Change(ctx, store.ChangeInfo{Cause: crm.CauseSystem, Title: "what became of a mail"}, func(ctx context.Context, tx *store.Tx) error {
		if err := w.lease.Check(ctx, tx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
	return err
}

// unsent gives the lines of a group back: nothing went out.
func (g *group) unsent(ctx context.Context) error {
	if g == nil {
		return nil
	}
	_, err := g.w.write(ctx, g, false, 0)
	return err
}
