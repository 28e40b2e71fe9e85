package campaign

import (
	"context"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/letter"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Bench is what letters are made with: the eyes of who answers for them, what
// they may name, and who writes.
type Bench struct {
	records  *records.Service
	viewer   access.Viewer
	schema   crm.Schema
	key      crm.IDKey
	own      []crm.Domain
	calendar crm.Calendar
	about    letter.Subjects // without contact, company and deal
}

// Bench lays out what letters of an owner are made with, in the viewer's eyes.
func (s *Service) Bench(ctx context.Context, v access.Viewer, owner crm.UserID) (Bench, error) {
	sch, err := s.records.Schema(ctx, v)
	if err != nil {
		return Bench{}, err
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return Bench{}, err
	}
	sender, err := store.Users.Get(ctx, s.sp, string(owner))
	if err != nil {
		return Bench{}, err
	}
	calendar, err := s.Calendar(ctx)
	if err != nil {
		return Bench{}, err
	}
	lang, _ := i18n.ParseLang(sender.Value.Locale)
	return Bench{records: s.records, viewer: v, schema: sch, key: ws.Value.IDKey, own: ws.Value.OwnDomains, calendar: calendar,
		about: letter.Subjects{Sender: sender.Value, Lang: lang, Zone: zoneOf(ws.Value.Zone), Now: s.sp.Store().Now().Std()}}, nil
}

// Compile reads a letter.
func (b *Bench) Compile(t *crm.Template) (*letter.Compiled, error) {
	return letter.Compile(b.schema, t)
}

// Fill fills a letter for somebody.
func (b *Bench) Fill(c *letter.Compiled, about letter.Subjects) letter.Filled {
	return c.Fill(letter.Values(b.schema, about))
}

// Read reads records as far as the owner of the letters may.
func (b *Bench) Read(ctx context.Context, ids []crm.RecordID) ([]*crm.Record, error) {
	docs, err := b.records.GetMany(ctx, b.viewer, ids)
	out := make([]*crm.Record, len(docs))
	for i := range docs {
		if docs[i].Exists() {
			out[i] = &docs[i].Value
		}
	}
	return out, err
}

// Persons reads the contacts of lines and their companies. Who is gone is nil.
func (b *Bench) Persons(ctx context.Context, lines []crm.Recipient) ([]letter.Subjects, error) {
	ids := make([]crm.RecordID, len(lines))
	for i := range lines {
		ids[i] = lines[i].Contact
	}
	contacts, err := b.Read(ctx, ids)
	if err != nil {
		return nil, err
	}
	firms := make([]crm.RecordID, len(lines))
	for i, c := range contacts {
		if c != nil {
			firms[i] = crm.RecordID(c.Text("company"))
		}
	}
	companies, err := b.Read(ctx, firms)
	if err != nil {
		return nil, err
	}
	out := make([]letter.Subjects, len(lines))
	for i := range out {
		out[i] = b.about
		out[i].Contact, out[i].Company = contacts[i], companies[i]
	}
	return out, nil
}

// hours are those of a pace where a recipient is.
func (b *Bench) hours(p crm.Pace, zone string) crm.Hours {
	return p.Hours(b.calendar, b.about.Zone, zone)
}

// zoneOf loads a zone of the workspace; one that is not known is UTC.
func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}
