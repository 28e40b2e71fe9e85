package campaign

import (
	"context"
	"sync"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// group is some lines that are claimed, handed over and settled together.
type group struct {
	w       *worker
	lines   []crm.Recipient
	letters []Letter
	agreed  map[crm.Address]bool // who may be tracked by name
}

// group claims some lines, hands their mails over and writes the outcomes down.
// more is false when nothing is due now.
func (w *worker) group(ctx context.Context) (more bool, err error) {
	lines, left, err := w.claim(ctx)
	if err != nil {
		return false, err
	}
	if len(lines) == 0 {
		if left == nothing {
			err = w.e.Empty(ctx)
		}
		return left == moved, err
	}
	g := &group{w: w, lines: lines}
	if err := g.fill(ctx); err != nil {
		return false, err
	}
	results := g.handOver(ctx)
	// What was handed over is written down whatever happens meanwhile.
	after := context.WithoutCancel(ctx)
	if err := g.settle(after, results); err != nil {
		return false, err
	}
	for i, r := range results {
		if r.bounce == crm.BounceHard {
			if err := w.s.suppressReader(after, &lines[i], crm.SuppressedBounced); err != nil {
				return false, err
			}
		}
		if r.verdict == barred {
			return false, w.e.Halt(after, r.reason)
		}
	}
	return true, nil
}

// rest is what a claim left.
type rest int

const (
	waiting rest = iota // for another time
	moved               // lines that were due were put off or left out: there may be more
	nothing             // no line to which anything will happen
)

// claim takes the next lines, in the transaction that looks at everything that
// may forbid it.
func (w *worker) claim(ctx context.Context) (lines []crm.Recipient, left rest, err error) {
	most, err := w.cfg.Budget(ctx, &w.box)
	if err != nil {
		return nil, waiting, err
	}
	err = w.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		lines, left = nil, waiting
		now := w.s.sp.Store().Now()
		going, err := w.e.Going(ctx, tx)
		if err != nil || !going {
			return err
		}
		room, err := w.room(ctx, tx, now, most)
		if err != nil {
			return err
		}
		page, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(w.c.ID, crm.RecipientQueued), Order: "due", Limit: min(w.size(), max(room.left, 1))})
		if err != nil {
			return err
		}
		if len(page.Items) == 0 {
			held, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(w.c.ID, crm.RecipientClaimed), Order: "due", Limit: 1})
			if len(held.Items) == 0 {
				left = nothing
			}
			return err
		}
		if room.left == 0 || !w.c.Pace.Recipient && w.shut(now, "") > now {
			return nil
		}
		lines, left, err = w.take(ctx, tx, page.Values(), now)
		if err == nil && len(lines) > 0 {
			room.use(tx, len(lines))
		}
		return err
	})
	return lines, left, err
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
func (w *worker) take(ctx context.Context, tx *store.Tx, list []crm.Recipient, now crm.Time) ([]crm.Recipient, rest, error) {
	due := list[:0:0]
	addresses := make([]crm.Address, 0, len(list))
	for _, r := range list {
		if r.Due <= now {
			due, addresses = append(due, r), append(addresses, r.Address)
		}
	}
	gone, err := suppressed(ctx, tx, w.bench.key, addresses, w.c.Purpose)
	if err != nil || len(due) == 0 {
		return nil, waiting, err
	}
	words, err := w.e.Admit(ctx, tx, due)
	if err != nil {
		return nil, waiting, err
	}
	var claimed, put []crm.Recipient
	var out []crm.Recipient
	for i, r := range due {
		word := w.word(&r, words, i, gone[r.Address], now)
		switch {
		case word.Out != "":
			r.State, r.Reason, r.At = crm.RecipientExcluded, word.Out, now
			out = append(out, r)
		case word.Wait > now:
			r.Due = word.Wait
			put = append(put, r)
		default:
			if r, ok := claim(r, w.lease.Fence(), now); ok {
				claimed = append(claimed, r)
			}
		}
	}
	if len(out) > 0 {
		if err := w.e.After(ctx, tx, out); err != nil {
			return nil, waiting, err
		}
	}
	for _, part := range [][]crm.Recipient{claimed, put, out} {
		for i := range part {
			store.Recipients.Put(tx, &part[i])
		}
	}
	return claimed, moved, nil
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
// of them. Once ctx ends those that were not begun are given back.
func (g *group) handOver(ctx context.Context) []result {
	results := make([]result, len(g.lines))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(g.w.cfg.Parallel, len(g.lines)) {
		wg.Go(func() {
			for i := range next {
				results[i] = g.one(ctx, i)
			}
		})
	}
	for i := range g.lines {
		results[i] = result{verdict: back}
		if g.w.wait(ctx) != nil {
			continue
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return results
}

// wait keeps to the rates of the errand and of the mailbox.
func (w *worker) wait(ctx context.Context) error {
	if err := w.limit.Wait(ctx); err != nil || w.account == nil {
		return err
	}
	return w.account.Wait(ctx)
}

// settle writes outcomes down, and what follows from them.
func (g *group) settle(ctx context.Context, results []result) error {
	ids := make([]string, len(g.lines))
	for i := range g.lines {
		ids[i] = g.lines[i].ID
	}
	return g.w.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Recipients.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		marked := make([]crm.Recipient, 0, len(docs))
		for i, d := range docs {
			if r, ok := mark(d.Value, g.w.lease.Fence(), results[i], g.w.s.sp.Store().Now()); ok && d.Exists() {
				marked = append(marked, r)
			}
		}
		if err := g.w.e.After(ctx, tx, marked); err != nil {
			return err
		}
		for i := range marked {
			store.Recipients.Put(tx, &marked[i])
		}
		return nil
	})
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
	results := make([]result, len(g.lines))
	for i := range results {
		results[i] = result{verdict: back}
	}
	return g.settle(ctx, results)
}
