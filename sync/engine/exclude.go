package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/mail"
	"threadline/internal/match"
	"threadline/internal/store"
)

// asked is what exclusions may ask of a copy before it is stored: all of its
// participants and header fields, of which the message keeps a bounded number.
func asked(p *mail.Parsed) crm.Message {
	m := crm.Message{Participants: p.Participants, Subject: p.Subject}
	for _, h := range p.Headers {
		if slices.Contains(resent, strings.ToLower(h.Name)) {
			m.Participants = append(slices.Clip(m.Participants), mail.ParseAddressList(crm.RoleCc, h.Value)...)
		}
		if crm.Excludable(h.Name) {
			m.Heads = append(m.Heads, crm.Header{Name: strings.ToLower(h.Name), Value: h.Value})
		}
	}
	return m
}

// resent are the fields of those who passed a mail on as it was (RFC 5322 §3.6.6):
// they take no part in what it says, but whoever keeps their mail away means it.
var resent = []string{"resent-from", "resent-sender", "resent-to", "resent-cc", "resent-bcc"}

// heads are the header fields that a message keeps for exclusions.
func heads(asked []crm.Header) []crm.Header {
	var out []crm.Header
	for _, h := range asked {
		out = append(out, crm.Header{Name: crm.Clip(h.Name, crm.MaxHead), Value: crm.Clip(h.Value, crm.MaxHead)})
	}
	return mergeHeads(out, nil)
}

// mergeHeads is the union of the fields of two copies, cut to the first in
// order: whatever the grouping, the same are left.
func mergeHeads(a, b []crm.Header) []crm.Header {
	out := slices.Concat(a, b)
	slices.SortFunc(out, func(x, y crm.Header) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Value, y.Value))
	})
	out = slices.Compact(out)
	if len(out) == 0 {
		return nil
	}
	return slices.Clip(out[:min(len(out), crm.MaxHeads)])
}

// mergeLeft joins where a message lay last; a mailbox that holds a copy again
// tells it by that.
func mergeLeft(a, b []crm.Place, copies []crm.CopyRef) []crm.Place {
	out := slices.DeleteFunc(slices.Concat(a, b), func(p crm.Place) bool {
		return slices.ContainsFunc(copies, func(c crm.CopyRef) bool { return c.Mailbox == p.Mailbox })
	})
	slices.SortFunc(out, func(x, y crm.Place) int {
		return cmp.Or(cmp.Compare(x.Mailbox, y.Mailbox), cmp.Compare(x.Box, y.Box), cmp.Compare(x.Labels, y.Labels))
	})
	out = slices.Compact(out)
	if len(out) == 0 {
		return nil
	}
	return out
}

// left takes a copy off a message and remembers where the last one of a mailbox
// lay: that it is deleted makes nothing of it known that a folder kept away.
func left(m *crm.Message, c *crm.Copy) {
	onSides(m, c.ID, func(side *crm.Message) { leave(side, c) })
	if m.Sides != nil && len(m.Sides.Stub.Copies) == 0 {
		m.Sides = nil // nothing is left that could part
	}
	leave(m, c)
}

func leave(m *crm.Message, c *crm.Copy) {
	m.Copies = dropCopy(m.Copies, c.ID)
	m.Flags = flagsOf(m.Copies)
	m.Left = mergeLeft(m.Left, []crm.Place{{Mailbox: c.Mailbox, Box: c.Box, Labels: strings.Join(crm.Keywords(c.Flags), " ")}}, m.Copies)
}

// exclusions reads those that may act on mail.
func exclusions(ctx context.Context, r store.Reader) (*match.Exclusions, error) {
	docs, err := store.Exclusions.All(ctx, r, store.Query{})
	list := make([]crm.Exclusion, len(docs))
	for i, d := range docs {
		list[i] = d.Value
	}
	return match.NewExclusions(list), err
}

// neverStored says why a copy must not be stored, "" when it may. One that was
// stored before the exclusion was made stays.
func (t *tally) neverStored(a *arrived) crm.SkipReason {
	if t.copies[a.copy.ID].State == crm.CopyStored {
		return ""
	}
	if t.excluded.Erased(&a.asked, t.run.build.key, a.message.Date) {
		return crm.SkipErased
	}
	never := t.excluded.Never(&a.asked, match.Holding{Owner: t.run.mailbox.Owner, Mailbox: t.run.mailbox.ID, Folders: append(crm.Keywords(a.copy.Flags), t.box.Name)})
	if never {
		return crm.SkipNeverStore
	}
	return ""
}

// decideAgain links messages anew whose copies went or have other labels, when
// exclusions ask for these; nil when none does.
func (r *run) decideAgain(ctx context.Context, tx *store.Tx, before map[crm.MessageID]crm.Message, now map[crm.MessageID]*crm.Message) (*ledger.Outcome, error) {
	if r.mailbox.State == crm.StateDeleting { // the follower decides when the folders are gone
		return nil, nil
	}
	x, err := exclusions(ctx, tx)
	if err != nil || !x.Labels() {
		return nil, err
	}
	var drafts []*ledger.Draft
	for id, m := range now {
		old := before[id]
		drafts = append(drafts, &ledger.Draft{Message: m, Old: &old, Historical: true})
	}
	return ledger.Link(ctx, tx, r.sp.Workspace(), drafts)
}
