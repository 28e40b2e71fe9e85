package match

import (
	"cmp"
	"slices"

	"threadline/internal/crm"
)

// Decided is whose turn it is in a conversation, and the message that decides.
type Decided struct {
	By       *crm.Message // nil when nobody has to write
	Turn     crm.Turn
	Answered bool // of ours: they answered something that we wrote
	Linked   bool // a record is linked, or we wrote: it is no stranger's mail
}

// Decide tells whose turn it is: of whoever did not write the last message that
// counts; of whoever did where it says that more comes from there; of nobody where
// it only thanks for what was no question and no promise. Automatic answers, robots, invitations
// and mail among ourselves do not count. A done message closes the conversation
// until a later one counts. The order of the messages decides nothing.
func Decide(thread []*crm.Message, done map[crm.MessageID]bool) Decided {
	var d Decided
	var wrote, closed *crm.Message
	for _, m := range thread {
		if done[m.ID] {
			closed = later(closed, m)
		}
		if !counts(m) {
			continue
		}
		d.By = later(d.By, m)
		d.Linked = d.Linked || len(m.Links) > 0
		if m.Direction == crm.Outbound && (wrote == nil || byDate(m, wrote) < 0) {
			wrote = m
		}
	}
	switch {
	case d.By == nil:
		return d
	case closed != nil && byDate(closed, d.By) >= 0:
		d.Turn = crm.TurnDone
	default:
		d.Turn = next(thread, d.By)
	}
	d.Answered = d.Turn == crm.TurnOurs && d.By.Direction != crm.Outbound && wrote != nil && byDate(wrote, d.By) < 0
	d.Linked = d.Linked || wrote != nil
	return d
}

// next tells who has to write after a message. Who thanks for a promise waits for
// what was promised.
func next(thread []*crm.Message, m *crm.Message) crm.Turn {
	before := lastOther(thread, m)
	ours, said := m.Direction != crm.Outbound, toneOf(m, before)
	if said == closes && before != nil && toneOf(before, nil) == promises {
		return turnOf(ours)
	}
	switch said {
	case closes:
		return crm.TurnDone
	case evades:
		return crm.TurnOurs
	case promises:
		return turnOf(!ours)
	}
	return turnOf(ours)
}

func turnOf(ours bool) crm.Turn {
	if ours {
		return crm.TurnOurs
	}
	return crm.TurnTheirs
}

// lastOther is the latest message before m of the other side that counts.
func lastOther(thread []*crm.Message, m *crm.Message) (last *crm.Message) {
	for _, o := range thread {
		if counts(o) && (o.Direction == crm.Outbound) != (m.Direction == crm.Outbound) && byDate(o, m) < 0 {
			last = later(last, o)
		}
	}
	return last
}

// counts tells whether somebody has to answer the message, or it is an answer.
func counts(m *crm.Message) bool { return m.Class == crm.ClassPerson && m.Direction != crm.Within }

func byDate(a, b *crm.Message) int {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID))
}

func later(a, b *crm.Message) *crm.Message {
	if a == nil || byDate(b, a) > 0 {
		return b
	}
	return a
}

// Wait lists on whose lists the conversation stands: of those whose mailboxes
// hold the message that decides, unless it is a stranger's mail.
func (d Decided) Wait() []crm.WaitToken {
	if d.By == nil || !d.Linked {
		return nil
	}
	var lists []crm.WaitList
	switch {
	case d.Turn == crm.TurnTheirs:
		lists = []crm.WaitList{crm.WaitTheirs}
	case d.Turn == crm.TurnOurs && d.Answered:
		lists = []crm.WaitList{crm.WaitOurs, crm.WaitAnswer}
	case d.Turn == crm.TurnOurs:
		lists = []crm.WaitList{crm.WaitOurs}
	}
	var out []crm.WaitToken
	for _, u := range d.By.Owners {
		for _, l := range lists {
			out = append(out, crm.Wait(u, l))
		}
	}
	slices.Sort(out)
	return out
}
