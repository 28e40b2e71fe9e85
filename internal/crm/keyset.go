package crm

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
)

// KeyRange is an inclusive range of keys.
type KeyRange struct{ From, To Key }

// KeySet is a set of keys as sorted, disjoint, non-adjacent ranges. The zero
// value is empty. Its methods return new sets. Ranges may cover keys that do
// not exist on the server.
type KeySet []KeyRange

// Keys makes a set from any keys.
func Keys(keys ...Key) KeySet {
	ks := slices.Clone(keys)
	slices.Sort(ks)
	var s KeySet
	for _, k := range ks {
		if n := len(s); n > 0 && k <= s[n-1].To+1 {
			s[n-1].To = max(s[n-1].To, k)
			continue
		}
		s = append(s, KeyRange{From: k, To: k})
	}
	return s
}

// Span makes the set of all keys from a to b; empty when b < a.
func Span(a, b Key) KeySet {
	if b < a {
		return nil
	}
	return KeySet{{From: a, To: b}}
}

// Size counts the keys that the ranges cover.
func (s KeySet) Size() int64 {
	var n int64
	for _, r := range s {
		n += int64(r.To-r.From) + 1
	}
	return n
}

// Has tells whether k is covered.
func (s KeySet) Has(k Key) bool {
	i, found := slices.BinarySearchFunc(s, k, func(r KeyRange, k Key) int { return cmp.Compare(r.From, k) })
	return found || i > 0 && k <= s[i-1].To
}

// Union returns s ∪ t.
func (s KeySet) Union(t KeySet) KeySet {
	all := slices.Concat(s, t)
	slices.SortFunc(all, func(a, b KeyRange) int { return cmp.Compare(a.From, b.From) })
	var out KeySet
	for _, r := range all {
		if n := len(out); n > 0 && (r.From <= out[n-1].To || r.From == out[n-1].To+1) {
			out[n-1].To = max(out[n-1].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Minus returns s without t.
func (s KeySet) Minus(t KeySet) KeySet {
	var out KeySet
	first := 0
	for _, r := range s {
		for first < len(t) && t[first].To < r.From {
			first++
		}
		from, open := r.From, true
		for _, cut := range t[first:] {
			if cut.From > r.To {
				break
			}
			if cut.From > from {
				out = append(out, KeyRange{From: from, To: cut.From - 1})
			}
			if cut.To >= r.To {
				open = false
				break
			}
			from = cut.To + 1
		}
		if open {
			out = append(out, KeyRange{From: from, To: r.To})
		}
	}
	return out
}

// Intersect returns s ∩ t.
func (s KeySet) Intersect(t KeySet) KeySet { return s.Minus(s.Minus(t)) }

// Top returns the highest n keys that the ranges cover.
func (s KeySet) Top(n int64) KeySet {
	var out KeySet
	for i := len(s) - 1; i >= 0 && n > 0; i-- {
		r := s[i]
		if size := int64(r.To-r.From) + 1; size > n {
			r.From = r.To - Key(n) + 1
		}
		n -= int64(r.To-r.From) + 1
		out = append(out, r)
	}
	slices.Reverse(out)
	return out
}

// All yields every covered key in ascending order.
func (s KeySet) All() iter.Seq[Key] {
	return func(yield func(Key) bool) {
		for _, r := range s {
			for k := r.From; ; k++ {
				if !yield(k) {
					return
				}
				if k == r.To {
					break
				}
			}
		}
	}
}

// MarshalBinary writes each range as two varints: the distance from the end of
// the range before, and its length less one. It is the stored form.
func (s KeySet) MarshalBinary() ([]byte, error) {
	out := make([]byte, 0, 4*len(s))
	var last Key
	for _, r := range s {
		out = binary.AppendUvarint(out, uint64(r.From-last))
		out = binary.AppendUvarint(out, uint64(r.To-r.From))
		last = r.To
	}
	return out, nil
}

// UnmarshalBinary reads what MarshalBinary writes.
func (s *KeySet) UnmarshalBinary(b []byte) error {
	var out KeySet
	var last Key
	for len(b) > 0 {
		gap, n := binary.Uvarint(b)
		if n <= 0 {
			return Errorf(Internal, "crm.KeySet", "a stored set of keys cannot be read")
		}
		size, m := binary.Uvarint(b[n:])
		if m <= 0 {
			return Errorf(Internal, "crm.KeySet", "a stored set of keys cannot be read")
		}
		from := last + Key(gap)
		last = from + Key(size)
		out = append(out, KeyRange{From: from, To: last})
		b = b[n+m:]
	}
	*s = out
	return nil
}
