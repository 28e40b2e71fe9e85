package store

import "threadline/internal/crm"

// Limits of what an index takes of a document.
const (
	maxIndexed = 1500  // bytes of one value
	maxEntries = 40000 // entries of all indexes
)

// check tells whether the encoded document may be stored in the collection.
func (x *Indexes) check(collection string, data []byte) error {
	cf := x.fields[collection]
	if cf == nil || len(data) > maxDocument {
		return checkDocument(data)
	}
	long, sizes := "", make([]int, len(cf.paths))
	w := walker{data: data, want: cf.tree, got: func(slot int, raw []byte) {
		sizes[slot] = 1
		if tooLong(raw) {
			long = cf.paths[slot]
		}
		for elem := range elements(raw) {
			sizes[slot]++
			if tooLong(elem) {
				long = cf.paths[slot]
			}
		}
	}}
	if err := w.document(); err != nil {
		return err
	}
	if long != "" {
		return crm.Errorf(crm.TooLarge, "store.check", "a value that is searched for has at most %d bytes", maxIndexed).WithField(long)
	}
	entries := 0
	for _, ci := range x.by[collection] {
		if entries++; ci.array >= 0 {
			entries += sizes[ci.array]
		}
	}
	if entries > maxEntries {
		return crm.Errorf(crm.TooLarge, "store.check", "the document has more than %d index entries", maxEntries)
	}
	return nil
}

// tooLong tells whether an encoded value is text or bytes over the limit.
func tooLong(raw []byte) bool {
	w := walker{data: raw}
	major, n, err := w.head()
	return err == nil && (major == majorText || major == majorBytes) && n > maxIndexed
}
