package imap

import (
	"math/rand/v2"
	"testing"
)

func TestCursorText(t *testing.T) {
	c := cursor{epoch: 1795309528, next: 4294967295, modseq: 18446744073709551615, count: 20000}
	back, ok := parseCursor(c.String())
	if !ok || back != c {
		t.Errorf("%s came back as %+v, %v", c, back, ok)
	}
	for _, s := range []string{"", "1.2.3", "1.2.3.4.5", "0.2.3.4", "1.0.3.4", "a.2.3.4", "1.2.3.-4", "01.2.3.4", "1. 2.3.4", "1.4294967296.3.4"} {
		if c, ok := parseCursor(s); ok {
			t.Errorf("%q was taken for %+v", s, c)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"1.2.3.4", "1795309528.3.6.1", "1.1.0.0", "+1.2.3.4", "1..3.4", "9.9.18446744073709551616.9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := parseCursor(s); ok && c.String() != s {
			t.Errorf("%q is read as %q", s, c)
		}
	})
}

func TestVoids(t *testing.T) {
	old := cursor{epoch: 7, next: 10, modseq: 20, count: 5}
	for _, c := range []struct {
		now  cursor
		want bool
	}{
		{old, false},
		{cursor{epoch: 7, next: 11, modseq: 21, count: 6}, false},
		{cursor{epoch: 8, next: 10, modseq: 20, count: 5}, true},
		{cursor{epoch: 7, next: 9, modseq: 21, count: 5}, true},
		{cursor{epoch: 7, next: 10, modseq: 19, count: 5}, true},
		{cursor{epoch: 7, next: 10, modseq: 0, count: 5}, false}, // CONDSTORE was taken away
	} {
		if got := c.now.voids(old); got != c.want {
			t.Errorf("%s after %s: void %v, want %v", c.now, old, got, c.want)
		}
	}
}

// TestNoDeletionIsMissed plays random histories of a folder: whenever a copy
// that the old cursor counted is gone, the new one says so.
func TestNoDeletionIsMissed(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		alive, next := map[uint64]bool{}, uint64(1)
		step := func() {
			switch rnd.IntN(4) {
			case 0: // a UID that is never seen: the mail went at once, or the server skips
				next++
			case 1:
				for k := range alive {
					delete(alive, k)
					break
				}
			default:
				alive[next] = true
				next++
			}
		}
		at := func() cursor { return cursor{epoch: 1, next: next, count: uint64(len(alive))} }
		for range rnd.IntN(12) {
			step()
		}
		old, then := at(), map[uint64]bool{}
		for k := range alive {
			then[k] = true
		}
		for range rnd.IntN(8) {
			step()
		}
		gone := false
		for k := range then {
			gone = gone || !alive[k]
		}
		if gone && !at().shrank(old) {
			t.Fatalf("from %s to %s a deletion is missed", old, at())
		}
		if !gone && at().next == old.next && at().shrank(old) {
			t.Fatalf("from %s to %s nothing happened, but a recount is asked for", old, at())
		}
	}
}
