package crm

// ReportKind is what a mail system tells about a mail of ours.
type ReportKind string

const (
	ReportFailed    ReportKind = "failed"    // it will not be delivered
	ReportDelayed   ReportKind = "delayed"   // it is still being tried
	ReportDelivered ReportKind = "delivered" // it was, or was passed on
	ReportComplaint ReportKind = "complaint" // its reader calls it spam (RFC 5965)
)

// Report is what one bounce or complaint says about one recipient.
type Report struct {
	Kind      ReportKind `cbor:"kind" json:"kind"`
	Of        RFCID      `cbor:"of,omitempty" json:"of,omitempty"`               // the mail that it is about
	Recipient Address    `cbor:"recipient,omitempty" json:"recipient,omitempty"` // "" when it names none
	Status    string     `cbor:"status,omitempty" json:"status,omitempty"`       // RFC 3463, such as 5.1.1
	Text      string     `cbor:"text,omitempty" json:"text,omitempty"`           // what the server said, at most 300 runes
}

// BounceKind says what a mail that came back means for its address.
type BounceKind string

const (
	BounceHard   BounceKind = "hard"   // there is no such mailbox
	BounceSoft   BounceKind = "soft"   // it could not be delivered this time
	BouncePolicy BounceKind = "policy" // we are refused, not the address
)
