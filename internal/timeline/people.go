package timeline

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Colleague is a user of the workspace, by the name that people know.
type Colleague struct {
	ID   crm.UserID `json:"id"`
	Name string     `json:"name"`
}

// People returns the users of the workspace by name, for lists to choose from.
func (s *Service) People(ctx context.Context, v access.Viewer) ([]Colleague, error) {
	if !v.Records() {
		return nil, crm.Errorf(crm.Denied, "timeline.People", "people are for members of the workspace").WithHint("sign in")
	}
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return nil, crm.Wrap("timeline.People", "the users cannot be read", err)
	}
	out := make([]Colleague, 0, len(desk.users))
	for id, name := range desk.users {
		out = append(out, Colleague{id, name})
	}
	slices.SortFunc(out, func(a, b Colleague) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// Zone is the IANA zone of the workspace, "" when it cannot be read.
func (s *Service) Zone(ctx context.Context) string {
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return ""
	}
	return desk.ws.Zone
}

// Holder is the contact who holds an address now; "" for
// nobody whom the viewer may see.
func (s *Service) Holder(ctx context.Context, v access.Viewer, a crm.Address) (crm.RecordID, error) {
	const op = crm.Op("timeline.Holder")
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return "", crm.Wrap(op, "the workspace cannot be read", err)
	}
	docs, err := store.Identities.GetMany(ctx, s.sp, []string{crm.IdentityID(desk.ws.IDKey, crm.AddressToken(a))})
	if err != nil {
		return "", crm.Wrap(op, "the address cannot be looked up", err)
	}
	look := newLookup(s.sp, v)
	for _, h := range docs[0].Value.Holders {
		if h.To != 0 {
			continue
		}
		if err := look.load(ctx, h.Record); err != nil {
			return "", crm.Wrap(op, "the contact cannot be read", err)
		}
		if r := look.records[h.Record]; r != nil && v.Reads(r) && r.Kind == crm.KindContact {
			return r.ID, nil
		}
	}
	return "", nil
}
