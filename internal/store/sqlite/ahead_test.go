package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// aheadWorld is a store whose writer can be made to stand still between knowing
// what it writes and writing it.
type aheadWorld struct {
	*testing.T
	d  *Driver
	sp *store.Space
}

func newAheadWorld(t *testing.T) *aheadWorld {
	s, d := openAt(t, filepath.Join(t.TempDir(), "data.db"), store.Shapes())
	return &aheadWorld{t, d, s.In("wsp_a")}
}

func (w *aheadWorld) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// meanwhile commits writes and runs f while they are known and not yet written.
func (w *aheadWorld) meanwhile(write func(*store.Batch), f func()) {
	w.Helper()
	known, on := make(chan struct{}), make(chan struct{})
	w.d.hold = func() { close(known); <-on }
	b := w.sp.Batch()
	write(b)
	done := make(chan error, 1)
	go func() { done <- b.Commit(w.Context()) }()
	<-known
	w.d.hold = nil // the writer is past the place where it reads it
	f()
	close(on)
	w.must(<-done)
}

// transact begins a transaction that may run ahead. It returns when its function
// has returned for the first time; runs counts its runs.
func (w *aheadWorld) transact(fn func(ctx context.Context, tx *store.Tx) error) (runs *int, end func() error) {
	runs = new(int)
	first, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- w.sp.Transact(store.Ahead(w.Context(), func() {}), func(ctx context.Context, tx *store.Tx) error {
			defer func() {
				if *runs++; *runs == 1 {
					close(first)
				}
			}()
			return fn(ctx, tx)
		})
	}()
	<-first
	return runs, func() error { return <-done }
}

func message(i int, r *rand.Rand) *crm.Message {
	m := &crm.Message{ID: crm.MessageID(fmt.Sprintf("msg_%02d", i)), Thread: crm.ThreadID(fmt.Sprintf("msg_%02d", r.IntN(4))),
		Date: crm.Time(r.IntN(30)), Subject: fmt.Sprint(r.IntN(1000))}
	for range r.IntN(4) {
		m.Mentions = append(m.Mentions, crm.RFCID(fmt.Sprint(r.IntN(6))))
		m.Feed = append(m.Feed, crm.Feed(crm.RecordID(fmt.Sprint(r.IntN(3))), crm.Members))
	}
	return m
}

func randomWrites(r *rand.Rand) func(*store.Batch) {
	return func(b *store.Batch) {
		for range 1 + r.IntN(12) {
			if i := r.IntN(40); r.IntN(4) == 0 {
				store.Messages.Delete(b, fmt.Sprintf("msg_%02d", i))
			} else {
				store.Messages.Put(b, message(i, r))
			}
		}
	}
}

func randomQuery(r *rand.Rand) store.Query {
	q := store.Query{Limit: 1 + r.IntN(30)}
	switch r.IntN(4) {
	case 0:
		q.Where = []store.Filter{store.HasAny("mentions", []string{"1", "2", fmt.Sprint(r.IntN(6))})}
	case 1:
		q.Where = []store.Filter{store.OneOf("thread", []string{"msg_00", "msg_01", "msg_03"})}
		q.Order, q.Desc = "date", r.IntN(2) == 0
	case 2:
		q.Where = []store.Filter{store.HasAny("feed", []crm.FeedToken{crm.Feed("0", crm.Members), crm.Feed("2", crm.Members)})}
		q.Order, q.Desc = "date", true
	}
	return q
}

// TestAheadSeesWhatIsWritten asks the same of a transaction that runs ahead of a
// commit and of the store after it.
func TestAheadSeesWhatIsWritten(t *testing.T) {
	w := newAheadWorld(t)
	seeds := uint64(10)
	if os.Getenv("THREADLINE_SOAK") != "" {
		seeds = 1000
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 1))
		b := w.sp.Batch()
		randomWrites(r)(b)
		w.must(b.Commit(t.Context()))
		var queries []store.Query
		for range 8 {
			queries = append(queries, randomQuery(r))
		}
		var ahead []any
		var runs *int
		var end func() error
		w.meanwhile(randomWrites(r), func() {
			runs, end = w.transact(func(ctx context.Context, tx *store.Tx) (err error) {
				ahead, err = w.ask(ctx, tx, queries)
				return err
			})
		})
		w.must(end())
		now, err := w.ask(t.Context(), w.sp, queries)
		w.must(err)
		if *runs != 1 {
			t.Errorf("seed %d: the function ran %d times", seed, *runs)
		}
		for i := range now {
			if !reflect.DeepEqual(ahead[i], now[i]) {
				t.Fatalf("seed %d, answer %d of %+v: ahead of the commit\n%v\nand after it\n%v", seed, i, queries, ahead[i], now[i])
			}
		}
	}
}

// ask runs each query to its second page, and gets every message.
func (w *aheadWorld) ask(ctx context.Context, r store.Reader, queries []store.Query) ([]any, error) {
	var out []any
	for _, q := range queries {
		page, err := store.Messages.Query(ctx, r, q)
		if err != nil {
			return nil, err
		}
		all := page.Values()
		if page.Next != "" {
			q.After = page.Next
			if page, err = store.Messages.Query(ctx, r, q); err != nil {
				return nil, err
			}
			all = append(all, page.Values()...)
		}
		out = append(out, all)
	}
	var ids []string
	for i := range 40 {
		ids = append(ids, fmt.Sprintf("msg_%02d", i))
	}
	docs, err := store.Messages.GetMany(ctx, r, ids)
	return append(out, docs), err
}

// TestAheadRunsAgain lets something else be committed before the turn of a
// transaction that ran ahead: it runs again if it had read what is another now.
func TestAheadRunsAgain(t *testing.T) {
	user := func(id, email string) *crm.User { return &crm.User{ID: crm.UserID(id), Email: crm.Address(email)} }
	byEmail := store.Query{Where: []store.Filter{store.Is("email", "new@example.org")}}
	read := func(id string) func(context.Context, *store.Tx) error {
		return func(ctx context.Context, tx *store.Tx) error {
			_, err := store.Users.GetMany(ctx, tx, []string{id})
			return err
		}
	}
	for _, c := range []struct {
		name string
		read func(context.Context, *store.Tx) error
		put  *crm.User // between
		want int
	}{
		{"another document", read("usr_1"), user("usr_2", "b@example.org"), 1},
		{"the document", read("usr_1"), user("usr_1", "b@example.org"), 2},
		{"a document that was missing", read("usr_3"), user("usr_3", "c@example.org"), 2},
		{"a result", func(ctx context.Context, tx *store.Tx) error {
			_, err := store.Users.Query(ctx, tx, byEmail)
			return err
		}, user("usr_4", "new@example.org"), 2},
		{"another result", func(ctx context.Context, tx *store.Tx) error {
			_, err := store.Users.Query(ctx, tx, byEmail)
			return err
		}, user("usr_5", "else@example.org"), 1},
		{"everything", func(ctx context.Context, tx *store.Tx) error {
			_, err := store.Users.Query(ctx, tx, store.Query{})
			return err
		}, user("usr_6", "d@example.org"), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newAheadWorld(t)
			first := w.sp.Batch()
			store.Users.Put(first, user("usr_1", "a@example.org"))
			w.must(first.Commit(t.Context()))
			release, returned := make(chan struct{}), make(chan struct{})
			var runs *int
			var end func() error
			w.meanwhile(func(b *store.Batch) { store.Users.Put(b, user("usr_0", "z@example.org")) }, func() {
				go func() {
					defer close(returned)
					runs, end = w.transact(func(ctx context.Context, tx *store.Tx) error {
						if err := c.read(ctx, tx); err != nil {
							return err
						}
						<-release // its turn comes after the next commit
						store.Users.Put(tx, user("usr_9", "mine@example.org"))
						return nil
					})
				}()
				for w.d.front.idle() {
				}
			})
			b := w.sp.Batch()
			store.Users.Put(b, c.put)
			w.must(b.Commit(t.Context()))
			close(release)
			<-returned
			w.must(end())
			if *runs != c.want {
				t.Errorf("the function ran %d times, want %d", *runs, c.want)
			}
			if _, err := store.Users.Get(t.Context(), w.sp, "usr_9"); err != nil {
				t.Error(err)
			}
		})
	}
}

// idle tells that nobody runs ahead.
func (f *front) idle() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.one == nil
}

// TestAheadOfWhatFails runs ahead of a commit that is taken back, and fails
// itself.
func TestAheadOfWhatFails(t *testing.T) {
	w := newAheadWorld(t)
	no := errors.New("no")
	var runs *int
	var end func() error
	w.meanwhile(func(b *store.Batch) { store.Users.Put(b, &crm.User{ID: "usr_1", Email: "a@example.org"}) }, func() {
		runs, end = w.transact(func(context.Context, *store.Tx) error { return no })
	})
	if err := end(); !errors.Is(err, no) || *runs != 2 {
		t.Errorf("a function that fails ran %d times and gave %v", *runs, err)
	}
	r := &aheadReader{}
	f := &front{group: []*batch{{}}}
	if !f.enter(t.Context(), nil, r) || !f.holds(r) {
		t.Error("what nothing has spoiled does not hold")
	}
	f.settle(false)
	if f.holds(r) {
		t.Error("what was read of a group that was taken back holds")
	}
}
