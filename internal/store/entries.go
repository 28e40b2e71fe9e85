package store

import (
	"bytes"
	"slices"
)

// NewIndexes prepares indexes for planning and for computing entries.
func NewIndexes(list []Index) *Indexes {
	x := &Indexes{by: map[string][]*collectionIndex{}, fields: map[string]*collectionFields{}}
	for _, ix := range list {
		cf := x.fields[ix.Collection]
		if cf == nil {
			cf = &collectionFields{}
			x.fields[ix.Collection] = cf
		}
		ci := &collectionIndex{Index: ix, array: -1, order: -1}
		for _, f := range ix.Equal {
			ci.equal = append(ci.equal, cf.slot(f))
		}
		if ix.Array != "" {
			ci.array = cf.slot(ix.Array)
		}
		if ix.Order != "" {
			ci.order = cf.slot(ix.Order)
		}
		x.by[ix.Collection] = append(x.by[ix.Collection], ci)
	}
	for _, cf := range x.fields {
		cf.tree = newFieldTree(cf.paths)
	}
	return x
}

func (cf *collectionFields) slot(path string) int {
	if i := slices.Index(cf.paths, path); i >= 0 {
		return i
	}
	cf.paths = append(cf.paths, path)
	return len(cf.paths) - 1
}

// All returns the declared indexes of every collection.
func (x *Indexes) All() []*Index {
	var out []*Index
	for _, list := range x.by {
		for _, ci := range list {
			out = append(out, &ci.Index)
		}
	}
	slices.SortFunc(out, func(a, b *Index) int { return bytes.Compare([]byte(a.sortKey()), []byte(b.sortKey())) })
	return out
}

// Entry is one key of one index. Keys of one index compare as the documents
// are ordered.
type Entry struct {
	Index *Index
	Key   []byte
}

// Entries computes the index entries of a document: none for an index one of
// whose fields the document lacks, one per distinct element of an array field.
// Lists and maps are not indexed as values.
func (x *Indexes) Entries(collection, id string, data []byte) ([]Entry, error) {
	cf := x.fields[collection]
	if cf == nil || data == nil {
		return nil, nil
	}
	f, err := cf.collected(data)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, 0, 12) // of a message
	for _, ci := range x.by[collection] {
		out = ci.entries(out, &f, id)
	}
	return out, nil
}

// Moved are the entries that a document loses and gains when it becomes another.
func (x *Indexes) Moved(collection, id string, was, is []byte) (lost, gained []Entry, err error) {
	cf := x.fields[collection]
	if cf == nil {
		return nil, nil, nil
	}
	a, err := cf.collected(was)
	if err != nil {
		return nil, nil, err
	}
	b, err := cf.collected(is)
	if err != nil {
		return nil, nil, err
	}
	a.least, b.least = movedBytes, movedBytes
	for _, ci := range x.by[collection] {
		if ci.same(&a, &b) {
			continue
		}
		had, has := ci.entries(nil, &a, id), ci.entries(nil, &b, id)
		lost, gained = appendWithout(lost, had, has), appendWithout(gained, has, had)
	}
	return lost, gained, nil
}

// appendWithout appends those of one index that another list does not have.
func appendWithout(dst, list, other []Entry) []Entry {
	var has map[string]struct{} // of a long list
	if len(other) > fewElements {
		has = make(map[string]struct{}, len(other))
		for _, e := range other {
			has[string(e.Key)] = struct{}{}
		}
	}
	for _, e := range list {
		_, in := has[string(e.Key)]
		if has == nil {
			in = slices.ContainsFunc(other, func(o Entry) bool { return bytes.Equal(o.Key, e.Key) })
		}
		if !in {
			dst = append(dst, e)
		}
	}
	return dst
}

// collected are the indexed fields of a document, none of one that there is not.
func (cf *collectionFields) collected(data []byte) (collected, error) {
	f := collected{raw: make([][]byte, len(cf.paths)), least: min(len(data), blockBytes)}
	if data == nil {
		return f, nil
	}
	raw := f.raw
	err := collect(data, cf.tree, func(slot int, v []byte) { raw[slot] = v })
	return f, err
}

// same tells whether an index sees nothing in which two documents of an id differ.
func (ci *collectionIndex) same(a, b *collected) bool {
	for _, slot := range ci.equal {
		if !bytes.Equal(a.raw[slot], b.raw[slot]) {
			return false
		}
	}
	return (ci.array < 0 || bytes.Equal(a.raw[ci.array], b.raw[ci.array])) && (ci.order < 0 || bytes.Equal(a.raw[ci.order], b.raw[ci.order]))
}

// collected are the fields of a document that its indexes need. Most stand in
// several of them, and many are missing: each key is made once.
type collected struct {
	raw, keys [][]byte // keys: nil before the first is asked for
	block     []byte   // room for what is made of them
	least     int      // of a block
}

// blockBytes hold the keys and entries of a message, movedBytes those of an index or
// two.
const (
	blockBytes = 1 << 10
	movedBytes = 1 << 8
)

// room is an empty slice for n bytes.
func (f *collected) room(n int) []byte {
	if cap(f.block)-len(f.block) < n {
		f.block = make([]byte, 0, max(n, f.least))
	}
	at := len(f.block)
	f.block = f.block[:at+n]
	return f.block[at : at : at+n]
}

// key is that of a field; nil when the document has none, or none with a place in
// an order.
func (f *collected) key(slot int) []byte {
	if f.keys == nil {
		f.keys = make([][]byte, len(f.raw))
	}
	if f.keys[slot] == nil && f.raw[slot] != nil {
		f.keys[slot] = []byte{} // raw stays as it is: the field may be the list of another index
		if major := f.raw[slot][0] >> 5; major != majorArray && major != majorMap {
			if k, ok := appendRawKey(f.room(keyRoom(f.raw[slot])), f.raw[slot]); ok {
				f.keys[slot] = k
			}
		}
	}
	if len(f.keys[slot]) == 0 {
		return nil
	}
	return f.keys[slot]
}

// keyRoom is enough for the key of an encoded scalar in which no byte is zero.
func keyRoom(raw []byte) int { return max(len(raw)+3, 1+8+2) }

func (ci *collectionIndex) entries(out []Entry, f *collected, id string) []Entry {
	size := len(id)
	for _, slot := range ci.equal {
		k := f.key(slot)
		if k == nil {
			return out
		}
		size += len(k)
	}
	var order []byte
	if ci.order >= 0 {
		if order = f.key(ci.order); order == nil {
			return out
		}
	}
	size += len(order)
	if ci.array < 0 {
		key := append(append(ci.begin(f, size), order...), id...)
		return append(out, Entry{Index: &ci.Index, Key: key})
	}
	if f.raw[ci.array] == nil {
		return out
	}
	first := len(out)
	var seen map[string]struct{} // of a long list: what is touched by an import are thousands
	for elem := range elements(f.raw[ci.array]) {
		key, ok := appendRawKey(ci.begin(f, size+keyRoom(elem)), elem)
		if !ok {
			continue
		}
		key = append(append(key, order...), id...)
		n := len(out) - first
		if n < fewElements {
			if slices.ContainsFunc(out[first:], func(e Entry) bool { return bytes.Equal(e.Key, key) }) {
				continue
			}
		} else {
			if seen == nil {
				seen = make(map[string]struct{}, 4*n)
				for _, e := range out[first:] {
					seen[string(e.Key)] = struct{}{}
				}
			}
			if _, again := seen[string(key)]; again {
				continue
			}
			seen[string(key)] = struct{}{}
		}
		out = append(out, Entry{Index: &ci.Index, Key: key})
	}
	return out
}

// begin is room for an entry, with the compared fields in it.
func (ci *collectionIndex) begin(f *collected, size int) []byte {
	key := f.room(size)
	for _, slot := range ci.equal {
		key = append(key, f.keys[slot]...)
	}
	return key
}

// fewElements are compared one by one.
const fewElements = 16

// orderSuffix is the position of a document in an order: value and id.
func orderSuffix(order, id string, data []byte) ([]byte, error) {
	var suffix []byte
	if order != "" {
		err := collect(data, newFieldTree([]string{order}), func(_ int, raw []byte) {
			if v, ok := decodePlain(raw); ok {
				suffix = appendKey(suffix, v)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return append(suffix, id...), nil
}
