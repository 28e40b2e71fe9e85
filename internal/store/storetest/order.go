package storetest

import (
	"fmt"
	"math"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var orderCases = []testCase{
	{"order/types", typeOrder},
	{"order/missing-and-null", missingAndNull},
	{"order/bracketing", bracketing},
	{"order/numbers", numbers},
	{"order/text", text},
	{"order/equality", equality},
}

// ladder is one value of each kind of place in the order, lowest first.
var ladder = []any{
	nil, false, true, -1e300, int64(math.MinInt64), -1, -0.5, 0, 0.5, 1, int64(math.MaxInt64), 1e300,
	crm.Time(-1), crm.Time(0), crm.Time(1_790_000_000_000_000), "", "\x00", "\x00a", "a", "a\x00", "a\x01", "aa", "b", []byte{}, []byte{0}, []byte("a"), []byte{255, 255},
}

// putLadder stores the ladder under ids that stand in another order.
func (e *env) putLadder() []string {
	ids := make([]string, len(ladder))
	var list []thing
	for i, v := range ladder {
		ids[i] = fmt.Sprintf("x%02d", (i*17)%len(ladder))
		list = append(list, thing{ID: ids[i], F: fields{"v": v, "k": 1, "tags": []any{"all", v}}})
	}
	list = append(list,
		thing{ID: "list", F: fields{"v": []any{1}, "k": 1, "tags": []any{"all"}}},
		thing{ID: "map", F: fields{"v": fields{"a": 1}, "k": 1, "tags": []any{"all"}}},
		thing{ID: "missing", F: fields{"k": 1, "tags": []any{"all"}}})
	e.put(list...)
	return ids
}

func typeOrder(e *env) {
	ids := e.putLadder()
	back := slices.Clone(ids)
	slices.Reverse(back)
	for _, where := range [][]store.Filter{nil, {store.Is("f.k", 1)}, {store.Has("f.tags", "all")}, {store.Is("f.k", 1), store.Has("f.tags", "all")}} {
		for _, limit := range []int{1, 4, 100} {
			e.list("ascending", store.Query{Where: where, Order: "f.v", Limit: limit}, ids...)
			e.list("descending", store.Query{Where: where, Order: "f.v", Desc: true, Limit: limit}, back...)
		}
	}
}

func missingAndNull(e *env) {
	e.put(thing{ID: "null", F: fields{"v": nil, "k": nil}}, thing{ID: "missing", F: fields{}}, thing{ID: "one", F: fields{"v": 1, "k": 1}})
	e.list("in order", store.Query{Order: "f.v"}, "null", "one")
	e.list("== null", store.Query{Where: []store.Filter{store.Is("f.v", nil)}}, "null")
	e.list("equal and ordered", store.Query{Where: []store.Filter{store.Is("f.k", nil)}, Order: "f.v"}, "null")
	e.list("by id", store.Query{}, "missing", "null", "one")
}

func compare(field string, op store.FilterOp, v any) store.Filter {
	return store.Filter{Field: field, Op: op, Value: v}
}

// bracketing checks every range operator at every step of the ladder: it finds
// values of its own type only.
func bracketing(e *env) {
	ids := e.putLadder()
	for i, v := range ladder {
		for _, op := range []store.FilterOp{store.Lt, store.Le, store.Gt, store.Ge} {
			var want []string
			for j, w := range ladder {
				if rank(v) == rank(w) && holds(op, j-i) {
					want = append(want, ids[j])
				}
			}
			e.list(fmt.Sprintf("%s %#v", op, v), store.Query{Where: []store.Filter{compare("f.v", op, v)}, Order: "f.v"}, want...)
		}
	}
	e.list("between", store.Query{Where: []store.Filter{compare("f.v", store.Gt, -1), compare("f.v", store.Lt, 1)}, Order: "f.v"}, ids[6:9]...)
	e.list("of two types", store.Query{Where: []store.Filter{compare("f.v", store.Gt, -1), compare("f.v", store.Lt, "z")}, Order: "f.v"})
	e.list("of two types, swapped", store.Query{Where: []store.Filter{compare("f.v", store.Gt, "a"), compare("f.v", store.Lt, 5)}, Order: "f.v", Desc: true})
	e.list("empty", store.Query{Where: []store.Filter{compare("f.v", store.Gt, 1), compare("f.v", store.Lt, 1)}, Order: "f.v"})
}

// holds tells whether op holds for values that stand in order like sign and 0.
func holds(op store.FilterOp, sign int) bool {
	switch op {
	case store.Lt:
		return sign < 0
	case store.Le:
		return sign <= 0
	case store.Gt:
		return sign > 0
	}
	return sign >= 0
}

func numbers(e *env) {
	const two53 = 1 << 53
	e.put(
		thing{ID: "a", F: fields{"v": int64(two53 - 1)}}, thing{ID: "b", F: fields{"v": int64(two53)}},
		thing{ID: "c", F: fields{"v": float64(two53)}}, thing{ID: "d", F: fields{"v": int64(two53 + 1)}},
		thing{ID: "e", F: fields{"v": float64(two53 + 2)}}, thing{ID: "f", F: fields{"v": int64(two53 + 3)}},
		thing{ID: "g", F: fields{"v": int64(math.MaxInt64 - 1)}}, thing{ID: "h", F: fields{"v": int64(math.MaxInt64)}},
		thing{ID: "i", F: fields{"v": float64(1 << 63)}},
		thing{ID: "z", F: fields{"v": math.Copysign(0, -1)}}, thing{ID: "zz", F: fields{"v": 0}},
	)
	e.list("in order", store.Query{Order: "f.v"}, "z", "zz", "a", "b", "c", "d", "e", "f", "g", "h", "i")
	is := func(v any) store.Query { return store.Query{Where: []store.Filter{store.Is("f.v", v)}} }
	e.list("== 2^53", is(int64(two53)), "b", "c")
	e.list("== 2^53 as a float", is(float64(two53)), "b", "c")
	e.list("== 2^53+1", is(int64(two53+1)), "d")
	e.list("== 2^53+2", is(int64(two53+2)), "e")
	e.list("== 0", is(0), "z", "zz")
	e.list("== 2^63-1", is(int64(math.MaxInt64)), "h")
	e.list("> 2^53 as a float", store.Query{Where: []store.Filter{compare("f.v", store.Gt, float64(two53))}, Order: "f.v"}, "d", "e", "f", "g", "h", "i")
	e.list("< 2^63", store.Query{Where: []store.Filter{compare("f.v", store.Lt, float64(1<<63)), compare("f.v", store.Ge, int64(math.MaxInt64))}, Order: "f.v"}, "h")
}

// text checks the order of UTF-8 bytes, which is that of code points and not
// that of UTF-16.
func text(e *env) {
	words := []string{"", "A", "B", "a", "aa", "ab", "b", "z", "Łódź", "ó", "ą", "ż", "～", "😀"}
	slices.SortFunc(words, func(a, b string) int { return slices.Compare([]rune(a), []rune(b)) })
	if i, j := slices.Index(words, "～"), slices.Index(words, "😀"); i > j {
		e.Fatal("U+FF5E must stand before an emoji")
	}
	var list []thing
	var want []string
	for i, w := range words {
		id := fmt.Sprintf("w%02d", (i*5)%len(words))
		list, want = append(list, thing{ID: id, F: fields{"v": w}}), append(want, id)
	}
	e.put(list...)
	e.list("in order", store.Query{Order: "f.v"}, want...)
	e.list("prefix a", store.Query{Where: []store.Filter{compare("f.v", store.Ge, "a"), compare("f.v", store.Lt, "b")}, Order: "f.v"}, want[3:6]...)
	e.list("no folding", store.Query{Where: []store.Filter{store.Is("f.v", "b")}}, want[slices.Index(words, "b")])
}

func equality(e *env) {
	e.put(
		thing{ID: "true", F: fields{"v": true, "tags": []any{true}}}, thing{ID: "int", F: fields{"v": 1, "tags": []any{1}}},
		thing{ID: "float", F: fields{"v": 1.0, "tags": []any{1.0}}}, thing{ID: "text", F: fields{"v": "1", "tags": []any{"1"}}},
		thing{ID: "bytes", F: fields{"v": []byte("1"), "tags": []any{[]byte("1")}}}, thing{ID: "time", F: fields{"v": crm.Time(1), "tags": []any{crm.Time(1)}}},
		thing{ID: "list", F: fields{"v": []any{1}, "tags": 1}},
	)
	for _, c := range []struct {
		v    any
		want []string
	}{
		{true, []string{"true"}}, {1, []string{"float", "int"}}, {1.0, []string{"float", "int"}}, {"1", []string{"text"}},
		{[]byte("1"), []string{"bytes"}}, {crm.Time(1), []string{"time"}}, {false, nil}, {nil, nil},
	} {
		e.list(fmt.Sprintf("== %#v", c.v), store.Query{Where: []store.Filter{store.Is("f.v", c.v)}}, c.want...)
		e.list(fmt.Sprintf("contains %#v", c.v), store.Query{Where: []store.Filter{store.Has("f.tags", c.v)}}, c.want...)
	}
}
