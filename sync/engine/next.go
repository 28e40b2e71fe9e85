package engine

import (
	"time"

	"threadline/internal/crm"
)

// State is where a mailbox stands, as far as decisions go.
type State struct {
	Mailbox crm.MailboxState
	Fails   int // failures in a row
	Refused int // refused credentials in a row
	NextAt  crm.Time
	Trouble *crm.Trouble
}

// EventKind is what happened to a mailbox.
type EventKind string

const (
	Started   EventKind = "started"   // the process took the lease
	Connected EventKind = "connected" // signed in
	Primed    EventKind = "primed"    // every folder has a cursor
	Advanced  EventKind = "advanced"  // a piece of work is stored, there is more
	Idle      EventKind = "idle"      // nothing is left to do
	Woken     EventKind = "woken"     // the server, a person or a timer says: look
	Voided    EventKind = "voided"    // a folder's keys mean nothing any more
	Failed    EventKind = "failed"    // see Err
	Due       EventKind = "due"       // NextAt has come
	Paused    EventKind = "paused"    // a person asks for it
	Resumed   EventKind = "resumed"   // a person asks for it, or repaired the credentials
	Deleted   EventKind = "deleted"   // a person asks for it
)

// Event is one thing that happened, with the values that a decision needs.
type Event struct {
	Kind       EventKind
	At         crm.Time
	Err        error         // of Failed
	RetryAfter time.Duration // what the server asked for, 0 for nothing
	Jitter     float64       // [0,1), of Failed
	Moved      bool          // of Failed: something was stored since the last event
}

// Effect is what is to be done next.
type Effect string

const (
	Connect    Effect = "connect"
	Prime      Effect = "prime"
	Work       Effect = "work" // fetch and store the next piece
	Wait       Effect = "wait" // for the server, a person or NextAt
	Disconnect Effect = "disconnect"
	TellOwner  Effect = "tell_owner"
	Stop       Effect = "stop"
)

// Back-off: full jitter up to base·2ⁿ, at most the ceiling. Credentials that
// were refused once are tried again after a while, because servers refuse
// logins when they are busy.
const (
	backoffBase    = time.Second
	backoffCeiling = 15 * time.Minute
	refusedPause   = 10 * time.Minute
	refusedLimit   = 2
	longestAsked   = 24 * time.Hour // a server that asks for more is asked again after a day
)

// Next is the one function that moves a mailbox: pure, total, and safe for
// events that come late. An event that means nothing in a state changes nothing
// and has no effect.
func Next(s State, e Event) (State, []Effect) {
	switch s.Mailbox {
	case crm.StateDeleting, crm.StateDeleted, crm.StateFailed:
		return s, []Effect{Stop}
	}
	switch e.Kind {
	case Paused:
		s.Mailbox, s.NextAt = crm.StatePaused, 0
		return s, []Effect{Disconnect, Wait}
	case Deleted:
		s.Mailbox, s.NextAt = crm.StateDeleting, 0
		return s, []Effect{Disconnect, Stop}
	}
	switch s.Mailbox {
	case crm.StatePaused, crm.StateAuthRequired:
		return s.halted(e)
	}
	if e.Kind == Failed {
		return s.failed(e)
	}
	return s.moving(e)
}

// halted waits for a person.
func (s State) halted(e Event) (State, []Effect) {
	if e.Kind == Resumed {
		return State{Mailbox: crm.StateConnecting}, []Effect{Connect}
	}
	if e.Kind == Started {
		return s, []Effect{Wait}
	}
	return s, nil
}

// moving is the way of a mailbox without trouble.
func (s State) moving(e Event) (State, []Effect) {
	switch e.Kind {
	case Started:
		if s.Mailbox == crm.StateThrottled && s.NextAt > e.At {
			return s, []Effect{Wait} // a restart is no excuse for knocking earlier
		}
		s.Mailbox, s.NextAt = crm.StateConnecting, 0
		return s, []Effect{Connect}
	case Resumed:
		s.Mailbox, s.NextAt = crm.StateConnecting, 0
		return s, []Effect{Disconnect, Connect}
	case Due:
		if s.Mailbox == crm.StateThrottled && s.NextAt <= e.At {
			s.Mailbox, s.NextAt = crm.StateConnecting, 0
			return s, []Effect{Connect}
		}
	case Connected:
		if s.Mailbox == crm.StateConnecting {
			s.Mailbox, s.Refused = crm.StatePriming, 0
			return s, []Effect{Prime}
		}
	case Primed:
		if s.Mailbox == crm.StatePriming || s.Mailbox == crm.StateResync {
			// How often it failed counts on until something is stored: signing
			// in alone is no success.
			return State{Mailbox: crm.StateLive, Fails: s.Fails}, []Effect{Work}
		}
	case Voided:
		if s.working() {
			s.Mailbox = crm.StateResync
			return s, []Effect{Prime}
		}
	case Advanced, Woken:
		if s.Mailbox == crm.StateLive {
			return State{Mailbox: crm.StateLive}, []Effect{Work}
		}
	case Idle:
		if s.Mailbox == crm.StateLive {
			return State{Mailbox: crm.StateLive}, []Effect{Wait}
		}
	}
	return s, nil
}

func (s State) working() bool {
	return s.Mailbox == crm.StateLive || s.Mailbox == crm.StatePriming || s.Mailbox == crm.StateResync
}

// failed pauses for a while, or for good when credentials are refused again.
func (s State) failed(e Event) (State, []Effect) {
	if e.Moved {
		s.Fails = 0
	}
	s.Fails++
	s.Trouble = trouble(s.Trouble, e)
	if crm.IsKind(e.Err, crm.Unauthorized) {
		s.Refused++
		if ce := asError(e.Err); s.Refused >= refusedLimit || ce != nil && ce.Final {
			s.Mailbox, s.NextAt = crm.StateAuthRequired, 0
			return s, []Effect{Disconnect, TellOwner, Wait}
		}
	}
	s.Mailbox = crm.StateThrottled
	s.NextAt = e.At.Add(s.backoff(e))
	return s, []Effect{Disconnect, Wait}
}

func (s State) backoff(e Event) time.Duration {
	if crm.IsKind(e.Err, crm.Unauthorized) {
		return refusedPause
	}
	limit := backoffCeiling
	if n := min(max(s.Fails, 0), 20); backoffBase<<n < limit {
		limit = backoffBase << n
	}
	return max(time.Duration(e.Jitter*float64(limit)), min(e.RetryAfter, longestAsked), time.Millisecond)
}

// trouble keeps since when a mailbox is in trouble while the kind stays.
func trouble(was *crm.Trouble, e Event) *crm.Trouble {
	t := &crm.Trouble{Kind: crm.KindOf(e.Err), Msg: message(e.Err), Since: e.At}
	if ce := asError(e.Err); ce != nil {
		t.Hint = ce.Hint
	}
	if was != nil && was.Kind == t.Kind {
		t.Since = was.Since
	}
	return t
}
