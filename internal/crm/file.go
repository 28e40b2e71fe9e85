package crm

import "slices"

// StoredFile is a file that somebody put into the store, so that fields of records
// can name it. Its id follows from its content.
type StoredFile struct {
	ID   string `cbor:"-" json:"id"`
	Blob string `cbor:"blob" json:"blob" doc:"SHA-256 of its content in hex"`
	Name string `cbor:"name" json:"name"`
	Type string `cbor:"type" json:"type"`
	Size int64  `cbor:"size" json:"size" doc:"Bytes"`
	By   UserID `cbor:"by,omitempty" json:"by,omitempty"`
	At   Time   `cbor:"at" json:"at"`

	Also []UserID `cbor:"also,omitempty" json:"-"` // who else put the same content
}

// PutBy tells whether somebody had the content and put it here: its address alone
// is no right to a file.
func (f *StoredFile) PutBy(u UserID) bool {
	return u != "" && (f.By == u || slices.Contains(f.Also, u))
}

// MaxFile is the largest file, in bytes.
const MaxFile = 25 << 20

// FileID names the document of a file.
func FileID(blob string) string { return "fil_" + blob[:40] }
