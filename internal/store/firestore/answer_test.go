package firestore

import (
	"context"
	"crypto/rand"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// line is a connection that loses things: before drops a commit on its way, the
// server never sees it; after drops the answer.
type line struct{ before, after atomic.Int64 }

func (l *line) lose(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	lost := status.Error(codes.Unavailable, "the connection was cut")
	commit := strings.HasSuffix(method, "/Commit")
	if commit && l.before.Add(-1) >= 0 {
		return lost
	}
	err := invoke(ctx, method, req, reply, cc, opts...)
	if commit && l.after.Add(-1) >= 0 {
		return lost
	}
	return err
}

func overBadLine(t *testing.T) (*line, *store.Space) {
	t.Helper()
	l := &line{}
	o := options(t)
	o.dial = []grpc.DialOption{grpc.WithUnaryInterceptor(l.lose)}
	x := store.NewIndexes(store.Shapes())
	d, err := Open(t.Context(), x, o)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.New(d, store.Options{Indexes: x, Now: o.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return l, st.In("wsp_1")
}

func job(id, msg string) *crm.Job { return &crm.Job{ID: id, Kind: "x", State: "done", Msg: msg} }

// TestLostAnswer: a commit whose request or answer is lost happens once, and
// its caller learns the truth.
func TestLostAnswer(t *testing.T) {
	l, sp := overBadLine(t)
	ctx := t.Context()
	for name, lost := range map[string]*atomic.Int64{"request": &l.before, "answer": &l.after} {
		create := func() error {
			b := sp.Batch()
			store.Jobs.Create(b, job("job_"+name, "first"))
			store.Jobs.Put(b, job("job_other_"+name, "first"))
			return b.Commit(ctx)
		}
		lost.Store(2)
		if err := create(); err != nil {
			t.Errorf("%s lost: a commit failed: %v", name, err)
		}
		lost.Store(0)
		if err := create(); !crm.IsKind(err, crm.Exists) {
			t.Errorf("%s lost: creating again gives %v", name, err)
		}
		before, err := store.Jobs.Get(ctx, sp, "job_"+name)
		if err != nil {
			t.Fatal(err)
		}
		lost.Store(1)
		b := sp.Batch()
		store.Jobs.PutIf(b, job("job_"+name, "second"), before.Version)
		if err := b.Commit(ctx); err != nil {
			t.Errorf("%s lost: a conditional put failed: %v", name, err)
		}
		lost.Store(1)
		if err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
			d, err := store.Jobs.Get(ctx, tx, "job_"+name)
			if err != nil {
				return err
			}
			store.Jobs.Put(tx, job("job_"+name, d.Value.Msg+"+"))
			return nil
		}); err != nil {
			t.Errorf("%s lost: a transaction failed: %v", name, err)
		}
		lost.Store(0)
		after, err := store.Jobs.Get(ctx, sp, "job_"+name)
		if err != nil || after.Value.Msg != "second+" {
			t.Errorf("%s lost: the job says %q, %v", name, after.Value.Msg, err)
		}
	}
}

// TestUnknownOutcome: when nobody can tell whether a transaction was carried
// out, its caller is told so and nothing runs twice.
func TestUnknownOutcome(t *testing.T) {
	l, sp := overBadLine(t)
	l.before.Store(1)
	runs := 0
	err := sp.Transact(t.Context(), func(_ context.Context, tx *store.Tx) error {
		runs++
		store.Jobs.Put(tx, job("job_unread", "x")) // nothing was read: nothing proves anything
		return nil
	})
	if !crm.IsKind(err, crm.Unavailable) || !strings.Contains(err.Error(), "not known") || runs != 1 {
		t.Errorf("after %d runs: %v", runs, err)
	}
}

// TestLargeCommit is refused before it is sent, where the server would not
// answer at all.
func TestLargeCommit(t *testing.T) {
	_, sp := overBadLine(t)
	b := sp.Batch()
	for _, id := range []string{"a", "b", "c", "d"} {
		store.Jobs.Put(b, job(id, strings.Repeat("x", 900_000)))
	}
	told(t, b.Commit(t.Context()), crm.TooLarge, "the limit is", "several parts")
	b = sp.Batch()
	store.Jobs.Put(b, job("huge", strings.Repeat("x", 1<<20)))
	told(t, b.Commit(t.Context()), crm.TooLarge)
	// The copies for indexes count: the stored bytes alone would fit.
	mentions := make([]crm.RFCID, 1000)
	for i := range mentions {
		mentions[i] = crm.RFCID(strings.Repeat("m", 600) + string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	b = sp.Batch()
	store.Messages.Put(b, &crm.Message{ID: "msg_1", Mentions: mentions})
	told(t, b.Commit(t.Context()), crm.TooLarge, "with its indexed fields")
	if n, err := sp.Count(t.Context(), store.Jobs.Name, store.Query{}); n != 0 || err != nil {
		t.Errorf("%d documents were written, %v", n, err)
	}
}
