package crm

import "slices"

// Prefixes of ids of sequences and of who is in them.
const (
	PrefixSequence  = "seq"
	PrefixEnrolment = "enr"
)

// SequenceStatus says whether a sequence sends.
type SequenceStatus string

const (
	SequenceDraft  SequenceStatus = "draft"
	SequenceActive SequenceStatus = "active"
	SequencePaused SequenceStatus = "paused"
)

// Sequence is a row of letters to one person at a time, with working days in
// between, which ends as soon as they answer.
type Sequence struct {
	ID         string         `cbor:"-" json:"id"`
	Name       string         `cbor:"name" json:"name"`
	Status     SequenceStatus `cbor:"status" json:"status" enum:"draft,active,paused"`
	Why        string         `cbor:"why,omitempty" json:"why,omitempty" doc:"Of a pause that nobody asked for"`
	Mailbox    MailboxID      `cbor:"mailbox" json:"mailbox" doc:"Whose mail system sends it"`
	Steps      []SequenceStep `cbor:"steps" json:"steps"`
	Pace       Pace           `cbor:"pace" json:"pace"`
	Track      TrackMode      `cbor:"track,omitempty" json:"track,omitempty" enum:",aggregate,individual"`
	Marketing  bool           `cbor:"marketing,omitempty" json:"marketing,omitempty"`
	Purpose    string         `cbor:"purpose,omitempty" json:"purpose,omitempty" doc:"Key of what it is for, which people may leave by itself"`
	StopOnDeal bool           `cbor:"stop_on_deal,omitempty" json:"stop_on_deal,omitempty" doc:"Ends for a person when a deal of theirs moves to another stage"`
	Owner      UserID         `cbor:"owner" json:"owner"`
	At         Time           `cbor:"at" json:"at" doc:"Of the last change by a person"`
	Restored   Time           `cbor:"restored,omitempty" json:"restored,omitempty" doc:"When it was found again after a restore or a long standstill: who was due before may have been written to by a past that is lost"`
}

// SequenceStep is one letter of a sequence.
type SequenceStep struct {
	Template string    `cbor:"template" json:"template"`
	Letter   *Template `cbor:"letter" json:"letter,omitempty" doc:"The template as it was when the sequence was saved: this is sent"`
	Wait     int       `cbor:"wait,omitempty" json:"wait,omitempty" doc:"Working days after the step before, or after somebody was put in"`
	New      bool      `cbor:"new,omitempty" json:"new,omitempty" doc:"Begins a conversation of its own; else it continues that of the step before"`
	If       string    `cbor:"if,omitempty" json:"if,omitempty" doc:"Sent to those alone who fit: contacts where …, or deals where … of one of their deals"`
}

// EnrolmentState is how somebody stands in a sequence.
type EnrolmentState string

const (
	EnrolmentActive   EnrolmentState = "active"
	EnrolmentPaused   EnrolmentState = "paused"   // by a person
	EnrolmentFinished EnrolmentState = "finished" // every step is behind them
	EnrolmentStopped  EnrolmentState = "stopped"  // Reason says by what
	EnrolmentLeft     EnrolmentState = "left"     // taken out by a person
	EnrolmentExcluded EnrolmentState = "excluded" // never began, Reason says why
)

// EnrolmentStates are all of them.
func EnrolmentStates() []EnrolmentState {
	return []EnrolmentState{EnrolmentActive, EnrolmentPaused, EnrolmentFinished, EnrolmentStopped, EnrolmentLeft, EnrolmentExcluded}
}

// Reasons for which a sequence stops for a person, beside those of suppressions.
const (
	StopReplied = "replied"
	StopBounced = "bounced"
	StopDeal    = "deal_stage"
	StopGone    = "contact_deleted"
	StopUnknown = "unknown" // whether the last letter went out
	StopFailed  = "failed"  // the last letter was refused
)

// Enrolment is one person in a sequence. Which letters they had, and which comes
// next, are lines of the ledger.
type Enrolment struct {
	ID       string         `cbor:"-" json:"id"`
	Sequence string         `cbor:"sequence" json:"sequence"`
	Contact  RecordID       `cbor:"contact" json:"contact"`
	Address  Address        `cbor:"address,omitempty" json:"address,omitempty"`
	Deal     RecordID       `cbor:"deal,omitempty" json:"deal,omitempty" doc:"That the letters are about"`
	Zone     string         `cbor:"zone,omitempty" json:"zone,omitempty" doc:"IANA, of the person, where it is known"`
	State    EnrolmentState `cbor:"state" json:"state" enum:"active,paused,finished,stopped,left,excluded"`
	Reason   string         `cbor:"reason,omitempty" json:"reason,omitempty"`
	Round    int            `cbor:"round,omitempty" json:"round,omitempty" doc:"How often they were put in again"`
	Past     int            `cbor:"past,omitempty" json:"-"` // steps that a person said to leave behind, whatever became of them
	Began    Time           `cbor:"began" json:"began"`
	Since    Time           `cbor:"since" json:"since" doc:"When it began, or last went on: what came before does not stop it"`
	By       UserID         `cbor:"by,omitempty" json:"by,omitempty"`
	At       Time           `cbor:"at" json:"at"`
}

// EnrolmentID derives the id from sequence and address.
func EnrolmentID(key IDKey, sequence string, a Address) string {
	return DerivedID(PrefixEnrolment, key, sequence, string(a))
}

// Goes tells whether somebody is on their way.
func (e *Enrolment) Goes() bool { return e.State == EnrolmentActive || e.State == EnrolmentPaused }

// Starts tells at which step the conversation begins that a step belongs to.
func (s *Sequence) Starts(step int) int {
	for i := min(step, len(s.Steps)-1); i > 0; i-- {
		if s.Steps[i].New {
			return i
		}
	}
	return 0
}

// Templates are the ids of the letters.
func (s *Sequence) Templates() []string {
	var out []string
	for _, x := range s.Steps {
		if !slices.Contains(out, x.Template) {
			out = append(out, x.Template)
		}
	}
	return out
}
