package timeline

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/mail"
)

// Foreseen is the sheet of a mail that is not stored, made of its header as if
// it had come to a mailbox of the viewer: who takes part, their company and
// deals, open tasks and last touches. It is logged nowhere, so that no reasons
// are given; missing and skip say why it is not here. Nothing is written. It
// fails with crm.Denied for the operator.
func (s *Service) Foreseen(ctx context.Context, v access.Viewer, header *mail.Parsed, missing Missing, skip crm.SkipReason) (*Sheet, error) {
	const op = crm.Op("timeline.Foreseen")
	if err := mayReadMail(v); err != nil {
		return nil, err
	}
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return nil, crm.Wrap(op, "the workspace cannot be read", err)
	}
	m := arriving(v, desk, header)
	if m.Date == 0 {
		m.Date = s.sp.Store().Now()
	}
	out, err := ledger.Link(ctx, s.sp, s.sp.Workspace(), []*ledger.Draft{{Message: m}})
	if err != nil {
		return nil, crm.Wrap(op, "the mail cannot be matched", err)
	}
	if len(out.New) > 0 {
		m = out.New[0]
	}
	b := s.sheet(v, m, s.sp, desk)
	for _, step := range []func(context.Context) error{b.people, b.records, b.deals, b.touches} {
		if err := step(ctx); err != nil {
			return nil, crm.Wrap(op, "what is known of the people cannot be read", err)
		}
	}
	for i := range b.sheet.Deals {
		b.sheet.Deals[i].Linked = false
	}
	b.sheet.Missing, b.sheet.Skip = missing, skip
	b.sheet.AsOf, b.sheet.Zone = s.sp.Store().Now(), desk.zoneOf(v).String()
	return &b.sheet, nil
}

// arriving is a mail as it would be stored, under an id that nothing has.
func arriving(v access.Viewer, desk *things, h *mail.Parsed) *crm.Message {
	var mentions []crm.RFCID
	for _, id := range slices.Concat([]crm.RFCID{h.RFCID}, h.InReplyTo, h.References) {
		if id != "" && !slices.Contains(mentions, id) {
			mentions = append(mentions, id)
		}
	}
	return &crm.Message{ID: crm.MessageID(crm.DerivedID(crm.PrefixMessage, desk.ws.IDKey, "foreseen", string(v.User), string(h.RFCID))), RFCID: h.RFCID,
		InReplyTo: h.InReplyTo, References: h.References, Mentions: mentions, Date: h.Date, Subject: h.Subject, Participants: h.Participants, Class: h.Class,
		Owners: []crm.UserID{v.User}, Stub: true}
}

// Newcomer is Stranger for somebody of whom nothing is known but what a header
// says.
func (s *Service) Newcomer(ctx context.Context, v access.Viewer, p crm.Participant) (Stranger, error) {
	const op = crm.Op("timeline.Newcomer")
	if err := mayReadMail(v); err != nil {
		return Stranger{}, err
	}
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return Stranger{}, crm.Wrap(op, "the workspace cannot be read", err)
	}
	out := Stranger{Address: p.Address, Name: personName(p)}
	b := s.sheet(v, &crm.Message{}, s.sp, desk)
	return out, crm.Wrap(op, "the company cannot be looked up", b.employer(ctx, &out))
}
