package ledger_test

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"testing"

	"gocloud.dev/blob/memblob"
	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/records"
	"threadline/internal/store"
)

// TestUndoOfEverything lets people make, change, correct, rule, exclude and undo
// in any order, then undoes it all: what is left exports as at the beginning.
func TestUndoOfEverything(t *testing.T) {
	h := newHouse(t)
	rapid.Check(t, func(rt *rapid.T) {
		x := &history{world: h.world(t.Context(), rt), rt: rt, h: h, mail: drawMail(rt), recordsOnly: true}
		x.arrive(true, x.mail...)
		x.here = x.mail
		x.make(crm.KindContact, map[string]any{"name": "A", "emails": "a@acme.example"})
		x.make(crm.KindCompany, map[string]any{"name": "Byte", "domains": "byte.example"})
		x.catchUp()
		before, had := exported(rt, x.ctx, x.sp), batches(rt, x.ctx, x.sp)
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			x.step()
			if rapid.IntRange(0, 3).Draw(rt, "catch up") == 0 {
				x.catchUp()
			}
		}
		undoAll(rt, x.ctx, x.sp, had)
		x.catchUp()
		x.audit()
		if after := exported(rt, x.ctx, x.sp); !bytes.Equal(before, after) {
			rt.Fatalf("undone, and not as before:\n%s\nwas\n%s", after, before)
		}
	})
}

// exported is the canonical export.
func exported(t failer, ctx context.Context, sp *store.Space) []byte {
	t.Helper()
	bodies, err := store.NewBodyCodec()
	must(t, err)
	bucket := memblob.OpenBucket(nil)
	var out bytes.Buffer
	must(t, export.Write(ctx, sp, bodies, store.NewBlobs(bucket), &out, export.Options{}))
	must(t, bucket.Close())
	return out.Bytes()
}

// batches are those of the change log, newest first.
func batches(t failer, ctx context.Context, sp *store.Space) []string {
	t.Helper()
	docs, err := store.ChangeLog.All(ctx, sp, store.Query{})
	must(t, err)
	slices.SortFunc(docs, func(a, b store.Doc[crm.Change]) int { return cmp.Compare(b.Value.At, a.Value.At) })
	var out []string
	for _, d := range docs {
		if !slices.Contains(out, d.Value.Batch) {
			out = append(out, d.Value.Batch)
		}
	}
	return out
}

// undoAll takes back every batch but the given ones, newest first. What was
// taken back and not made again since needs no undo.
func undoAll(t failer, ctx context.Context, sp *store.Space, but []string) {
	t.Helper()
	svc := records.New(sp)
	for _, b := range batches(t, ctx, sp) {
		if !slices.Contains(but, b) {
			_, err := svc.Undo(ctx, records.By{Cause: crm.CauseCLI}, b)
			must(t, err)
		}
	}
}
