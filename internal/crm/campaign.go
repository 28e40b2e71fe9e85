package crm

import (
	"slices"
	"time"
)

// Prefixes of ids of campaigns and what belongs to them.
const (
	PrefixCampaign    = "cam"
	PrefixRecipient   = "rcp"
	PrefixSuppression = "sup"
)

// CampaignStatus says how far a campaign has come.
type CampaignStatus string

const (
	CampaignDraft     CampaignStatus = "draft"
	CampaignReady     CampaignStatus = "ready"   // every recipient is written down, with why they get it or not
	CampaignSending   CampaignStatus = "sending" // goes on by itself
	CampaignPaused    CampaignStatus = "paused"  // waits for a person
	CampaignDone      CampaignStatus = "done"    // nobody is left; what is unknown is known by name
	CampaignCancelled CampaignStatus = "cancelled"
)

// Campaign is one letter to many people, each of whom gets it at most once.
type Campaign struct {
	ID        string         `cbor:"-" json:"id"`
	Name      string         `cbor:"name" json:"name"`
	Status    CampaignStatus `cbor:"status" json:"status" enum:"draft,ready,sending,paused,done,cancelled"`
	Why       string         `cbor:"why,omitempty" json:"why,omitempty" doc:"Of a pause that nobody asked for"`
	Template  string         `cbor:"template" json:"template"`
	Prepared  string         `cbor:"prepared,omitempty" json:"prepared,omitempty" doc:"Job that wrote the recipients down"`
	Letter    *Template      `cbor:"letter,omitempty" json:"letter,omitempty" doc:"The template as it was when the recipients were written down"`
	Audience  string         `cbor:"audience" json:"audience" doc:"Contacts, in the query language"`
	Segment   string         `cbor:"segment,omitempty" json:"segment,omitempty" doc:"In place of an audience: the members of a segment of contacts"`
	Mailbox   MailboxID      `cbor:"mailbox" json:"mailbox" doc:"Whose mail system sends it"`
	Spare     CampaignSpare  `cbor:"spare" json:"spare"`
	Pace      Pace           `cbor:"pace" json:"pace"`
	Track     TrackMode      `cbor:"track,omitempty" json:"track,omitempty" enum:",aggregate,individual" doc:"What is found out about reading; empty: nothing"`
	Marketing bool           `cbor:"marketing,omitempty" json:"marketing,omitempty" doc:"Offers to many: needs the postal address and a way to leave"`
	Purpose   string         `cbor:"purpose,omitempty" json:"purpose,omitempty" doc:"Key of what it is for, which people may leave by itself"`
	Owner     UserID         `cbor:"owner" json:"owner"`
	At        Time           `cbor:"at" json:"at" doc:"Of the last change by a person"`
	Restored  Time           `cbor:"restored,omitempty" json:"restored,omitempty" doc:"When it was found again after a restore or a long standstill: who was due before may have been written to by a past that is lost"`
}

// CampaignSpare says who is left out beside those who must not be written to.
type CampaignSpare struct {
	OpenDeals bool `cbor:"open_deals,omitempty" json:"open_deals,omitempty" doc:"Contacts of deals that are open"`
	Days      int  `cbor:"days,omitempty" json:"days,omitempty" doc:"Contacts with whom anybody here had mail in as many days"`
}

// Pace is how fast and when a campaign sends.
type Pace struct {
	PerDay    int    `cbor:"per_day" json:"per_day" doc:"Mails of the mailbox in any 24 hours"`
	PerMinute int    `cbor:"per_minute" json:"per_minute"`
	Zone      string `cbor:"zone,omitempty" json:"zone,omitempty" doc:"IANA; empty: the workspace's"`
	Days      []int  `cbor:"days,omitempty" json:"days,omitempty" doc:"Weekdays, 0 is Sunday; empty: all"`
	From      int    `cbor:"from,omitempty" json:"from,omitempty" doc:"Minute of the day from which it sends"`
	To        int    `cbor:"to,omitempty" json:"to,omitempty" doc:"Minute of the day up to which it sends; 0: midnight"`

	Recipient  bool `cbor:"recipient,omitempty" json:"recipient,omitempty" doc:"Days and hours are meant where the recipient is, when that is known"`
	OnHolidays bool `cbor:"on_holidays,omitempty" json:"on_holidays,omitempty" doc:"Sends on the holidays of the workspace too"`
	PerDomain  int  `cbor:"per_domain,omitempty" json:"per_domain,omitempty" doc:"Mails a minute to one domain; 0: as many as a minute"`
	Warmup     int  `cbor:"warmup,omitempty" json:"warmup,omitempty" doc:"Mails of the mailbox on its first day; half as many again on each day after; 0: per_day at once"`
}

// RecipientState is where a recipient stands in the ledger of a campaign.
type RecipientState string

const (
	RecipientExcluded RecipientState = "excluded" // Reason says why; never sent to
	RecipientQueued   RecipientState = "queued"
	RecipientClaimed  RecipientState = "claimed" // a worker is at it
	RecipientSent     RecipientState = "sent"
	RecipientFailed   RecipientState = "failed"  // refused for good, Reason says how
	RecipientUnknown  RecipientState = "unknown" // it may have gone out
)

// Recipient is one line of the ledger of a campaign: one per campaign and
// address. Its Message-ID is fixed before anything is sent.
type Recipient struct {
	ID       string         `cbor:"-" json:"id"`
	Campaign string         `cbor:"campaign" json:"campaign"`
	Mailbox  MailboxID      `cbor:"mailbox" json:"-"`
	Address  Address        `cbor:"address" json:"address"`
	Contact  RecordID       `cbor:"contact" json:"contact"`
	State    RecipientState `cbor:"state" json:"state" enum:"excluded,queued,claimed,sent,failed,unknown"`
	Reason   string         `cbor:"reason,omitempty" json:"reason,omitempty"`
	RFCID    RFCID          `cbor:"rfc_id,omitempty" json:"rfc_id,omitempty"`
	Due      Time           `cbor:"due,omitempty" json:"due,omitempty" doc:"Not before"`
	Tries    int            `cbor:"tries,omitempty" json:"tries,omitempty"`
	Fence    int64          `cbor:"fence,omitempty" json:"-"`
	Until    Time           `cbor:"until,omitempty" json:"-"` // of a claim: after it, whether it went out is unknown
	Looked   int            `cbor:"looked,omitempty" json:"looked,omitempty" doc:"How often it was looked up in vain"`
	Remote   string         `cbor:"remote,omitempty" json:"remote,omitempty" doc:"What the mail system calls it"`
	At       Time           `cbor:"at" json:"at"`
	Sent     Time           `cbor:"sent,omitempty" json:"sent,omitempty" doc:"When it was handed over"`
	Zone     string         `cbor:"zone,omitempty" json:"zone,omitempty" doc:"IANA, of the recipient, where the hours are meant there"`

	// Of a sequence, whose id stands in Campaign.
	Step      int    `cbor:"step,omitempty" json:"step,omitempty" doc:"From 1"`
	Enrolment string `cbor:"enrolment,omitempty" json:"enrolment,omitempty"`
	Subject   string `cbor:"subject,omitempty" json:"subject,omitempty" doc:"Of a letter that others continue"`
	Thread    string `cbor:"thread,omitempty" json:"-"` // what the mail system calls the conversation

	// What came back; each the first time.
	Replied    Time       `cbor:"replied,omitempty" json:"replied,omitempty"`
	Reply      MessageID  `cbor:"reply,omitempty" json:"reply,omitempty"`
	Bounced    Time       `cbor:"bounced,omitempty" json:"bounced,omitempty"`
	Bounce     BounceKind `cbor:"bounce,omitempty" json:"bounce,omitempty" enum:"hard,soft,policy"`
	Said       string     `cbor:"said,omitempty" json:"said,omitempty" doc:"By the server that sent it back"`
	Complained Time       `cbor:"complained,omitempty" json:"complained,omitempty"`
	Left       Time       `cbor:"left,omitempty" json:"left,omitempty" doc:"When they unsubscribed"`
	Away       Time       `cbor:"away,omitempty" json:"away,omitempty" doc:"Until when they are out of office"`
}

// DueAnew is when a line is due that goes into the queue again now. A line that a
// lost past may have sent stays due before the restore, and so in doubt.
func (r *Recipient) DueAnew(restored, now Time) Time {
	if r.At < restored {
		return min(r.Due, restored-1)
	}
	return max(r.Due, now)
}

// Suppression keeps every campaign away from an address, or those of a purpose. After an erasure only
// its id is left, which is a keyed hash of the address.
type Suppression struct {
	ID       string            `cbor:"-" json:"id"`
	Address  Address           `cbor:"address,omitempty" json:"address,omitempty"`
	Purpose  string            `cbor:"purpose,omitempty" json:"purpose,omitempty" doc:"Of what alone they do not want mail; empty: of anything"`
	Reason   SuppressionReason `cbor:"reason" json:"reason" enum:"unsubscribed,bounced,complained,manual"`
	Campaign string            `cbor:"campaign,omitempty" json:"campaign,omitempty" doc:"That led to it"`
	By       UserID            `cbor:"by,omitempty" json:"by,omitempty"`
	At       Time              `cbor:"at" json:"at"`
}

// SuppressionReason says why an address gets no campaign.
type SuppressionReason string

const (
	SuppressedUnsubscribed SuppressionReason = "unsubscribed"
	SuppressedBounced      SuppressionReason = "bounced"
	SuppressedComplained   SuppressionReason = "complained"
	SuppressedManual       SuppressionReason = "manual"
)

// RecipientID derives the line of an address in a campaign.
func RecipientID(key IDKey, campaign string, a Address) string {
	return DerivedID(PrefixRecipient, key, campaign, string(a))
}

// SuppressionID derives the id from the address, and from the purpose that is
// meant; "" is all of them.
func SuppressionID(key IDKey, a Address, purpose string) string {
	if purpose == "" {
		return DerivedID(PrefixSuppression, key, string(a))
	}
	return DerivedID(PrefixSuppression, key, string(a), purpose)
}

const day = 24 * 60

// Check refuses a pace that cannot be kept.
func (p Pace) Check() error {
	const op = Op("crm.Pace")
	switch {
	case p.PerDay < 1 || p.PerDay > 1_000_000:
		return Errorf(Invalid, op, "a campaign sends between 1 and 1,000,000 mails a day").WithField("pace.per_day")
	case p.PerMinute < 1 || p.PerMinute > 1_000_000:
		return Errorf(Invalid, op, "a campaign sends between 1 and 1,000,000 mails a minute").WithField("pace.per_minute")
	case p.From < 0 || p.From >= day || p.To < 0 || p.To > day || p.To != 0 && p.To <= p.From:
		return Errorf(Invalid, op, "the hours of sending end before they begin").WithField("pace.to").
			WithHint("minutes of the day, such as 540 for nine o'clock")
	case p.PerDomain < 0 || p.PerDomain > 1_000_000:
		return Errorf(Invalid, op, "a domain gets between 1 and 1,000,000 mails a minute").WithField("pace.per_domain")
	case p.Warmup < 0 || p.Warmup > p.PerDay:
		return Errorf(Invalid, op, "the first day has at most as many mails as any other").WithField("pace.warmup")
	case slices.ContainsFunc(p.Days, func(d int) bool { return d < 0 || d > 6 }):
		return Errorf(Invalid, op, "a weekday is a number from 0, Sunday, to 6").WithField("pace.days")
	}
	if _, err := time.LoadLocation(p.Zone); err != nil {
		return Errorf(Invalid, op, "%q is no time zone", Clip(p.Zone, 40)).WithField("pace.zone").WithHint("such as Europe/Warsaw")
	}
	return nil
}
