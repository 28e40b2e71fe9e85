package crm

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKeySet holds the algebra of ranges against plain sets of numbers.
func TestKeySet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func() (KeySet, map[Key]bool) {
		m := map[Key]bool{}
		var ks []Key
		for range rng.IntN(30) {
			k := Key(1 + rng.IntN(40))
			m[k] = true
			ks = append(ks, k)
		}
		return Keys(ks...), m
	}
	list := func(f func(Key) bool) []Key {
		var out []Key
		for k := Key(1); k <= 41; k++ {
			if f(k) {
				out = append(out, k)
			}
		}
		return out
	}
	for range 3000 {
		a, ma := random()
		b, mb := random()
		for _, c := range []struct {
			name string
			got  KeySet
			want []Key
		}{
			{"Has", a, list(a.Has)},
			{"Union", a.Union(b), list(func(k Key) bool { return ma[k] || mb[k] })},
			{"Minus", a.Minus(b), list(func(k Key) bool { return ma[k] && !mb[k] })},
			{"Intersect", a.Intersect(b), list(func(k Key) bool { return ma[k] && mb[k] })},
		} {
			got := slices.Collect(c.got.All())
			if d := cmp.Diff(c.want, got); d != "" {
				t.Fatalf("%s of %v and %v: %s", c.name, a, b, d)
			}
			if int64(len(got)) != c.got.Size() {
				t.Fatalf("%s: Size of %v is %d", c.name, c.got, c.got.Size())
			}
		}
		n := rng.IntN(20)
		all := slices.Collect(a.All())
		if d := cmp.Diff(all[max(0, len(all)-n):], slices.Collect(a.Top(int64(n)).All())); len(all) > 0 && n > 0 && d != "" {
			t.Fatalf("Top(%d) of %v: %s", n, a, d)
		}
		stored, err := a.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back KeySet
		if err := back.UnmarshalBinary(stored); err != nil || !slices.Equal(a, back) {
			t.Fatalf("%v came back as %v (%v)", a, back, err)
		}
	}
}

func FuzzKeySet(f *testing.F) {
	f.Add([]byte{1, 4, 2, 0})
	f.Add([]byte{0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s KeySet
		if s.UnmarshalBinary(b) == nil {
			s.Size()
		}
	})
}
