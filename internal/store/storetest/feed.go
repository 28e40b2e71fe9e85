package storetest

import (
	"context"
	"fmt"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var feedCases = []testCase{
	{"feed/order", feedOrder},
	{"feed/end", feedEnd},
	{"feed/reopen", feedReopen},
	{"feed/concurrent", feedConcurrent},
}

// feedEnd: behind the end is what is committed afterwards, and nothing else.
func feedEnd(e *env) {
	for n := range 3 {
		end, err := e.sp.FeedEnd(e.Context())
		e.must(err)
		if ids, _ := e.follow(end, 10); len(ids) > 0 {
			e.Fatalf("behind the end are %v", ids)
		}
		id := fmt.Sprintf("arr_end%d", n)
		e.arrive(id)
		if ids, _ := e.follow(end, 10); !slices.Equal(ids, []string{id}) {
			e.Fatalf("behind the end are %v, want %s", ids, id)
		}
	}
}

func (e *env) arrive(ids ...string) {
	e.Helper()
	e.must(e.commit(func(b *store.Batch) {
		for _, id := range ids {
			store.Arrivals.Create(b, &crm.Arrival{ID: id, Mailbox: "mbx_1", Items: []crm.ArrivalItem{{Message: "msg_1", New: true}}})
		}
	}))
}

// follow reads the feed to its end in pages and returns the ids.
func (e *env) follow(after store.Position, limit int) ([]string, store.Position) {
	e.Helper()
	var out []string
	for {
		items, next, err := e.sp.Changes(e.Context(), after, limit)
		e.must(err)
		for _, it := range items {
			switch {
			case it.Change != nil:
				out = append(out, it.Change.ID)
			case it.Arrival != nil:
				out = append(out, it.Arrival.ID)
			}
		}
		if len(items) == 0 {
			if next != after {
				e.Errorf("an empty answer moved %q to %q", after, next)
			}
			return out, after
		}
		after = next
	}
}

func feedOrder(e *env) {
	woken := e.sp.Woken()
	e.arrive("z")
	select {
	case <-woken:
	default:
		e.Error("nobody was woken")
	}
	e.arrive("m")
	b := e.h.store.In("wsp_two").Batch()
	store.Arrivals.Create(b, &crm.Arrival{ID: "elsewhere"})
	e.must(b.Commit(e.Context()))
	_, err := e.sp.Change(e.Context(), store.ChangeInfo{Actor: "usr_1", Cause: crm.CauseUI}, func(_ context.Context, tx *store.Tx) error {
		store.Records.Create(tx, &crm.Record{ID: "con_1", Kind: crm.KindContact, Values: fields{"name": "Anna"}})
		return nil
	})
	e.must(err)
	e.arrive("a")
	for _, limit := range []int{1, 2, 0} {
		got, _ := e.follow("", limit)
		if len(got) != 4 || got[0] != "z" || got[1] != "m" || crm.IDPrefix(got[2]) != crm.PrefixChange || got[3] != "a" {
			e.Errorf("the feed is %v", got)
		}
	}
	_, end := e.follow("", 0)
	e.arrive("after")
	if got, _ := e.follow(end, 0); !slices.Equal(got, []string{"after"}) {
		e.Errorf("after the end came %v", got)
	}
	e.must(e.commit(func(b *store.Batch) { store.Arrivals.Delete(b, "m") }))
	if got, _ := e.follow("", 1); len(got) != 4 || slices.Contains(got, "m") {
		e.Errorf("after a deletion the feed is %v", got)
	}
	_, _, err = e.sp.Changes(e.Context(), "nowhere", 1)
	e.wants("a position of nobody", err, crm.Invalid)
	_, _, err = e.sp.Changes(e.Context(), "", -1)
	e.wants("a negative limit", err, crm.Invalid)
}

func feedReopen(e *env) {
	e.arrive("a", "b")
	_, end := e.follow("", 0)
	e.must(e.commit(func(b *store.Batch) { store.Arrivals.Delete(b, "b") }))
	e.sp = e.h.reopen(e.T).In("wsp_one")
	e.arrive("c")
	if got, _ := e.follow(end, 0); !slices.Equal(got, []string{"c"}) {
		e.Errorf("after the old position came %v", got)
	}
}

// feedConcurrent reads while others write: everything comes, and what one
// writer wrote comes in its order.
func feedConcurrent(e *env) {
	const writers, rounds = 6, 25
	done := make(chan error, 1)
	go func() {
		done <- together(writers, func(w int) error {
			for n := range rounds {
				err := e.commit(func(b *store.Batch) {
					store.Arrivals.Create(b, &crm.Arrival{ID: fmt.Sprintf("w%d-%02d", w, n)})
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}()
	last := map[string]string{}
	seen := map[string]bool{}
	var after store.Position
	for finished := false; ; {
		var got []string
		got, after = e.follow(after, 7)
		for _, id := range got {
			if !seen[id] && id < last[id[:2]] {
				e.Errorf("%s came after %s", id, last[id[:2]])
			}
			seen[id], last[id[:2]] = true, id
		}
		if finished {
			break
		}
		select {
		case err := <-done:
			e.must(err)
			finished = true
		default:
		}
	}
	if len(seen) != writers*rounds {
		e.Errorf("%d of %d came", len(seen), writers*rounds)
	}
}
