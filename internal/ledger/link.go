package ledger

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/directory"
	"threadline/internal/match"
	"threadline/internal/store"
)

// Draft is a message that is being stored or matched again. Old is what is
// stored now, nil for a new message.
type Draft struct {
	Message    *crm.Message
	Old        *crm.Message
	Historical bool            // from before the mailbox was connected: fires nothing
	Settled    bool            // stored, and nothing about mail itself has changed: whatever it mentions is in its thread
	Replaces   []crm.MessageID // stored messages that are deleted in the same transaction, because this one has their text

	read *match.Reading // of Message
}

// Outcome is what Link decided: everything that is to be written.
type Outcome struct {
	New      []*crm.Message
	Changed  []*crm.Message // stored before: drafts, and the rest of their threads where links or marks changed
	Aliases  []crm.Thread
	Items    []crm.ArrivalItem
	Doubtful []*crm.Message  // texts that a header has joined which may be that of a draft as well: the two have to part
	moves    []move          // of stored messages: what is stored now, and what is to be
	decided  []crm.MessageID // everything that was decided on, changed or not
	under    string          // see crm.Arrival
	known    crm.Time        // the same
}

type move struct{ was, next *crm.Message }

// Link joins the drafts to threads and links them and the rest of their threads
// to records. It only reads; the caller writes the outcome in the same
// transaction. Drafts need everything but the derived fields.
func Link(ctx context.Context, r store.Reader, ws crm.WorkspaceID, drafts []*Draft) (*Outcome, error) {
	return linkAs(ctx, r, ws, drafts, nil, nil)
}

// LinkKnowing is Link with a directory that was kept. The transaction is not
// serialisable with what changes in it meanwhile: a Follower decides again, as the
// arrival that the outcome writes asks it to.
func LinkKnowing(ctx context.Context, r store.Reader, known *directory.Directory, ws crm.WorkspaceID, drafts []*Draft) (*Outcome, error) {
	return linkAs(ctx, r, ws, drafts, known, nil)
}

// linkAs is LinkKnowing as it would be with a proposal.
func linkAs(ctx context.Context, r store.Reader, ws crm.WorkspaceID, drafts []*Draft, known *directory.Directory, p *proposal) (*Outcome, error) {
	dir, key, err := baseAs(ctx, r, ws, p)
	if err != nil {
		return nil, err
	}
	by := make(map[crm.MessageID]*Draft, len(drafts))
	for _, d := range drafts {
		d.read = dir.Read(d.Message)
		d.Message.Seek = d.read.Seek()
		d.Message.Direction = dir.Direction(d.Message)
		by[d.Message.ID] = d
	}
	convs, err := converse(ctx, r, drafts)
	if err != nil {
		return nil, err
	}
	leave(convs, drafts)
	if convs, err = divide(ctx, r, convs, by, p); err != nil {
		return nil, err
	}
	at, err := known.Fill(ctx, r, dir, key, tokensOf(convs))
	if err != nil {
		return nil, err
	}
	out := &Outcome{Doubtful: doubtful(convs, drafts), under: ourselves(dir)[:underSize], known: at}
	for _, c := range convs {
		c.link(dir, by, out)
	}
	return out, nil
}

// doubtful finds the texts whose header may be that of a draft as well. All
// messages with the Message-ID of a draft are at hand.
func doubtful(convs []*conversation, drafts []*Draft) []*crm.Message {
	texts := map[crm.RFCID][]*crm.Message{}
	for _, d := range drafts {
		texts[d.Message.RFCID] = append(texts[d.Message.RFCID], d.Message)
	}
	var out []*crm.Message
	for _, c := range convs {
		for _, id := range keys(c.members) {
			m := c.members[id]
			if m.Sides != nil && slices.ContainsFunc(texts[m.RFCID], func(o *crm.Message) bool { return o.ID != id && o.HasTextOf(&m.Sides.Stub) }) {
				out = append(out, m)
			}
		}
	}
	return out
}

// leave takes out of the conversations what the drafts replace: it is evidence
// of nothing any more, and must not be written again.
func leave(convs []*conversation, drafts []*Draft) {
	for _, d := range drafts {
		for _, id := range d.Replaces {
			for _, c := range convs {
				delete(c.members, id)
			}
		}
	}
}

func tokensOf(convs []*conversation) []crm.Token {
	seen := map[crm.Token]bool{}
	for _, c := range convs {
		for _, m := range c.members {
			for _, t := range m.Seek {
				seen[t] = true
			}
		}
	}
	return keys(seen)
}

// link decides for every member of the conversation and collects what changed.
func (c *conversation) link(dir *match.Directory, drafts map[crm.MessageID]*Draft, out *Outcome) {
	ids := keys(c.members)
	members, said := c.read(dir, ids, drafts)
	choices := match.Choose(members)
	same := c.talk.whole.sameIDs(drafts)
	decided := make([]*crm.Message, len(ids))
	for i, id := range ids {
		next := c.members[id]
		if d := drafts[id]; d == nil || !d.Settled {
			next = new(*next)
		}
		next.Links, next.Asked = choices[i].Links, choices[i].Asked
		next.Private, next.Excluded = members[i].Hidden, members[i].Excluded
		to := audiences(next)
		next.Feed = match.Feed(next.Links, to...)
		if choices[i].Asks {
			next.Feed = append(next.Feed, match.AskedFeed(to...)...)
		}
		next.RuleSet = crm.RuleSet
		next.Answered = len(said[i]) > 0
		if twin, known := same[id]; known {
			next.Marks = withMark(next.Marks, crm.MarkSameID, twin)
		}
		next.Thread = c.id
		c.talk.seat(next)
		decided[i] = next
	}
	newest := recent(decided)
	c.turn(newest)
	if len(newest) < len(decided) {
		pointers(newest)
	}
	for _, next := range decided {
		out.decided = append(out.decided, next.ID)
		out.take(next, c.members[next.ID], drafts[next.ID])
	}
	out.Aliases = append(out.Aliases, c.aliases()...)
}

// read looks at the members, in order of id, and at what people said of each.
func (c *conversation) read(dir *match.Directory, ids []crm.MessageID, drafts map[crm.MessageID]*Draft) ([]match.Member, [][]crm.Answer) {
	maps.Copy(dir.Closed, c.talk.closed)
	thread, open := make([]match.Neighbour, len(ids)), make([]match.Neighbour, 0, len(ids))
	members, said := make([]match.Member, len(ids)), make([][]crm.Answer, len(ids))
	for i, id := range ids {
		m := c.members[id]
		read := readingOf(dir, m, drafts[id])
		said[i] = c.answersFor(c.talk.answers, m)
		members[i] = match.Member{Reading: read, Answers: about(said[i], c.talk.gone), Hidden: private(read.Excluded, said[i])}
		thread[i] = match.Neighbour{ID: id, Date: m.Date, Direct: read.Direct()}
		if !members[i].Hidden {
			open = append(open, thread[i])
		}
	}
	passed := map[bool][]crm.Link{false: match.PassOn(open)} // what is hidden explains nothing that others see
	passed[true] = passed[false]
	if len(open) < len(thread) {
		passed[true] = match.PassOn(thread)
	}
	for i, n := range thread {
		members[i].Links = members[i].Join(n.Direct, passed[members[i].Hidden])
	}
	return members, said
}

// readingOf is how the directory sees a member, which was read already if it is at hand.
func readingOf(dir *match.Directory, m *crm.Message, d *Draft) *match.Reading {
	if d != nil && d.Message == m {
		return d.read
	}
	return dir.Read(m)
}

// take adds a message to the outcome if it is a draft or changed. All of them are
// told: projections follow arrivals, and what is kept at hand is kept until they
// tell.
func (out *Outcome) take(next, was *crm.Message, draft *Draft) {
	switch {
	case draft == nil && sameLinks(next, was):
		return
	case draft == nil:
		out.Changed, out.moves = append(out.Changed, next), append(out.moves, move{was, next})
	case draft.Old == nil:
		was, out.New = nil, append(out.New, next)
	case sameLinks(next, draft.Old) && reflect.DeepEqual(next, draft.Old):
		return
	default:
		was = draft.Old
		out.Changed, out.moves = append(out.Changed, next), append(out.moves, move{was, next})
	}
	out.Items = append(out.Items, item(next, was, draft))
}

func sameLinks(a, b *crm.Message) bool {
	return slices.Equal(a.Feed, b.Feed) && slices.Equal(a.Links, b.Links) && slices.Equal(a.Asked, b.Asked) && slices.Equal(a.Marks, b.Marks) &&
		a.RuleSet == b.RuleSet && a.Answered == b.Answered &&
		a.Private == b.Private && a.Excluded == b.Excluded && sameTalk(a, b)
}

func item(next, was *crm.Message, draft *Draft) crm.ArrivalItem {
	it := crm.ArrivalItem{Message: next.ID, New: was == nil, Historical: draft == nil || draft.Historical}
	var before []crm.Link
	if was != nil {
		before = was.Links
	}
	it.Gained = missingFrom(next.Links, before)
	it.Lost = missingFrom(before, next.Links)
	return it
}

func missingFrom(a, b []crm.Link) []crm.RecordID {
	var out []crm.RecordID
	for _, l := range a {
		if !slices.ContainsFunc(b, func(x crm.Link) bool { return x.Record == l.Record }) {
			out = append(out, l.Record)
		}
	}
	return out
}

// sameIDs tells which members share a Message-ID with other content. It knows
// it of those that have the Message-ID of a draft: all of these are at hand, unless
// the draft is settled. What was known of such ones stays.
func (c *conversation) sameIDs(drafts map[crm.MessageID]*Draft) map[crm.MessageID]bool {
	arriving := map[crm.RFCID]bool{}
	for id, m := range c.members {
		if d := drafts[id]; d != nil && !d.Settled {
			arriving[m.RFCID] = true
		}
	}
	if len(arriving) == 0 {
		return nil
	}
	by := map[crm.RFCID]int{}
	for _, m := range c.members {
		if !m.Stub {
			by[m.RFCID]++
		}
	}
	out := map[crm.MessageID]bool{}
	for id, m := range c.members {
		if arriving[m.RFCID] {
			out[id] = m.RFCID != "" && !m.Stub && by[m.RFCID] > 1
		}
	}
	return out
}

func withMark(marks []crm.Mark, mark crm.Mark, set bool) []crm.Mark {
	out := slices.DeleteFunc(slices.Clone(marks), func(m crm.Mark) bool { return m == mark })
	if set {
		out = append(out, mark)
		slices.SortFunc(out, func(a, b crm.Mark) int { return cmp.Compare(a, b) })
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Write puts the outcome into the transaction, and tells of it: as what came with
// a mailbox or, without one, as a rematch.
func (out *Outcome) Write(w store.Writer, mailbox crm.MailboxID) {
	store.Messages.CreateAll(w, out.New)
	store.Messages.PutAll(w, out.Changed)
	for i := range out.Aliases {
		store.Threads.Put(w, &out.Aliases[i])
	}
	if len(out.Items) > 0 {
		store.Tell(w, &crm.Arrival{Mailbox: mailbox, Items: out.Items, Under: out.under, Known: out.known})
	}
}
