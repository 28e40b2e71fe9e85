package ledger

import (
	"context"
	"reflect"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// rematchChunk is the number of messages that one transaction matches again.
const rematchChunk = 200

// Rematched counts what a rematch did, or would do.
type Rematched struct {
	Seen    int64             `json:"seen"`
	Changed int64             `json:"changed"`
	Items   []crm.ArrivalItem `json:"items,omitempty"` // of a dry run: the first links gained and lost

	would map[crm.MessageID]bool // of a dry run: what is counted already
}

const maxDryItems = 200

// rematch decides again for the messages and writes what changed, unless dry.
func rematch(ctx context.Context, sp *store.Space, ids []crm.MessageID, dry bool, sum *Rematched) error {
	for chunk := range chunks(ids, rematchChunk) {
		var items []crm.ArrivalItem
		err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
			out, err := again(ctx, tx, sp.Workspace(), chunk)
			if err != nil {
				return err
			}
			items = out.Items
			if dry {
				return nil
			}
			out.Write(tx, &crm.Arrival{ID: rematchID(out)})
			return nil
		})
		if err != nil {
			return err
		}
		sum.Seen += int64(len(chunk))
		if dry {
			sum.note(items)
		} else {
			sum.Changed += int64(len(items))
		}
	}
	return nil
}

// note counts what a dry run would change. A thread that lies in several chunks
// is met again in each, because nothing was written.
func (sum *Rematched) note(items []crm.ArrivalItem) {
	if sum.would == nil {
		sum.would = map[crm.MessageID]bool{}
	}
	for _, it := range items {
		if sum.would[it.Message] {
			continue
		}
		sum.would[it.Message] = true
		sum.Changed++
		if len(sum.Items) < maxDryItems {
			sum.Items = append(sum.Items, it)
		}
	}
}

// rematchID derives the arrival's id from what it says, so that a repeat after
// an ambiguous commit is the same document.
func rematchID(out *Outcome) string {
	parts := make([]string, 0, 2*len(out.Items))
	for _, it := range out.Items {
		parts = append(parts, string(it.Message))
		for _, r := range it.Gained {
			parts = append(parts, "+"+string(r))
		}
		for _, r := range it.Lost {
			parts = append(parts, "-"+string(r))
		}
	}
	return crm.DerivedID(crm.PrefixArrival, nil, parts...)
}

// again links stored messages as if they arrived now.
func again(ctx context.Context, tx *store.Tx, ws crm.WorkspaceID, ids []crm.MessageID) (*Outcome, error) {
	docs, err := store.Messages.GetMany(ctx, tx, texts(ids))
	if err != nil {
		return nil, err
	}
	var drafts []*Draft
	for _, d := range docs {
		if !d.Exists() {
			continue
		}
		old, next := d.Value, d.Value
		next.Answered = true // look for answers, whatever was known of them
		drafts = append(drafts, &Draft{Message: &next, Old: &old, Historical: true})
	}
	return Link(ctx, tx, ws, drafts)
}

// Rematch decides again for every message: a full recompute.
func Rematch(ctx context.Context, sp *store.Space, dry bool, progress func(done int64)) (Rematched, error) {
	var sum Rematched
	err := eachPage(ctx, sp, store.Query{Limit: rematchChunk}, func(ids []crm.MessageID) error {
		err := rematch(ctx, sp, ids, dry, &sum)
		if progress != nil {
			progress(sum.Seen)
		}
		return err
	})
	return sum, err
}

// eachPage calls f with the ids of a query of messages, page by page. Every
// page is read before f changes what the query finds.
func eachPage(ctx context.Context, sp *store.Space, q store.Query, f func([]crm.MessageID) error) error {
	for {
		page, err := store.Messages.Query(ctx, sp, q)
		if err != nil {
			return err
		}
		ids := make([]crm.MessageID, len(page.Items))
		for i, d := range page.Items {
			ids[i] = d.Value.ID
		}
		if len(ids) > 0 {
			if err := f(ids); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}

// Difference is a message whose stored links are not what a recompute gives.
type Difference struct {
	Message crm.MessageID `json:"message"`
	What    string        `json:"what"`
}

// Audit recomputes every message without writing and reports the differences:
// none, if promise 4 of the design holds.
func Audit(ctx context.Context, sp *store.Space, report func(Difference)) error {
	return eachPage(ctx, sp, store.Query{Limit: rematchChunk}, func(ids []crm.MessageID) error {
		return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
			docs, err := store.Messages.GetMany(ctx, tx, texts(ids))
			if err != nil {
				return err
			}
			out, err := again(ctx, tx, sp.Workspace(), ids)
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
