package firestore

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"threadline/internal/store"
)

// TestPositionText: a position survives being written down; anything else is
// refused.
func TestPositionText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := position{at: rapid.Int64().Draw(t, "at"), seen: map[mark]bool{}}
		for _, b := range rapid.SliceOfN(rapid.Uint64(), 0, 5).Draw(t, "seen") {
			p.seen[mark{byte(b), byte(b >> 8), byte(b >> 16)}] = true
		}
		got, err := readPosition(p.String())
		if err != nil || got.at != p.at || !maps.Equal(got.seen, p.seen) {
			t.Fatalf("%+v came back as %+v, %v", p, got, err)
		}
	})
	for _, bad := range []store.Position{"nowhere", "17", "AAAA", "!", position{}.String() + "AA"} {
		if _, err := readPosition(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
