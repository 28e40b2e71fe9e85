package crm

import (
	"slices"
	"time"
)

// TrackMode is what a campaign finds out about the reading of its mails.
type TrackMode string

const (
	TrackOff        TrackMode = ""           // nothing
	TrackAggregate  TrackMode = "aggregate"  // how many, and not who
	TrackIndividual TrackMode = "individual" // who
)

// Verdict says who caused an event of tracking.
type Verdict string

const (
	VerdictHuman   Verdict = "human"
	VerdictMachine Verdict = "machine"
	VerdictUnknown Verdict = "unknown"
)

// HitKind is what was done with a mail.
type HitKind string

const (
	HitOpen  HitKind = "open"
	HitClick HitKind = "click"
)

// Hit is one event of tracking as it came. Of an aggregate campaign it names no
// recipient.
type Hit struct {
	Kind      HitKind `cbor:"k" json:"kind" enum:"open,click"`
	Campaign  string  `cbor:"c,omitempty" json:"campaign,omitempty" doc:"Empty: of a single mail"`
	Recipient string  `cbor:"r,omitempty" json:"recipient,omitempty" doc:"Line of the ledger, or a mail that was sent"`
	Link      int     `cbor:"l,omitempty" json:"link,omitempty" doc:"Number of the link in the letter, from 1"`
	Target    string  `cbor:"t,omitempty" json:"target,omitempty"`
	At        Time    `cbor:"at" json:"at"`
	Agent     string  `cbor:"ua,omitempty" json:"agent,omitempty" doc:"User-Agent"`
	Verdict   Verdict `cbor:"v" json:"verdict" enum:"human,machine,unknown" doc:"At the time; bursts are judged later"`
	Reason    string  `cbor:"w,omitempty" json:"reason,omitempty" doc:"Why it is called so"`
}

// HitChunk is a group of events that became durable together.
type HitChunk struct {
	ID        string   `cbor:"-" json:"id"`
	At        Time     `cbor:"at" json:"at"`
	Campaigns []string `cbor:"campaigns,omitempty" json:"-"`
	Hits      []Hit    `cbor:"hits" json:"hits"`
	Folded    bool     `cbor:"folded" json:"-"` // into the ledger
}

// HitCount counts events of one kind, by who caused them.
type HitCount struct {
	Human   int64 `cbor:"h,omitempty" json:"human"`
	Machine int64 `cbor:"m,omitempty" json:"machine"`
	Unknown int64 `cbor:"u,omitempty" json:"unknown"`
}

// Add counts an event, or takes it away.
func (c *HitCount) Add(v Verdict, n int64) {
	switch v {
	case VerdictHuman:
		c.Human += n
	case VerdictMachine:
		c.Machine += n
	default:
		c.Unknown += n
	}
}

// Seen is what tracking knows of one mail, or of a campaign as a whole. Its id is
// that of the line of the ledger, of the mail that was sent, or of the campaign.
type Seen struct {
	ID       string    `cbor:"-" json:"id"`
	Opens    HitCount  `cbor:"o" json:"opens"`
	Clicks   HitCount  `cbor:"c" json:"clicks"`
	Opened   Time      `cbor:"ot,omitempty" json:"opened,omitempty" doc:"When a human opened it first"`
	Clicked  Time      `cbor:"ct,omitempty" json:"clicked,omitempty" doc:"When a human clicked first"`
	Openers  int64     `cbor:"oh,omitempty" json:"openers,omitempty" doc:"Of a campaign: recipients of whom a human opened it"`
	Clickers int64     `cbor:"ch,omitempty" json:"clickers,omitempty" doc:"Of a campaign: recipients of whom a human clicked"`
	Recent   []SeenHit `cbor:"r,omitempty" json:"-"` // the last few, for bursts

	Message MessageID `cbor:"m,omitempty" json:"-"`  // of a mail that somebody wrote themselves: the one that it became
	Sent    Time      `cbor:"s,omitempty" json:"-"`  // when that went out
	Of      string    `cbor:"of,omitempty" json:"-"` // of a message: what its addresses are counted under; nothing else is set
}

// Leave says which message the mail became, and when it went out. Who saw it
// before, or at that moment, was whoever wrote it, or a program.
func (s *Seen) Leave(m MessageID, at Time) {
	s.Message, s.Sent = m, at
	s.Recent = slices.Clone(s.Recent)
	for i := range s.Recent {
		r := &s.Recent[i]
		if r.At.Sub(at) < tooSoon && r.Verdict != VerdictMachine {
			s.count(r.Kind).Add(r.Verdict, -1)
			s.count(r.Kind).Add(VerdictMachine, 1)
			r.Verdict = VerdictMachine
		}
	}
	for _, x := range []struct {
		kind HitKind
		at   *Time
	}{{HitOpen, &s.Opened}, {HitClick, &s.Clicked}} {
		*x.at = 0
		for _, r := range s.Recent {
			if r.Kind == x.kind && r.Verdict == VerdictHuman && (*x.at == 0 || r.At < *x.at) {
				*x.at = r.At
			}
		}
	}
}

// Gain adds to the sum of a campaign what became of one recipient.
func (s *Seen) Gain(before, after *Seen) {
	s.Opens.gain(before.Opens, after.Opens)
	s.Clicks.gain(before.Clicks, after.Clicks)
	s.Openers += one(after.Opens.Human) - one(before.Opens.Human)
	s.Clickers += one(after.Clicks.Human) - one(before.Clicks.Human)
}

func one(n int64) int64 { return min(n, 1) }

func (c *HitCount) gain(before, after HitCount) {
	c.Human += after.Human - before.Human
	c.Machine += after.Machine - before.Machine
	c.Unknown += after.Unknown - before.Unknown
}

// SeenHit is what is kept of an event to recognise a burst.
type SeenHit struct {
	Kind    HitKind `cbor:"k" json:"kind"`
	Link    int     `cbor:"l,omitempty" json:"link"`
	At      Time    `cbor:"at" json:"at"`
	Verdict Verdict `cbor:"v" json:"verdict"`
}

const (
	recentHits = 16
	tooSoon    = 10 * time.Second // after sending: a prefetch, or a scanner
	burstSpan  = 2 * time.Second
	burstLinks = 3 // different links within the span
)

// Take counts an event; sent is when the mail went out, 0 when that is not
// known. Events of one burst before it are judged anew: a reader does not click
// three links within two seconds.
func (s *Seen) Take(h Hit, sent Time) {
	v := h.Verdict
	if s.Sent > 0 {
		sent = s.Sent
	}
	if sent > 0 && h.At.Sub(sent) < tooSoon && v == VerdictHuman {
		v = VerdictMachine
	}
	s.Recent = append(slices.Clone(s.Recent), SeenHit{h.Kind, h.Link, h.At, v})
	s.count(h.Kind).Add(v, 1)
	s.burst(h.At)
	if len(s.Recent) > recentHits {
		s.Recent = s.Recent[len(s.Recent)-recentHits:]
	}
	s.firsts(h)
}

// Count counts an event as it was judged when it came.
func (s *Seen) Count(h Hit) { s.count(h.Kind).Add(h.Verdict, 1) }

func (s *Seen) count(k HitKind) *HitCount {
	if k == HitClick {
		return &s.Clicks
	}
	return &s.Opens
}

// burst judges the clicks around a moment anew.
func (s *Seen) burst(at Time) {
	links := map[int]bool{}
	for _, r := range s.Recent {
		if r.Kind == HitClick && at.Sub(r.At).Abs() <= burstSpan {
			links[r.Link] = true
		}
	}
	if len(links) < burstLinks {
		return
	}
	for i := range s.Recent {
		r := &s.Recent[i]
		if at.Sub(r.At).Abs() <= burstSpan && r.Verdict != VerdictMachine {
			s.count(r.Kind).Add(r.Verdict, -1)
			s.count(r.Kind).Add(VerdictMachine, 1)
			r.Verdict = VerdictMachine
		}
	}
}

// firsts keeps when a human was first seen, which a burst takes back.
func (s *Seen) firsts(h Hit) {
	for _, x := range []struct {
		n    int64
		kind HitKind
		at   *Time
	}{{s.Opens.Human, HitOpen, &s.Opened}, {s.Clicks.Human, HitClick, &s.Clicked}} {
		switch {
		case x.n == 0:
			*x.at = 0
		case x.kind == h.Kind && (*x.at == 0 || h.At < *x.at):
			*x.at = h.At
		}
	}
}

// Mailing is what the workspace says of mail to many people.
type Mailing struct {
	Postal  string `cbor:"postal,omitempty" json:"postal,omitempty" doc:"Postal address under marketing mails" maxLength:"500"`
	Consent bool   `cbor:"consent,omitempty" json:"consent,omitempty" doc:"Who reads what is found out of those alone who agreed"`

	Single TrackMode `cbor:"single,omitempty" json:"single_mails,omitempty" enum:",aggregate,individual" doc:"The most that may be found out about the reading of single mails; empty: nothing"`

	Purposes []Purpose `cbor:"purposes,omitempty" json:"purposes,omitempty" maxItems:"50" doc:"What mails are for; people may leave each by itself"`
}

// Purpose is what mails are for, such as news or invitations.
type Purpose struct {
	Key  string `cbor:"key" json:"key" maxLength:"40" doc:"Small letters, digits and _"`
	Name string `cbor:"name" json:"name" maxLength:"200" doc:"As people read it who choose"`
}

// MailingID names the setting that holds it.
const MailingID = "mailing"

// Consent is somebody's word that the reading of mails may be tracked.
type Consent struct {
	ID      string  `cbor:"-" json:"id"`
	Address Address `cbor:"address" json:"address"`
	Source  string  `cbor:"source" json:"source" doc:"How it was given"`
	Given   Time    `cbor:"given" json:"given"`
	By      UserID  `cbor:"by,omitempty" json:"by,omitempty" doc:"Who wrote it down; empty: the person themselves"`
}

// Prefixes of what tracking keeps.
const (
	PrefixHits    = "hit"
	PrefixConsent = "cst"
	PrefixTracked = "trk" // a mail that somebody writes themselves
)

// ConsentID derives the id from the address.
func ConsentID(key IDKey, a Address) string { return DerivedID(PrefixConsent, key, string(a)) }

// TrackKey signs addresses of tracking from the time when it was made; those that
// it signed hold as long as it is kept.
type TrackKey struct {
	ID  string `cbor:"id"` // a letter and digits
	Key IDKey  `cbor:"key"`
	At  Time   `cbor:"at"`
}
