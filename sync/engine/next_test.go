package engine

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"threadline/internal/crm"
)

const atNoon = crm.Time(1_700_000_000_000_000)

var (
	allStates = []crm.MailboxState{crm.StateNew, crm.StateConnecting, crm.StatePriming, crm.StateLive, crm.StateThrottled,
		crm.StateResync, crm.StateAuthRequired, crm.StatePaused, crm.StateFailed, crm.StateDeleting}
	allEvents = []EventKind{Started, Connected, Primed, Advanced, Idle, Woken, Voided, Failed, Due, Paused, Resumed, Deleted}
	refusal   = crm.Errorf(crm.Unauthorized, "test", "refused").WithHint("enter it again")
	outage    = crm.Errorf(crm.Unavailable, "test", "the server is down")
	tooMuch   = crm.Errorf(crm.Throttled, "test", "too many requests")
)

// TestNextTable has every pair of a state and an event. A pair that is not
// written down changes nothing and has no effect.
func TestNextTable(t *testing.T) {
	type outcome struct {
		state   crm.MailboxState
		effects []Effect
	}
	to := func(s crm.MailboxState, effects ...Effect) outcome { return outcome{s, effects} }
	table := map[crm.MailboxState]map[EventKind]outcome{
		crm.StateNew:        {Started: to(crm.StateConnecting, Connect)},
		crm.StateConnecting: {Started: to(crm.StateConnecting, Connect), Connected: to(crm.StatePriming, Prime)},
		crm.StatePriming: {Started: to(crm.StateConnecting, Connect), Primed: to(crm.StateLive, Work),
			Voided: to(crm.StateResync, Prime)},
		crm.StateResync: {Started: to(crm.StateConnecting, Connect), Primed: to(crm.StateLive, Work),
			Voided: to(crm.StateResync, Prime)},
		crm.StateLive: {Started: to(crm.StateConnecting, Connect), Voided: to(crm.StateResync, Prime),
			Advanced: to(crm.StateLive, Work), Woken: to(crm.StateLive, Work), Idle: to(crm.StateLive, Wait)},
		crm.StateThrottled: {Started: to(crm.StateConnecting, Connect), Due: to(crm.StateConnecting, Connect)},
		crm.StateAuthRequired: {Started: to(crm.StateAuthRequired, Wait), Resumed: to(crm.StateConnecting, Connect),
			Failed: to(crm.StateAuthRequired)},
		crm.StatePaused: {Started: to(crm.StatePaused, Wait), Resumed: to(crm.StateConnecting, Connect),
			Failed: to(crm.StatePaused)},
	}
	for _, s := range allStates {
		for _, e := range allEvents {
			want, ok := table[s][e]
			final := s == crm.StateDeleting || s == crm.StateFailed
			switch {
			case final:
				want = to(s, Stop)
			case ok:
			case e == Paused:
				want = to(crm.StatePaused, Disconnect, Wait)
			case e == Deleted:
				want = to(crm.StateDeleting, Disconnect, Stop)
			case e == Failed:
				want = to(crm.StateThrottled, Disconnect, Wait)
			case e == Resumed:
				want = to(crm.StateConnecting, Disconnect, Connect)
			default:
				want = to(s)
			}
			next, effects := Next(State{Mailbox: s}, Event{Kind: e, At: atNoon, Err: outage})
			if next.Mailbox != want.state || !slices.Equal(effects, want.effects) {
				t.Errorf("%s, %s: %s %v; want %s %v", s, e, next.Mailbox, effects, want.state, want.effects)
			}
		}
	}
}

func TestNextRefusedTwice(t *testing.T) {
	s := State{Mailbox: crm.StateConnecting}
	s, effects := Next(s, Event{Kind: Failed, At: atNoon, Err: refusal})
	if s.Mailbox != crm.StateThrottled || s.NextAt != atNoon.Add(refusedPause) || slices.Contains(effects, TellOwner) {
		t.Fatalf("after one refusal: %+v %v", s, effects)
	}
	s, _ = Next(s, Event{Kind: Due, At: s.NextAt})
	s, effects = Next(s, Event{Kind: Failed, At: s.NextAt, Err: refusal})
	if s.Mailbox != crm.StateAuthRequired || s.NextAt != 0 || !slices.Equal(effects, []Effect{Disconnect, TellOwner, Wait}) {
		t.Fatalf("after two refusals: %+v %v", s, effects)
	}
	if s.Trouble.Kind != crm.Unauthorized || s.Trouble.Hint == "" || s.Trouble.Since != atNoon {
		t.Errorf("trouble %+v; want the kind, a hint and since when", s.Trouble)
	}
	s, _ = Next(s, Event{Kind: Resumed})
	if s != (State{Mailbox: crm.StateConnecting}) {
		t.Errorf("a person brings it back as %+v; want a clean start", s)
	}
	s, _ = Next(State{Mailbox: crm.StateConnecting, Refused: 1}, Event{Kind: Connected})
	if s.Refused != 0 {
		t.Error("a login that works does not make up for the refused one")
	}
}

func TestNextBackOff(t *testing.T) {
	for _, c := range []struct {
		name   string
		fails  int
		event  Event
		paused time.Duration
	}{
		{"no jitter", 0, Event{Err: outage}, time.Millisecond},
		{"first", 0, Event{Err: outage, Jitter: 0.5}, time.Second},
		{"grows", 3, Event{Err: outage, Jitter: 0.5}, 8 * time.Second},
		{"ceiling", 12, Event{Err: outage, Jitter: 0.999}, 15 * time.Minute * 999 / 1000},
		{"never overflows", 1 << 40, Event{Err: outage, Jitter: 0.5}, 15 * time.Minute / 2},
		{"what the server asks for", 0, Event{Err: tooMuch, Jitter: 0.1, RetryAfter: time.Hour}, time.Hour},
		{"more than the server asks for", 9, Event{Err: tooMuch, Jitter: 0.5, RetryAfter: time.Second}, 15 * time.Minute / 2},
		{"something was stored before", 9, Event{Err: outage, Jitter: 0.5, Moved: true}, time.Second},
	} {
		c.event.Kind, c.event.At = Failed, atNoon
		s, _ := Next(State{Mailbox: crm.StateLive, Fails: c.fails}, c.event)
		if got := s.NextAt.Sub(atNoon); got != c.paused {
			t.Errorf("%s: paused for %s, want %s", c.name, got, c.paused)
		}
	}
}

// TestNextSigningInIsNoSuccess: what fails after every login is tried less and
// less often.
func TestNextSigningInIsNoSuccess(t *testing.T) {
	s := State{Mailbox: crm.StateConnecting}
	for n := 1; n < 6; n++ {
		s, _ = Next(s, Event{Kind: Connected, At: atNoon})
		s, _ = Next(s, Event{Kind: Primed, At: atNoon})
		s, _ = Next(s, Event{Kind: Failed, At: atNoon, Err: outage, Jitter: 0.5})
		if s.Fails != n {
			t.Fatalf("%d failures count as %d", n, s.Fails)
		}
		s, _ = Next(s, Event{Kind: Due, At: s.NextAt})
	}
	s, _ = Next(State{Mailbox: crm.StateLive, Fails: 3}, Event{Kind: Idle})
	if s.Fails != 0 {
		t.Error("a mailbox that has nothing left to do is still counted as failing")
	}
}

func TestNextKeepsThePauseOverARestart(t *testing.T) {
	s := State{Mailbox: crm.StateThrottled, NextAt: atNoon.Add(time.Minute)}
	next, effects := Next(s, Event{Kind: Started, At: atNoon})
	if next != s || !slices.Equal(effects, []Effect{Wait}) {
		t.Errorf("started too early: %+v %v", next, effects)
	}
	next, effects = Next(s, Event{Kind: Due, At: atNoon})
	if next != s || len(effects) > 0 {
		t.Errorf("a clock that is early: %+v %v", next, effects)
	}
}

// FuzzNext walks through any sequence of events.
func FuzzNext(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4})
	f.Add([]byte{0, 0x17, 8, 0x17, 8, 10, 1, 2, 6, 2, 4})
	f.Add([]byte{0, 1, 2, 0x27, 0x37, 9, 10, 11, 9, 10, 0})
	f.Fuzz(func(t *testing.T, walk []byte) {
		errs := []error{outage, refusal, tooMuch, nil, fmt.Errorf("plain")}
		s, now := State{Mailbox: crm.StateNew}, atNoon
		for _, b := range walk {
			kind := EventKind("unheard of")
			if i := int(b & 15); i < len(allEvents) {
				kind = allEvents[i]
			}
			now = now.Add(time.Duration(b>>4) * time.Minute)
			e := Event{Kind: kind, At: now, Err: errs[int(b>>4)%len(errs)], Jitter: float64(b>>4) / 16, RetryAfter: time.Duration(b>>6) * time.Minute}
			next, effects := Next(s, e)
			checkStep(t, s, e, next, effects)
			s = next
		}
	})
}

func checkStep(t *testing.T, s State, e Event, next State, effects []Effect) {
	t.Helper()
	for _, x := range effects {
		if !slices.Contains([]Effect{Connect, Prime, Work, Wait, Disconnect, TellOwner, Stop}, x) {
			t.Errorf("%q is no effect", x)
		}
	}
	byPerson := e.Kind == Resumed || e.Kind == Paused || e.Kind == Deleted
	switch {
	case !slices.Contains(allStates, next.Mailbox):
		t.Errorf("%q is no state", next.Mailbox)
	case e.Kind == Failed && next.NextAt != 0 && next.NextAt <= e.At && next != s:
		t.Errorf("tried again in the past: %+v", next)
	case next.Mailbox == crm.StateThrottled && next.NextAt == 0:
		t.Errorf("throttled without end after %s", e.Kind)
	case s.Mailbox == crm.StateAuthRequired && next.Mailbox != s.Mailbox && !byPerson:
		t.Errorf("%s brings a refused mailbox to %s", e.Kind, next.Mailbox)
	case s.Mailbox == crm.StatePaused && next.Mailbox != s.Mailbox && !byPerson:
		t.Errorf("%s brings a paused mailbox to %s", e.Kind, next.Mailbox)
	case s.Mailbox == crm.StateDeleting && next != s:
		t.Errorf("%s brings a deleted mailbox to %s", e.Kind, next.Mailbox)
	case next.Fails > s.Fails+1:
		t.Errorf("one failure counts as %d", next.Fails-s.Fails)
	}
}

// TestNextThroughDays runs the machine against a server that is down for a
// day, with a clock that waits as the engine does.
func TestNextThroughDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		up := began.Add(24 * time.Hour)
		s, e, tries := State{Mailbox: crm.StateNew}, Event{Kind: Started}, 0
		for s.Mailbox != crm.StateLive {
			e.At, e.Jitter = crm.At(time.Now()), 0.5
			var effects []Effect
			s, effects = Next(s, e)
			for _, x := range effects {
				switch x {
				case Connect:
					if tries++; time.Now().Before(up) {
						e = Event{Kind: Failed, Err: outage}
					} else {
						e = Event{Kind: Connected}
					}
				case Prime:
					e = Event{Kind: Primed}
				case Wait:
					time.Sleep(s.NextAt.Sub(crm.At(time.Now())))
					e = Event{Kind: Due}
				}
			}
			if len(effects) == 0 {
				t.Fatalf("stuck at %+v", s)
			}
		}
		if late := time.Since(up); late > backoffCeiling {
			t.Errorf("noticed after %s that the server is back", late)
		}
		if tries < 90 || tries > 250 {
			t.Errorf("knocked %d times in a day", tries)
		}
	})
}
