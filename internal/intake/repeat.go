package intake

import (
	"hash/maphash"
	"math/bits"

	"threadline/internal/crm"
)

// filterBits is the size of the filter: 8 MiB, in which one key in a hundred of
// seven million is taken for a repeated one by mistake.
const filterBits = 1 << 26

// repeats finds the keys that several rows have in common, so that only these
// are remembered while rows are planned. A key that stands alone is taken for
// a repeated one now and then, which costs memory and changes nothing.
type repeats struct {
	seed   maphash.Seed
	filter []uint64
	common map[uint64]struct{}
}

func newRepeats() *repeats {
	return &repeats{seed: maphash.MakeSeed(), filter: make([]uint64, filterBits/64), common: map[uint64]struct{}{}}
}

// see notes a key of a row.
func (r *repeats) see(key string) {
	h := maphash.String(r.seed, key)
	seen := true
	for i := range 4 {
		bit := (bits.RotateLeft64(h, 17*i) * 0x9E3779B97F4A7C15) >> (64 - 26)
		if r.filter[bit/64]&(1<<(bit%64)) == 0 {
			seen = false
			r.filter[bit/64] |= 1 << (bit % 64)
		}
	}
	if seen {
		r.common[h] = struct{}{}
	}
}

// close forgets what is needed no more once every row was seen.
func (r *repeats) close() { r.filter = nil }

// again tells whether other rows may have the key.
func (r *repeats) again(key string) bool {
	_, ok := r.common[maphash.String(r.seed, key)]
	return ok
}

// claims are the records of earlier rows by the keys that later ones share.
type claims struct {
	*repeats
	by map[string]crm.RecordID
}

func (c *claims) add(key string, id crm.RecordID) {
	if _, taken := c.by[key]; !taken && c.again(key) {
		c.by[key] = id
	}
}
