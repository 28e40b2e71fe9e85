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

// audience reads the query of whom a campaign is for.
func (s *Service) audience(ctx context.Context, v access.Viewer, text string) (*query.Query, error) {
	const op = crm.Op("campaign.audience")
	if text == "" {
		return nil, crm.Errorf(crm.Invalid, op, "a campaign says whom it is for").WithField("audience").WithHint("such as: contacts where company.country = PL")
	}
	q, err := s.records.Parse(ctx, v, text)
	if err != nil {
		return nil, crm.E("", op, "the audience cannot be understood", err).WithField("audience")
	}
	if q.Kind != crm.KindContact {
		return nil, crm.Errorf(crm.Invalid, op, "letters go to contacts, not to %s", q.Kind).WithField("audience")
	}
	q.Order, q.Desc, q.Limit = "", false, pageSize
	return q, nil
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
	sp       *store.Space
	viewer   access.Viewer
	campaign *crm.Campaign
	schema   crm.Schema
	letter   *letter.Compiled
	about    letter.Subjects // without contact and company
	key      crm.IDKey
	own      []crm.Domain
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
