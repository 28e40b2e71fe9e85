package store

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"

	"threadline/internal/crm"
)

// TestCutKey holds the inverse of appendKey to it: the value that comes back
// has the same key, and what follows is left alone.
func TestCutKey(t *testing.T) {
	check := func(fatal func(string, ...any), v any, tail []byte) {
		key := appendKey(nil, v)
		got, rest, ok := cutKey(append(bytes.Clone(key), tail...))
		if !ok || !bytes.Equal(appendKey(nil, got), key) || !bytes.Equal(rest, tail) {
			fatal("%#v came back as %#v with the rest %x, %t", v, got, rest, ok)
		}
	}
	for _, v := range []any{nil, true, false, int64(math.MaxInt64), int64(math.MinInt64), int64(math.MaxInt64 - 1), float64(1 << 63), -float64(1 << 63), 0.1, 5e-324,
		math.MaxFloat64, "", "\x00", "a\x00\x01", []byte{}, []byte{0, 255, 0, 1}, crm.Time(-1), crm.Time(math.MaxInt64)} {
		check(t.Fatalf, v, []byte("con_1"))
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(rapid.Int64().AsAny(), rapid.Float64().AsAny(), rapid.String().AsAny(), rapid.SliceOf(rapid.Byte()).AsAny()).Draw(t, "v")
		check(t.Fatalf, v, rapid.SliceOf(rapid.Byte()).Draw(t, "tail"))
	})
	for _, bad := range []string{"", "\x02", "\x03\x80", "\x04", "\x05abc", "\x05a\x00", "\x05a\x00\x02", "\x09"} {
		if v, _, ok := cutKey([]byte(bad)); ok {
			t.Errorf("%q was read as %#v", bad, v)
		}
	}
}

// TestOneUseOfAField: an engine keeps one value of a field beside the document,
// so an array test and an order by the same field would not fit together.
func TestOneUseOfAField(t *testing.T) {
	arrays, scalars := map[string]bool{}, map[string]bool{}
	for _, ix := range Shapes() {
		for _, f := range append([]string{ix.Order}, ix.Equal...) {
			scalars[ix.Collection+"/"+f] = true
		}
		if ix.Array != "" {
			arrays[ix.Collection+"/"+ix.Array] = true
		}
	}
	for f := range arrays {
		if scalars[f] {
			t.Errorf("%s is tested as an array and compared", f)
		}
	}
}
