package export

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"threadline/internal/crm"
)

func TestAppendValue(t *testing.T) {
	for want, v := range map[string]any{
		`null`:                          nil,
		`3`:                             int64(3),
		`3.0`:                           3.0,
		`1e+30`:                         1e30,
		`-0.5`:                          -0.5,
		`"2026-11-22T09:30:00.000001Z"`: crm.Time(1795339800000001),
		`"aGk="`:                        []byte("hi"),
		`"a\"\\\n\r\t\u0000\u001f<é😀"`:  "a\"\\\n\r\t\x00\x1f<é😀",
		`{"a":1,"b":{"c":[1,{}]}}`:      map[string]any{"b": map[string]any{"c": []any{int64(1), map[string]any{}}}, "a": int64(1), "d": nil, "e": []any{}, "f": map[string]any{"g": nil}, "h": crm.Time(0)},
	} {
		got, err := appendValue(nil, v)
		if err != nil || string(got) != want {
			t.Errorf("%v gives %s, want %s (%v)", v, got, want, err)
		}
	}
	for _, v := range []any{math.NaN(), math.Inf(1), struct{}{}, []any{int32(1)}} {
		if got, err := appendValue(nil, v); err == nil {
			t.Errorf("%v gives %s", v, got)
		}
	}
}

func FuzzAppendText(f *testing.F) {
	f.Add("plain")
	f.Add("a\"\\\n\x00\u2028\xff")
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if err := json.Unmarshal(appendText(nil, s), &back); err != nil {
			t.Fatal(err)
		}
		if want := strings.ToValidUTF8(s, "\uFFFD"); back != want {
			t.Errorf("%q comes back as %q", s, back)
		}
	})
}
