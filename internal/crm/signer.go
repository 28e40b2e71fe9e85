package crm

// PrefixSigner begins the ids of signing keys.
const PrefixSigner = "dkm"

// Signer is the key by which mail of a domain is signed (DKIM, RFC 6376).
type Signer struct {
	ID       string `cbor:"-" json:"id"`
	Domain   Domain `cbor:"domain" json:"domain"`
	Selector string `cbor:"selector" json:"selector"`
	Method   string `cbor:"method" json:"method" enum:"rsa-sha256,ed25519-sha256"`
	Public   string `cbor:"public" json:"public" doc:"Value of the p tag of its DNS record"`
	Key      string `cbor:"key" json:"-"` // PKCS #8, sealed
	On       bool   `cbor:"on" json:"on" doc:"Mail is signed with it; first its record has to be in the DNS"`
	By       UserID `cbor:"by,omitempty" json:"by,omitempty"`
	At       Time   `cbor:"at" json:"at"`
}

// SignerID derives the id from the domain: it has one key.
func SignerID(key IDKey, d Domain) string { return DerivedID(PrefixSigner, key, string(d)) }

// RecordName is the name of its DNS record.
func (s *Signer) RecordName() string { return s.Selector + "._domainkey." + string(s.Domain) }

// Record is what the DNS has to say (RFC 6376 §3.6.1, RFC 8463 §4).
func (s *Signer) Record() string {
	kind := "rsa"
	if s.Method == "ed25519-sha256" {
		kind = "ed25519"
	}
	return "v=DKIM1; k=" + kind + "; p=" + s.Public
}
