package timeline

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/store"
)

// UpdateField is what a signature says of its writer.
type UpdateField string

const (
	UpdatePhone   UpdateField = "phone"
	UpdateTitle   UpdateField = "title"
	UpdateCompany UpdateField = "company" // by name, of a contact without one
	UpdateWebsite UpdateField = "website" // of the contact's company
)

// Update is a proposal: the signature of a message says something that a record
// does not know yet.
type Update struct {
	Record  crm.RecordID  `json:"record"` // the contact or, of a website, the company
	Field   UpdateField   `json:"field" enum:"phone,title,company,website"`
	Value   string        `json:"value"`
	Line    string        `json:"line"` // of the mail, where it says so
	Message crm.MessageID `json:"message"`
}

// Updates reads what the signature of a message says of a known contact who
// wrote it. Mass mail, robots, quoted mail and mail of which the viewer may not
// read the words propose nothing. It fails with crm.NotFound for a message of
// which the viewer may not know.
func (s *Service) Updates(ctx context.Context, v access.Viewer, id crm.MessageID) ([]Update, error) {
	const op = crm.Op("timeline.Updates")
	if err := mayReadMail(v); err != nil {
		return nil, err
	}
	doc, err := store.Messages.Get(ctx, s.sp, string(id))
	if err == nil && access.Message(v, &doc.Value) == access.None {
		err = crm.Errorf(crm.NotFound, op, "there is no message %s", crm.Clip(string(id), 60))
	}
	if err != nil {
		return nil, crm.Wrap(op, "the message cannot be read", err)
	}
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return nil, crm.Wrap(op, "the workspace cannot be read", err)
	}
	b := s.sheet(v, &doc.Value, s.sp, desk)
	for _, step := range []func(context.Context) error{b.people, b.records, b.updates} {
		if err == nil {
			err = step(ctx)
		}
	}
	return some(b.sheet.Updates), crm.Wrap(op, "the signature cannot be read", err)
}

// updates needs people and records.
func (b *sheetBuilder) updates(ctx context.Context) error {
	c := b.contact()
	says := b.m.Class == crm.ClassPerson && b.m.Direction == crm.Inbound && !b.m.Stub
	if c == nil || !says || b.out[b.main].Role != crm.RoleFrom || access.Message(b.v, b.m) != access.Full {
		return nil
	}
	body, err := b.s.bodies.LoadBody(ctx, b.s.sp, b.s.blobs, b.m.ID)
	if crm.IsKind(err, crm.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sig := mail.ParseSignature(body.Text, body.Quoted, b.out[b.main].Participant, b.desk.home)
	b.propose(c, sig)
	return nil
}

// propose compares a signature with what is known.
func (b *sheetBuilder) propose(c *crm.Record, sig mail.Signature) {
	add := func(r crm.RecordID, field UpdateField, d mail.Detail) {
		b.sheet.Updates = append(b.sheet.Updates, Update{Record: r, Field: field, Value: d.Value, Line: d.Line, Message: b.m.ID})
	}
	for _, p := range sig.Phones {
		if !slices.Contains(c.List("phones"), p.Value) {
			add(c.ID, UpdatePhone, p)
		}
	}
	if t := sig.Title; t.Value != "" && !strings.EqualFold(t.Value, c.Text("title")) {
		add(c.ID, UpdateTitle, t)
	}
	company := b.look.records[crm.RecordID(c.Text("company"))]
	switch {
	case company == nil && c.Text("company") == "" && sig.Company.Value != "":
		add(c.ID, UpdateCompany, sig.Company)
	case company != nil && company.Text("website") == "" && sig.URL.Value != "":
		add(company.ID, UpdateWebsite, sig.URL)
	}
}
