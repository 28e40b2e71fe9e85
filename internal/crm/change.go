package crm

// Cause says through which door a change came.
type Cause string

const (
	CauseUI        Cause = "ui"
	CauseAPI       Cause = "api"
	CauseCLI       Cause = "cli"
	CauseAddon     Cause = "addon"
	CauseImport    Cause = "import"
	CauseUndo      Cause = "undo"
	CauseSystem    Cause = "system"
	CauseRecipient Cause = "recipient" // of a mail, by a link in it
)

// Change is one transaction on records, rules, settings, answers or manual
// links: undo, history and audit in one. A very large one is several, of the same
// batch and time.
type Change struct {
	ID      string        `cbor:"-" json:"id"`
	Batch   string        `cbor:"batch" json:"batch"`                     // changes of one action share it
	Actor   UserID        `cbor:"actor,omitempty" json:"actor,omitempty"` // empty for the operator
	Cause   Cause         `cbor:"cause" json:"cause"`
	Title   string        `cbor:"title,omitempty" json:"title,omitempty"` // what was done, for people
	At      Time          `cbor:"at" json:"at"`
	Undoes  string        `cbor:"undoes,omitempty" json:"undoes,omitempty"` // the batch that it takes back
	Entries []ChangeEntry `cbor:"entries" json:"entries"`
	Touched []string      `cbor:"touched,omitempty" json:"-"` // ids of the entries: the index of history
}

// ChangeEntry is one entity before and after; nil means "did not exist". Both
// are documents in the store's encoding.
type ChangeEntry struct {
	Collection string `cbor:"collection" json:"collection"`
	ID         string `cbor:"id" json:"id"`
	Before     []byte `cbor:"before,omitempty" json:"-"`
	After      []byte `cbor:"after,omitempty" json:"-"`
	Erased     bool   `cbor:"erased,omitempty" json:"erased,omitempty"` // Before and After were blanked with a person; the sums stand in for them in the audit chain
	BeforeSum  []byte `cbor:"before_sum,omitempty" json:"-"`
	AfterSum   []byte `cbor:"after_sum,omitempty" json:"-"`
}

// Arrival tells what one group of arriving or re-matched mail brought.
type Arrival struct {
	ID      string        `cbor:"-" json:"id"`
	Mailbox MailboxID     `cbor:"mailbox,omitempty" json:"mailbox,omitempty"` // empty for a rematch
	Items   []ArrivalItem `cbor:"items" json:"items"`
	Under   string        `cbor:"under,omitempty" json:"-"` // which own addresses and domains it was decided under, as a sum
	Known   Time          `cbor:"known,omitempty" json:"-"` // as of when the directory was known by which it was decided; 0: as of the commit
}

// ArrivalItem is one message of an arrival. Historical mail fires nothing.
type ArrivalItem struct {
	Message    MessageID  `cbor:"message" json:"message"`
	New        bool       `cbor:"new,omitempty" json:"new,omitempty"` // the message itself, not only a copy or a link
	Historical bool       `cbor:"historical,omitempty" json:"historical,omitempty"`
	Gained     []RecordID `cbor:"gained,omitempty" json:"gained,omitempty"`
	Lost       []RecordID `cbor:"lost,omitempty" json:"lost,omitempty"`
}
