package store

import (
	"bytes"
	"math"
	"testing"

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
