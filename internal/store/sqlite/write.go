package sqlite

import (
	"bytes"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// clock gives out the numbers that never repeat; it is stored with every
// commit.
type clock struct {
	version int64 // also the commit's time in microseconds, which never goes back
	seq     int64
	doc     int64
}

// cell is what a batch does to one document. Others read it once the batch is
// laid out, so nothing of it changes after that.
type cell struct {
	key     store.Key
	old     row    // its number is that of a new document too
	made    bool   // there was none
	data    []byte // as it will be, nil for none
	version store.Version
	is      []store.Entry // of a new document: where it stands in the indexes
}

// changed tells whether there is anything to write.
func (c *cell) changed() bool { return c.version != c.old.version }

// now is the document as it will be.
func (c *cell) now() row {
	if c.version == 0 {
		return row{}
	}
	return row{c.old.n, c.version, c.data}
}

// batch computes and applies one list of writes on the writer's connection.
type batch struct {
	s       *session
	codec   *store.Codec
	indexes *store.Indexes
	clock   *clock
	now     crm.Time
	known   map[store.Key]row // what the transaction has read already
	cells   map[store.Key]*cell
	made    []*cell // new documents, in order of key
	other   []*cell // changed and deleted ones, in order of number
	gone    []place // entries to take away
	new     []place // entries to add
	ixs     map[ixKey]int64
}

type ixKey struct {
	ws crm.WorkspaceID
	ix *store.Index
}

// place is one row of the index table.
type place struct {
	ix  int64
	key []byte
	doc int64
}

func comparePlaces(a, b place) int {
	if a.ix != b.ix {
		return int(a.ix - b.ix)
	}
	return bytes.Compare(a.key, b.key)
}

// plan checks every precondition and computes every document, so that nothing
// has to be taken back when one of them fails.
func (b *batch) plan(writes []store.Write) error {
	if err := b.load(writes); err != nil {
		return err
	}
	version, changed := max(b.clock.version+1, int64(b.now)), false
	for _, w := range writes {
		c := b.cells[w.Key]
		if err := w.Pre.Check(w.Key, c.version); err != nil {
			return err
		}
		data, err := b.codec.Apply(w, c.data, crm.Time(version))
		if err != nil {
			return err
		}
		switch {
		case bytes.Equal(data, c.data):
		case bytes.Equal(data, c.old.data):
			c.data, c.version = c.old.data, c.old.version
		case data == nil:
			c.data, c.version, changed = nil, 0, true
		default:
			c.data, c.version, changed = data, store.Version(version), true
		}
	}
	if changed {
		b.clock.version = version
	}
	return nil
}

// load finds out what is there: of a document that is only created, whether.
func (b *batch) load(writes []store.Write) error {
	b.cells = make(map[store.Key]*cell, len(writes))
	full := map[store.Key]bool{}
	for _, w := range writes {
		b.cells[w.Key] = &cell{key: w.Key}
		if w.Pre.Must != store.MustNotExist || w.Transforms != nil {
			full[w.Key] = true
		}
	}
	var whole, bare []store.Key
	for k, c := range b.cells {
		if r, ok := b.known[k]; ok {
			c.old = r
		} else if full[k] {
			whole = append(whole, k)
		} else {
			bare = append(bare, k)
		}
	}
	have, err := b.s.rows(whole)
	if err != nil {
		return err
	}
	exist, err := b.s.numbers(bare)
	if err != nil {
		return err
	}
	for k, c := range b.cells {
		if r, ok := have[k]; ok {
			c.old = r
		} else if r, ok := exist[k]; ok {
			c.old = r
		}
		c.data, c.version = c.old.data, c.old.version
	}
	return nil
}

// lay gives new documents their numbers and computes the index entries: all that
// can be known before anything is written.
func (b *batch) lay() error {
	b.sort()
	for _, c := range b.made {
		b.clock.doc++
		c.old.n = b.clock.doc
	}
	all := slices.Concat(b.made, b.other)
	lost, gained := make([][]store.Entry, len(all)), make([][]store.Entry, len(all))
	err := store.Spread(len(all), func(from, to int) (err error) {
		for i := from; i < to && err == nil; i++ {
			lost[i], gained[i], err = b.moved(all[i])
		}
		return err
	})
	for i := 0; i < len(all) && err == nil; i++ {
		if b.gone, err = b.places(b.gone, all[i], lost[i]); err == nil {
			b.new, err = b.places(b.new, all[i], gained[i])
		}
		if all[i].made {
			all[i].is = gained[i]
		}
	}
	return err
}

// moved are the index entries that a document loses and gains.
func (b *batch) moved(c *cell) (lost, gained []store.Entry, err error) {
	switch {
	case c.made:
		gained, err = b.indexes.Entries(c.key.Collection, c.key.ID, c.data)
	case c.data == nil:
		lost, err = b.indexes.Entries(c.key.Collection, c.key.ID, c.old.data)
	default:
		lost, gained, err = b.indexes.Moved(c.key.Collection, c.key.ID, c.old.data, c.data)
	}
	return lost, gained, err
}

// sort lists what there is to write.
func (b *batch) sort() {
	for _, c := range b.cells {
		switch {
		case !c.changed():
		case c.old.n == 0:
			c.made = true
			b.made = append(b.made, c)
		default:
			b.other = append(b.other, c)
		}
	}
	slices.SortFunc(b.made, func(x, y *cell) int { return compareKeys(x.key, y.key) })
	slices.SortFunc(b.other, func(x, y *cell) int { return int(x.old.n - y.old.n) })
}

// apply writes what was planned and laid out.
func (b *batch) apply() error {
	if err := b.insert(); err != nil {
		return err
	}
	for _, c := range b.other {
		if err := b.change(c); err != nil {
			return err
		}
	}
	return b.index()
}

// bytes is about what the batch adds to the file.
func (b *batch) bytes() (n int64) {
	for _, c := range b.cells {
		if c.changed() {
			n += int64(len(c.data))
		}
	}
	for _, p := range b.new {
		n += int64(len(p.key))
	}
	return n
}

func compareKeys(a, b store.Key) int {
	if c := strings.Compare(string(a.Workspace), string(b.Workspace)); c != 0 {
		return c
	}
	if c := strings.Compare(a.Collection, b.Collection); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// insertSizes are the numbers of rows that are inserted at once.
var insertSizes = []int{64, 16, 4, 1}

// insert stores new documents, in order of id.
func (b *batch) insert() error {
	args := make([]any, 0, 5*len(b.made))
	for _, c := range b.made {
		space, err := b.s.names.addSpace(b.s, spaceName{c.key.Workspace, c.key.Collection})
		if err != nil {
			return err
		}
		args = append(args, c.old.n, space, c.key.ID, int64(c.version), c.data)
	}
	err := chunks(len(b.made), insertSizes, func(from, to int) error {
		return b.s.exec(`INSERT OR FAIL INTO doc (n, space, id, version, data) VALUES `+tuples(to-from, 5), args[5*from:5*to]...)
	})
	if err != nil {
		return err
	}
	for _, c := range b.made {
		if !store.Feeds(c.key.Collection) {
			continue
		}
		b.clock.seq++
		err := b.s.exec(`INSERT INTO feed (ws, seq, doc) VALUES (?, ?, ?)`, string(c.key.Workspace), b.clock.seq, c.old.n)
		if err != nil {
			return err
		}
	}
	return nil
}

// change updates or deletes a document. One statement for many is no quicker.
func (b *batch) change(c *cell) error {
	if c.data == nil {
		return b.s.exec(`DELETE FROM doc WHERE n = ?`, c.old.n)
	}
	return b.s.exec(`UPDATE doc SET version = ?, data = ? WHERE n = ?`, int64(c.version), c.data, c.old.n)
}

// places appends the rows of entries of a document.
func (b *batch) places(out []place, c *cell, list []store.Entry) ([]place, error) {
	for _, e := range list {
		k := ixKey{c.key.Workspace, e.Index}
		ix, ok := b.ixs[k]
		if !ok {
			var err error
			if ix, err = b.s.names.addIx(b.s, k.ws, k.ix); err != nil {
				return nil, err
			}
			b.ixs[k] = ix
		}
		out = append(out, place{ix, e.Key, c.old.n})
	}
	return out, nil
}

// index brings the index table up to date, in the order of its keys.
func (b *batch) index() error {
	if err := b.s.dropPlaces(b.gone); err != nil {
		return err
	}
	return b.s.addPlaces(b.new)
}

func (s *session) dropPlaces(list []place) error {
	slices.SortFunc(list, comparePlaces)
	args := make([]any, 0, 1+insertSizes[0])
	for len(list) > 0 {
		n := 1 // of one index
		for n < len(list) && list[n].ix == list[0].ix {
			n++
		}
		err := chunks(n, insertSizes, func(from, to int) error {
			args = append(args[:0], list[0].ix)
			for _, p := range list[from:to] {
				args = append(args, p.key)
			}
			return s.exec(`DELETE FROM idx WHERE ix = ? AND key IN `+tuples(1, to-from), args...)
		})
		if err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (s *session) addPlaces(list []place) error {
	slices.SortFunc(list, comparePlaces)
	args := make([]any, 0, 3*insertSizes[0])
	return chunks(len(list), insertSizes, func(from, to int) error {
		args = args[:0]
		for _, p := range list[from:to] {
			args = append(args, p.ix, p.key, p.doc)
		}
		return s.exec(`INSERT OR FAIL INTO idx (ix, key, doc) VALUES `+tuples(to-from, 3), args...)
	})
}
