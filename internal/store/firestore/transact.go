package firestore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"threadline/internal/crm"
	"threadline/internal/store"
)

type txFunc = func(context.Context, store.DriverReader) ([]store.Write, error)

// Transact implements store.Driver.
func (d *Driver) Transact(ctx context.Context, fn func(context.Context, store.DriverReader) ([]store.Write, error)) error {
	return d.transact(ctx, fn, d.o.Rerun)
}

// errAgain says that a run of a transaction had no effect and may be repeated.
var errAgain = errors.New("run the transaction again")

func (d *Driver) transact(ctx context.Context, fn txFunc, rerun func() bool) error {
	if err := d.mayCommit(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*d.o.Patience)
	defer cancel()
	var last []byte
	for n := 0; ; n++ {
		t := &tx{d: d, known: map[store.Key]store.Raw{}}
		err := t.run(ctx, fn, rerun, last)
		if !errors.Is(err, errAgain) {
			return err
		}
		if code(err) == codes.Aborted {
			d.lanes.collided(d.o.Now(), slices.Collect(maps.Keys(t.known)))
		}
		if t.id != nil {
			last = t.id
		}
		if wait := d.pause(ctx, n); wait != nil {
			return failure("firestore.Transact", errors.Join(wait, err))
		}
	}
}

// tx is one run of a transaction's function.
type tx struct {
	d  *Driver
	id []byte

	mu    sync.Mutex
	known map[store.Key]store.Raw
	held  []*lane
	over  bool
}

// run makes one attempt; errAgain asks for another.
func (t *tx) run(ctx context.Context, fn txFunc, rerun func() bool, last []byte) error {
	if err := t.begin(ctx, last); err != nil {
		return again(ctx, err)
	}
	committed := false
	defer func() { // also when fn panics: locks must not stay
		t.end()
		if !committed {
			t.rollback(ctx)
		}
		leave(t.held)
	}()
	writes, err := fn(context.WithValue(ctx, inside{}, t.d), t)
	if err != nil {
		return again(ctx, err)
	}
	if rerun != nil && rerun() {
		return errAgain
	}
	cells, err := t.settle(ctx, writes)
	if err != nil {
		return again(ctx, err)
	}
	err = t.commit(ctx, cells)
	committed = err == nil
	return err
}

// again turns the end of a transaction by the server into errAgain.
func again(ctx context.Context, err error) error {
	expired := code(err) == codes.InvalidArgument && strings.Contains(err.Error(), "transaction")
	if (code(err) == codes.Aborted || expired) && ctx.Err() == nil {
		return errors.Join(errAgain, err)
	}
	return err
}

func (t *tx) begin(ctx context.Context, last []byte) error {
	req := &pb.BeginTransactionRequest{Database: t.d.root, Options: &pb.TransactionOptions{
		Mode: &pb.TransactionOptions_ReadWrite_{ReadWrite: &pb.TransactionOptions_ReadWrite{RetryTransaction: last}}}}
	return t.d.reading(ctx, true, "firestore.Transact", func(ctx context.Context) error {
		res, err := t.d.client.BeginTransaction(ctx, req)
		t.id = res.GetTransaction()
		return err
	})
}

// settle reads what must be known and folds the writes. When a precondition is
// seen to fail, those that the server was to check are looked at too: the first
// one in the order of the writes is the answer.
func (t *tx) settle(ctx context.Context, writes []store.Write) ([]*cell, error) {
	cells, err := t.fold(ctx, mustRead(writes), writes)
	var known *crm.Error
	if !errors.As(err, &known) || known.Kind != crm.Exists && known.Kind != crm.NotFound && known.Kind != crm.Conflict {
		return cells, err
	}
	var checked []store.Key
	for _, w := range writes {
		if w.Pre.Must != store.MustNothing {
			checked = append(checked, w.Key)
		}
	}
	return t.fold(ctx, checked, writes)
}

func (t *tx) fold(ctx context.Context, read []store.Key, writes []store.Write) ([]*cell, error) {
	if _, err := t.Get(ctx, read); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.d.fold(writes, t.known, crm.At(t.d.o.Now()))
}

func (t *tx) commit(ctx context.Context, cells []*cell) error {
	const op = crm.Op("firestore.Transact")
	req, err := t.d.request(cells, t.id)
	if err != nil {
		return err
	}
	err = t.d.commit(ctx, req)
	c := code(err)
	switch {
	case err == nil:
		t.d.bill(cells)
		return nil
	case ctx.Err() != nil:
		return failure(op, ctx.Err())
	case silent(c):
		return t.unanswered(ctx, cells, err)
	case refused(c):
		return errors.Join(errAgain, err)
	case c == codes.AlreadyExists, c == codes.FailedPrecondition, c == codes.NotFound:
		t.rollback(ctx) // its locks would hold up the look at what stands
		return t.d.explain(ctx, cells, false, err)
	}
	return again(ctx, failure(op, err))
}

// unanswered decides about a commit that nobody answered: written, when all
// stands as it was to be; not written, when a document is proved to be as the
// transaction read it; else nobody knows.
func (t *tx) unanswered(ctx context.Context, cells []*cell, cause error) error {
	t.rollback(ctx)
	have, err := t.d.present(ctx, cells)
	if err != nil {
		return err
	}
	if len(cells) == 0 || stands(cells, have) {
		t.d.bill(cells)
		return nil
	}
	for _, c := range cells {
		if c.known && have[c.key].Version == c.old.Version {
			return errors.Join(errAgain, cause)
		}
	}
	return crm.E(crm.Unavailable, "firestore.Transact", "it is not known whether the change was stored", cause).
		WithHint("look at it, then repeat the change if it is not there")
}

// rollback gives back the locks; they would run out by themselves.
func (t *tx) rollback(ctx context.Context) {
	ctx, cancel := t.d.call(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	_ = t.d.client.Rollback(ctx, &pb.RollbackRequest{Database: t.d.root, Transaction: t.id}) // see above
}

func (t *tx) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
}

// Get implements store.DriverReader.
func (t *tx) Get(ctx context.Context, keys []store.Key) ([]store.Raw, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.reads(ctx); err != nil {
		return nil, err
	}
	ask := slices.DeleteFunc(slices.Clone(keys), func(k store.Key) bool { _, have := t.known[k]; return have })
	t.held = append(t.held, t.d.lanes.enter(ctx, ask)...)
	if err := t.d.load(ctx, t.id, ask, t.known); err != nil {
		return nil, err
	}
	return pick(keys, t.known), nil
}

// Query implements store.DriverReader.
func (t *tx) Query(ctx context.Context, p *store.Plan) ([]store.Raw, error) {
	if err := t.mayRead(ctx); err != nil {
		return nil, err
	}
	list, err := t.d.query(ctx, t.id, p) // beside others
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range list {
		if r.Data != nil {
			t.known[r.Key] = r
		}
	}
	return list, err
}

func (t *tx) mayRead(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reads(ctx)
}

var errOver = status.Error(codes.Internal, "the transaction is over")

func (t *tx) reads(ctx context.Context) error {
	if t.over {
		return crm.E(crm.Internal, "firestore.Transact", "", errOver)
	}
	return ended(ctx, "firestore.Transact")
}
