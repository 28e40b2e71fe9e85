package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"threadline/internal/crm"
)

// format is the newest form of archives that this program knows.
const format = 1

const product = "threadline"

const (
	headName = "backup.json"
	dataName = "threadline.db"
	blobRoot = "blobs/"
	endName  = "end.json"
)

const (
	maxHead = 1 << 20
	maxEnd  = 64 << 20
	maxBlob = 1 << 30
)

// Head says what an archive is.
type Head struct {
	Product string   `json:"product"`
	Format  int      `json:"format"`
	MadeBy  string   `json:"made_by"` // version of the program
	MadeAt  crm.Time `json:"made_at"`
}

// end closes an archive.
type end struct {
	Entries int      `json:"entries"`
	Missing []string `json:"missing,omitempty"` // large bodies that the house did not have
	SHA256  string   `json:"sha256"`
}

// Summary is what an archive holds.
type Summary struct {
	Head
	Bytes   int64    `json:"bytes"` // of the database
	Blobs   int      `json:"blobs"` // large bodies
	Missing []string `json:"missing,omitempty"`
}

// tally sums up the entries of an archive.
type tally struct {
	hash    hash.Hash
	entries int
}

func newTally() *tally { return &tally{hash: sha256.New()} }

func (t *tally) add(name string, size int64, sum []byte) {
	t.entries++
	fmt.Fprintf(t.hash, "%d:%s %d %x\n", len(name), name, size, sum) // a hash takes everything
}

func (t *tally) close(missing []string) end {
	for _, m := range missing {
		fmt.Fprintf(t.hash, "missing %d:%s\n", len(m), m)
	}
	return end{Entries: t.entries, Missing: missing, SHA256: hex.EncodeToString(t.hash.Sum(nil))}
}
