package campaign

import (
	"time"

	"threadline/internal/crm"
)

// longest is how long one mail may take to be handed over. A claim holds a
// little longer, and grace more than both, so that nobody is at it any more when
// an unknown recipient is looked up.
const (
	longest = 2 * time.Minute
	hold    = longest + 30*time.Second
	grace   = 5 * time.Minute
	tries   = 10 // hand-overs that are known to have failed, before the recipient has
	looks   = 3  // look-ups in vain, before it stays unknown
)

// claim gives a recipient to a worker; ok is false when they are not to be had.
func claim(r crm.Recipient, fence int64, restored, now crm.Time) (crm.Recipient, bool) {
	if r.State != crm.RecipientQueued || r.Due > now || r.Due < restored {
		return r, false
	}
	r.State, r.Fence, r.Until = crm.RecipientClaimed, fence, now.Add(hold) // At stays: nothing happened to them yet, and it is indexed
	return r, true
}

// Reasons of lines that a restore put in doubt, and of those that a person took out
// of it.
const (
	reasonRestored = "restored"
	reasonToldSent = "told_sent"
)

// doubted puts a line in doubt that was due before a restore: a past of which
// nothing is known may have sent it, when it was due at the earliest. Whatever is
// put into the queue since is due later.
func doubted(r crm.Recipient, restored, now crm.Time) (crm.Recipient, bool) {
	if r.State != crm.RecipientQueued || r.Due >= restored {
		return r, false
	}
	r.Until = r.Due // until then it was not sent
	r.State, r.Reason, r.Looked, r.At, r.Due = crm.RecipientUnknown, reasonRestored, 0, now, max(now, restored.Add(grace))
	return r, true
}

// begun is when an unknown line was sent at the earliest.
func begun(r *crm.Recipient) crm.Time {
	if r.Reason == reasonRestored {
		return r.Until
	}
	return r.At
}

// verdict is how a hand-over ended.
type verdict string

const (
	went    verdict = "sent"
	refused verdict = "refused" // for good
	later   verdict = "later"   // it did not go out, another time may do
	unsure  verdict = "unsure"  // it may have gone out
	back    verdict = "back"    // it was not tried
	barred  verdict = "barred"  // the mailbox may not send: nobody is to be tried
	missed  verdict = "missed"  // the mail system was not reached: no recipient is to blame
	spared  verdict = "spared"  // they are to get none, as it turned out
)

// result is a verdict with what the mail system said.
type result struct {
	verdict verdict
	reason  string
	remote  string
	bounce  crm.BounceKind // of refused: what it says of the address
	wait    time.Duration  // of later, when the mail system asked for it

	subject, thread string // of a letter of a sequence
}

// mark writes down how the hand-over of a claimed recipient ended; ok is false
// when the claim is not the worker's any more.
func mark(r crm.Recipient, fence int64, how result, now crm.Time) (crm.Recipient, bool) {
	if r.State != crm.RecipientClaimed || r.Fence != fence {
		return r, false
	}
	r.Fence, r.Until, r.At, r.Reason = 0, 0, now, how.reason
	if how.subject != "" {
		r.Subject, r.Thread = how.subject, how.thread
	}
	switch how.verdict {
	case went:
		r.State, r.Remote, r.Sent = crm.RecipientSent, how.remote, now
	case refused:
		r.State = crm.RecipientFailed
		if how.bounce != "" {
			r.Bounce, r.Bounced, r.Said = how.bounce, now, how.reason
		}
	case spared:
		r.State = crm.RecipientExcluded
	case unsure:
		r.State, r.Due = crm.RecipientUnknown, now.Add(grace)
	case back, barred:
		r.State = crm.RecipientQueued
	case missed:
		r.State, r.Due = crm.RecipientQueued, now.Add(max(how.wait, backOff(1)))
	case later:
		r.Tries++
		r.State, r.Due = crm.RecipientQueued, now.Add(max(how.wait, backOff(r.Tries)))
		if r.Tries >= tries {
			r.State = crm.RecipientFailed
		}
	}
	return r, true
}

// backOff is a minute, doubled with every failure.
func backOff(n int) time.Duration { return time.Minute << min(n-1, 10) }

// leftBehind takes up a claim whose worker never said how it ended.
func leftBehind(r crm.Recipient, now crm.Time) (crm.Recipient, bool) {
	if r.State != crm.RecipientClaimed || r.Until > now {
		return r, false
	}
	r.State, r.Reason, r.Fence, r.Until, r.At, r.Due = crm.RecipientUnknown, "the sending process ended in the middle", 0, 0, now, now.Add(grace)
	return r, true
}

// looked is what the mail system answered when it was asked for a mail.
type looked struct {
	there    bool
	remote   string
	answered bool // it could be asked
	nowhere  bool // nothing that was sent is kept where it could be asked for
	proven   bool // that it is not there proves that it never went out
}

// lookedUp says what becomes of an unknown recipient when the mail system was
// asked, after the grace period. That it has no copy proves nothing where a copy
// is put there after sending, so nobody is written to again by that; where the
// mail system keeps one as it sends, the last of several answers decides: of mail
// of a lost past, which had all the time to be filed, the first one.
func lookedUp(r crm.Recipient, found looked, now crm.Time) (crm.Recipient, bool) {
	if r.State != crm.RecipientUnknown || r.Due > now || r.Looked >= looks {
		return r, false
	}
	if found.there {
		r.State, r.Remote, r.Reason, r.At, r.Sent, r.Until = crm.RecipientSent, found.remote, "", now, begun(&r), 0
		return r, true
	}
	if r.Looked++; found.nowhere || found.answered && r.Reason == reasonRestored {
		r.Looked = looks
	}
	switch {
	case r.Looked < looks:
		r.Due = now.Add(grace)
	case found.proven && found.answered:
		r.State, r.Reason, r.At, r.Due, r.Looked, r.Until = crm.RecipientQueued, "", now, now, 0, 0
	}
	return r, true
}

// settled is a person's word on a line that nobody looks up any more: it is sent,
// perhaps again, or it was sent.
func settled(r crm.Recipient, send bool, now crm.Time) (crm.Recipient, bool) {
	switch {
	case !Exhausted(&r):
		return r, false
	case send:
		r.State, r.Reason, r.At, r.Due, r.Looked, r.Tries, r.Until = crm.RecipientQueued, "", now, now, 0, 0, 0
	default:
		r.State, r.Reason, r.At, r.Sent, r.Until = crm.RecipientSent, reasonToldSent, now, begun(&r), 0
	}
	return r, true
}

// Exhausted tells of an unknown line whether nobody will look it up any more.
func Exhausted(r *crm.Recipient) bool { return r.State == crm.RecipientUnknown && r.Looked >= looks }

// finished tells whether nothing will happen to a recipient by itself.
func finished(s crm.RecipientState) bool {
	switch s {
	case crm.RecipientQueued, crm.RecipientClaimed:
		return false
	}
	return true
}
