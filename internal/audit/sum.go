package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"threadline/internal/crm"
)

// sum is the salted hash of a change. Each value that it keeps has a hash of its
// own in it, so that a value can be blanked for its hash.
func sum(salt []byte, c *crm.Change) []byte {
	h := hmac.New(sha256.New, salt)
	for _, s := range []string{c.ID, c.Batch, string(c.Actor), string(c.Cause), c.Title, c.Undoes} {
		put(h, []byte(s))
	}
	putInt(h, int64(c.At))
	putInt(h, int64(len(c.Entries)))
	for _, e := range c.Entries {
		put(h, []byte(e.Collection))
		put(h, []byte(e.ID))
		h.Write(valueSum(salt, e.Before))
		h.Write(valueSum(salt, e.After))
	}
	return h.Sum(nil)
}

func valueSum(salt, value []byte) []byte {
	h := hmac.New(sha256.New, salt)
	put(h, value)
	return h.Sum(nil)
}

// link is the hash of an entry.
func link(e *crm.AuditEntry) []byte {
	h := sha256.New()
	put(h, e.Prev)
	putInt(h, e.Seq)
	put(h, []byte(e.ID))
	putInt(h, int64(e.At))
	put(h, e.Sum)
	return h.Sum(nil)
}

func put(h hash.Hash, b []byte) {
	putInt(h, int64(len(b)))
	h.Write(b)
}

func putInt(h hash.Hash, n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	h.Write(b[:])
}
