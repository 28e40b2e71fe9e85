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
		h.Write(standing(salt, e.Before, e.BeforeSum))
		h.Write(standing(salt, e.After, e.AfterSum))
	}
	return h.Sum(nil)
}

func valueSum(salt, value []byte) []byte {
	h := hmac.New(sha256.New, salt)
	put(h, value)
	return h.Sum(nil)
}

// standing is the hash of a value, or what stands in for one that was blanked.
func standing(salt, value, instead []byte) []byte {
	if value == nil && len(instead) > 0 {
		return instead
	}
	return valueSum(salt, value)
}

// Blank takes the values out of an entry of a sealed change and leaves their
// hashes, so that the chain still verifies.
func Blank(sealed *crm.AuditEntry, e *crm.ChangeEntry) {
	e.BeforeSum, e.AfterSum = standing(sealed.Salt, e.Before, e.BeforeSum), standing(sealed.Salt, e.After, e.AfterSum)
	e.Before, e.After, e.Erased = nil, nil, true
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
