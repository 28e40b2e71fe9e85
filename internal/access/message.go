package access

import (
	"slices"

	"threadline/internal/crm"
)

// Cause says why a viewer sees what they see. Written out in answers.
type Cause string

const (
	ByNobody   Cause = "nobody"    // no user, or one whose role sees the bill only
	ByOwner    Cause = "owner"     // it is in a mailbox of theirs
	ByPrivate  Cause = "private"   // its owner keeps it to themselves
	ByInternal Cause = "internal"  // it was written among colleagues
	ByRole     Cause = "role"      // their role reads no records
	ByMessage  Cause = "message"   // its owner made an exception for the message
	ByRecord   Cause = "record"    // for the mail about a record
	ByPerson   Cause = "colleague" // for the viewer
	ByMailbox  Cause = "mailbox"   // what the owner shares of the mailbox
	ByDefault  Cause = "default"   // nobody said anything
	ByExcluded Cause = "exclusion" // an exclusion leaves metadata
)

// Decision is a level and why.
type Decision struct {
	Level Level
	Why   Cause
	Owner crm.UserID   // whose word it is
	About crm.RecordID // of ByRecord
}

// Message decides how much of a message the viewer sees.
func Message(v Viewer, m *crm.Message) Level { return Decide(v, m).Level }

// Decide decides how much of a message the viewer sees, and says why.
func Decide(v Viewer, m *crm.Message) Decision {
	switch {
	case len(v.Audiences()) == 0:
		return Decision{Level: None, Why: ByNobody}
	case slices.Contains(m.Owners, v.User):
		return Decision{Level: Full, Why: ByOwner, Owner: v.User}
	case m.Private:
		return Decision{Level: None, Why: ByPrivate, Owner: firstOwner(m)}
	case !v.Records():
		return Decision{Level: None, Why: ByRole}
	}
	d := v.policy.shared(v.User, m)
	if m.Direction == crm.Within && d.Why != ByMessage {
		return Decision{Level: None, Why: ByInternal, Owner: firstOwner(m)}
	}
	if m.Excluded == crm.MetadataOnly && Metadata.Less(d.Level) {
		return Decision{Level: Metadata, Why: ByExcluded, Owner: d.Owner}
	}
	return d
}

func firstOwner(m *crm.Message) crm.UserID {
	if len(m.Owners) == 0 {
		return ""
	}
	return m.Owners[0]
}

// shared is the most that any owner of the message shows to a colleague.
func (p *Policy) shared(to crm.UserID, m *crm.Message) Decision {
	best := Decision{Level: Metadata, Why: ByDefault, Owner: firstOwner(m)}
	if p == nil || len(p.sharing) == 0 {
		return best
	}
	for i, owner := range m.Owners {
		d := Decision{Level: Metadata, Why: ByDefault, Owner: owner}
		if s, ok := p.sharing[owner]; ok {
			d = says(&s, to, m)
		}
		if i == 0 || best.Level.Less(d.Level) {
			best = d
		}
	}
	return best
}

// says is what an owner shows: the exception that says most exactly what it is
// for, of two alike the one that shows less; else what is said of the mailbox.
func says(s *crm.Sharing, to crm.UserID, m *crm.Message) Decision {
	d, exact := Decision{Level: Metadata, Why: ByDefault, Owner: s.Owner}, 0
	for _, c := range m.Copies {
		d = d.over(s, c.Mailbox)
	}
	for _, c := range m.Left {
		d = d.over(s, c.Mailbox)
	}
	for _, x := range s.Exceptions {
		e := Decision{Level: x.Level, Why: ByPerson, Owner: s.Owner}
		score := 1
		switch {
		case x.To != "" && x.To != to:
			continue
		case x.Message != "" && x.Message != m.ID:
			continue
		case x.Record != "" && !linked(m, x.Record):
			continue
		case x.Message != "":
			e.Why, score = ByMessage, 5
		case x.Record != "":
			e.Why, e.About, score = ByRecord, x.Record, 3
		}
		if x.To != "" {
			score++
		}
		if score > exact || score == exact && e.Level.Less(d.Level) {
			d, exact = e, score
		}
	}
	return d
}

// over takes what is said of a mailbox; of several that hold the message the one
// that shows less counts.
func (d Decision) over(s *crm.Sharing, id crm.MailboxID) Decision {
	l, ok := s.Mailboxes[id]
	if ok && (d.Why == ByDefault || l.Less(d.Level)) {
		d.Level, d.Why = l, ByMailbox
	}
	return d
}

func linked(m *crm.Message, id crm.RecordID) bool {
	return slices.ContainsFunc(m.Links, func(l crm.Link) bool { return l.Record == id })
}

// Lists tells whether a message stands in the viewer's lists of all mail: who
// may not know of every record finds their own mail there, because the rest may
// be about records that they may not know of.
func Lists(v Viewer, m *crm.Message) bool {
	l := Message(v, m)
	return l == Full || l != None && v.Whole()
}
