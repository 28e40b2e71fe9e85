package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var txCases = []testCase{
	{"tx/counter", counter},
	{"tx/write-skew", writeSkew},
	{"tx/phantom", phantom},
	{"tx/absent", absent},
	{"tx/rerun", rerun},
	{"tx/reads-first", readsFirst},
	{"tx/failed", failedTx},
	{"tx/cancelled", cancelled},
	{"tx/beside-batches", besideBatches},
}

// together runs n functions at once and returns their errors.
func together(n int, f func(i int) error) error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// add reads a number and writes one more.
func add(ctx context.Context, tx *store.Tx, id string) error {
	d, err := things.GetMany(ctx, tx, []string{id})
	if err != nil {
		return err
	}
	n, _ := d[0].Value.F["v"].(int64)
	things.Put(tx, &thing{ID: id, F: fields{"v": n + 1}})
	return nil
}

func counter(e *env) {
	e.must(together(8, func(int) error {
		for range 25 {
			err := e.change(func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, "n") })
			if err != nil {
				return err
			}
		}
		return nil
	}))
	if n := e.get("n").Value.F["v"]; n != int64(200) {
		e.Errorf("8 × 25 increments made %v", n)
	}
}

// writeSkew lets two people go off duty if the other one stays.
func writeSkew(e *env) {
	for round := range 20 {
		e.put(thing{ID: "p0", F: fields{"v": true}}, thing{ID: "p1", F: fields{"v": true}})
		e.must(together(2, func(i int) error {
			return e.change(func(ctx context.Context, tx *store.Tx) error {
				both, err := things.GetMany(ctx, tx, []string{"p0", "p1"})
				if err != nil {
					return err
				}
				if both[0].Value.F["v"] == true && both[1].Value.F["v"] == true {
					things.Put(tx, &thing{ID: fmt.Sprintf("p%d", i), F: fields{"v": false}})
				}
				return nil
			})
		}))
		if n := len(e.ids(store.Query{Where: []store.Filter{store.Is("f.v", true)}})); n != 1 {
			e.Fatalf("round %d left %d on duty", round, n)
		}
	}
}

// phantom lets eight take the last three seats.
func phantom(e *env) {
	e.must(together(8, func(i int) error {
		return e.change(func(ctx context.Context, tx *store.Tx) error {
			taken, err := things.Query(ctx, tx, store.Query{Where: []store.Filter{store.Has("f.tags", "seat")}})
			if err != nil {
				return err
			}
			if len(taken.Items) < 3 {
				things.Create(tx, &thing{ID: fmt.Sprintf("s%d", i), F: fields{"tags": []string{"seat"}}})
			}
			return nil
		})
	}))
	if n := len(e.ids(store.Query{Where: []store.Filter{store.Has("f.tags", "seat")}})); n != 3 {
		e.Errorf("%d sit on 3 seats", n)
	}
}

// absent lets two take one seat if both see that neither is there.
func absent(e *env) {
	for round := range 20 {
		ids := []string{fmt.Sprintf("a%d", round), fmt.Sprintf("b%d", round), fmt.Sprintf("c%d", round)}
		e.must(together(2, func(i int) error {
			return e.change(func(ctx context.Context, tx *store.Tx) error {
				docs, err := things.GetMany(ctx, tx, ids)
				if err == nil && !docs[0].Exists() && !docs[1].Exists() {
					things.Put(tx, &thing{ID: ids[i], F: fields{"v": round}})
				}
				return err
			})
		}))
		if n := len(e.ids(store.Query{Where: []store.Filter{store.Is("f.v", round)}})); n != 1 {
			e.Fatalf("round %d: %d saw the other missing", round, n)
		}
	}
}

func rerun(e *env) {
	e.h.again.Store(true)
	runs := 0
	e.must(e.change(func(ctx context.Context, tx *store.Tx) error {
		runs++
		if err := add(ctx, tx, "n"); err != nil {
			return err
		}
		things.Put(tx, &thing{ID: fmt.Sprintf("run%d", runs), F: fields{"v": runs}})
		return nil
	}))
	if runs < 2 {
		e.Errorf("the function ran %d time", runs)
	}
	e.list("what was written", store.Query{}, "n", fmt.Sprintf("run%d", runs))
	if n := e.get("n").Value.F["v"]; n != int64(1) {
		e.Errorf("the counter is %v after one transaction", n)
	}
}

func readsFirst(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1}})
	err := e.change(func(ctx context.Context, tx *store.Tx) error {
		things.Put(tx, &thing{ID: "b"})
		_, err := things.Get(ctx, tx, "a")
		return err
	})
	e.wants("get after a write", err, crm.Internal)
	err = e.change(func(ctx context.Context, tx *store.Tx) error {
		things.Delete(tx, "a")
		_, err := things.Query(ctx, tx, store.Query{})
		return err
	})
	e.wants("query after a write", err, crm.Internal)
	e.list("what is left", store.Query{}, "a")
	var kept *store.Tx
	e.must(e.change(func(ctx context.Context, tx *store.Tx) error { kept = tx; return nil }))
	if _, err := things.Get(e.Context(), kept, "a"); err == nil {
		e.Error("a transaction that is over still reads")
	}
}

func failedTx(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1}})
	boom := errors.New("boom")
	err := e.change(func(ctx context.Context, tx *store.Tx) error {
		things.Put(tx, &thing{ID: "b"})
		return boom
	})
	if !errors.Is(err, boom) {
		e.Errorf("the function's error became %v", err)
	}
	err = e.change(func(ctx context.Context, tx *store.Tx) error {
		things.Put(tx, &thing{ID: "b"})
		things.Create(tx, &thing{ID: "a"})
		return nil
	})
	e.wants("a transaction with a failed precondition", err, crm.Exists)
	func() {
		defer func() {
			if recover() == nil {
				e.Error("a panic was swallowed")
			}
		}()
		_ = e.change(func(ctx context.Context, tx *store.Tx) error {
			things.Put(tx, &thing{ID: "b"})
			panic("in a transaction")
		})
	}()
	e.list("what is left", store.Query{}, "a")
	e.put(thing{ID: "c", F: fields{"v": 1}}) // writing goes on
}

func cancelled(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1}})
	ctx, cancel := context.WithCancel(e.Context())
	cancel()
	b := e.sp.Batch()
	things.Put(b, &thing{ID: "b"})
	_, get := things.Get(ctx, e.sp, "a")
	_, query := things.Query(ctx, e.sp, store.Query{})
	_, count := e.sp.Count(ctx, things.Name, store.Query{})
	_, _, feed := e.sp.Changes(ctx, "", 10)
	tx := e.sp.Transact(ctx, func(context.Context, *store.Tx) error { return nil })
	for what, err := range map[string]error{
		"get": get, "query": query, "count": count, "feed": feed, "commit": b.Commit(ctx), "transact": tx,
	} {
		if !errors.Is(err, context.Canceled) {
			e.Errorf("%s with a cancelled context: %v", what, err)
		}
	}
	e.list("what is there", store.Query{}, "a")
}

// besideBatches commits batches and transactions at once; failed ones among
// them spoil nobody else's.
func besideBatches(e *env) {
	e.put(thing{ID: "taken"})
	const workers, rounds = 12, 15
	e.must(together(workers, func(i int) error {
		for n := range rounds {
			b := e.sp.Batch()
			things.Create(b, &thing{ID: fmt.Sprintf("b-%d-%d", i, n), F: fields{"v": n}})
			if n%3 == 0 {
				things.Create(b, &thing{ID: "taken"})
			}
			if err := b.Commit(e.Context()); n%3 == 0 != crm.IsKind(err, crm.Exists) || n%3 != 0 && err != nil {
				return fmt.Errorf("batch %d of %d: %w", n, i, err)
			}
			if err := e.change(func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, "sum") }); err != nil {
				return err
			}
		}
		return nil
	}))
	if n := e.get("sum").Value.F["v"]; n != int64(workers*rounds) {
		e.Errorf("the sum is %v of %d", n, workers*rounds)
	}
	all, err := e.sp.Count(e.Context(), things.Name, store.Query{Order: "f.v"})
	e.must(err)
	if all != workers*rounds*2/3+1 {
		e.Errorf("%d documents, want %d", all, workers*rounds*2/3+1)
	}
}
