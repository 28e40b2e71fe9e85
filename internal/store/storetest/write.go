package storetest

import (
	"fmt"
	"reflect"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var writeCases = []testCase{
	{"write/preconditions", preconditions},
	{"write/atomic", allOrNothing},
	{"write/versions", versions},
	{"write/twice", twice},
	{"write/no-effect", noEffect},
	{"write/values", values},
	{"write/get-many", getMany},
	{"write/workspaces", workspaces},
	{"write/reopen", reopen},
}

func preconditions(e *env) {
	a := &thing{ID: "a", F: fields{"v": 1}}
	e.must(e.commit(func(b *store.Batch) { things.Create(b, a) }))
	e.wants("create again", e.commit(func(b *store.Batch) { things.Create(b, a) }), crm.Exists)
	old := e.version("a")
	a.F["v"] = 2
	e.must(e.commit(func(b *store.Batch) { things.PutIf(b, a, old) }))
	err := e.wants("put an old version", e.commit(func(b *store.Batch) { things.PutIf(b, a, old) }), crm.Conflict)
	if err.Hint == "" {
		e.Error("a conflict does not say what to do")
	}
	e.wants("put a version of nothing", e.commit(func(b *store.Batch) { things.PutIf(b, &thing{ID: "b"}, old) }), crm.Conflict)
	e.must(e.commit(func(b *store.Batch) { things.Delete(b, "nothing") }))
	e.must(e.commit(func(b *store.Batch) { things.Delete(b, "a") }))
	_, gone := things.Get(e.Context(), e.sp, "a")
	e.wants("get what was deleted", gone, crm.NotFound)
	e.must(e.commit(func(b *store.Batch) { things.Create(b, a) }))
	e.must(e.commit(func(*store.Batch) {}))
}

func allOrNothing(e *env) {
	e.put(thing{ID: "there", F: fields{"v": 1}})
	err := e.commit(func(b *store.Batch) {
		things.Put(b, &thing{ID: "first", F: fields{"v": 1}})
		things.Put(b, &thing{ID: "there", F: fields{"v": 2}})
		things.Create(b, &thing{ID: "there"})
		things.Put(b, &thing{ID: "last", F: fields{"v": 1}})
	})
	e.wants("a batch with a failed precondition", err, crm.Exists)
	e.list("after a failed batch", store.Query{Order: "f.v"}, "there")
	if v := e.get("there").Value.F["v"]; v != int64(1) {
		e.Errorf("a failed batch left v = %v", v)
	}
	const many = 1200
	e.must(e.commit(func(b *store.Batch) {
		for i := range many {
			things.Create(b, &thing{ID: fmt.Sprintf("m%04d", i), F: fields{"v": i, "tags": []string{"x", fmt.Sprint(i % 7)}}})
		}
	}))
	n, err := e.sp.Count(e.Context(), things.Name, store.Query{Where: []store.Filter{store.Has("f.tags", "x")}})
	e.must(err)
	if n != many {
		e.Errorf("%d of %d documents of a large batch", n, many)
	}
}

func versions(e *env) {
	if v := e.version("a"); v != 0 {
		e.Errorf("version %d of nothing", v)
	}
	e.put(thing{ID: "a", F: fields{"v": 1, "tags": []string{"x"}}})
	first := e.version("a")
	e.put(thing{ID: "a", F: fields{"tags": []string{"x"}, "v": 1}})
	if v := e.version("a"); v != first {
		e.Errorf("writing the same again made version %d of %d", v, first)
	}
	e.put(thing{ID: "a", F: fields{"v": 1.0, "tags": []string{"x"}}})
	second := e.version("a")
	if second == first {
		e.Error("1.0 for 1 left the version")
	}
	e.put(thing{ID: "a", F: fields{"v": 1, "tags": []string{"x"}}})
	if third := e.version("a"); third == first || third == second {
		e.Errorf("going back to the first content made version %d again", third)
	}
	seen := map[store.Version]bool{}
	for range 3 {
		e.must(e.commit(func(b *store.Batch) { things.Delete(b, "a") }))
		e.put(thing{ID: "a", F: fields{"v": 1, "tags": []string{"x"}}})
		if v := e.version("a"); seen[v] {
			e.Errorf("version %d came twice", v)
		} else {
			seen[v] = true
		}
	}
}

// twice writes one document several times in one batch: the later one sees the
// earlier one.
func twice(e *env) {
	e.must(e.commit(func(b *store.Batch) {
		things.Create(b, &thing{ID: "a", F: fields{"v": 1, "tags": []string{"old"}}})
		things.Put(b, &thing{ID: "a", F: fields{"v": 2, "tags": []string{"new"}}})
	}))
	e.list("by the later value", store.Query{Where: []store.Filter{store.Has("f.tags", "new")}}, "a")
	e.list("by the earlier value", store.Query{Where: []store.Filter{store.Has("f.tags", "old")}})
	e.must(e.commit(func(b *store.Batch) {
		things.Delete(b, "a")
		things.Create(b, &thing{ID: "a", F: fields{"v": 3}})
		things.Create(b, &thing{ID: "b", F: fields{"v": 4}})
		things.Delete(b, "b")
	}))
	e.list("after deleting and creating", store.Query{Order: "f.v"}, "a")
}

// noEffect writes what stands before a write that wants the version it has.
func noEffect(e *env) {
	same := thing{ID: "a", F: fields{"tags": []string{"x"}}}
	other := thing{ID: "a", F: fields{"tags": []string{"y"}}}
	remove := store.Transform{Field: at("tags"), Kind: store.ArrayRemove, Value: []any{"z"}}
	for name, before := range map[string]func(*store.Batch){
		"a transform that changes nothing": func(b *store.Batch) { things.Transform(b, "a", remove) },
		"the same once more":               func(b *store.Batch) { things.Put(b, &same) },
		"a change and the way back":        func(b *store.Batch) { things.Put(b, &other); things.Put(b, &same) },
		"an end and the same anew":         func(b *store.Batch) { things.Delete(b, "a"); things.Put(b, &same) },
	} {
		e.put(same)
		v := e.version("a")
		if err := e.commit(func(b *store.Batch) { before(b); things.PutIf(b, &other, v) }); err != nil {
			e.Errorf("after %s its version is another: %v", name, err)
		}
	}
}

func values(e *env) {
	in := fields{
		"null": nil, "true": true, "int": int64(1)<<62 + 1, "least": int64(-1) << 63, "float": 0.1, "tiny": 5e-324, "text": "Zażółć \x00 gęślą", "empty": "",
		"bytes": []byte{0, 255}, "time": crm.Time(1_790_000_000_123_456), "before": crm.Time(-1), "list": []any{int64(1), "a", nil, fields{"deep": []any{true}}},
		"map": fields{"a": fields{"b": int64(1)}}, "none": []any{}, "nothing": fields{},
	}
	e.put(thing{ID: "a", F: in})
	if out := e.get("a").Value.F; !reflect.DeepEqual(in, out) {
		e.Errorf("read back\n%#v\nof\n%#v", out, in)
	}
}

func getMany(e *env) {
	var want []string
	var list []thing
	for i := range 700 {
		id := fmt.Sprintf("t%d", (i*379)%700)
		want = append(want, id)
		if i%3 != 0 {
			list = append(list, thing{ID: id, F: fields{"v": i}})
		}
	}
	want = append(want, want[1]) // asked for twice
	e.put(list...)
	docs, err := things.GetMany(e.Context(), e.sp, want)
	e.must(err)
	for i, d := range docs {
		n := i
		if i == 700 {
			n = 1
		}
		if d.Value.ID != want[i] || d.Exists() != (n%3 != 0) || d.Exists() && d.Value.F["v"] != int64(n) {
			e.Fatalf("document %d is %+v, asked for %s", i, d, want[i])
		}
	}
}

// workspaces checks that one workspace shows nothing of another.
func workspaces(e *env) {
	other := e.h.store.In("wsp_two")
	e.put(thing{ID: "a", F: fields{"v": 1, "tags": []string{"x"}}})
	b := other.Batch()
	things.Create(b, &thing{ID: "a", F: fields{"v": 2, "tags": []string{"x"}}})
	things.Create(b, &thing{ID: "b", F: fields{"v": 3, "tags": []string{"x"}}})
	e.must(b.Commit(e.Context()))
	for _, q := range []store.Query{{}, {Order: "f.v"}, {Where: []store.Filter{store.Has("f.tags", "x")}}} {
		e.list("one workspace", q, "a")
		if n, err := e.sp.Count(e.Context(), things.Name, q); n != 1 || err != nil {
			e.Errorf("counted %d, %v in one workspace", n, err)
		}
	}
	if v := e.get("a").Value.F["v"]; v != int64(1) {
		e.Errorf("v is %v of the other workspace", v)
	}
	_, err := things.Get(e.Context(), e.sp, "b")
	e.wants("get of the other workspace's", err, crm.NotFound)
	list, err := e.h.store.Workspaces(e.Context())
	e.must(err)
	if !reflect.DeepEqual(list, []crm.WorkspaceID{"wsp_one", "wsp_two"}) {
		e.Errorf("workspaces %v", list)
	}
}

func reopen(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1, "tags": []string{"x"}}}, thing{ID: "b", F: fields{"v": 2}})
	a := e.version("a")
	e.must(e.commit(func(b *store.Batch) { things.Delete(b, "b") }))
	e.sp = e.h.reopen(e.T).In("wsp_one")
	if v := e.version("a"); v != a {
		e.Errorf("version %d became %d", a, v)
	}
	e.list("by tag", store.Query{Where: []store.Filter{store.Has("f.tags", "x")}}, "a")
	e.put(thing{ID: "b", F: fields{"v": 2}})
	if b := e.version("b"); b <= a {
		e.Errorf("version %d was given after %d", b, a)
	}
	e.list("all", store.Query{Order: "f.v", Desc: true}, "b", "a")
}
