package storetest

import (
	"fmt"

	"threadline/internal/store"
)

var aggregateCases = []testCase{
	{"aggregate/count-and-sum", countAndSum},
	{"aggregate/nothing", aggregateNothing},
}

func countAndSum(e *env) {
	var list []thing
	for i := range 120 {
		f := fields{"k": i % 3, "v": i, "n": 100 + i, "tags": []any{"all", i % 4, i % 5}}
		switch i % 10 {
		case 7:
			f["n"] = "text"
		case 8:
			f["n"] = nil
		case 9:
			delete(f, "n")
		}
		list = append(list, thing{ID: fmt.Sprintf("d%03d", i), F: f})
	}
	e.put(list...)
	for _, c := range []struct {
		name string
		q    store.Query
		keep func(i int) bool
	}{
		{"all", store.Query{}, func(int) bool { return true }},
		{"in order, with a limit", store.Query{Order: "f.v", Limit: 3, Desc: true}, func(int) bool { return true }},
		{"an equality", store.Query{Where: []store.Filter{store.Is("f.k", 1)}, Order: "f.v"}, func(i int) bool { return i%3 == 1 }},
		{"a list", store.Query{Where: []store.Filter{store.OneOf("f.k", []int{0, 2})}, Order: "f.v"}, func(i int) bool { return i%3 != 1 }},
		{"a range", store.Query{Where: []store.Filter{compare("f.v", store.Ge, 50), compare("f.v", store.Lt, 90.5)}, Order: "f.v"}, func(i int) bool { return i >= 50 && i <= 90 }},
		{"an element", store.Query{Where: []store.Filter{store.Has("f.tags", 4)}}, func(i int) bool { return i%5 == 4 }},
		{"some elements", store.Query{Where: []store.Filter{store.HasAny("f.tags", []any{"all", 1, 2})}, Order: "f.v"}, func(int) bool { return true }},
	} {
		var count, sum int64
		for i := range 120 {
			if c.keep(i) {
				count++
				if i%10 < 7 {
					sum += int64(100 + i)
				}
			}
		}
		if got, err := e.sp.Count(e.Context(), things.Name, c.q); got != count || err != nil {
			e.Errorf("count of %s: %d, %v, want %d", c.name, got, err, count)
		}
		if got, err := e.sp.Sum(e.Context(), things.Name, c.q, "f.n"); got != sum || err != nil {
			e.Errorf("sum of %s: %d, %v, want %d", c.name, got, err, sum)
		}
	}
}

func aggregateNothing(e *env) {
	for _, q := range []store.Query{{}, {Order: "f.v"}, {Where: []store.Filter{store.Has("f.tags", 1)}}, {Where: []store.Filter{store.HasAny("f.tags", []int{1, 2})}}} {
		if n, err := e.sp.Count(e.Context(), things.Name, q); n != 0 || err != nil {
			e.Errorf("count of nothing: %d, %v", n, err)
		}
		if n, err := e.sp.Sum(e.Context(), things.Name, q, "f.n"); n != 0 || err != nil {
			e.Errorf("sum of nothing: %d, %v", n, err)
		}
	}
}
