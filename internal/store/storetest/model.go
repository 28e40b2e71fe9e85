package storetest

import (
	"bytes"
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var modelCases = []testCase{{"model/random", randomQueries}}

// rank is the place of a value's type in the order, -1 for what has none.
func rank(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case bool:
		return 1
	case int, int64, float64:
		return 2
	case crm.Time:
		return 3
	case string:
		return 4
	case []byte:
		return 5
	}
	return -1
}

// order compares two values of the order the slow and obvious way.
func order(a, b any) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch x := a.(type) {
	case bool:
		return cmp.Compare(map[bool]int{true: 1}[x], map[bool]int{true: 1}[b.(bool)])
	case crm.Time:
		return cmp.Compare(x, b.(crm.Time))
	case string:
		return strings.Compare(x, b.(string))
	case []byte:
		return bytes.Compare(x, b.([]byte))
	case int, int64, float64:
		return exact(a).Cmp(exact(b))
	}
	return 0
}

func exact(v any) *big.Rat {
	switch x := v.(type) {
	case int:
		return new(big.Rat).SetInt64(int64(x))
	case int64:
		return new(big.Rat).SetInt64(x)
	default:
		return new(big.Rat).SetFloat64(v.(float64))
	}
}

// model is a workspace as it should be.
type model map[string]fields

// finds tells whether a document is in the result of a query.
func finds(q store.Query, f fields) bool {
	if q.Order != "" {
		if v, ok := field(f, q.Order); !ok || rank(v) < 0 {
			return false
		}
	}
	for _, w := range q.Where {
		v, ok := field(f, w.Field)
		if !ok || !passes(w, v) {
			return false
		}
	}
	return true
}

func field(f fields, path string) (any, bool) {
	v, ok := f[strings.TrimPrefix(path, "f.")]
	return v, ok
}

func passes(w store.Filter, v any) bool {
	same := func(a, b any) bool { return rank(a) >= 0 && rank(a) == rank(b) && order(a, b) == 0 }
	list, _ := v.([]any)
	switch w.Op {
	case store.Eq:
		return same(v, w.Value)
	case store.In:
		return slices.ContainsFunc(w.Value.([]any), func(x any) bool { return same(v, x) })
	case store.Contains:
		return slices.ContainsFunc(list, func(x any) bool { return same(x, w.Value) })
	case store.ContainsAny:
		return slices.ContainsFunc(list, func(x any) bool {
			return slices.ContainsFunc(w.Value.([]any), func(y any) bool { return same(x, y) })
		})
	}
	return rank(v) >= 0 && rank(v) == rank(w.Value) && holds(w.Op, order(v, w.Value))
}

// ids answers a query without limit.
func (m model) ids(q store.Query) []string {
	out := []string{}
	for id, f := range m {
		if finds(q, f) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if q.Desc {
			a, b = b, a
		}
		if q.Order != "" {
			x, _ := field(m[a], q.Order)
			y, _ := field(m[b], q.Order)
			if c := order(x, y); c != 0 {
				return c
			}
		}
		return strings.Compare(a, b)
	})
	return out
}

// drawValue draws from the ladder, where neighbours are hard to tell apart, or
// anything.
func drawValue(t *rapid.T) any {
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		return rapid.Int64().Draw(t, "int")
	case 1:
		return rapid.Float64().Draw(t, "float")
	case 2:
		return rapid.StringN(0, 4, 16).Draw(t, "text")
	}
	return rapid.SampledFrom(ladder).Draw(t, "step")
}

func drawFields(t *rapid.T) fields {
	f := fields{}
	if rapid.IntRange(0, 5).Draw(t, "has v") > 0 {
		f["v"] = drawValue(t)
	}
	for _, k := range []string{"k", "j"} {
		if rapid.IntRange(0, 5).Draw(t, "has "+k) > 0 {
			f[k] = rapid.SampledFrom([]any{nil, 0, 1, 1.0, true, "x", "y"}).Draw(t, k)
		}
	}
	switch rapid.IntRange(0, 6).Draw(t, "has tags") {
	case 0:
	case 1:
		f["tags"] = drawValue(t)
	default:
		f["tags"] = rapid.SliceOfN(rapid.SampledFrom([]any{nil, 0, 1, 1.0, true, "x", "y", "z", []byte("x")}), 0, 4).Draw(t, "tags")
	}
	if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
		f["v"] = rapid.SampledFrom([]any{[]any{1}, fields{"a": 1}}).Draw(t, "odd v")
	}
	return f
}

// drawQuery draws one of the declared shapes.
func drawQuery(t *rapid.T) store.Query {
	few := rapid.SliceOfN(rapid.SampledFrom([]any{nil, 0, 1, 1.0, true, "x", "y", "z", []byte("x")}), 1, 4)
	one := rapid.SampledFrom([]any{nil, 0, 1, 1.0, true, "x", "y", []byte("x")})
	q := store.Query{Limit: rapid.IntRange(1, 6).Draw(t, "limit")}
	listed := false
	list := func() bool {
		listed = !listed && rapid.Bool().Draw(t, "list")
		return listed
	}
	equal := func(f string) {
		if list() {
			q.Where = append(q.Where, store.OneOf(f, few.Draw(t, f)))
		} else {
			q.Where = append(q.Where, store.Is(f, one.Draw(t, f)))
		}
	}
	contains := func() {
		if list() {
			q.Where = append(q.Where, store.HasAny("f.tags", few.Draw(t, "any")))
		} else {
			q.Where = append(q.Where, store.Has("f.tags", one.Draw(t, "element")))
		}
	}
	shape := rapid.IntRange(0, 8).Draw(t, "shape")
	switch shape {
	case 0: // by id
	case 1:
		contains()
	case 2:
		equal("f.k")
		equal("f.j")
	case 3:
		q.Where = append(q.Where, store.Is("f.v", drawValue(t)))
	case 4, 5, 6, 7, 8:
		q.Order, q.Desc = "f.v", rapid.Bool().Draw(t, "desc")
		if shape == 5 || shape == 7 {
			equal("f.k")
		}
		if shape == 6 || shape == 7 {
			contains()
		}
		for range rapid.IntRange(0, 2).Draw(t, "bounds") {
			op := rapid.SampledFrom([]store.FilterOp{store.Lt, store.Le, store.Gt, store.Ge}).Draw(t, "op")
			q.Where = append(q.Where, compare("f.v", op, drawValue(t)))
		}
	}
	return q
}

// randomQueries compares random histories of random documents with the model.
func randomQueries(e *env) {
	round := 0
	rapid.Check(e.T, func(t *rapid.T) {
		round++
		sub := &env{T: e.T, h: e.h, sp: e.h.store.In(crm.WorkspaceID(fmt.Sprintf("wsp_%d", round)))}
		m := model{}
		for range rapid.IntRange(1, 3).Draw(t, "steps") {
			b := sub.sp.Batch()
			for range rapid.IntRange(0, 12).Draw(t, "writes") {
				id := rapid.SampledFrom([]string{"a", "a-", "a0", "b", "B", "b0", "_", "c", "c1", "c10", "d", "e", "f", "g"}).Draw(t, "id")
				if rapid.IntRange(0, 4).Draw(t, "delete") == 0 {
					things.Delete(b, id)
					delete(m, id)
					continue
				}
				f := drawFields(t)
				things.Put(b, &thing{ID: id, F: f})
				m[id] = f
			}
			if err := b.Commit(sub.Context()); err != nil {
				t.Fatal(err)
			}
			for range 4 {
				sub.against(t, m, drawQuery(t))
			}
		}
	})
}

// against compares pages and count of a query with the model.
func (e *env) against(t *rapid.T, m model, q store.Query) {
	want := m.ids(q)
	got := []string{}
	err := things.Each(e.Context(), e.sp, q, func(d store.Doc[thing]) error {
		got = append(got, d.Value.ID)
		return nil
	})
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%+v finds %v, want %v in %+v", q, got, want, m)
	}
	n, err := e.sp.Count(e.Context(), things.Name, q)
	if err != nil || int(n) != len(want) {
		t.Fatalf("%+v counts %d, %v, want %d", q, n, err, len(want))
	}
}
