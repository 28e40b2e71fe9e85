package crm

// MailboxState is where a mailbox stands; see package engine for the machine
// that moves it. Stored; it only grows.
type MailboxState string

const (
	StateNew          MailboxState = "new"
	StateConnecting   MailboxState = "connecting"
	StatePriming      MailboxState = "priming"
	StateLive         MailboxState = "live"
	StateThrottled    MailboxState = "throttled"
	StateResync       MailboxState = "resync"
	StateAuthRequired MailboxState = "auth_required"
	StatePaused       MailboxState = "paused"
	StateFailed       MailboxState = "failed"
	StateDeleting     MailboxState = "deleting"
	StateDeleted      MailboxState = "deleted" // only its address is left
)

// MailboxKind is the mail system of a mailbox.
type MailboxKind string

const (
	KindIMAP  MailboxKind = "imap"
	KindGmail MailboxKind = "gmail" // its API
)

// TLSMode says how the connection to a mail server is protected.
type TLSMode string

const (
	TLSImplicit TLSMode = "tls"
	TLSStart    TLSMode = "starttls"
	TLSNone     TLSMode = "none" // loopback only
)

// Mailbox is one connected mailbox of one person: what was configured, and the
// state of its connection. Folder state lies in Box, so that storing mail never
// writes this document.
type Mailbox struct {
	ID          MailboxID    `cbor:"-" json:"id"`
	Owner       UserID       `cbor:"owner" json:"owner"`
	Kind        MailboxKind  `cbor:"kind" json:"kind"`
	Address     Address      `cbor:"address" json:"address"`
	Aliases     []Address    `cbor:"aliases,omitempty" json:"aliases,omitempty"`
	Server      string       `cbor:"server" json:"server"` // host:port
	TLS         TLSMode      `cbor:"tls" json:"tls" enum:"tls,starttls,none"`
	Login       string       `cbor:"login" json:"login"`
	Password    string       `cbor:"password,omitempty" json:"-"`              // sealed, see package seal: a password, or the refresh token of a consent
	Scopes      []string     `cbor:"scopes,omitempty" json:"scopes,omitempty"` // of the consent, sorted
	SMTP        string       `cbor:"smtp,omitempty" json:"smtp,omitempty"`     // host:port that mail is sent through; empty: as its kind does
	SMTPTLS     TLSMode      `cbor:"smtp_tls,omitempty" json:"smtp_tls,omitempty"`
	Budget      int          `cbor:"budget,omitempty" json:"budget,omitempty"`           // mails in any 24 hours, its owner's own included; 0 is the usual
	PerMinute   int          `cbor:"per_minute,omitempty" json:"per_minute,omitempty"`   // mails of campaigns and sequences a minute; 0 is what its kind allows
	WatchUntil  Time         `cbor:"watch_until,omitempty" json:"watch_until,omitempty"` // until when its server tells of changes
	Since       Time         `cbor:"since,omitempty" json:"since,omitempty"`
	KnownOnly   bool         `cbor:"known_only,omitempty" json:"known_only,omitempty"` // of the mail before CreatedAt, only that of people and companies who are known, and the rest of it when they become so
	KnownAt     Time         `cbor:"known_at,omitempty" json:"-"`                      // when that was last chosen, or somebody became known
	Folders     []string     `cbor:"folders,omitempty" json:"folders,omitempty"`       // empty: all that reach a timeline
	HeadersOnly bool         `cbor:"headers_only,omitempty" json:"headers_only,omitempty"`
	CreatedAt   Time         `cbor:"created_at" json:"created_at"` // mail before it is historical
	State       MailboxState `cbor:"state" json:"state"`
	Fails       int          `cbor:"fails,omitempty" json:"fails,omitempty"` // consecutive failures
	NextAt      Time         `cbor:"next_at,omitempty" json:"next_at,omitempty"`
	LastOK      Time         `cbor:"last_ok,omitempty" json:"last_ok,omitempty"`
	Trouble     *Trouble     `cbor:"trouble,omitempty" json:"trouble,omitempty"`
	AuditAsked  Time         `cbor:"audit_asked,omitempty" json:"-"`                   // when a person asked for an audit
	AuditedAt   Time         `cbor:"audited_at,omitempty" json:"audited_at,omitempty"` // when every folder was last compared key by key
	Local       bool         `cbor:"local,omitempty" json:"-"`                         // the operator added it: its server may be on this machine
	Erase       bool         `cbor:"erase,omitempty" json:"erase,omitempty"`           // of one that is being deleted: its mail goes too
}

// Consented tells whether the mailbox is opened by a consent at Google and not by
// a password.
func (m *Mailbox) Consented() bool { return len(m.Scopes) > 0 }

// Acquainted says for which state of who is known mail is chosen; 0 when all of
// it is.
func (m *Mailbox) Acquainted() Time {
	if !m.KnownOnly {
		return 0
	}
	return max(m.KnownAt, m.CreatedAt, 1)
}

// Trouble is the last thing that went wrong, in words for its owner.
type Trouble struct {
	Kind  ErrorKind `cbor:"kind" json:"kind"`
	Msg   string    `cbor:"msg" json:"msg"`
	Hint  string    `cbor:"hint,omitempty" json:"hint,omitempty"`
	Since Time      `cbor:"since" json:"since"`
}

// BoxRole is the special use of a folder (RFC 6154).
type BoxRole string

const (
	RoleInbox   BoxRole = "inbox"
	RoleSent    BoxRole = "sent"
	RoleDrafts  BoxRole = "drafts"
	RoleTrash   BoxRole = "trash"
	RoleJunk    BoxRole = "junk"
	RoleArchive BoxRole = "archive"
	RoleAll     BoxRole = "all"
	RoleChat    BoxRole = "chat" // of systems that keep chats beside mail
	RoleOther   BoxRole = ""
)

// OffTimeline tells whether mail in such a folder reaches no timeline.
func (r BoxRole) OffTimeline() bool {
	return r == RoleDrafts || r == RoleTrash || r == RoleJunk || r == RoleChat
}

// Key names one remote copy within its box and epoch: an IMAP UID (RFC 3501
// §2.3.1.1), or a Gmail id, which is 64 bits in hexadecimal.
type Key uint64

// Box is one server folder: its identity, the source's cursor, what is still
// to fetch, and the counters of the equation. It is written in the transaction
// that stores or queues what it covers.
type Box struct {
	ID      BoxID      `cbor:"-" json:"id"`
	Mailbox MailboxID  `cbor:"mailbox" json:"mailbox"`
	Name    string     `cbor:"name" json:"name"`
	Role    BoxRole    `cbor:"role,omitempty" json:"role,omitempty"`
	Skip    SkipReason `cbor:"skip,omitempty" json:"skip,omitempty"`   // why the whole folder is not synced
	Epoch   uint64     `cbor:"epoch,omitempty" json:"epoch,omitempty"` // UIDVALIDITY; another one voids every key
	Cursor  string     `cbor:"cursor,omitempty" json:"-"`              // opaque to all but the source; one server snapshot
	Live    KeySet     `cbor:"live,omitempty" json:"-"`                // to fetch first
	Pending KeySet     `cbor:"pending,omitempty" json:"-"`             // backfill, fetched from the top down
	Known   KeySet     `cbor:"known,omitempty" json:"-"`               // of the present epoch, keys that have a Copy; all of them when there are as many as Counts.Copies
	Counts  Counts     `cbor:"counts" json:"counts"`
	Listed  Time       `cbor:"listed,omitempty" json:"listed,omitempty"` // when the server was last listed
	Relist  bool       `cbor:"relist,omitempty" json:"-"`                // the counters wait for a listing
	Doubt   bool       `cbor:"doubt,omitempty" json:"-"`                 // that listing must compare copy by copy, and flags: what happened meanwhile is not known
	FlagsAt Time       `cbor:"flags_at,omitempty" json:"-"`              // when flags were last swept, where the server cannot tell changes
	Server  int64      `cbor:"server,omitempty" json:"server,omitempty"` // copies on the server at that listing
	Gone    bool       `cbor:"gone,omitempty" json:"gone,omitempty"`     // no longer on the server
	Since   Time       `cbor:"since,omitempty" json:"-"`                 // the since-date for which the counters hold
	KnownAt Time       `cbor:"known_at,omitempty" json:"-"`              // the same for Mailbox.Acquainted
	Audit   *BoxAudit  `cbor:"audit,omitempty" json:"audit,omitempty"`   // nil before the first one
	Closed  *Trouble   `cbor:"closed,omitempty" json:"closed,omitempty"` // why the server does not open it, nil when it does
}

// BoxAudit is what the last audit of a folder found: the server's keys against
// ours. The difference was repaired then.
type BoxAudit struct {
	At      Time  `cbor:"at" json:"at"`
	Server  int64 `cbor:"server" json:"server"`                       // copies on the server
	Missing int64 `cbor:"missing,omitempty" json:"missing,omitempty"` // of them nowhere here, and fetched afterwards
	Gone    int64 `cbor:"gone,omitempty" json:"gone,omitempty"`       // here and no longer there, and taken off
}

// Counts is one side of the equation of a box. Server copies = Stored + Skipped
// + Queued + Dead; Queued is what Live and Pending still cover plus Retrying.
type Counts struct {
	Stored   int64                `cbor:"stored" json:"stored"`
	Skipped  map[SkipReason]int64 `cbor:"skipped,omitempty" json:"skipped,omitempty"`
	Queued   int64                `cbor:"queued" json:"queued"` // as of the last listing, less what was fetched since
	Retrying int64                `cbor:"retrying" json:"retrying"`
	Dead     map[DeadReason]int64 `cbor:"dead,omitempty" json:"dead,omitempty"`
}

// Total is everything that is accounted for.
func (c Counts) Total() int64 {
	n := c.Stored + c.Queued + c.Retrying
	for _, v := range c.Skipped {
		n += v
	}
	for _, v := range c.Dead {
		n += v
	}
	return n
}

// Copies is how many of them have a document.
func (c Counts) Copies() int64 {
	return c.Total() - c.Queued - c.Retrying - c.Skipped[SkipSince] - c.Skipped[SkipStranger]
}

// CopyState says what became of a remote copy.
type CopyState string

const (
	CopyStored  CopyState = "stored"
	CopySkipped CopyState = "skipped"
	CopyDead    CopyState = "dead"
)

// SkipReason says why a copy was not stored on purpose.
type SkipReason string

const (
	SkipSince      SkipReason = "older_than_since"
	SkipStranger   SkipReason = "nobody_known" // of a mailbox with KnownOnly
	SkipNeverStore SkipReason = "never_store"
	SkipErased     SkipReason = "erased" // somebody in it was erased after it was sent
	SkipDrafts     SkipReason = "drafts_folder"
	SkipTrash      SkipReason = "trash_folder"
	SkipJunk       SkipReason = "junk_folder"
	SkipChat       SkipReason = "chat"
	SkipFolder     SkipReason = "folder_not_chosen"
	SkipDraft      SkipReason = "draft"
	SkipDuplicate  SkipReason = "seen_in_all_mail"
)

// DeadReason says why a copy was given up on; it can be retried.
type DeadReason string

const (
	DeadFetch    DeadReason = "cannot_be_fetched"
	DeadProtocol DeadReason = "breaks_the_connection"
	DeadStore    DeadReason = "cannot_be_stored"
)

// Copy is one remote copy: a message in a folder of a mailbox. Counted by the
// equation. Skipped by never_store it keeps only a keyed hash of the
// Message-ID.
type Copy struct {
	ID      CopyID     `cbor:"-" json:"id"`
	Mailbox MailboxID  `cbor:"mailbox" json:"mailbox"`
	Box     BoxID      `cbor:"box" json:"box"`
	Epoch   uint64     `cbor:"epoch" json:"epoch"`
	Key     Key        `cbor:"key" json:"key"`
	State   CopyState  `cbor:"state" json:"state"`
	Message MessageID  `cbor:"message,omitempty" json:"message,omitempty"`
	Skip    SkipReason `cbor:"skip,omitempty" json:"skip,omitempty"`
	Dead    DeadReason `cbor:"dead,omitempty" json:"dead,omitempty"`
	Detail  string     `cbor:"detail,omitempty" json:"detail,omitempty"` // of a dead letter: what the server said
	Hash    string     `cbor:"hash,omitempty" json:"hash,omitempty"`     // keyed hash of the Message-ID of a never-stored copy
	Flags   []Flag     `cbor:"flags,omitempty" json:"flags,omitempty"`
	Size    int64      `cbor:"size,omitempty" json:"size,omitempty"`
}

// Lane orders the fetch queue.
type Lane string

const (
	LaneLive     Lane = "live"
	LaneBackfill Lane = "backfill"
	LaneRepair   Lane = "repair"
)

// Queued is an exception to the ranges in a Box: a copy that failed and is to
// be tried again.
type Queued struct {
	ID       string     `cbor:"-" json:"id"`
	Mailbox  MailboxID  `cbor:"mailbox" json:"mailbox"`
	Box      BoxID      `cbor:"box" json:"box"`
	Epoch    uint64     `cbor:"epoch" json:"epoch"`
	Key      Key        `cbor:"key" json:"key"`
	Lane     Lane       `cbor:"lane" json:"lane"`
	Attempts int        `cbor:"attempts" json:"attempts"`
	NextAt   Time       `cbor:"next_at" json:"next_at"`
	Reason   DeadReason `cbor:"reason,omitempty" json:"reason,omitempty"`
	Detail   string     `cbor:"detail,omitempty" json:"detail,omitempty"`
}

// Lease says which process may write for a mailbox. Fence grows with every
// new owner; a write whose fence is not the current one is refused.
type Lease struct {
	ID    string `cbor:"-" json:"id"`
	Owner string `cbor:"owner" json:"owner"`
	Fence int64  `cbor:"fence" json:"fence"`
	Until Time   `cbor:"until" json:"until"`
}
