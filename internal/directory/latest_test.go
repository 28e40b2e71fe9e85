package directory

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestLatest compares it with a list that is searched.
func TestLatest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, order, is := newLatest[int, int](3), []int(nil), map[int]int{}
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			q := rapid.IntRange(0, 6).Draw(t, "question")
			at := slices.Index(order, q)
			switch rapid.IntRange(0, 9).Draw(t, "op") {
			case 0:
				l.clear()
				order = nil
				continue
			case 1:
				l.drop(q)
				order = slices.DeleteFunc(order, func(o int) bool { return o == q })
				continue
			case 2, 3, 4, 5:
				got, have := l.find(q)
				if have != (at >= 0) || have && got != is[q] {
					t.Fatalf("%d is %d, %v; want %d among %v", q, got, have, is[q], order)
				}
				if !have {
					continue
				}
			default:
				l.keep(q, i)
				is[q] = i
			}
			order = slices.DeleteFunc(order, func(o int) bool { return o == q })
			order = append([]int{q}, order...)
			order = order[:min(3, len(order))]
		}
		if len(l.at) != len(order) || l.order.Len() != len(order) {
			t.Fatalf("keeps %d of %d", len(l.at), len(order))
		}
	})
}
