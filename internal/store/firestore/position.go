package firestore

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// position is a place in the feed: the newest time that was handed out, and
// what was handed out within the overlap before it. In text: a version byte,
// the time and the marks, in base64.
type position struct {
	at   int64 // µs; 0 is the start
	seen map[mark]bool
}

// mark stands for one entry: the hash of its name and of when it was made.
type mark [8]byte

const positionVersion = 1

func markOf(k store.Key, made int64) mark {
	b := append([]byte(k.Collection+"/"+k.ID+"/"), binary.BigEndian.AppendUint64(nil, uint64(made))...)
	sum := sha256.Sum256(b)
	return mark(sum[:len(mark{})])
}

func readPosition(p store.Position) (position, error) {
	out := position{seen: map[mark]bool{}}
	if p == "" {
		return out, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(string(p))
	if err != nil || len(b) < 9 || b[0] != positionVersion || (len(b)-9)%len(mark{}) != 0 {
		return out, crm.Errorf(crm.Invalid, "firestore.Feed", "%q is no position in the feed", crm.Clip(string(p), 40))
	}
	out.at = int64(binary.BigEndian.Uint64(b[1:]))
	for rest := b[9:]; len(rest) > 0; rest = rest[len(mark{}):] {
		out.seen[mark(rest[:len(mark{})])] = true
	}
	return out, nil
}

// String writes the position, its marks in order.
func (p position) String() store.Position {
	b := binary.BigEndian.AppendUint64([]byte{positionVersion}, uint64(p.at))
	marks := slices.SortedFunc(maps.Keys(p.seen), func(a, b mark) int { return slices.Compare(a[:], b[:]) })
	for _, m := range marks {
		b = append(b, m[:]...)
	}
	return store.Position(base64.RawURLEncoding.EncodeToString(b))
}

// behind is the position after handing out entries. all is what was read; a
// mark that is not in it is kept unless all is the whole rest of the feed.
func (p position) behind(out, all []entry, whole bool) position {
	next := position{at: p.at, seen: map[mark]bool{}}
	for _, e := range out {
		next.at = max(next.at, e.at)
	}
	read := map[mark]bool{}
	for _, e := range all {
		read[e.mark] = true
	}
	for m := range p.seen {
		if !whole && !read[m] {
			next.seen[m] = true
		}
	}
	from := next.at - overlap.Microseconds()
	for _, e := range all {
		if p.seen[e.mark] && e.at >= from {
			next.seen[e.mark] = true
		}
	}
	for _, e := range out {
		if e.at >= from {
			next.seen[e.mark] = true
		}
	}
	return next
}
