package crm

// AuditEntry seals one change into a chain: whoever alters, drops or adds a
// change afterwards breaks it. Its id is that of the change; the one with
// AuditHead as id is no entry, but says how far the chain has come.
type AuditEntry struct {
	ID    string `cbor:"-" json:"change"`
	Seq   int64  `cbor:"seq,omitempty" json:"seq,omitempty"` // 1, 2, 3 …
	At    Time   `cbor:"at,omitempty" json:"at,omitzero"`    // when it was sealed
	Salt  []byte `cbor:"salt,omitempty" json:"-"`
	Sum   []byte `cbor:"sum,omitempty" json:"-"`  // of the change, salted
	Prev  []byte `cbor:"prev,omitempty" json:"-"` // hash of the entry before
	Hash  []byte `cbor:"hash,omitempty" json:"-"` // of all of this
	Count int64  `cbor:"count,omitempty" json:"count,omitempty"`
	Until string `cbor:"until,omitempty" json:"-"` // place in the feed
}

// AuditHead is the id of the document that ends the chain.
const AuditHead = "head"
