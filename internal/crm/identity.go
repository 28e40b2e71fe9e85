package crm

// Identity is one address or domain or phone, and who held it when. Its id is
// derived from the token, so the same value has the same document.
type Identity struct {
	ID      string   `cbor:"-" json:"id"`
	Token   Token    `cbor:"token" json:"token"`
	Holders []Holder `cbor:"holders" json:"holders"`
}

// Holder is a record that held an identity in [From, To). The first holder
// reaches back to the beginning (From is 0), so that old mail links to it; To
// is 0 while it still holds it.
type Holder struct {
	Record RecordID `cbor:"record" json:"record"`
	From   Time     `cbor:"from,omitempty" json:"from,omitempty"`
	To     Time     `cbor:"to,omitempty" json:"to,omitempty"`
}

// Held tells whether the holder held the identity at t.
func (h Holder) Held(t Time) bool { return h.From <= t && (h.To == 0 || t < h.To) }

// IdentityID derives the id of the identity document of a token.
func IdentityID(key IDKey, t Token) string { return DerivedID(PrefixIdentity, key, string(t)) }

// PhoneToken returns the token of a phone number.
func PhoneToken(p Phone) Token { return Token("p:" + string(p)) }
