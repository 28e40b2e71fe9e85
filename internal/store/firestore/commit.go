package firestore

import (
	"context"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/grpc/codes"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// commitTime is how long one commit may take. The overlap of the feed is
// longer.
const commitTime = 15 * time.Second

// inside marks the context of a transaction's function.
type inside struct{}

func (d *Driver) mayCommit(ctx context.Context) error {
	if ctx.Value(inside{}) == d {
		return crm.Errorf(crm.Internal, "firestore.Commit", "a transaction's function cannot commit by itself")
	}
	if d.closed.Load() {
		return crm.Errorf(crm.Unavailable, "firestore.Commit", "the database is closed")
	}
	return ended(ctx, "firestore.Commit")
}

// Commit implements store.Driver.
func (d *Driver) Commit(ctx context.Context, writes []store.Write) error {
	if err := d.mayCommit(ctx); err != nil {
		return err
	}
	if len(mustRead(writes)) > 0 {
		return d.transact(ctx, func(context.Context, store.DriverReader) ([]store.Write, error) { return writes, nil }, nil)
	}
	cells, err := d.fold(writes, nil, 0)
	if err != nil {
		return err
	}
	req, err := d.request(cells, nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, d.o.Patience)
	defer cancel()
	return d.send(ctx, req, cells)
}

// send commits outside of a transaction and repeats what had no effect or no
// answer: preconditions keep a repeat from doing anything twice.
func (d *Driver) send(ctx context.Context, req *pb.CommitRequest, cells []*cell) error {
	const op = crm.Op("firestore.Commit")
	unanswered := false
	for n := 0; ; n++ {
		err := d.commit(ctx, req)
		c := code(err)
		switch {
		case err == nil:
			d.bill(cells)
			return nil
		case ctx.Err() != nil:
			return failure(op, ctx.Err())
		case silent(c):
			unanswered = true
		case refused(c):
		case c == codes.AlreadyExists, c == codes.FailedPrecondition, c == codes.NotFound:
			return d.explain(ctx, cells, unanswered, err)
		default:
			return failure(op, err)
		}
		if d.pause(ctx, n) != nil {
			return failure(op, err)
		}
	}
}

// commit sends one request, unless the clock is off: leases and times of such a
// machine are worth nothing.
func (d *Driver) commit(ctx context.Context, req *pb.CommitRequest) error {
	if d.skew.check() != nil {
		if _, err := d.schema(ctx); err != nil { // perhaps it was a pause: look again
			return err
		}
		if err := d.skew.check(); err != nil {
			return err
		}
	}
	if err := d.ramp.wait(ctx, len(req.Writes)); err != nil {
		return err
	}
	ctx, cancel := d.call(ctx, commitTime)
	defer cancel()
	_, err := d.client.Commit(ctx, req)
	return err
}

// explain finds the precondition that a refused commit failed by. After a
// request without an answer the refusal may be the doing of that request: then
// everything stands as it was to be written.
func (d *Driver) explain(ctx context.Context, cells []*cell, unanswered bool, cause error) error {
	have, err := d.present(ctx, cells)
	if err != nil {
		return err
	}
	if unanswered && stands(cells, have) {
		d.bill(cells)
		return nil
	}
	for _, c := range cells {
		if err := c.pre.Check(c.key, have[c.key].Version); err != nil {
			return err
		}
	}
	return failure("firestore.Commit", cause)
}

func (d *Driver) present(ctx context.Context, cells []*cell) (map[store.Key]store.Raw, error) {
	keys := make([]store.Key, len(cells))
	for i, c := range cells {
		keys[i] = c.key
	}
	have := map[store.Key]store.Raw{}
	return have, d.load(ctx, nil, keys, have)
}

// stands tells whether all documents are what the commit was to leave.
func stands(cells []*cell, have map[store.Key]store.Raw) bool {
	for _, c := range cells {
		if h := have[c.key]; (h.Data == nil) != (c.data == nil) || string(h.Data) != string(c.data) {
			return false
		}
	}
	return true
}
