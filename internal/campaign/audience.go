package campaign

import (
	"context"
	"slices"
	"strings"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/query"
	"threadline/internal/store"
)

// People are the contacts whom something is for: those of a query, or the
// members of a segment.
type People struct {
	s       *Service
	viewer  access.Viewer
	q       *query.Query
	segment string
}

// People reads whom something is for, in the viewer's eyes.
func (s *Service) People(ctx context.Context, v access.Viewer, audience, segment string) (People, error) {
	const op = crm.Op("campaign.People")
	switch {
	case audience == "" && segment == "":
		return People{}, crm.Errorf(crm.Invalid, op, "nothing says whom it is for").WithField("audience").WithHint("such as: contacts where company.name ~ \"Acme\"; or name a segment")
	case audience != "" && segment != "":
		return People{}, crm.Errorf(crm.Invalid, op, "it is for an audience or for a segment, not for both").WithField("segment")
	case segment != "":
		x, err := s.views.Segment(ctx, v, segment)
		if err != nil {
			return People{}, blame(err, "segment")
		}
		if x.Value.Kind != crm.KindContact {
			return People{}, crm.Errorf(crm.Invalid, op, "letters go to contacts, not to %s", x.Value.Kind).WithField("segment")
		}
		return People{s: s, viewer: v, segment: segment}, nil
	}
	q, err := s.records.Parse(ctx, v, audience)
	if err != nil {
		return People{}, crm.E("", op, "the audience cannot be understood", err).WithField("audience")
	}
	if q.Kind != crm.KindContact {
		return People{}, crm.Errorf(crm.Invalid, op, "letters go to contacts, not to %s", q.Kind).WithField("audience")
	}
	if err := q.NoLimit("audience"); err != nil {
		return People{}, err
	}
	q.Order, q.Desc = "", false
	return People{s: s, viewer: v, q: q}, nil
}

// Page reads some of them. A page may be short: only an empty Next is the end.
func (p People) Page(ctx context.Context, cursor string, limit int) (store.Page[crm.Record], error) {
	if p.q == nil {
		return p.s.views.Everybody(ctx, p.viewer, p.segment, cursor, limit)
	}
	p.q.Limit = limit
	found, err := p.s.records.Run(ctx, p.viewer, p.q, cursor)
	return found.Page, err
}

// Reasons for which a contact gets no letter, beside those of suppressions.
const (
	reasonNoAddress = "no_address"
	reasonDuplicate = "duplicate"
	reasonInternal  = "internal"
	reasonOpenDeal  = "open_deal"
	reasonMailed    = "recent_mail"
	reasonMissing   = "missing"
)

// judge decides over the contacts of one page.
type judge struct {
	Bench
	sp       *store.Space
	campaign *crm.Campaign
	letter   *letter.Compiled
}

// Verdict is what is said of a contact before anything is sent: why they get no
// letter, "" when they do, and in which zone they are, "" when that is not known.
type Verdict struct{ Reason, Zone string }

// Judge says of contacts whether they can be sent a letter of a purpose.
func (s *Service) Judge(ctx context.Context, b *Bench, t *crm.Template, contacts []crm.Record, purpose string) ([]Verdict, error) {
	compiled, err := b.Compile(t)
	if err != nil {
		return nil, err
	}
	j := judge{Bench: *b, sp: s.sp, campaign: &crm.Campaign{}, letter: compiled}
	gone, err := suppressions(ctx, s.sp, b.key, contacts, purpose)
	if err != nil {
		return nil, err
	}
	lines := make([]crm.Recipient, len(contacts))
	for i := range contacts {
		lines[i].Contact = contacts[i].ID
	}
	persons, err := b.Persons(ctx, lines)
	if err != nil {
		return nil, err
	}
	out := make([]Verdict, len(contacts))
	for i := range contacts {
		var a crm.Address
		if list := contacts[i].List("emails"); len(list) > 0 {
			a = crm.Address(list[0])
		}
		out[i].Zone = crm.ZoneOf(&contacts[i], persons[i].Company)
		if out[i].Reason, err = j.verdictOf(ctx, &contacts[i], persons[i].Company, gone[a]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// verdictOf says why a contact gets no letter, "" when they do. The first
// address of a contact is theirs for letters.
func (j *judge) verdictOf(ctx context.Context, contact, company *crm.Record, suppressed crm.SuppressionReason) (string, error) {
	addresses := contact.List("emails")
	switch {
	case len(addresses) == 0:
		return reasonNoAddress, nil
	case suppressed != "":
		return string(suppressed), nil
	case slices.Contains(j.own, crm.Address(addresses[0]).Domain()):
		return reasonInternal, nil
	}
	if missing := j.letter.Missing(j.values(contact, company)); len(missing) > 0 {
		return reasonMissing + ": " + strings.Join(missing, ", "), nil
	}
	if busy, err := j.inOpenDeal(ctx, contact.ID); err != nil || busy {
		return reasonOpenDeal, err
	}
	if recent, err := j.mailed(ctx, contact.ID); err != nil || recent {
		return reasonMailed, err
	}
	return "", nil
}

func (j *judge) inOpenDeal(ctx context.Context, contact crm.RecordID) (bool, error) {
	if !j.campaign.Spare.OpenDeals {
		return false, nil
	}
	deals, err := store.Records.All(ctx, j.sp, store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal), store.Has("values.contacts", contact)}})
	return slices.ContainsFunc(deals, func(d store.Doc[crm.Record]) bool { return d.Value.When("closed_at").IsZero() }), err
}

func (j *judge) mailed(ctx context.Context, contact crm.RecordID) (bool, error) {
	if j.campaign.Spare.Days == 0 {
		return false, nil
	}
	since := j.sp.Store().Now().Add(-time.Duration(j.campaign.Spare.Days) * 24 * time.Hour)
	page, err := store.Messages.Query(ctx, j.sp, store.Query{Limit: 1, Order: "date", Desc: true,
		Where: []store.Filter{store.HasAny("feed", j.viewer.Tokens(contact)), {Field: "date", Op: store.Ge, Value: since}}})
	return len(page.Items) > 0, err
}
