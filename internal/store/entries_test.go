package store

import (
	"bytes"
	"maps"
	"math"
	"testing"

	"pgregory.net/rapid"

	"threadline/internal/crm"
)

// TestEntries: what one index makes of a field takes nothing from another one, of
// which the same field is the list.
func TestEntries(t *testing.T) {
	c, err := NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	data, err := c.encode(map[string]any{"a": int64(1), "t": []any{"x", "y"}})
	if err != nil {
		t.Fatal(err)
	}
	list := Index{Collection: "c", Array: "t", Order: "a"}
	for name, other := range map[string]Index{"Equal": {Collection: "c", Equal: []string{"t"}}, "Order": {Collection: "c", Order: "t"}} {
		got, err := NewIndexes([]Index{other, list}).Entries("c", "id", data)
		if err != nil || len(got) != 2 || got[0].Index.Name() != list.Name() || got[1].Index.Name() != list.Name() {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestRawKeys: the key of an encoded value is that of the value.
func TestRawKeys(t *testing.T) {
	c, err := NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{nil, true, false, int64(0), int64(-1), int64(23), int64(24), int64(math.MaxInt64), int64(math.MinInt64), 1.5, math.Copysign(0, -1), 1e300,
		"", "a", "a\x00b\x00", "Łódź", []byte{}, []byte{0, 1, 255}, crm.Time(0), crm.Time(-5), crm.Time(1 << 60)} {
		raw, err := c.encode(v)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := appendRawKey([]byte("x"), raw)
		if want := appendKey([]byte("x"), v); !ok || !bytes.Equal(got, want) {
			t.Errorf("%T %v: % x, %v; want % x", v, v, got, ok, want)
		}
	}
	for _, v := range []any{[]any{"a"}, map[string]any{"a": "b"}} {
		raw, err := c.encode(v)
		if err != nil {
			t.Fatal(err)
		}
		if key, ok := appendRawKey(nil, raw); ok || len(key) > 0 {
			t.Errorf("%v has the key % x", v, key)
		}
	}
}

// TestMoved: what a document loses and gains is what its entries before and after
// differ in.
func TestMoved(t *testing.T) {
	c, err := NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	x := NewIndexes([]Index{{Collection: "c", Array: "t", Order: "a"}, {Collection: "c", Array: "t"}, {Collection: "c", Equal: []string{"e"}, Order: "a"}, {Collection: "c", Equal: []string{"e", "m.n"}}})
	rapid.Check(t, func(t *rapid.T) {
		draw := func() []byte {
			doc := map[string]any{}
			for _, f := range []string{"a", "e"} {
				if rapid.Bool().Draw(t, "has") {
					doc[f] = rapid.SampledFrom([]any{int64(1), int64(2), "x", nil}).Draw(t, f)
				}
			}
			if n := rapid.SampledFrom([]int{0, 1, 3, 40}).Draw(t, "n"); n > 0 {
				doc["t"] = rapid.SliceOfN(rapid.SampledFrom([]any{"a", "b", "c", int64(1), nil, "d", "e", "f"}), 0, n).Draw(t, "t")
			}
			if rapid.Bool().Draw(t, "deep") {
				doc["m"] = map[string]any{"n": rapid.IntRange(0, 1).Draw(t, "m")}
			}
			data, err := c.encode(doc)
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		was, is := draw(), draw()
		lost, gained, err := x.Moved("c", "id", was, is)
		if err != nil {
			t.Fatal(err)
		}
		before, after := entriesOf(t, x, was), entriesOf(t, x, is)
		for _, e := range lost {
			if k := nameAndKey(e); !before[k] || after[k] {
				t.Fatalf("%q is lost", k)
			} else {
				delete(before, k)
			}
		}
		for _, e := range gained {
			if k := nameAndKey(e); before[k] || !after[k] {
				t.Fatalf("%q is gained", k)
			} else {
				before[k] = true
			}
		}
		if !maps.Equal(before, after) {
			t.Fatalf("%v are left of %v", before, after)
		}
	})
}

func entriesOf(t *rapid.T, x *Indexes, data []byte) map[string]bool {
	list, err := x.Entries("c", "id", data)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, e := range list {
		out[nameAndKey(e)] = true
	}
	return out
}

func nameAndKey(e Entry) string { return e.Index.Name() + " " + string(e.Key) }
