package records

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// AcceptUpdate puts into a record what a signature says: a phone or a title of a
// contact, its company by name, or the website of a company. A company of which
// there is none by that name is made. It returns the batch by which all of it
// can be undone, "" when the record says so already.
func (s *Service) AcceptUpdate(ctx context.Context, by By, id crm.RecordID, field, value string) (string, error) {
	const op = crm.Op("records.AcceptUpdate")
	docs, err := s.ownEyes(ctx, by, []crm.RecordID{id})
	if err != nil || !docs[0].Exists() {
		return "", crm.Wrap(op, "the record cannot be read", cmpErr(err, missing(id)))
	}
	doc := docs[0]
	values := map[string]any{}
	switch field {
	case "phone":
		phones := doc.Value.List("phones")
		if !slices.Contains(phones, value) {
			phones = append(slices.Clone(phones), value)
		}
		values["phones"] = phones
	case "title":
		values["title"] = value
	case "website":
		if !strings.Contains(value, "://") {
			value = "https://" + value
		}
		values["website"] = value
	case "company":
		company, batch, err := s.companyCalled(ctx, by, value)
		if err != nil {
			return "", crm.Wrap(op, "the company cannot be found or made", err)
		}
		values["company"], by.Batch = string(company), batch
	default:
		return "", crm.Errorf(crm.Invalid, op, "a signature says nothing about %q", crm.Clip(field, 20)).WithField("field")
	}
	saved, err := s.Update(ctx, by, id, Patch{Values: values, IfMatch: doc.Version})
	return saved.Batch, err
}

// companyCalled finds a company by its name or makes it, in a batch of its own.
func (s *Service) companyCalled(ctx context.Context, by By, name string) (crm.RecordID, string, error) {
	q := store.Query{Where: []store.Filter{store.Is("kind", crm.KindCompany), store.Is("values.name", name)}, Limit: 1}
	v, err := s.eyes(ctx, by)
	if err != nil {
		return "", "", err
	}
	page, err := store.Records.Query(ctx, s.sp, q)
	if err != nil {
		return "", "", err
	}
	if len(page.Items) > 0 && v.Reads(&page.Items[0].Value) {
		return page.Items[0].Value.ID, by.Batch, nil
	}
	made, err := s.Create(ctx, by, Draft{Kind: crm.KindCompany, Values: map[string]any{"name": name}})
	return made.Record.ID, made.Batch, err
}
