package store

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"testing"

	"threadline/internal/crm"
)

// FuzzWalker feeds any bytes to the check of documents: it never panics, and
// what it accepts can be decoded, indexed and stored again.
func FuzzWalker(f *testing.F) {
	c, err := NewCodec()
	if err != nil {
		f.Fatal(err)
	}
	for _, doc := range []map[string]any{
		{}, {"a": nil, "b": true, "c": int64(-5), "d": 0.5, "e": "é", "f": []byte{0}, "g": crm.Time(7)},
		{"a": []any{int64(1), map[string]any{"b": []any{"x"}}}, "t": []any{"x", "x", nil}},
	} {
		data, err := c.encode(doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, bad := range []string{"", "\xa1", "\xa1\x61a\xf9\x00\x00", "\xbf\xff", "\xa1\x61a\x9b\xff\xff\xff\xff\xff\xff\xff\xff", "\xa1\x61a\xd9\x54\x4c\x61x", "\xa1\x61a\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00", "\xa1\x61a\xf8\x14"} {
		f.Add([]byte(bad))
	}
	x := NewIndexes([]Index{{Collection: "c", Order: "a"}, {Collection: "c", Array: "t", Order: "a"}, {Collection: "c", Equal: []string{"a.b"}, Order: "g"}})
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := x.check("c", data); (err == nil) != (checkDocument(data) == nil) && !crm.IsKind(err, crm.TooLarge) {
			t.Fatalf("the two checks disagree: %v", err)
		}
		if checkDocument(data) != nil {
			return
		}
		if _, err := x.Entries("c", "id", data); err != nil {
			t.Fatalf("accepted but not indexed: %v", err)
		}
		fields, err := c.fields(data)
		if err != nil {
			t.Fatalf("accepted but not decoded: %v", err)
		}
		again, err := c.encode(fields)
		if err != nil {
			t.Fatalf("decoded but not encoded: %v", err)
		}
		if err := checkDocument(again); err != nil {
			t.Fatalf("refused what it accepted: %v", err)
		}
	})
}

// FuzzKeyOrder compares keys with values the slow way: numbers as exact
// rationals, text and bytes as bytes.
func FuzzKeyOrder(f *testing.F) {
	f.Add(int64(0), int64(1), 0.0, 1.0, "", "a", uint8(0))
	f.Add(int64(1<<53), int64(1<<53+1), float64(1<<53), float64(1<<53+2), "a\x00", "a", uint8(7))
	f.Add(int64(math.MaxInt64), int64(math.MinInt64), float64(1<<63), -float64(1<<63), "～", "😀", uint8(255))
	f.Add(int64(-1), int64(1), math.Copysign(0, -1), 5e-324, "\x00", "\x00\xff", uint8(3))
	f.Fuzz(func(t *testing.T, i, j int64, x, y float64, s, u string, mix uint8) {
		values := []any{nil, false, true, i, j, crm.Time(i), crm.Time(j), s, u, []byte(s), []byte(u)}
		for _, v := range []float64{x, y, float64(i), float64(j)} {
			if p, ok := plain(v); ok {
				values = append(values, p)
			}
		}
		for _, a := range values {
			for _, b := range values {
				want := slowOrder(a, b)
				// What follows a key must not change the order of different ones.
				ka, kb := append(appendKey(nil, a), mix), append(appendKey(nil, b), ^mix)
				if want == 0 {
					ka, kb = ka[:len(ka)-1], kb[:len(kb)-1]
				}
				if got := bytes.Compare(ka, kb); got != want {
					t.Fatalf("%#v and %#v compare as %d, their keys as %d", a, b, want, got)
				}
				if low, high := typeBounds(a); bytes.Compare(low, ka) > 0 || bytes.Compare(ka, high) >= 0 {
					t.Fatalf("%#v lies outside of its type", a)
				}
				if end := keyEnd(appendKey(nil, a)); bytes.Compare(ka, end) >= 0 {
					t.Fatalf("%#v lies behind the end of its key", a)
				}
			}
		}
	})
}

func slowOrder(a, b any) int {
	kind := func(v any) int {
		switch v.(type) {
		case nil:
			return 0
		case bool:
			return 1
		case int64, float64:
			return 2
		case crm.Time:
			return 3
		case string:
			return 4
		}
		return 5
	}
	if d := kind(a) - kind(b); d != 0 {
		return max(-1, min(1, d))
	}
	switch x := a.(type) {
	case bool:
		return slices.Index([]bool{false, true}, x) - slices.Index([]bool{false, true}, b.(bool))
	case crm.Time:
		return big.NewInt(int64(x)).Cmp(big.NewInt(int64(b.(crm.Time))))
	case string:
		return bytes.Compare([]byte(x), []byte(b.(string)))
	case []byte:
		return bytes.Compare(x, b.([]byte))
	case int64, float64:
		return rational(a).Cmp(rational(b))
	}
	return 0
}

func rational(v any) *big.Rat {
	if n, ok := v.(int64); ok {
		return new(big.Rat).SetInt64(n)
	}
	return new(big.Rat).SetFloat64(v.(float64))
}
