package crm

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
}

// MaxFile is the largest file, in bytes.
const MaxFile = 25 << 20

// FileID names the document of a file.
func FileID(blob string) string { return "fil_" + blob[:40] }
