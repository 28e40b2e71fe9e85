package erase

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

// others are further records of the same person: the leads that became a contact, or
// the contact that a lead became, and its other leads.
func (s *Service) others(ctx context.Context, r *crm.Record) ([]crm.Record, error) {
	var out []crm.Record
	contact := r.ID
	if r.Kind == crm.KindLead {
		if contact = crm.RecordID(r.Text("converted_contact")); contact == "" {
			return nil, nil
		}
		became, err := records.Stored(ctx, s.sp, contact)
		if err != nil && !crm.IsKind(err, crm.NotFound) {
			return nil, err
		}
		if err == nil {
			out = append(out, became)
		}
	}
	q := store.Query{Where: []store.Filter{store.Is("kind", string(crm.KindLead))}, Order: "created_at", Limit: store.MaxLimit}
	err := store.Records.Each(ctx, s.sp, q, func(d store.Doc[crm.Record]) error {
		if l := d.Value; l.ID != r.ID && l.Text("converted_contact") == string(contact) {
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// merged are the records that went into one, of which the log alone tells, and those
// that went into these. One that a merge taken back has brought again is not theirs.
func (s *Service) merged(ctx context.Context, into crm.RecordID) ([]string, error) {
	var out []string
	for ask := []string{string(into)}; len(ask) > 0; ask = ask[1:] {
		q := store.Query{Where: []store.Filter{{Field: "touched", Op: store.Contains, Value: ask[0]}}, Order: "at", Limit: 200}
		err := store.ChangeLog.Each(ctx, s.sp, q, func(d store.Doc[crm.Change]) error {
			if !records.Merges(&d.Value) {
				return nil
			}
			for _, e := range d.Value.Entries {
				if e.Collection == store.Records.Name && e.ID != string(into) && e.After == nil && !e.Erased && !slices.Contains(out, e.ID) {
					out = append(out, e.ID)
					ask = append(ask, e.ID)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	docs, err := store.Records.GetMany(ctx, s.sp, out)
	var gone []string
	for i, d := range docs {
		if !d.Exists() {
			gone = append(gone, out[i])
		}
	}
	return gone, err
}
