package timeline

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/page"
	"threadline/internal/store"
)

// Message returns one message whole: people, links with reasons, where its
// copies lie and, at level full, its body. It fails with crm.NotFound when
// there is no such message and with crm.Denied for the operator.
func (s *Service) Message(ctx context.Context, v access.Viewer, id crm.MessageID) (Message, error) {
	const op = crm.Op("timeline.Message")
	stored, err := s.known(ctx, v, id)
	if err != nil {
		return Message{}, crm.Wrap(op, "the message cannot be read", err)
	}
	m, err := s.whole(ctx, v, stored)
	return m, crm.Wrap(op, "the message cannot be read", err)
}

// Knows fails with crm.NotFound when there is no such message for the viewer.
// Nobody is told that it was opened.
func (s *Service) Knows(ctx context.Context, v access.Viewer, id crm.MessageID) error {
	_, err := s.known(ctx, v, id)
	return crm.Wrap("timeline.Knows", "the message cannot be read", err)
}

// Logged lists the records that a message is logged on, those that the viewer
// may see. It fails like Knows.
func (s *Service) Logged(ctx context.Context, v access.Viewer, id crm.MessageID) ([]crm.RecordID, error) {
	const op = crm.Op("timeline.Logged")
	m, err := s.known(ctx, v, id)
	if err != nil {
		return nil, crm.Wrap(op, "the message cannot be read", err)
	}
	look := newLookup(s.sp, v)
	if err := look.links(ctx, m.Links); err != nil {
		return nil, crm.Wrap(op, "what the message is logged on cannot be read", err)
	}
	var out []crm.RecordID
	for _, k := range look.open(m.Links) {
		out = append(out, k.Record)
	}
	return out, nil
}

// known reads a message by our own id.
func (s *Service) known(ctx context.Context, v access.Viewer, id crm.MessageID) (*crm.Message, error) {
	if err := mayReadMail(v); err != nil {
		return nil, err
	}
	if _, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, string(id)); err != nil {
		return nil, crm.E(crm.NotFound, "timeline.known", "there is no such message", err)
	}
	found, err := s.find(ctx, s.sp, v, string(id))
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

func (s *Service) whole(ctx context.Context, v access.Viewer, stored *crm.Message) (Message, error) {
	look, not := newLookup(s.sp, v), &notLogged{sp: s.sp}
	if err := look.links(ctx, stored.Links); err != nil {
		return Message{}, err
	}
	why, err := not.why(ctx, stored)
	if err != nil {
		return Message{}, err
	}
	root, err := threads(ctx, s.sp, stored.Thread)
	if err != nil {
		return Message{}, err
	}
	level := access.Message(v, stored)
	m := access.Redact(*stored, level)
	copies, err := s.copies(ctx, m.Copies)
	if err != nil {
		return Message{}, err
	}
	from, to := people(&m)
	out := Message{ID: m.ID, RFCID: m.RFCID, Date: m.Date, Direction: m.Direction, Class: m.Class, Level: level,
		Subject: m.Subject, Snippet: m.Snippet, From: from, To: to, Participants: some(m.Participants), Omitted: m.Omitted,
		Flags: some(m.Flags), Marks: some(m.Marks), Size: m.Size, Attachments: some(m.Attachments),
		Links: s.logged(look, m.Links), Not: why, Thread: m.Talk(root), Copies: copies}
	if level != access.Full {
		return out, nil
	}
	if s.opened != nil {
		if err := s.opened(ctx, v, stored); err != nil {
			return Message{}, err
		}
	}
	seen, err := s.seen(ctx, v, *stored)
	if err != nil {
		return Message{}, err
	}
	out.Seen = seen[m.ID]
	return out, s.addBody(ctx, &out)
}

// addBody loads the body and what only it holds. A message whose body is gone
// is shown without one; verify names it.
func (s *Service) addBody(ctx context.Context, m *Message) error {
	c, err := s.bodies.LoadBody(ctx, s.sp, s.blobs, m.ID)
	if crm.IsKind(err, crm.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	clean, blocked := page.Clean(c.HTML, nil)
	m.Body = &Body{Text: c.Text, HTML: clean, Quoted: c.Quoted, Blocked: blocked}
	if len(c.Participants) > 0 {
		m.Participants = slices.Concat(m.Participants, c.Participants)
		m.Omitted = 0
	}
	return nil
}

// copies names mailbox and folder of each remote copy.
func (s *Service) copies(ctx context.Context, refs []crm.CopyRef) ([]Copy, error) {
	var mailboxes, boxes []string
	for _, c := range refs {
		mailboxes, boxes = append(mailboxes, string(c.Mailbox)), append(boxes, string(c.Box))
	}
	address := map[crm.MailboxID]crm.Address{}
	docs, err := store.Mailboxes.GetMany(ctx, s.sp, distinct(mailboxes))
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		address[d.Value.ID] = d.Value.Address
	}
	name := map[crm.BoxID]string{}
	folders, err := store.Boxes.GetMany(ctx, s.sp, distinct(boxes))
	if err != nil {
		return nil, err
	}
	for _, d := range folders {
		name[d.Value.ID] = d.Value.Name
	}
	out := make([]Copy, len(refs))
	for i, c := range refs {
		out[i] = Copy{ID: c.Copy, Mailbox: address[c.Mailbox], Box: name[c.Box], Role: c.BoxRole, Flags: c.Flags}
	}
	return out, nil
}
