package timelinetest

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// Mail is one mail to be stored. Empty fields get plain values.
type Mail struct {
	ID          crm.RFCID
	Refs        []crm.RFCID
	From        crm.Address
	To, Cc      []crm.Address
	Subject     string
	Text, HTML  string
	Date        crm.Time
	Class       crm.Class
	Mailbox     crm.MailboxID // default: Anna's
	Box         string        // default: INBOX
	Role        crm.BoxRole
	Flags       []crm.Flag
	Attachments []crm.Attachment
	Reports     []crm.Report
	Invites     []crm.Invite
	Key         crm.Key // number in the folder; default: the next one
	Blob        bool    // keep the body in the blob store
}

// Store stores mails in one transaction, links them and returns their ids.
func (w *World) Store(mails ...Mail) []crm.MessageID {
	w.T.Helper()
	var ids []crm.MessageID
	keys := make([]crm.Key, len(mails))
	for i, m := range mails {
		box := w.box(m.defaults())
		w.uids[box]++
		keys[i] = m.Key
		if m.Key == 0 {
			keys[i] = w.uids[box]
		}
	}
	err := w.Space.Transact(w.T.Context(), func(ctx context.Context, tx *store.Tx) error {
		var err error
		ids, err = w.store(ctx, tx, mails, keys)
		return err
	})
	must(w.T, err)
	return ids
}

func (m Mail) defaults() Mail {
	if m.Mailbox == "" {
		m.Mailbox = AnnaMail
	}
	if m.Box == "" {
		m.Box, m.Role = "INBOX", crm.RoleInbox
	}
	if m.Class == "" {
		m.Class = crm.ClassPerson
	}
	return m
}

func (w *World) box(m Mail) crm.BoxID {
	return crm.BoxID(crm.DerivedID(crm.PrefixBox, w.Key, string(m.Mailbox), m.Box))
}

// store does what the engine's group does, for mails of any folders.
func (w *World) store(ctx context.Context, tx *store.Tx, mails []Mail, keys []crm.Key) ([]crm.MessageID, error) {
	boxes := map[crm.BoxID]*crm.Box{}
	drafts := map[crm.MessageID]*ledger.Draft{}
	var order []*ledger.Draft
	var copies []*crm.Copy
	var bodies []*crm.Body
	var ids []crm.MessageID
	for i, m := range mails {
		m = m.defaults()
		box := w.box(m)
		if boxes[box] == nil {
			docs, err := store.Boxes.GetMany(ctx, tx, []string{string(box)})
			if err != nil {
				return nil, err
			}
			b := docs[0].Value
			b.Mailbox, b.Name, b.Role, b.Epoch = m.Mailbox, m.Box, m.Role, 1
			boxes[box] = &b
		}
		msg, body := w.message(ctx, m)
		c := &crm.Copy{ID: crm.CopyID(crm.DerivedID(crm.PrefixCopy, w.Key, string(box), "1", strconv.FormatUint(uint64(keys[i]), 10))),
			Mailbox: m.Mailbox, Box: box, Epoch: 1, Key: keys[i], State: crm.CopyStored, Message: msg.ID, Flags: m.Flags, Size: msg.Size}
		ref := crm.CopyRef{Copy: c.ID, Mailbox: m.Mailbox, Box: box, BoxRole: m.Role, Flags: m.Flags}
		d := drafts[msg.ID]
		if d == nil {
			docs, err := store.Messages.GetMany(ctx, tx, []string{string(msg.ID)})
			if err != nil {
				return nil, err
			}
			d = &ledger.Draft{Message: msg}
			if docs[0].Exists() {
				old, next := docs[0].Value, docs[0].Value
				d = &ledger.Draft{Message: &next, Old: &old}
			}
			drafts[msg.ID] = d
			order = append(order, d)
		}
		addCopy(d.Message, ref, ownerOf(m.Mailbox))
		boxes[box].Counts.Stored++
		boxes[box].Server++
		copies, bodies, ids = append(copies, c), append(bodies, body), append(ids, msg.ID)
	}
	out, err := ledger.Link(ctx, tx, w.Space.Workspace(), order)
	if err != nil {
		return nil, err
	}
	for i := range copies {
		store.Copies.Create(tx, copies[i])
		store.Bodies.Put(tx, bodies[i])
	}
	for _, b := range boxes {
		store.Boxes.Put(tx, b)
	}
	out.Write(tx, copies[0].Mailbox)
	return ids, nil
}

func ownerOf(m crm.MailboxID) crm.UserID {
	if m == BobMail {
		return Bob
	}
	return Anna
}

func addCopy(m *crm.Message, ref crm.CopyRef, owner crm.UserID) {
	m.Copies = append(slices.Clone(m.Copies), ref)
	slices.SortFunc(m.Copies, func(a, b crm.CopyRef) int { return strings.Compare(string(a.Copy), string(b.Copy)) })
	m.Owners = union(m.Owners, owner)
	m.Flags = nil
	for _, c := range m.Copies {
		m.Flags = union(m.Flags, c.Flags...)
	}
}

func union[T ~string](have []T, more ...T) []T {
	out := slices.Concat(have, more)
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		return nil
	}
	return out
}

func (w *World) message(ctx context.Context, m Mail) (*crm.Message, *crm.Body) {
	w.T.Helper()
	id := crm.MessageID(crm.DerivedID(crm.PrefixMessage, w.Key, string(m.ID), string(m.From), m.Subject, m.Text))
	msg := &crm.Message{ID: id, RFCID: m.ID, References: m.Refs, Mentions: append([]crm.RFCID{m.ID}, m.Refs...), Date: m.Date,
		Subject: m.Subject, Snippet: crm.Clip(m.Text, crm.MaxSnippet), Class: m.Class, Size: int64(100 + len(m.Text)), Attachments: m.Attachments}
	msg.Participants = append(msg.Participants, crm.Participant{Role: crm.RoleFrom, Address: m.From, Name: "Mr " + m.From.Local()})
	for _, a := range m.To {
		msg.Participants = append(msg.Participants, crm.Participant{Role: crm.RoleTo, Address: a})
	}
	for _, a := range m.Cc {
		msg.Participants = append(msg.Participants, crm.Participant{Role: crm.RoleCc, Address: a})
	}
	data, err := w.Bodies.Pack(&crm.BodyContent{Text: m.Text, HTML: m.HTML, Reports: m.Reports, Invites: m.Invites, Headers: []crm.Header{{Name: "Subject", Value: m.Subject}}})
	must(w.T, err)
	body := &crm.Body{ID: id, Data: data}
	if m.Blob {
		ref, err := w.Blobs.Put(ctx, Workspace, data)
		must(w.T, err)
		body.Data, body.Blob = nil, ref
	}
	return msg, body
}
