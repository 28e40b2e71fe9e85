package crm

// RequestState is what became of a MailRequest.
type RequestState string

const (
	RequestOpen    RequestState = "open"
	RequestGranted RequestState = "granted"
	RequestRefused RequestState = "refused"
)

// MailRequest is a colleague's wish to read a mail that its owner does not show
// them. Its id follows from message, owner and who asks: one is asked once.
// What a granted one shows is an exception of the owner's Sharing.
type MailRequest struct {
	ID       string       `cbor:"-" json:"id"`
	Owner    UserID       `cbor:"owner" json:"owner"`
	By       UserID       `cbor:"by" json:"by"`
	Message  MessageID    `cbor:"message" json:"message"`
	Level    MailLevel    `cbor:"level" json:"level" enum:"subject,full"`
	Note     string       `cbor:"note,omitempty" json:"note,omitempty"` // of who asks
	State    RequestState `cbor:"state" json:"state" enum:"open,granted,refused"`
	At       Time         `cbor:"at" json:"at"`
	Answered Time         `cbor:"answered,omitempty" json:"answered,omitzero"`
}

// PrefixRequest begins the ids of requests.
const PrefixRequest = "req"
