package store

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"

	"threadline/internal/crm"
)

// IndexedField is what an engine with indexes of its own keeps beside a
// document, at the path that the index file names.
type IndexedField struct {
	Path  string // steps joined by a dot
	Value any    // a plain value, or []any of plain values for an array
}

// Fields returns the values of a document that declared indexes need: plain
// values of compared and ordered fields, arrays of tested ones. Whatever has no
// entry (Entries) is left out, so that an engine's own index holds exactly the
// documents that Entries has keys for.
func (x *Indexes) Fields(collection string, data []byte) ([]IndexedField, error) {
	cf := x.fields[collection]
	if cf == nil || data == nil {
		return nil, nil
	}
	arrays := x.arraySlots(collection, len(cf.paths))
	var out []IndexedField
	err := collect(data, cf.tree, func(slot int, raw []byte) {
		if !arrays[slot] {
			if v, ok := decodePlain(raw); ok {
				out = append(out, IndexedField{Path: cf.paths[slot], Value: v})
			}
			return
		}
		if list := plainElements(raw); len(list) > 0 {
			out = append(out, IndexedField{Path: cf.paths[slot], Value: list})
		}
	})
	return out, err
}

// arraySlots tells which fields are tested as arrays. A field is either tested
// or compared, never both (TestOneUseOfAField).
func (x *Indexes) arraySlots(collection string, n int) []bool {
	out := make([]bool, n)
	for _, ci := range x.by[collection] {
		if ci.array >= 0 {
			out[ci.array] = true
		}
	}
	return out
}

func plainElements(raw []byte) []any {
	var list []any
	for elem := range elements(raw) {
		if v, ok := decodePlain(elem); ok {
			list = append(list, v)
		}
	}
	return list
}

// Paths returns the indexed fields of a collection, sorted.
func (x *Indexes) Paths(collection string) []string {
	cf := x.fields[collection]
	if cf == nil {
		return nil
	}
	return slices.Sorted(slices.Values(cf.paths))
}

// Plain reduces a value to one of nil, bool, int64, float64, string, []byte and
// crm.Time; ok is false for anything else.
func Plain(v any) (out any, ok bool) { return plain(v) }

// Empty tells whether the bounds of the plan leave nothing between them.
func (p *Plan) Empty() bool {
	return p.Low != nil && p.High != nil && bytes.Compare(p.Low, p.High) >= 0
}

// Resume returns where the page before ended: the value of the ordered field,
// when there is one, and the id. ok is false for a first page.
func (p *Plan) Resume() (value any, id string, ok bool, err error) {
	if p.After == nil {
		return nil, "", false, nil
	}
	rest := p.After
	if p.Query.Order != "" {
		if value, rest, ok = cutKey(rest); !ok {
			return nil, "", false, crm.Errorf(crm.Invalid, "store.Query", "the cursor cannot be read").
				WithField("cursor").WithHint("start again without a cursor")
		}
	}
	return value, string(rest), true, nil
}

// IDAt reads the id at the end of a place in the order of the plan.
func (p *Plan) IDAt(place []byte) string {
	if p.Query.Order != "" {
		_, place, _ = cutKey(place)
	}
	return string(place)
}

// cutKey is the inverse of appendKey: the value that a key begins with, and
// what follows it. A whole number within int64 comes back as one, whatever it
// was: the two are equal.
func cutKey(key []byte) (v any, rest []byte, ok bool) {
	if len(key) == 0 {
		return nil, nil, false
	}
	tag, body := key[0], key[1:]
	switch {
	case tag == tagNull:
		return nil, body, true
	case tag == tagBool && len(body) >= 1:
		return body[0] == 1, body[1:], true
	case tag == tagNumber && len(body) >= 10:
		return cutNumber(body), body[10:], true
	case tag == tagTime && len(body) >= 8:
		return crm.Time(binary.BigEndian.Uint64(body) ^ (1 << 63)), body[8:], true
	case tag == tagText:
		s, rest, ok := cutEscaped(body)
		return string(s), rest, ok
	case tag == tagBytes:
		s, rest, ok := cutEscaped(body)
		return s, rest, ok
	}
	return nil, nil, false
}

func cutNumber(body []byte) any {
	bits := binary.BigEndian.Uint64(body)
	if bits>>63 == 1 {
		bits &^= 1 << 63
	} else {
		bits = ^bits
	}
	f := math.Float64frombits(bits)
	if f == math.Trunc(f) && f >= math.MinInt64 && f < math.MaxInt64 {
		return int64(f) + int64(binary.BigEndian.Uint16(body[8:]))
	}
	return f
}

func cutEscaped(body []byte) (s, rest []byte, ok bool) {
	s = []byte{}
	for i := 0; i+1 < len(body); i++ {
		switch {
		case body[i] != 0:
			s = append(s, body[i])
		case body[i+1] == 0xff:
			s = append(s, 0)
			i++
		default:
			return s, body[i+2:], body[i+1] == 1
		}
	}
	return nil, nil, false
}
