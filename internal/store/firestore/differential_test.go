package firestore

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
)

// doc is a document of any collection with any fields.
type doc struct {
	ID string
	F  map[string]any
	st *store.Store
}

// MarshalCBOR and UnmarshalCBOR use the store's own encoding of fields.
func (d doc) MarshalCBOR() ([]byte, error) { return d.st.Encode(d.F) }

func (d *doc) UnmarshalCBOR(data []byte) error {
	d.F = map[string]any{"": bytes.Clone(data)}
	return nil
}

func docs(collection string) store.Collection[doc] {
	return store.NewCollection(collection, func(d *doc) *string { return &d.ID })
}

// side is one of the two engines, with versions that were read some time ago.
type side struct {
	sp  *store.Space
	old map[string]store.Version
}

// TestDifferential lets SQLite and Firestore do the same: random documents in
// the collections of all registered shapes, random batches and transactions.
// Every answer must be the same: documents, order, pages, cursors, counts,
// errors.
func TestDifferential(t *testing.T) {
	x := store.NewIndexes(store.Shapes())
	o := options(t)
	fire, err := Open(t.Context(), x, o)
	if err != nil {
		t.Fatal(err)
	}
	lite, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), x, sqlite.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var stores []*store.Store
	for _, d := range []store.Driver{lite, fire} {
		st, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
		stores = append(stores, st)
	}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		d := &duel{t: rt, ctx: t.Context(), shape: rapid.SampledFrom(shapes()).Draw(rt, "shape")}
		for i, st := range stores {
			d.sides[i] = &side{sp: st.In(crm.WorkspaceID(fmt.Sprintf("wsp_%d", round))), old: map[string]store.Version{}}
		}
		for range rapid.IntRange(1, 4).Draw(rt, "steps") {
			d.write()
			for range 3 {
				d.ask()
			}
		}
	})
}

// shapes are those that every engine answers through its documents' own fields.
func shapes() []store.Index {
	return slices.DeleteFunc(store.Shapes(), func(ix store.Index) bool { return slices.Contains(ix.Equal, fieldShard) })
}

// duel is one random history of one shape.
type duel struct {
	t     *rapid.T
	ctx   context.Context
	shape store.Index
	sides [2]*side
}

var few = []any{nil, false, true, int64(0), int64(1), 1.0, 0.5, int64(1 << 53), float64(1 << 53), int64(1<<53 + 1), "", "a", "a\x00", "ż", "～", "😀",
	[]byte{}, []byte("a"), crm.Time(0), crm.Time(1_790_000_000_000_001)}

func (d *duel) value(name string) any { return rapid.SampledFrom(few).Draw(d.t, name) }

// fields draws a document: each field of the shape is mostly there.
func (d *duel) fields() map[string]any {
	out := map[string]any{"rest": d.value("rest")}
	set := func(path string, v any) {
		m := out
		steps := strings.Split(path, ".")
		for _, s := range steps[:len(steps)-1] {
			next, _ := m[s].(map[string]any)
			if next == nil {
				next = map[string]any{}
				m[s] = next
			}
			m = next
		}
		m[steps[len(steps)-1]] = v
	}
	for _, f := range append(slices.Clone(d.shape.Equal), d.shape.Order) {
		if f != "" && rapid.IntRange(0, 7).Draw(d.t, "has "+f) > 0 {
			set(f, rapid.OneOf(rapid.SampledFrom(few), rapid.SampledFrom([]any{[]any{int64(1)}, map[string]any{"a": int64(1)}})).Draw(d.t, f))
		}
	}
	if f := d.shape.Array; f != "" {
		set(f, rapid.OneOf(rapid.SliceOfN(rapid.SampledFrom(few), 0, 4).AsAny(), rapid.SampledFrom(few)).Draw(d.t, f))
	}
	return out
}

var ids = []string{"a", "a-", "a0", "A", "b", "_", "c1", "c10", "c2"}

// op is one write, the same for both sides but for versions.
type op struct {
	kind, id string
	f        map[string]any
	field    string
	by       any
}

func (d *duel) op() op {
	kinds := []string{"create", "put", "put", "put", "put if", "put if", "delete", "increment", "union", "remove"}
	o := op{kind: rapid.SampledFrom(kinds).Draw(d.t, "write"), id: rapid.SampledFrom(ids).Draw(d.t, "id"), field: "rest"}
	switch o.kind {
	case "create", "put", "put if":
		o.f = d.fields()
	case "increment":
		o.by = rapid.SampledFrom([]any{int64(1), 0.5, int64(-7)}).Draw(d.t, "by")
	case "union", "remove":
		o.by = rapid.SliceOfN(rapid.SampledFrom(few), 0, 3).Draw(d.t, "by")
	}
	return o
}

func (d *duel) apply(w store.Writer, s *side, o op) {
	c := docs(d.shape.Collection)
	v := &doc{ID: o.id, F: o.f, st: s.sp.Store()}
	switch o.kind {
	case "create":
		c.Create(w, v)
	case "put":
		c.Put(w, v)
	case "put if":
		c.PutIf(w, v, s.old[o.id])
	case "delete":
		c.Delete(w, o.id)
	case "increment":
		c.Transform(w, o.id, store.Transform{Field: []string{o.field}, Kind: store.Increment, Value: o.by})
	case "union":
		c.Transform(w, o.id, store.Transform{Field: []string{o.field}, Kind: store.ArrayUnion, Value: o.by})
	case "remove":
		c.Transform(w, o.id, store.Transform{Field: []string{o.field}, Kind: store.ArrayRemove, Value: o.by})
	}
}

// write draws a batch, or a transaction that reads first.
func (d *duel) write() {
	var ops []op
	for range rapid.IntRange(0, 6).Draw(d.t, "writes") {
		ops = append(ops, d.op())
	}
	remember := rapid.Bool().Draw(d.t, "read versions")
	tx := rapid.Bool().Draw(d.t, "transaction")
	fail := tx && rapid.IntRange(0, 5).Draw(d.t, "fails") == 0
	q := d.query()
	d.both("write", func(s *side) (any, error) {
		if remember {
			if err := d.versions(s); err != nil {
				return nil, err
			}
		}
		if !tx {
			b := s.sp.Batch()
			for _, o := range ops {
				d.apply(b, s, o)
			}
			return nil, b.Commit(d.ctx)
		}
		var seen any
		err := s.sp.Transact(d.ctx, func(ctx context.Context, t *store.Tx) error {
			page, err := docs(d.shape.Collection).Query(ctx, t, q)
			if err != nil {
				return err
			}
			seen = listed(page)
			for _, o := range ops {
				d.apply(t, s, o)
			}
			if fail {
				return errors.New("no")
			}
			return nil
		})
		return seen, err
	})
}

func (d *duel) versions(s *side) error {
	list, err := docs(d.shape.Collection).GetMany(d.ctx, s.sp, ids)
	for _, v := range list {
		s.old[v.Value.ID] = v.Version
	}
	return err
}

// query draws a query of the shape.
func (d *duel) query() store.Query {
	q := store.Query{Order: d.shape.Order, Limit: rapid.IntRange(1, 5).Draw(d.t, "limit")}
	q.Desc = q.Order != "" && rapid.Bool().Draw(d.t, "desc")
	listed := false
	one := func(path string, is, in store.FilterOp) {
		if !listed && rapid.Bool().Draw(d.t, "list") {
			listed = true
			q.Where = append(q.Where, store.Filter{Field: path, Op: in, Value: rapid.SliceOfN(rapid.SampledFrom(few), 1, 5).Draw(d.t, path)})
			return
		}
		q.Where = append(q.Where, store.Filter{Field: path, Op: is, Value: d.value(path)})
	}
	for _, f := range d.shape.Equal {
		one(f, store.Eq, store.In)
	}
	if d.shape.Array != "" {
		one(d.shape.Array, store.Contains, store.ContainsAny)
	}
	for range rapid.IntRange(0, 2).Draw(d.t, "bounds") {
		if q.Order != "" {
			op := rapid.SampledFrom([]store.FilterOp{store.Lt, store.Le, store.Gt, store.Ge}).Draw(d.t, "bound")
			q.Where = append(q.Where, store.Filter{Field: q.Order, Op: op, Value: d.value("bound")})
		}
	}
	if rapid.IntRange(0, 19).Draw(d.t, "other") == 0 {
		q.Order = "nowhere" // refused, in the same words
	}
	return q
}

type row struct{ ID, Data string }

func listed(page store.Page[doc]) any {
	out := []row{}
	for _, v := range page.Items {
		data, _ := v.Value.F[""].([]byte)
		out = append(out, row{v.Value.ID, fmt.Sprintf("%x", data)})
	}
	return struct {
		Rows []row
		Next string
	}{out, page.Next}
}

// ask compares a query page by page, its count, and a look at all documents.
func (d *duel) ask() {
	q := d.query()
	var next string
	for {
		q.After = next
		answer := d.both("query", func(s *side) (any, error) {
			page, err := docs(d.shape.Collection).Query(d.ctx, s.sp, q)
			next = page.Next
			return listed(page), err
		})
		if next == "" || answer == nil {
			break
		}
	}
	q.After = ""
	d.both("count", func(s *side) (any, error) { return s.sp.Count(d.ctx, d.shape.Collection, q) })
	d.both("sum", func(s *side) (any, error) { return s.sp.Sum(d.ctx, d.shape.Collection, q, "rest") })
	d.both("get", func(s *side) (any, error) {
		list, err := docs(d.shape.Collection).GetMany(d.ctx, s.sp, ids)
		return listed(store.Page[doc]{Items: list}), err
	})
}

// both does the same on both sides and compares what came of it; nil when both
// failed alike.
func (d *duel) both(what string, do func(*side) (any, error)) any {
	var said [2]string
	var out any
	for i, s := range d.sides {
		answer, err := do(s)
		said[i] = fmt.Sprintf("%+v", answer)
		if err != nil {
			said[i], answer = sentence(err), nil
		}
		out = answer
	}
	if said[0] != said[1] {
		d.t.Fatalf("%s on %+v\nSQLite:    %s\nFirestore: %s", what, d.shape, said[0], said[1])
	}
	return out
}

// sentence is what both engines must say of a failure alike.
func sentence(err error) string {
	var e *crm.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	return fmt.Sprintf("%s: %s (%s) — %s", e.Kind, e.Msg, e.Field, e.Hint)
}
