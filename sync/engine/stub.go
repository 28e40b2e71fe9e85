package engine

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// loadTexts finds, for headers whose text did not come, the stored messages that
// have the same header and a text; and the copies that would move with them.
func (t *tally) loadTexts(ctx context.Context, tx *store.Tx) error {
	for _, a := range t.g.mail {
		stub, known := t.stored[a.stubID]
		if a.message.Stub {
			stub, known = a.message, true
		}
		if !known || !stub.Stub || stub.RFCID == "" {
			continue
		}
		q := store.Query{Where: []store.Filter{store.Has("mentions", stub.RFCID)}, Limit: store.MaxLimit}
		page, err := store.Messages.Query(ctx, tx, q)
		if err != nil {
			return err
		}
		for _, m := range page.Values() {
			if m.HasTextOf(&stub) {
				t.hasText(stub.ID, m.ID)
				t.stored[m.ID] = m
			}
		}
	}
	var refs []crm.CopyRef
	for _, m := range t.stored {
		if m.Stub {
			refs = append(refs, m.Copies...)
		}
	}
	return t.loadCopies(ctx, tx, refs)
}

// loadCopies reads the copies that are not at hand.
func (t *tally) loadCopies(ctx context.Context, tx *store.Tx, refs []crm.CopyRef) error {
	var ids []string
	for _, c := range refs {
		if _, known := t.copies[c.Copy]; !known {
			ids = append(ids, string(c.Copy))
		}
	}
	docs, err := store.Copies.GetMany(ctx, tx, ids)
	for _, d := range docs {
		if d.Exists() {
			t.copies[d.Value.ID] = d.Value
		}
	}
	return err
}

func (t *tally) hasText(stub, text crm.MessageID) {
	if !slices.Contains(t.texts[stub], text) {
		t.texts[stub] = append(t.texts[stub], text)
	}
}

// draft is the message as it is to be, nil if nothing is known of it.
func (t *tally) draft(id crm.MessageID) *ledger.Draft {
	if d := t.byID[id]; d != nil {
		return d
	}
	old, stored := t.stored[id]
	if !stored {
		return nil
	}
	next := old
	d := &ledger.Draft{Message: &next, Old: &old, Historical: next.Date < t.run.mailbox.CreatedAt}
	t.byID[id], t.drafts = d, append(t.drafts, d)
	return d
}

// joinText adds a copy without text to the message that has it.
func (t *tally) joinText(a *arrived, id crm.MessageID) crm.MessageID {
	addStub(t.draft(id).Message, &a.message, a.body)
	return id
}

// absorbStubs lets stored stubs join the text that has come, if there is one
// text with their header and no other.
func (t *tally) absorbStubs() {
	for _, a := range t.g.mail {
		stub, stored := t.stored[a.stubID]
		texts := t.texts[a.stubID]
		if !stored || !stub.Stub || len(texts) != 1 || slices.Contains(t.gone, stub.ID) || t.byID[stub.ID] != nil {
			continue
		}
		if d := t.draft(texts[0]); d != nil {
			t.absorb(d, &stub)
		}
	}
}

// absorb takes over the copies of a message that was known by its header only.
func (t *tally) absorb(d *ledger.Draft, stub *crm.Message) {
	addStub(d.Message, stub, t.bodies[stub.ID])
	d.Message.Answered = d.Message.Answered || stub.Answered // people may have said something about it
	t.moveCopies(stub.Copies, d.Message.ID)
	t.gone = append(t.gone, stub.ID)
	d.Replaces = append(d.Replaces, stub.ID)
}

// moveCopies lets copies be of another message.
func (t *tally) moveCopies(refs []crm.CopyRef, to crm.MessageID) {
	for _, c := range refs {
		have, known := t.copies[c.Copy]
		if !known || have.Message == to {
			continue
		}
		have.Message = to
		t.copies[c.Copy] = have
		t.putCopy = slices.DeleteFunc(t.putCopy, func(p *crm.Copy) bool { return p.ID == have.ID })
		t.putCopy = append(t.putCopy, &have)
	}
}

// link decides on the drafts, and separates the headers that joined one text
// while now there are two which they may belong to.
func (t *tally) link(ctx context.Context, tx *store.Tx) (*ledger.Outcome, error) {
	out, err := ledger.LinkKnowing(ctx, tx, t.run.known, t.run.sp.Workspace(), t.drafts)
	if err != nil || len(out.Doubtful) == 0 {
		return out, err
	}
	for _, m := range out.Doubtful {
		if err := t.separate(ctx, tx, m); err != nil {
			return nil, err
		}
	}
	return ledger.LinkKnowing(ctx, tx, t.run.known, t.run.sp.Workspace(), t.drafts)
}

// separate makes two messages of a text and the header that joined it.
func (t *tally) separate(ctx context.Context, tx *store.Tx, m *crm.Message) error {
	if _, known := t.stored[m.ID]; !known && t.byID[m.ID] == nil {
		t.stored[m.ID] = *m
	}
	d := t.draft(m.ID)
	text, stub := apart(d.Message)
	if err := t.loadCopies(ctx, tx, stub.Copies); err != nil {
		return err
	}
	body, err := t.bodyOf(d.Message.Sides)
	if err != nil {
		return err
	}
	*d.Message = text
	if have := t.draft(stub.ID); have != nil {
		add(have.Message, &stub)
	} else {
		s := &ledger.Draft{Message: &stub, Historical: true}
		t.byID[stub.ID], t.drafts = s, append(t.drafts, s)
	}
	t.keepBody(stub.ID, body)
	t.moveCopies(stub.Copies, stub.ID)
	return nil
}

// bodyOf is the body of a header that parts from the text: empty if it was too
// large to be kept.
func (t *tally) bodyOf(sides *crm.Sides) (crm.Body, error) {
	b := crm.Body{ID: sides.Header, Data: sides.Body}
	if len(b.Data) > 0 {
		return b, nil
	}
	var err error
	b.Data, err = t.run.build.bodies.Pack(&crm.BodyContent{})
	return b, err
}

// add joins another copy of the same message into what is known.
func add(have, more *crm.Message) {
	if have.Sides == nil {
		merge(have, more)
		return
	}
	sides := *have.Sides
	merge(&sides.Text, more)
	together(have, sides)
}

// addStub joins a copy without text into the message that has it: only where the
// copy lies is new. Both sides are kept, in case that they must part.
func addStub(have, stub *crm.Message, body crm.Body) {
	sides := crm.Sides{Header: stub.ID, Text: facts(have), Stub: facts(stub), Body: body.Data}
	if have.Sides != nil {
		sides = *have.Sides
		merge(&sides.Stub, stub)
	}
	together(have, sides)
	have.Was = union(have.Was, append(slices.Clone(stub.Was), stub.ID))
}

// together makes of a message what its sides say: of the header, only where it lies
// and who stands in it.
func together(m *crm.Message, sides crm.Sides) {
	both := sides.Text
	merge(&both, &sides.Stub)
	both.Marks = sides.Text.Marks
	*m = derived(both, m)
	m.Sides = &sides
}

// apart gives the sides as messages of their own.
func apart(m *crm.Message) (text, stub crm.Message) {
	text, stub = derived(m.Sides.Text, m), m.Sides.Stub
	text.Was = slices.DeleteFunc(slices.Clone(m.Was), func(id crm.MessageID) bool { return id == m.Sides.Header })
	if len(text.Was) == 0 {
		text.Was = nil
	}
	stub.ID, stub.Answered = m.Sides.Header, m.Answered
	return text, stub
}

// facts is what copies say of a message, without what is derived from others.
func facts(m *crm.Message) crm.Message {
	return crm.Message{
		RFCID: m.RFCID, InReplyTo: m.InReplyTo, References: m.References, Mentions: m.Mentions, Date: m.Date, Subject: m.Subject,
		Snippet: m.Snippet, Words: m.Words, Participants: m.Participants, Omitted: m.Omitted, Class: m.Class, Flags: m.Flags,
		Marks: slices.DeleteFunc(slices.Clone(m.Marks), func(x crm.Mark) bool { return x == crm.MarkSameID }), Size: m.Size,
		Attachments: m.Attachments, Stub: m.Stub, Copies: m.Copies, Owners: m.Owners, Heads: m.Heads, Left: m.Left,
	}
}

// derived is a message of which copies say other facts.
func derived(facts crm.Message, m *crm.Message) crm.Message {
	facts.ID, facts.Direction, facts.Thread, facts.Was, facts.Private, facts.Excluded = m.ID, m.Direction, m.Thread, m.Was, m.Private, m.Excluded
	facts.Links, facts.Asked, facts.Answered, facts.RuleSet, facts.Seek, facts.Feed = m.Links, m.Asked, m.Answered, m.RuleSet, m.Seek, m.Feed
	facts.Part, facts.Origin, facts.Topic, facts.Turn, facts.Wait = m.Part, m.Origin, m.Topic, m.Turn, m.Wait
	return facts
}

// onSides changes the side of a message that has a copy.
func onSides(m *crm.Message, id crm.CopyID, change func(*crm.Message)) {
	if m.Sides == nil {
		return
	}
	sides := *m.Sides
	for _, side := range []*crm.Message{&sides.Text, &sides.Stub} {
		if slices.ContainsFunc(side.Copies, func(c crm.CopyRef) bool { return c.Copy == id }) {
			change(side)
		}
	}
	m.Sides = &sides
}
