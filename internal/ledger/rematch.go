package ledger

import (
	"cmp"
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"sync"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/directory"
	"threadline/internal/store"
)

// rematchChunk is the number of messages that one transaction matches again, and
// largeChunk that where the store has room for the conversations of so many.
const (
	rematchChunk = 200
	largeChunk   = 500
)

// Rematched counts what a rematch did, or would do.
type Rematched struct {
	Seen    int64   `json:"seen"`
	Changed int64   `json:"changed"`
	Rules   []Tally `json:"rules,omitempty" doc:"Links gained and lost, by the rule that makes or made them"`
	Items   []Moved `json:"items,omitempty" doc:"Of a dry run: the first messages with the links that they would gain and lose"`

	would map[crm.MessageID]bool // of a dry run: what is counted already
}

// Tally counts the links of a rule.
type Tally struct {
	Rule   crm.RuleName `json:"rule"`
	Gained int64        `json:"gained"`
	Lost   int64        `json:"lost"`
}

const maxDryItems = 200

// rematch is one under way: it decides for messages and writes what changed,
// unless dry. Where the store can, one chunk is decided on while the one before
// is being written. A message that was taken once is left out afterwards, and so
// is whatever was decided with another one: a conversation is decided as a whole,
// and lies in many pages. With a nil done nothing is left out.
type rematch struct {
	sp    *store.Space
	dry   bool
	ruled bool // because of what people said or know: mail itself is as it was
	known *directory.Directory
	sum   *Rematched             // nil: nobody asks for it
	done  map[crm.MessageID]bool // false: it waits
	waits []crm.MessageID        // until there is a chunk of them
	going chan error             // of the chunk that is being written, nil for none
}

// add takes more messages. When there are no more, flush must be called; and end
// in the end, also after either has failed.
func (r *rematch) add(ctx context.Context, ids []crm.MessageID) error {
	for _, id := range ids {
		if r.done != nil {
			if _, again := r.done[id]; again {
				continue
			}
			r.done[id] = false
		}
		r.waits = append(r.waits, id)
	}
	return r.work(ctx, r.chunk())
}

// flush decides on what is left.
func (r *rematch) flush(ctx context.Context) error { return r.work(ctx, 1) }

func (r *rematch) chunk() int {
	if r.sp.Store().Room().Ahead {
		return largeChunk
	}
	return rematchChunk
}

// work decides on chunks of what waits while there is enough of it: each costs as
// much as dozens of messages, however small it is.
func (r *rematch) work(ctx context.Context, least int) error {
	for len(r.waits) >= least {
		r.waits = slices.DeleteFunc(r.waits, func(id crm.MessageID) bool { return r.done[id] })
		if len(r.waits) < least {
			break
		}
		n := min(len(r.waits), r.chunk())
		if err := r.decide(ctx, r.waits[:n]); err != nil {
			return err
		}
		r.waits = r.waits[n:]
	}
	return nil
}

// end waits for what is being written.
func (r *rematch) end() error {
	if r.going == nil {
		return nil
	}
	err := <-r.going
	r.going = nil
	return err
}

// decide returns when it is known what becomes of the chunk, and what was
// written before it is.
func (r *rematch) decide(ctx context.Context, chunk []crm.MessageID) error {
	var out *Outcome
	laid, done := make(chan struct{}), make(chan error, 1)
	known := sync.OnceFunc(func() { close(laid) })
	go func() {
		defer known()
		done <- r.sp.Transact(store.Ahead(ctx, known), func(ctx context.Context, tx *store.Tx) error {
			var err error
			if out, err = relink(ctx, tx, r.sp.Workspace(), chunk, relinking{settled: r.ruled, known: r.known}); err != nil || r.dry {
				return err
			}
			out.Write(tx, "")
			return nil
		})
	}()
	<-laid
	err := r.end()
	r.going = done
	if err != nil || !r.sp.Store().Room().Ahead || len(done) > 0 {
		err = errors.Join(err, r.end())
	}
	if err != nil {
		return err
	}
	if r.done != nil {
		for _, id := range out.decided {
			r.done[id] = true
		}
	}
	if r.sum != nil {
		r.sum.Seen += int64(len(chunk))
		r.sum.note(out.moves, r.dry)
	}
	return nil
}

// note counts what changes, and keeps the first of it from a dry run. There a
// thread that lies in several chunks is met again in each, because nothing was
// written. Mail that only its owners may know of is counted and not shown.
func (sum *Rematched) note(moves []move, dry bool) {
	if dry && sum.would == nil {
		sum.would = map[crm.MessageID]bool{}
	}
	for _, m := range moves {
		mv, changed := moved(m, access.Metadata)
		if !changed || sum.would[m.was.ID] {
			continue
		}
		sum.Changed++
		for _, l := range mv.Gained {
			sum.tally(l.Rule).Gained++
		}
		for _, l := range mv.Lost {
			sum.tally(l.Rule).Lost++
		}
		if !dry {
			continue
		}
		sum.would[m.was.ID] = true
		if len(sum.Items) < maxDryItems && !m.was.Private && !m.next.Private {
			sum.Items = append(sum.Items, mv)
		}
	}
}

func (sum *Rematched) tally(rule crm.RuleName) *Tally {
	i, found := slices.BinarySearchFunc(sum.Rules, rule, func(t Tally, r crm.RuleName) int { return cmp.Compare(t.Rule, r) })
	if !found {
		sum.Rules = slices.Insert(sum.Rules, i, Tally{Rule: rule})
	}
	return &sum.Rules[i]
}

// relinking says how stored messages are linked again.
type relinking struct {
	with    *proposal // as it would be with it
	settled bool      // see Draft
	known   *directory.Directory
}

// relink links stored messages as if they arrived now.
func relink(ctx context.Context, tx *store.Tx, ws crm.WorkspaceID, ids []crm.MessageID, how relinking) (*Outcome, error) {
	docs, err := store.Messages.GetMany(ctx, tx, texts(ids))
	if err != nil {
		return nil, err
	}
	var drafts []*Draft
	for i := range docs {
		if !docs[i].Exists() {
			continue
		}
		next := docs[i].Value
		next.Answered = true // look for answers, whatever was known of them
		drafts = append(drafts, &Draft{Message: &next, Old: &docs[i].Value, Historical: true, Settled: how.settled})
	}
	return linkAs(ctx, tx, ws, drafts, how.known, how.with)
}

// Progress says how far a long run has come.
type Progress struct {
	Done  int64   `json:"done"`
	Total int64   `json:"total"`
	Rate  float64 `json:"rate"` // messages a second
	Left  int64   `json:"left"` // seconds, as it looks now
}

// Rematch decides again for every message: a full recompute. A run that was cut
// is begun again; what it had done stays right.
func Rematch(ctx context.Context, sp *store.Space, dry bool, progress func(Progress)) (Rematched, error) {
	var sum Rematched
	r := rematch{sp: sp, dry: dry, known: directory.New(sp), sum: &sum}
	total, err := sp.Count(ctx, store.Messages.Name, store.Query{})
	if err != nil {
		return sum, err
	}
	begun := sp.Store().Now()
	err = eachPage(ctx, sp, store.Query{Limit: store.MaxLimit}, func(ids []crm.MessageID) error {
		err := r.add(ctx, ids)
		if err == nil {
			err = r.flush(ctx)
		}
		if progress != nil {
			progress(Reached(sum.Seen, total, sp.Store().Now().Sub(begun)))
		}
		return err
	})
	return sum, errors.Join(err, r.end())
}

// Reached estimates what is left from the way so far.
func Reached(done, total int64, took time.Duration) Progress {
	p := Progress{Done: done, Total: max(total, done)}
	if took > 0 {
		p.Rate = float64(done) / took.Seconds()
	}
	if p.Rate > 0 {
		p.Left = int64(math.Ceil(float64(p.Total-done) / p.Rate))
	}
	return p
}

// eachPage calls f with the ids of a query of messages, page by page. Every
// page is read before f changes what the query finds.
func eachPage(ctx context.Context, sp *store.Space, q store.Query, f func([]crm.MessageID) error) error {
	for {
		ids, next, err := named(ctx, sp, q)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			if err := f(ids); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		q.After = next
	}
}

// named reads what the messages of a page are called. In order of date they are
// read whole.
func named(ctx context.Context, sp *store.Space, q store.Query) (ids []crm.MessageID, next string, err error) {
	if q.Order == "" {
		list, next, err := sp.IDs(ctx, store.Messages.Name, q)
		for _, id := range list {
			ids = append(ids, crm.MessageID(id))
		}
		return ids, next, err
	}
	page, err := store.Messages.Query(ctx, sp, q)
	for _, d := range page.Items {
		ids = append(ids, d.Value.ID)
	}
	return ids, page.Next, err
}

// Difference is a message whose stored links are not what a recompute gives.
type Difference struct {
	Message crm.MessageID `json:"message"`
	What    string        `json:"what"`
}

// Audit recomputes every message without writing and reports the differences:
// none, if promise 4 of the design holds. seen, unless it is nil, hears how many
// more messages were recomputed.
func Audit(ctx context.Context, sp *store.Space, report func(Difference), seen func(int)) error {
	return eachPage(ctx, sp, store.Query{Limit: rematchChunk}, func(ids []crm.MessageID) error {
		if seen != nil {
			defer seen(len(ids))
		}
		return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
			docs, err := store.Messages.GetMany(ctx, tx, texts(ids))
			if err != nil {
				return err
			}
			out, err := relink(ctx, tx, sp.Workspace(), ids, relinking{})
			if err != nil {
				return err
			}
			want := map[crm.MessageID]*crm.Message{}
			for _, m := range out.Changed {
				want[m.ID] = m
			}
			for _, d := range docs {
				if w := want[d.Value.ID]; w != nil && d.Exists() {
					compare(&d.Value, w, report)
				}
			}
			for _, a := range out.Aliases {
				report(Difference{Message: crm.MessageID(a.ID), What: "its thread should be joined with " + string(a.Into)})
			}
			return nil
		})
	})
}

func texts[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

func compare(have, want *crm.Message, report func(Difference)) {
	for _, c := range []struct {
		what       string
		have, want any
	}{
		{"links", have.Links, want.Links}, {"feed", have.Feed, want.Feed}, {"seek", have.Seek, want.Seek},
		{"marks", have.Marks, want.Marks}, {"direction", have.Direction, want.Direction},
		{"answers", have.Answered, want.Answered},
		{"who may know of it", have.Private, want.Private}, {"exclusions", have.Excluded, want.Excluded},
		{"conversation", have.Part, want.Part}, {"origin", have.Origin, want.Origin},
		{"topic", have.Topic, want.Topic}, {"turn", have.Turn, want.Turn}, {"lists", have.Wait, want.Wait},
	} {
		if !equalLists(c.have, c.want) {
			report(Difference{Message: have.ID, What: c.what + " differ from a recompute"})
		}
	}
}

// equalLists compares, taking an empty list for a missing one.
func equalLists(a, b any) bool {
	av, bv := reflect.ValueOf(a), reflect.ValueOf(b)
	if av.Kind() == reflect.Slice && av.Len() == 0 && bv.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a, b)
}
