package imap

import (
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// cursor is the state of a folder at one moment. It is compared as text, so
// STATUS and EXAMINE must give the same one.
type cursor struct {
	epoch  uint64 // UIDVALIDITY
	next   uint64 // UIDNEXT: no message has this UID or a higher one
	modseq uint64 // HIGHESTMODSEQ, 0 when the server has none
	count  uint64 // messages
}

// String writes "uidvalidity.uidnext.modseq.messages".
func (c cursor) String() string {
	var b []byte
	for i, n := range []uint64{c.epoch, c.next, c.modseq, c.count} {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendUint(b, n, 10)
	}
	return string(b)
}

// parseCursor reads what String writes. UIDVALIDITY and UIDNEXT are positive
// 32-bit numbers (RFC 3501 §2.3.1.1), and so are counts.
func parseCursor(s string) (cursor, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return cursor{}, false
	}
	var n [4]uint64
	for i, p := range parts {
		bits := 32
		if i == 2 {
			bits = 64
		}
		v, err := strconv.ParseUint(p, 10, bits)
		if err != nil || strconv.FormatUint(v, 10) != p {
			return cursor{}, false
		}
		n[i] = v
	}
	c := cursor{epoch: n[0], next: n[1], modseq: n[2], count: n[3]}
	return c, c.epoch > 0 && c.next > 0
}

// all covers every key that the folder can hold.
func (c cursor) all() crm.KeySet { return crm.Span(1, crm.Key(c.next-1)) }

// voids tells whether what was known at old means nothing now: another
// UIDVALIDITY, or a server that was set back and will give out UIDs again.
func (c cursor) voids(old cursor) bool {
	back := old.modseq > 0 && c.modseq > 0 && c.modseq < old.modseq
	return c.epoch != old.epoch || c.next < old.next || back
}

// shrank tells whether copies may have gone since old. Of the UIDs given out
// since, at most all are still there; so when every old copy is, count is
// exactly old.count plus that number. Anything less may be a deletion, or a
// UID that was never used: only a listing can tell.
func (c cursor) shrank(old cursor) bool { return c.count != old.count+(c.next-old.next) }
