package letter

import (
	"context"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/store"
)

// About names who and what a letter is about, by id; each may be empty. Without
// a company it is that of the contact, or of the deal.
type About struct {
	Contact, Company, Deal crm.RecordID
	Sender                 crm.User
	Lang                   i18n.Lang
}

// Fill fills a template for the viewer's eyes: a record that they may not read
// counts as missing.
func (s *Service) Fill(ctx context.Context, v access.Viewer, t *crm.Template, a About) (Filled, error) {
	sch, err := s.records.Schema(ctx, v)
	if err != nil {
		return Filled{}, err
	}
	c, err := Compile(sch, t)
	if err != nil {
		return Filled{}, err
	}
	about, err := s.subjects(ctx, v, a)
	if err != nil {
		return Filled{}, err
	}
	return c.Fill(Values(sch, about)), nil
}

// subjects reads what a letter is about.
func (s *Service) subjects(ctx context.Context, v access.Viewer, a About) (Subjects, error) {
	out := Subjects{Sender: a.Sender, Lang: a.Lang, Zone: time.UTC, Now: s.sp.Store().Now().Std()}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return out, err
	}
	if zone, err := time.LoadLocation(ws.Value.Zone); err == nil {
		out.Zone = zone
	}
	var implied crm.RecordID // a company that nobody named
	for _, want := range []struct {
		id   *crm.RecordID
		kind crm.Kind
		into **crm.Record
	}{{&a.Deal, crm.KindDeal, &out.Deal}, {&a.Contact, crm.KindContact, &out.Contact}, {&a.Company, crm.KindCompany, &out.Company}} {
		if *want.id == "" {
			continue
		}
		doc, err := s.records.Get(ctx, v, *want.id)
		if crm.IsKind(err, crm.NotFound) && *want.id == implied {
			continue // not the viewer's to read: its fields are missing
		}
		if err != nil {
			return out, err
		}
		if doc.Value.Kind != want.kind {
			return out, crm.Errorf(crm.Invalid, "letter.Fill", "%s is no %s", *want.id, want.kind).WithField(string(want.kind))
		}
		*want.into = &doc.Value
		if company := doc.Value.Text("company"); want.kind != crm.KindCompany && a.Company == "" {
			a.Company, implied = crm.RecordID(company), crm.RecordID(company)
		}
	}
	return out, nil
}
