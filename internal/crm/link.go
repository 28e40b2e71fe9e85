package crm

// RuleName says by which rule a link came about. Stored; it only grows.
type RuleName string

const (
	ByAddress    RuleName = "address"     // a participant's address is held by a contact
	ByDomain     RuleName = "domain"      // a participant's domain is held by a company
	ByContact    RuleName = "contact"     // the company of a linked contact
	ByThread     RuleName = "thread"      // other mail of the conversation is linked
	ByOnlyDeal   RuleName = "only_deal"   // the one deal open at that time
	ByDealWords  RuleName = "deal_words"  // of several deals the one whose title, numbers or amount the mail names
	ByDealPeople RuleName = "deal_people" // of several deals the one whose contacts take part
	ByDealThread RuleName = "deal_thread" // the deal of other mail of the conversation
	ByDealNext   RuleName = "deal_next"   // the deal that follows the closed one of the conversation
	ByUserRule   RuleName = "user_rule"   // a rule that a person made
	ByAnswer     RuleName = "answer"      // a person said so
)

// Link joins a message to a record and says why.
type Link struct {
	Record     RecordID `cbor:"record" json:"record"`
	Rule       RuleName `cbor:"rule" json:"rule"`
	Evidence   Evidence `cbor:"evidence" json:"evidence"`
	Confidence int      `cbor:"confidence" json:"confidence"` // percent
}

// Evidence is what a rule saw. Only Quote holds words of the mail itself; it is
// hidden with the subject.
type Evidence struct {
	Role    Role      `cbor:"role,omitempty" json:"role,omitempty"`       // where the participant stands
	Address Address   `cbor:"address,omitempty" json:"address,omitempty"` // the address that matched
	Domain  Domain    `cbor:"domain,omitempty" json:"domain,omitempty"`   // the domain that matched
	Via     RecordID  `cbor:"via,omitempty" json:"via,omitempty"`         // the linked record that led here
	Message MessageID `cbor:"message,omitempty" json:"message,omitempty"` // the message of the thread that is linked
	By      string    `cbor:"by,omitempty" json:"by,omitempty"`           // id of the rule or answer
	Quote   string    `cbor:"quote,omitempty" json:"quote,omitempty"`
}

// RuleSet is the version of the matching rules of this program. It grows with
// every change of what they decide.
const RuleSet = 10

// Scope says how far a correction reaches.
type Scope string

const (
	ScopeMessage Scope = "message"
	ScopeThread  Scope = "thread"
	ScopeAddress Scope = "address"
	ScopeDomain  Scope = "domain"
)

// Rule is a standing correction that a person made for an address or a domain.
type Rule struct {
	ID     string     `cbor:"-" json:"id"`
	Scope  Scope      `cbor:"scope" json:"scope" enum:"address,domain"`
	Value  Token      `cbor:"value" json:"value"`
	Effect RuleEffect `cbor:"effect" json:"effect" enum:"link,never"`
	Record RecordID   `cbor:"record" json:"record"`
	By     UserID     `cbor:"by,omitempty" json:"by,omitempty"`
	At     Time       `cbor:"at" json:"at"`
}

// RuleEffect is what a Rule does with its record.
type RuleEffect string

const (
	EffectLink  RuleEffect = "link"
	EffectNever RuleEffect = "never"
)

// Effects that only an Answer has.
const (
	EffectPrivate RuleEffect = "private" // nobody but the owners knows of the message
	EffectShared  RuleEffect = "shared"  // takes private back
	EffectDeal    RuleEffect = "deal"    // of all deals to this one; without a record to none
	EffectSplit   RuleEffect = "split"   // from this message on it is another thread
)

// Answer is a person's word on one message or thread. Answers are applied
// last and the later one wins.
type Answer struct {
	ID      string     `cbor:"-" json:"id"`
	Scope   Scope      `cbor:"scope" json:"scope" enum:"message,thread"`
	Message MessageID  `cbor:"message" json:"message"` // the message, or one message of the thread
	Effect  RuleEffect `cbor:"effect" json:"effect" enum:"link,never,deal,private,shared,split,done"`
	Record  RecordID   `cbor:"record,omitempty" json:"record,omitempty"` // of link and never; of deal empty when there is none
	By      UserID     `cbor:"by,omitempty" json:"by,omitempty"`
	At      Time       `cbor:"at" json:"at"`
}

// Suggestion is a person found in mail who is no contact yet.
type Suggestion struct {
	Address Address         `cbor:"-" json:"address"`
	ID      string          `cbor:"-" json:"id"`
	Name    string          `cbor:"name,omitempty" json:"name,omitempty"`
	State   SuggestionState `cbor:"state" json:"state"`
	At      Time            `cbor:"at" json:"at"`
	Contact RecordID        `cbor:"contact,omitempty" json:"contact,omitempty"`
}

// SuggestionState is what a person decided about a suggestion.
type SuggestionState string

const (
	SuggestionAccepted  SuggestionState = "accepted"
	SuggestionDismissed SuggestionState = "dismissed"
)
