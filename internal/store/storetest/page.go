package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var pageCases = []testCase{
	{"page/ties", ties},
	{"page/edits-between", editsBetween},
	{"page/in", mergeIn},
	{"page/contains-any", mergeAny},
	{"page/look-up", lookUp},
	{"page/limits", pageLimits},
	{"page/cursor", foreignCursor},
	{"page/index-follows", indexFollows},
}

// ties pages through 25 equal values: the id decides, in the direction of the
// order.
func ties(e *env) {
	var list []thing
	var want []string
	for i := range 25 {
		list = append(list, thing{ID: fmt.Sprintf("t%02d", (i*7)%25), F: fields{"v": 1, "k": "x", "tags": []any{"x", i % 5}}})
		want = append(want, fmt.Sprintf("t%02d", i))
	}
	list = append(list, thing{ID: "t00a", F: fields{"v": 1, "k": "x", "tags": []any{"x"}}}) // an id that starts like another
	want = slices.Insert(want, 1, "t00a")
	e.put(list...)
	back := slices.Clone(want)
	slices.Reverse(back)
	for _, where := range [][]store.Filter{nil, {store.Is("f.k", "x")}, {store.HasAny("f.tags", []any{"x", 1, 2, 3})}} {
		for _, order := range []string{"", "f.v"} {
			if order == "" && where != nil && where[0].Field == "f.k" {
				continue // needs an index of its own, see refusals
			}
			e.list("ascending", store.Query{Where: where, Order: order, Limit: 7}, want...)
			if order != "" {
				e.list("descending", store.Query{Where: where, Order: order, Limit: 7, Desc: true}, back...)
			}
		}
	}
	page, err := things.Query(e.Context(), e.sp, store.Query{Order: "f.v", Limit: 26})
	e.must(err)
	if page.Next != "" || len(page.Items) != 26 {
		e.Errorf("a page that holds all has %d items and the cursor %q", len(page.Items), page.Next)
	}
}

// editsBetween changes documents between two pages: the cursor is a position.
func editsBetween(e *env) {
	for _, desc := range []bool{false, true} {
		at := func(v float64) float64 { return map[bool]float64{false: v, true: 9 - v}[desc] }
		b := e.sp.Batch()
		for i := range 10 {
			things.Put(b, &thing{ID: fmt.Sprintf("d%d", i), F: fields{"v": at(float64(i))}})
		}
		for _, id := range []string{"new-before", "new-after"} {
			things.Delete(b, id)
		}
		e.must(b.Commit(e.Context()))
		q := store.Query{Order: "f.v", Desc: desc, Limit: 3}
		page, err := things.Query(e.Context(), e.sp, q)
		e.must(err)
		e.must(e.commit(func(b *store.Batch) {
			things.Put(b, &thing{ID: "new-before", F: fields{"v": at(-1)}})
			things.Put(b, &thing{ID: "new-after", F: fields{"v": at(3.5)}})
			things.Delete(b, "d2") // the cursor's own document
			things.Delete(b, "d5")
			things.Put(b, &thing{ID: "d8", F: fields{"v": at(0)}})   // moved behind us
			things.Put(b, &thing{ID: "d1", F: fields{"v": at(9.5)}}) // moved before us
		}))
		var got []string
		for _, d := range page.Items {
			got = append(got, d.Value.ID)
		}
		q.After = page.Next
		got = append(got, e.ids(q)...)
		if want := []string{"d0", "d1", "d2", "d3", "new-after", "d4", "d6", "d7", "d9", "d1"}; !slices.Equal(got, want) {
			e.Errorf("desc %t: pages hold %v, want %v", desc, got, want)
		}
	}
}

func mergeIn(e *env) {
	var list []thing
	for i := range 40 {
		list = append(list, thing{ID: fmt.Sprintf("d%02d", i), F: fields{"k": i % 4, "v": (i * 11) % 40}})
	}
	e.put(list...)
	byV := func(keep func(k int) bool) []string {
		var out []string
		for v := range 40 {
			for i := range 40 {
				if (i*11)%40 == v && keep(i%4) {
					out = append(out, fmt.Sprintf("d%02d", i))
				}
			}
		}
		return out
	}
	want := byV(func(k int) bool { return k == 1 || k == 3 })
	in := []store.Filter{store.OneOf("f.k", []any{3, 1, 1.0, 3, "no", nil})}
	for _, limit := range []int{1, 3, 50} {
		e.list("in", store.Query{Where: in, Order: "f.v", Limit: limit}, want...)
		e.list("in, backwards", store.Query{Where: in, Order: "f.v", Limit: limit, Desc: true}, reversed(want)...)
	}
	ranged := append(in, compare("f.v", store.Ge, 10), compare("f.v", store.Lt, 20))
	var some []string
	for _, id := range want {
		var i int
		fmt.Sscanf(id, "d%d", &i)
		if v := (i * 11) % 40; v >= 10 && v < 20 {
			some = append(some, id)
		}
	}
	e.list("in with a range", store.Query{Where: ranged, Order: "f.v", Limit: 2}, some...)
}

func reversed(list []string) []string {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// mergeAny checks that a document with several of the elements comes once.
func mergeAny(e *env) {
	var list []thing
	var want, byID []string
	tags := make([]any, 30)
	for i := range tags {
		tags[i] = fmt.Sprintf("g%d", i)
	}
	for i := range 60 {
		mine := []any{"other", fmt.Sprintf("g%d", i%7), fmt.Sprintf("g%d", i%7), fmt.Sprintf("g%d", (i*3)%30)}
		if i%5 == 0 {
			mine = tags
		}
		if i%6 == 1 {
			mine = []any{"other"}
		}
		list = append(list, thing{ID: fmt.Sprintf("d%02d", (i*7)%60), F: fields{"v": i / 3, "k": "x", "tags": mine}})
	}
	e.put(list...)
	slices.SortFunc(list, func(a, b thing) int {
		if d := a.F["v"].(int) - b.F["v"].(int); d != 0 {
			return d
		}
		return slices.Compare([]byte(a.ID), []byte(b.ID))
	})
	for _, d := range list {
		if len(d.F["tags"].([]any)) > 1 {
			want = append(want, d.ID)
		}
	}
	byID = slices.Sorted(slices.Values(want))
	any := store.HasAny("f.tags", tags)
	for _, limit := range []int{1, 4, 100} {
		e.list("any", store.Query{Where: []store.Filter{any}, Order: "f.v", Limit: limit}, want...)
		e.list("any, backwards", store.Query{Where: []store.Filter{any}, Order: "f.v", Desc: true, Limit: limit}, reversed(want)...)
		e.list("any, with an equality", store.Query{Where: []store.Filter{store.Is("f.k", "x"), any}, Order: "f.v", Limit: limit}, want...)
		e.list("any, by id", store.Query{Where: []store.Filter{any}, Limit: limit}, byID...)
	}
	n, err := e.sp.Count(e.Context(), things.Name, store.Query{Where: []store.Filter{any}})
	e.must(err)
	if int(n) != len(want) {
		e.Errorf("counted %d of %d", n, len(want))
	}
}

// lookUp asks for as much as the engine takes at once, leaves out what is known,
// and asks for ids alone; in transactions too.
func lookUp(e *env) {
	width := store.Width(e.sp)
	var list []thing
	var ones, pairs []string
	var all []any
	for i := range 2*width + 3 {
		id := fmt.Sprintf("d%04d", i)
		list = append(list, thing{ID: id, F: fields{"k": i, "v": i, "j": 1, "tags": []any{i, i / 2}}})
		all = append(all, i)
		if i < width {
			ones = append(ones, id)
		}
		if i/2 < width {
			pairs = append(pairs, id)
		}
	}
	for chunk := range slices.Chunk(list, 100) {
		e.put(chunk...)
	}
	one := store.Query{Where: []store.Filter{store.AmongAll("f.v", all[:width])}, Limit: 7}
	two := store.Query{Where: []store.Filter{store.HasAmong("f.tags", all[:width])}, Limit: 70}
	e.list("as many as it takes", one, ones...)
	e.list("as many elements as it takes", two, pairs...)
	for what, f := range map[string]store.Filter{"values": store.AmongAll("f.v", all[:width+1]), "elements": store.HasAmong("f.tags", all[:width+1])} {
		_, err := things.Query(e.Context(), e.sp, store.Query{Where: []store.Filter{f}})
		e.wants("too many "+what, err, crm.Invalid)
	}
	known := func(id string) bool { return id[len(id)-1] == '3' }
	unknown := slices.DeleteFunc(slices.Clone(pairs), known)
	two.Without = known
	e.list("without what is known", two, unknown...)
	single := store.Query{Where: []store.Filter{store.Has("f.tags", 1)}, Limit: 1, Without: known}
	e.list("without what is known, of one range", single, "d0001", "d0002")
	e.must(e.change(func(ctx context.Context, tx *store.Tx) error {
		var got []string
		err := things.Gather(ctx, tx, []store.Query{two, one}, func(d store.Doc[thing]) error { got = append(got, d.Value.ID); return nil })
		if want := slices.Concat(unknown, ones); !slices.Equal(got, want) {
			e.Errorf("gathered %v, want %v", got, want)
		}
		docs, again := things.GetMany(ctx, tx, ones) // also those that were left out
		for i, d := range docs {
			if int(d.Value.F["v"].(int64)) != i {
				e.Errorf("%s is read as %v", ones[i], d.Value.F)
			}
		}
		return errors.Join(err, again)
	}))
	for _, q := range []store.Query{one, {Limit: 7}, {Where: []store.Filter{store.Has("f.tags", 1)}, Limit: 1}} {
		var got []string
		want := e.ids(q)
		for more := true; more; more = q.After != "" {
			ids, next, err := e.sp.IDs(e.Context(), things.Name, q)
			e.must(err)
			got, q.After = append(got, ids...), next
		}
		if !slices.Equal(got, want) {
			e.Errorf("ids %v, want %v", got, want)
		}
	}
	for _, desc := range []bool{false, true} { // many a page ends with one that is known
		want := slices.Clone(unknown)
		if desc {
			slices.Reverse(want)
		}
		two.Order, two.Desc = "f.v", desc
		e.list("without what is known, in order", two, want...)
		single := store.Query{Order: "f.v", Desc: desc, Limit: 2, Without: func(id string) bool { return id > "d0009" || known(id) }}
		want = []string{"d0000", "d0001", "d0002", "d0004", "d0005", "d0006", "d0007", "d0008", "d0009"}
		if desc {
			slices.Reverse(want)
		}
		e.list("without what is known, of one range in order", single, want...)
	}
}

func pageLimits(e *env) {
	var list []thing
	for i := range 60 {
		list = append(list, thing{ID: fmt.Sprintf("d%02d", i), F: fields{"v": i}})
	}
	e.put(list...)
	page, err := things.Query(e.Context(), e.sp, store.Query{})
	e.must(err)
	if len(page.Items) != store.DefaultLimit || page.Next == "" {
		e.Errorf("a page without limit has %d items", len(page.Items))
	}
	for _, limit := range []int{-1, store.MaxLimit + 1} {
		_, err := things.Query(e.Context(), e.sp, store.Query{Limit: limit})
		if f := e.wants(fmt.Sprint("limit ", limit), err, crm.Invalid).Field; f != "limit" {
			e.Errorf("limit %d blames %q", limit, f)
		}
	}
}

func foreignCursor(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1, "k": 1}}, thing{ID: "b", F: fields{"v": 2, "k": 1}})
	q := store.Query{Where: []store.Filter{store.Is("f.k", 1)}, Order: "f.v", Limit: 1}
	page, err := things.Query(e.Context(), e.sp, q)
	e.must(err)
	for what, other := range map[string]store.Query{
		"another value": {Where: []store.Filter{store.Is("f.k", "1")}, Order: "f.v"},
		"another order": {Order: "f.v"},
		"backwards":     {Where: q.Where, Order: "f.v", Desc: true},
		"another range": {Where: append(slices.Clone(q.Where), compare("f.v", store.Gt, 0)), Order: "f.v"},
	} {
		other.After = page.Next
		_, err := things.Query(e.Context(), e.sp, other)
		if f := e.wants("the cursor with "+what, err, crm.Invalid).Field; f != "cursor" {
			e.Errorf("the cursor with %s blames %q", what, f)
		}
	}
	for _, bad := range []string{"x", "!!!", page.Next[:4]} {
		q.After = bad
		_, err := things.Query(e.Context(), e.sp, q)
		e.wants("the cursor "+bad, err, crm.Invalid)
	}
}

// indexFollows checks that an index forgets what a document was.
func indexFollows(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1, "k": "old", "tags": []any{"x", "y"}}})
	e.put(thing{ID: "a", F: fields{"v": 2, "k": "new", "tags": []any{"y", "z"}}})
	by := func(f ...store.Filter) store.Query { return store.Query{Where: f, Order: "f.v"} }
	e.list("the old value", store.Query{Where: []store.Filter{store.Is("f.v", 1)}})
	e.list("the new value", store.Query{Where: []store.Filter{store.Is("f.v", 2)}}, "a")
	e.list("the old equality", by(store.Is("f.k", "old")))
	e.list("the new equality", by(store.Is("f.k", "new")), "a")
	e.list("the element that went", by(store.Has("f.tags", "x")))
	e.list("the element that stayed", by(store.Has("f.tags", "y")), "a")
	e.list("the element that came", by(store.Has("f.tags", "z")), "a")
	e.put(thing{ID: "a", F: fields{"k": "new"}})
	e.list("without the ordered field", by(store.Is("f.k", "new")))
	e.put(thing{ID: "a", F: fields{"v": 3, "k": "new", "tags": []any{"z"}}})
	e.must(e.commit(func(b *store.Batch) { things.Delete(b, "a") }))
	for _, q := range []store.Query{{}, {Order: "f.v"}, by(store.Is("f.k", "new")), by(store.Has("f.tags", "z")), by(store.Is("f.k", "new"), store.Has("f.tags", "z"))} {
		e.list("after deletion", q)
	}
}
