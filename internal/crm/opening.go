package crm

// Opening says that somebody opened the body of a mail of another one's, on a
// day: whose mail it is finds it in the list of what colleagues read. One
// document for each owner, reader, message and day.
type Opening struct {
	ID      string     `cbor:"-" json:"id"`
	Owner   UserID     `cbor:"owner" json:"owner"`
	By      UserID     `cbor:"by" json:"by"`
	Message MessageID  `cbor:"message" json:"message"`
	At      Time       `cbor:"at" json:"at"` // the first time of the day
	Ways    []OpenedBy `cbor:"ways" json:"ways"`
}

// OpenedBy is what of a mail somebody opened.
type OpenedBy string

const (
	OpenedBody OpenedBy = "body"
	OpenedFile OpenedBy = "file" // something attached
)

// PrefixOpening begins the ids of openings.
const PrefixOpening = "opn"
