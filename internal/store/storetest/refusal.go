package storetest

import (
	"fmt"
	"math"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var refusalCases = []testCase{
	{"refuse/values", badValues},
	{"refuse/limits", limits},
	{"refuse/ids", badIDs},
	{"refuse/queries", badQueries},
	{"refuse/transforms", badTransforms},
	{"refuse/without-index", withoutIndex},
}

func nested(depth int) any {
	var v any = int64(1)
	for range depth {
		v = fields{"m": v}
	}
	return v
}

func badValues(e *env) {
	for _, c := range []struct {
		name  string
		f     fields
		field string
	}{
		{"NaN", fields{"v": math.NaN()}, "f.v"},
		{"infinity", fields{"a": fields{"b": math.Inf(1)}}, "f.a.b"},
		{"float32", fields{"v": float32(0.5)}, "f.v"},
		{"text that is not UTF-8", fields{"tags": []string{"good", "b\xffd"}}, "f.tags.1"},
		{"a name that is not UTF-8", fields{"b\xffd": 1}, "f"},
		{"array in array", fields{"v": []any{1, []any{2}}}, "f.v.1"},
		{"map in array with a bad value", fields{"v": []any{fields{"x": math.NaN()}}}, "f.v.0.x"},
		{"an unsigned number over 63 bits", fields{"v": uint64(1 << 63)}, "f.v"},
		{"a reserved name", fields{"a": fields{"__x__": 1}}, "f.a"},
		{"an empty name", fields{"": 1}, "f"},
		{"a name of 1501 bytes", fields{strings.Repeat("n", 1501): 1}, "f"},
		{"numbered fields", fields{"v": map[int]any{1: 1}}, "f.v"},
		{"maps too deep", fields{"v": nested(19)}, "f.v." + strings.Repeat("m.", 17) + "m"},
	} {
		for how, put := range map[string]func(w store.Writer, v *thing){"put": things.Put, "create": things.Create} {
			err := e.commit(func(b *store.Batch) {
				things.Put(b, &thing{ID: "good"})
				put(b, &thing{ID: "bad", F: c.f})
			})
			if got := e.wants(how+" "+c.name, err, crm.Invalid).Field; got != c.field {
				e.Errorf("%s %s blames %q, want %q", how, c.name, got, c.field)
			}
		}
	}
	e.list("what is left", store.Query{})
	e.must(e.commit(func(b *store.Batch) { things.Put(b, &thing{ID: "deep", F: fields{"v": nested(18)}}) }))
}

func limits(e *env) {
	tooLarge := func(what string, f fields, field string) {
		err := e.commit(func(b *store.Batch) { things.Put(b, &thing{ID: "big", F: f}) })
		if got := e.wants(what, err, crm.TooLarge).Field; field != "" && got != field {
			e.Errorf("%s blames %q, want %q", what, got, field)
		}
	}
	e.put(thing{ID: "large", F: fields{"text": strings.Repeat("x", 990<<10)}})
	if n := len(e.get("large").Value.F["text"].(string)); n != 990<<10 {
		e.Errorf("%d bytes came back", n)
	}
	tooLarge("a document of 1 MiB", fields{"text": strings.Repeat("x", 1<<20)}, "")
	e.put(thing{ID: "key", F: fields{"v": strings.Repeat("x", 1500), "tags": []string{strings.Repeat("y", 1500)}}})
	tooLarge("an indexed value", fields{"v": strings.Repeat("x", 1501)}, "f.v")
	tooLarge("indexed bytes", fields{"v": make([]byte, 1501)}, "f.v")
	tooLarge("an indexed element", fields{"tags": []string{"a", strings.Repeat("y", 1501)}}, "f.tags")
	many := make([]int, 41000)
	for i := range many {
		many[i] = i
	}
	tooLarge("many elements", fields{"tags": many}, "")
	e.list("what is there", store.Query{}, "key", "large")
}

func badIDs(e *env) {
	for _, id := range []string{"", "a/b", "a.b", "a b", "ą", "__x__", "____", strings.Repeat("x", 257), "a\x00", "a\n"} {
		_, get := things.Get(e.Context(), e.sp, id)
		e.wants(fmt.Sprintf("get %q", id), get, crm.Invalid)
		e.wants(fmt.Sprintf("put %q", id), e.commit(func(b *store.Batch) { things.Put(b, &thing{ID: id}) }), crm.Invalid)
		e.wants(fmt.Sprintf("delete %q", id), e.commit(func(b *store.Batch) { things.Delete(b, id) }), crm.Invalid)
	}
	for _, id := range []string{"a", "-", "_", "__", "___", "__x", "x__", "A-b_9", strings.Repeat("x", 256)} {
		e.put(thing{ID: id, F: fields{"v": id}})
		e.get(id)
	}
	for _, ws := range []crm.WorkspaceID{"", "a/b", "__x__"} {
		sp := e.h.store.In(ws)
		_, get := things.Get(e.Context(), sp, "a")
		_, query := things.Query(e.Context(), sp, store.Query{})
		_, count := sp.Count(e.Context(), things.Name, store.Query{})
		_, _, feed := sp.Changes(e.Context(), "", 1)
		b := sp.Batch()
		things.Put(b, &thing{ID: "a"})
		for what, err := range map[string]error{"get": get, "query": query, "count": count, "feed": feed, "commit": b.Commit(e.Context())} {
			e.wants(fmt.Sprintf("%s in workspace %q", what, ws), err, crm.Invalid)
		}
	}
}

func badQueries(e *env) {
	eleven, thirtyOne := make([]any, 11), make([]any, 31)
	for name, q := range map[string]store.Query{
		"two array tests":          {Where: []store.Filter{store.Has("f.tags", 1), store.Has("f.v", 1)}},
		"two lists":                {Where: []store.Filter{store.OneOf("f.k", []int{1}), store.HasAny("f.tags", []int{1})}, Order: "f.v"},
		"a range without order":    {Where: []store.Filter{compare("f.v", store.Gt, 1)}},
		"a range beside the order": {Where: []store.Filter{compare("f.k", store.Gt, 1)}, Order: "f.v"},
		"a field twice":            {Where: []store.Filter{store.Is("f.k", 1), store.Is("f.k", 2)}, Order: "f.v"},
		"an unknown filter":        {Where: []store.Filter{compare("f.v", "!=", 1)}},
		"no alternatives":          {Where: []store.Filter{store.OneOf("f.k", []int{})}, Order: "f.v"},
		"eleven alternatives":      {Where: []store.Filter{store.OneOf("f.k", eleven)}, Order: "f.v"},
		"thirty-one elements":      {Where: []store.Filter{store.HasAny("f.tags", thirtyOne)}},
		"a map as a value":         {Where: []store.Filter{store.Is("f.v", fields{})}},
		"NaN as a value":           {Where: []store.Filter{store.Is("f.v", math.NaN())}},
		// Firestore has no descending scan of keys, so no engine may have one.
		"backwards by id":               {Desc: true},
		"backwards by an element's ids": {Where: []store.Filter{store.Has("f.tags", 1)}, Desc: true},
		"a list as a bound":             {Where: []store.Filter{compare("f.v", store.Gt, []any{1})}, Order: "f.v"},
	} {
		_, err := things.Query(e.Context(), e.sp, q)
		e.wants(name, err, crm.Invalid)
		_, err = e.sp.Count(e.Context(), things.Name, q)
		e.wants("count of "+name, err, crm.Invalid)
	}
}

func badTransforms(e *env) {
	for name, t := range map[string]store.Transform{
		"no field":           {Kind: store.ServerTime},
		"an empty step":      {Field: at(""), Kind: store.ServerTime},
		"an unknown kind":    {Field: at("v"), Kind: "maximum", Value: 1},
		"a union of text":    {Field: at("v"), Kind: store.ArrayUnion, Value: "x"},
		"a union of lists":   {Field: at("v"), Kind: store.ArrayUnion, Value: []any{[]any{1}}},
		"a union of NaN":     {Field: at("v"), Kind: store.ArrayUnion, Value: []any{math.NaN()}},
		"an increment of ω":  {Field: at("v"), Kind: store.Increment, Value: "ω"},
		"an increment of ∞":  {Field: at("v"), Kind: store.Increment, Value: math.Inf(1)},
		"a reserved name":    {Field: at("__v__"), Kind: store.Increment, Value: 1},
		"text without UTF-8": {Field: at("v"), Kind: store.ArrayUnion, Value: []any{"\xff"}},
	} {
		e.wants(name, e.transform("a", t), crm.Invalid)
	}
	e.list("what is left", store.Query{})
}

// withoutIndex checks that no engine answers a query that another could not,
// and that the lines to add are named.
func withoutIndex(e *env) {
	e.put(thing{ID: "a", F: fields{"v": 1, "k": 1, "j": 1, "tags": []any{"x"}}})
	for name, q := range map[string]store.Query{
		"an order":            {Order: "f.j"},
		"an equality":         {Where: []store.Filter{store.Is("f.j", 1)}},
		"an equality by id":   {Where: []store.Filter{store.Is("f.k", 1)}},
		"an array":            {Where: []store.Filter{store.Has("f.j", 1)}},
		"equality and array":  {Where: []store.Filter{store.Is("f.j", 1), store.Has("f.tags", "x")}},
		"two equalities, one": {Where: []store.Filter{store.Is("f.k", 1), store.Is("f.j", 1)}, Order: "f.v"},
		"an unknown field":    {Order: "f.nowhere"},
	} {
		_, err := things.Query(e.Context(), e.sp, q)
		hint := e.wants(name, err, crm.MissingIndex).Hint
		for _, want := range []string{`"fieldPath"`, things.Name, "f."} {
			if !strings.Contains(hint, want) {
				e.Errorf("%s: the hint %q does not hold %q", name, hint, want)
			}
		}
	}
	e.list("two equalities", store.Query{Where: []store.Filter{store.Is("f.j", 1), store.Is("f.k", 1)}}, "a")
	e.list("equality on the ordered field", store.Query{Where: []store.Filter{store.Is("f.v", 1), store.Is("f.k", 1)}}, "a")
}
