package store

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"threadline/internal/crm"
)

// Limits of a document, the smaller of what Firestore and we can bear.
const (
	maxDocument = 1<<20 - 1<<15 // room for what an engine adds
	maxDepth    = 20
	maxFieldKey = 1500
)

// CBOR major types (RFC 8949 §3.1).
const (
	majorUint  = 0
	majorNeg   = 1
	majorBytes = 2
	majorText  = 3
	majorArray = 4
	majorMap   = 5
	majorTag   = 6
	majorOther = 7
)

// walker goes over one encoded document once, checks what may be stored, and
// hands the wanted fields to collect.
type walker struct {
	data []byte
	pos  int
	path []pathStep
	room [4]pathStep // of the path, for all but deep documents
	want *fieldTree
	got  func(slot int, raw []byte)
	read bool // of a stored document: its text was checked before
}

// pathStep is a key of a map, or a place in an array when key is nil.
type pathStep struct {
	key []byte
	i   int
}

// fieldTree says which paths to collect: a slot per path, -1 for none.
type fieldTree struct {
	slot int
	kids map[string]*fieldTree
}

func newFieldTree(paths []string) *fieldTree {
	root := &fieldTree{slot: -1}
	for i, p := range paths {
		t := root
		for step := range strings.SplitSeq(p, ".") {
			next := t.kids[step]
			if next == nil {
				if t.kids == nil {
					t.kids = map[string]*fieldTree{}
				}
				next = &fieldTree{slot: -1}
				t.kids[step] = next
			}
			t = next
		}
		t.slot = i
	}
	return root
}

// checkDocument tells whether the encoded document may be stored.
func checkDocument(data []byte) error {
	if len(data) > maxDocument {
		return crm.Errorf(crm.TooLarge, "store.check", "the document has %d bytes; the limit is %d", len(data), maxDocument)
	}
	w := walker{data: data}
	return w.document()
}

// collect calls got with the encoded value of each wanted path that exists in
// a stored document.
func collect(data []byte, want *fieldTree, got func(slot int, raw []byte)) error {
	w := walker{data: data, want: want, got: got, read: true}
	return w.document()
}

func (w *walker) document() error {
	w.path = w.room[:0]
	if len(w.data) == 0 || w.data[0]>>5 != majorMap {
		return w.refuse("a document is a map")
	}
	if err := w.value(w.want, 1, false); err != nil {
		return err
	}
	if w.pos != len(w.data) {
		return w.refuse("there is more after the document")
	}
	return nil
}

func (w *walker) refuse(format string, args ...any) error {
	steps := make([]string, len(w.path))
	for i, s := range w.path {
		if steps[i] = string(s.key); s.key == nil {
			steps[i] = strconv.Itoa(s.i)
		}
	}
	return crm.Errorf(crm.Invalid, "store.check", format, args...).WithField(strings.Join(steps, "."))
}

// head reads the initial bytes of an item.
func (w *walker) head() (major byte, arg uint64, err error) {
	if w.pos >= len(w.data) {
		return 0, 0, w.refuse("the document is cut short")
	}
	b := w.data[w.pos]
	w.pos++
	major, low := b>>5, b&31
	if low < 24 {
		return major, uint64(low), nil
	}
	n := 1 << (low - 24)
	if low > 27 || w.pos+n > len(w.data) {
		return 0, 0, w.refuse("the document is cut short")
	}
	p := w.data[w.pos : w.pos+n]
	w.pos += n
	switch n {
	case 1:
		arg = uint64(p[0])
	case 2:
		arg = uint64(binary.BigEndian.Uint16(p))
	case 4:
		arg = uint64(binary.BigEndian.Uint32(p))
	default:
		arg = binary.BigEndian.Uint64(p)
	}
	return major, arg, nil
}

func (w *walker) value(want *fieldTree, depth int, inArray bool) error {
	if w.read && want == nil {
		return w.skip()
	}
	start := w.pos
	major, arg, err := w.head()
	if err != nil {
		return err
	}
	if depth > maxDepth && (major == majorArray || major == majorMap) {
		return w.refuse("nested deeper than %d", maxDepth)
	}
	switch major {
	case majorUint, majorNeg:
		if arg > math.MaxInt64 {
			err = w.refuse("an integer of more than 64 bits")
		}
	case majorBytes, majorText:
		err = w.text(major, arg)
	case majorArray:
		err = w.array(arg, depth, inArray)
	case majorMap:
		err = w.fields(want, arg, depth)
	case majorTag:
		err = w.time(arg)
	case majorOther:
		err = w.simple(w.data[start], arg)
	}
	if err == nil && want != nil && want.slot >= 0 && w.got != nil {
		w.got(want.slot, w.data[start:w.pos])
	}
	return err
}

// skip passes over one item of a stored document, which was checked before.
func (w *walker) skip() error {
	for left := uint64(1); left > 0; left-- {
		major, arg, err := w.head()
		if err != nil {
			return err
		}
		if major >= majorBytes && major <= majorMap && arg > uint64(len(w.data)-w.pos) {
			return w.refuse("the document is cut short")
		}
		switch major {
		case majorBytes, majorText:
			w.pos += int(arg)
		case majorArray:
			left += arg
		case majorMap:
			left += 2 * arg
		case majorTag:
			left++
		}
	}
	return nil
}

func (w *walker) text(major byte, n uint64) error {
	if n > uint64(len(w.data)-w.pos) {
		return w.refuse("the document is cut short")
	}
	s := w.data[w.pos : w.pos+int(n)]
	w.pos += int(n)
	if major == majorText && !w.read && !utf8.Valid(s) {
		return w.refuse("the text is not valid UTF-8")
	}
	return nil
}

func (w *walker) array(n uint64, depth int, inArray bool) error {
	if inArray {
		return w.refuse("an array cannot lie in an array")
	}
	w.path = append(w.path, pathStep{})
	for i := range n {
		w.path[len(w.path)-1].i = int(i)
		if err := w.value(nil, depth+1, true); err != nil {
			return err
		}
	}
	w.path = w.path[:len(w.path)-1]
	return nil
}

func (w *walker) fields(want *fieldTree, n uint64, depth int) error {
	for range n {
		key, err := w.key()
		if err != nil {
			return err
		}
		var next *fieldTree
		if want != nil {
			next = want.kids[string(key)]
		}
		if w.read && next == nil {
			if err := w.skip(); err != nil {
				return err
			}
			continue
		}
		w.path = append(w.path, pathStep{key: key})
		if err := w.value(next, depth+1, false); err != nil {
			return err
		}
		w.path = w.path[:len(w.path)-1]
	}
	return nil
}

func (w *walker) key() ([]byte, error) {
	major, n, err := w.head()
	if err != nil {
		return nil, err
	}
	if major != majorText || n > maxFieldKey || n == 0 || n > uint64(len(w.data)-w.pos) {
		return nil, w.refuse("a field name is text of 1 to %d bytes", maxFieldKey)
	}
	key := w.data[w.pos : w.pos+int(n)]
	w.pos += int(n)
	if !w.read && !utf8.Valid(key) || bytes.HasPrefix(key, []byte("__")) {
		return nil, w.refuse("the field name %q is not allowed", crm.Clip(strings.ToValidUTF8(string(key), "?"), 40))
	}
	return key, nil
}

func (w *walker) time(tag uint64) error {
	if tag != timeTag {
		return w.refuse("a value of an unknown type")
	}
	major, arg, err := w.head()
	if err != nil {
		return err
	}
	if major > majorNeg || arg > math.MaxInt64 {
		return w.refuse("a time is a whole number of microseconds")
	}
	return nil
}

func (w *walker) simple(initial byte, arg uint64) error {
	switch initial {
	case 0xf4, 0xf5, 0xf6: // false, true, null
		return nil
	case 0xfb:
		if f := math.Float64frombits(arg); math.IsNaN(f) || math.IsInf(f, 0) {
			return w.refuse("a number must be finite")
		}
		return nil
	}
	return w.refuse("a value of an unknown type")
}

// decodePlain reads an encoded scalar; ok is false for arrays and maps.
func decodePlain(raw []byte) (v any, ok bool) {
	w := walker{data: raw}
	major, arg, err := w.head()
	if err != nil {
		return nil, false
	}
	switch major {
	case majorUint:
		return int64(arg), true
	case majorNeg:
		return -1 - int64(arg), true
	case majorBytes:
		return raw[w.pos:], true
	case majorText:
		return string(raw[w.pos:]), true
	case majorTag:
		n, _ := decodePlain(raw[w.pos:])
		t, isInt := n.(int64)
		return crm.Time(t), isInt
	case majorOther:
		switch raw[0] {
		case 0xf4, 0xf5:
			return raw[0] == 0xf5, true
		case 0xf6:
			return nil, true
		case 0xfb:
			return math.Float64frombits(arg), true
		}
	}
	return nil, false
}

// elements are the encoded elements of an encoded array; anything but an array has
// none.
func elements(raw []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		w := walker{data: raw, read: true}
		major, n, err := w.head()
		if err != nil || major != majorArray {
			return
		}
		for range n {
			start := w.pos
			if w.value(nil, 2, true) != nil || !yield(raw[start:w.pos]) {
				return
			}
		}
	}
}
