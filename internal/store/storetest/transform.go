package storetest

import (
	"fmt"
	"math"
	"reflect"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var transformCases = []testCase{
	{"transform/increment", increments},
	{"transform/arrays", arrays},
	{"transform/time", serverTime},
	{"transform/together", transformsTogether},
}

func (e *env) transform(id string, ts ...store.Transform) error {
	return e.commit(func(b *store.Batch) { things.Transform(b, id, ts...) })
}

func at(field ...string) []string { return append([]string{"f"}, field...) }

func increments(e *env) {
	for i, c := range []struct{ have, by, want any }{
		{1, 2, int64(3)}, {1, -5, int64(-4)}, {1, 0.5, 1.5}, {0.5, 1, 1.5}, {0.5, 0.25, 0.75},
		{int64(math.MaxInt64), 1, int64(math.MaxInt64)}, {int64(math.MaxInt64 - 1), 5, int64(math.MaxInt64)},
		{int64(math.MinInt64), -1, int64(math.MinInt64)}, {int64(math.MinInt64), int64(math.MaxInt64), int64(-1)},
		{"text", 2, int64(2)}, {nil, 3, int64(3)}, {true, 1, int64(1)}, {[]any{1}, 1.5, 1.5}, {crm.Time(5), 1, int64(1)},
	} {
		id := fmt.Sprint("i", i)
		e.put(thing{ID: id, F: fields{"v": c.have}})
		e.must(e.transform(id, store.Transform{Field: at("v"), Kind: store.Increment, Value: c.by}))
		if got := e.get(id).Value.F["v"]; got != c.want {
			e.Errorf("%v + %v = %v, want %v", c.have, c.by, got, c.want)
		}
	}
	e.must(e.transform("new", store.Transform{Field: at("deep", "er"), Kind: store.Increment, Value: 7}))
	if got := e.get("new").Value.F["deep"]; !reflect.DeepEqual(got, fields{"er": int64(7)}) {
		e.Errorf("an increment made %v of nothing", got)
	}
	e.must(together(8, func(int) error {
		for range 25 {
			if err := e.transform("count", store.Transform{Field: at("v"), Kind: store.Increment, Value: 1}); err != nil {
				return err
			}
		}
		return nil
	}))
	if got := e.get("count").Value.F["v"]; got != int64(200) {
		e.Errorf("8 × 25 increments made %v", got)
	}
	e.list("by the new value", store.Query{Where: []store.Filter{store.Is("f.v", 200)}}, "count")
	before := e.version("count")
	e.must(e.transform("count", store.Transform{Field: at("v"), Kind: store.Increment, Value: 0}))
	if v := e.version("count"); v != before {
		e.Errorf("adding 0 changed version %d to %d", before, v)
	}
	e.must(e.transform("none"))
	e.must(e.transform("count"))
	if e.version("none") != 0 || e.version("count") != before {
		e.Error("no transforms changed something")
	}
}

func arrays(e *env) {
	for i, c := range []struct {
		have any
		kind store.TransformKind
		by   []any
		want []any
	}{
		{[]any{"a", "b"}, store.ArrayUnion, []any{"b", "c", "c"}, []any{"a", "b", "c"}},
		{[]any{1}, store.ArrayUnion, []any{1.0, "1", true}, []any{int64(1), "1", true}},
		{[]any{"a", "a"}, store.ArrayUnion, []any{"a"}, []any{"a", "a"}},
		{"text", store.ArrayUnion, []any{"x"}, []any{"x"}},
		{nil, store.ArrayUnion, []any{nil, "x"}, []any{nil, "x"}},
		{[]any{"a", "b", "a"}, store.ArrayRemove, []any{"a", "z"}, []any{"b"}},
		{[]any{int64(1), 1.0, "1"}, store.ArrayRemove, []any{1}, []any{"1"}},
		{"text", store.ArrayRemove, []any{"x"}, []any{}},
	} {
		id := fmt.Sprint("a", i)
		e.put(thing{ID: id, F: fields{"tags": c.have}})
		e.must(e.transform(id, store.Transform{Field: at("tags"), Kind: c.kind, Value: c.by}))
		if got := e.get(id).Value.F["tags"]; !reflect.DeepEqual(got, c.want) {
			e.Errorf("%s of %v with %v = %v, want %v", c.kind, c.have, c.by, got, c.want)
		}
	}
	e.must(e.transform("m1", store.Transform{Field: at("tags"), Kind: store.ArrayUnion, Value: []any{"only"}}))
	e.must(e.transform("m2", store.Transform{Field: at("tags"), Kind: store.ArrayRemove, Value: []any{"x"}}))
	if got := e.get("m2").Value.F["tags"]; !reflect.DeepEqual(got, []any{}) {
		e.Errorf("removing from a missing field left %v", got)
	}
	e.list("by the new element", store.Query{Where: []store.Filter{store.Has("f.tags", "only")}}, "m1")
	e.list("by the element that went", store.Query{Where: []store.Filter{store.Has("f.tags", "a")}}, "a0", "a2")
}

func serverTime(e *env) {
	now := func(field string) store.Transform { return store.Transform{Field: at(field), Kind: store.ServerTime} }
	last := crm.Time(0)
	for range 3 {
		e.must(e.transform("a", now("v"), now("w")))
		f := e.get("a").Value.F
		v, isTime := f["v"].(crm.Time)
		if !isTime || v != f["w"] || v <= last {
			e.Errorf("times %v after %v", f, last)
		}
		last = v
	}
}

func transformsTogether(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1, "tags": []any{"x"}, "keep": "this"}})
	err := e.commit(func(b *store.Batch) {
		things.Transform(b, "a", store.Transform{Field: at("v"), Kind: store.Increment, Value: 1},
			store.Transform{Field: at("tags"), Kind: store.ArrayUnion, Value: []any{"y"}})
		things.Transform(b, "a", store.Transform{Field: at("v"), Kind: store.Increment, Value: 10})
		things.Create(b, &thing{ID: "b"})
	})
	e.must(err)
	want := fields{"v": int64(12), "tags": []any{"x", "y"}, "keep": "this"}
	if got := e.get("a").Value.F; !reflect.DeepEqual(got, want) {
		e.Errorf("left %v, want %v", got, want)
	}
	err = e.commit(func(b *store.Batch) {
		things.Transform(b, "a", store.Transform{Field: at("v"), Kind: store.Increment, Value: 1})
		things.Create(b, &thing{ID: "b"})
	})
	e.wants("a batch with a failed precondition", err, crm.Exists)
	if v := e.get("a").Value.F["v"]; v != int64(12) {
		e.Errorf("a failed batch left %v", v)
	}
}
