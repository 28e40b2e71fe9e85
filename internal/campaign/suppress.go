package campaign

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// suppressions finds which of the contacts' addresses get no mail of a purpose,
// and why.
func suppressions(ctx context.Context, r store.Reader, key crm.IDKey, contacts []crm.Record, purpose string) (map[crm.Address]crm.SuppressionReason, error) {
	var list []crm.Address
	for i := range contacts {
		if emails := contacts[i].List("emails"); len(emails) > 0 {
			list = append(list, crm.Address(emails[0]))
		}
	}
	return suppressed(ctx, r, key, list, purpose)
}

// suppressed finds who gets no mail at all, or none of a purpose.
func suppressed(ctx context.Context, r store.Reader, key crm.IDKey, list []crm.Address, purpose string) (map[crm.Address]crm.SuppressionReason, error) {
	ids := make([]string, 0, 2*len(list))
	for _, a := range list {
		ids = append(ids, crm.SuppressionID(key, a, ""))
	}
	if purpose != "" {
		for _, a := range list {
			ids = append(ids, crm.SuppressionID(key, a, purpose))
		}
	}
	docs, err := store.Suppressions.GetMany(ctx, r, ids)
	out := map[crm.Address]crm.SuppressionReason{}
	for i := range docs {
		if a := list[i%len(list)]; docs[i].Exists() && out[a] == "" {
			out[a] = docs[i].Value.Reason
		}
	}
	return out, err
}

// Suppress keeps every campaign away from an address from now on, also those
// that are being sent; the first reason stays. It returns the batch to undo it,
// "" when the address was suppressed before.
func (s *Service) Suppress(ctx context.Context, info store.ChangeInfo, a crm.Address, why crm.SuppressionReason, campaign string) (string, error) {
	_, batch, err := s.SuppressAll(ctx, info, []crm.Address{a}, crm.Suppression{Reason: why, Campaign: campaign})
	return batch, err
}

// suppressedAtOnce is how many addresses one transaction takes.
const suppressedAtOnce = 200

// SuppressAll is Suppress for many addresses, in one batch, and for mail of one
// purpose alone where as names one. It returns how many of them were not suppressed
// before. What a failure leaves is whole, and doing it again goes on from there.
func (s *Service) SuppressAll(ctx context.Context, info store.ChangeInfo, list []crm.Address, as crm.Suppression) (added int, batch string, err error) {
	key, err := s.key(ctx)
	if err != nil {
		return 0, "", err
	}
	if as.Purpose != "" && !purposeKey.MatchString(as.Purpose) {
		return 0, "", crm.Errorf(crm.Invalid, "campaign.SuppressAll", "%q is no key of a purpose", crm.Clip(as.Purpose, 40)).WithField("purpose")
	}
	as.By, as.At = info.Actor, s.sp.Store().Now()
	for part := range slices.Chunk(list, suppressedAtOnce) {
		n := 0
		if info.Batch, err = s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
			n, err = s.suppressThese(ctx, tx, key, part, as)
			return err
		}); err != nil {
			return added, info.Batch, err
		}
		added += n
	}
	if added == 0 {
		info.Batch = ""
	}
	return added, info.Batch, nil
}

// suppressThese writes down those of some addresses that are not suppressed.
func (s *Service) suppressThese(ctx context.Context, tx *store.Tx, key crm.IDKey, list []crm.Address, x crm.Suppression) (added int, err error) {
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = crm.SuppressionID(key, a, x.Purpose)
	}
	docs, err := store.Suppressions.GetMany(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	seen := map[string]bool{}
	for i, a := range list {
		if docs[i].Exists() || seen[ids[i]] {
			continue
		}
		seen[ids[i]] = true
		x.ID, x.Address = ids[i], a
		store.Suppressions.Create(tx, &x)
		added++
	}
	return added, nil
}

// Release lets campaigns write to an address again.
func (s *Service) Release(ctx context.Context, v access.Viewer, info store.ChangeInfo, a crm.Address) (string, error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return "", err
	}
	key, err := s.key(ctx)
	if err != nil {
		return "", err
	}
	id := crm.SuppressionID(key, a, "")
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Suppressions.Get(ctx, tx, id); err != nil {
			return crm.Errorf(crm.NotFound, "campaign.Release", "%s is not suppressed", a).WithField("address")
		}
		store.Suppressions.Delete(tx, id)
		return nil
	})
}

// Suppressed lists who gets no campaign, the last one first, for those who may
// read every address anyway: it names people whose contacts others do not see.
// These learn of their own people where a campaign leaves them out.
func (s *Service) Suppressed(ctx context.Context, v access.Viewer, limit int, cursor string) (store.Page[crm.Suppression], error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return store.Page[crm.Suppression]{}, err
	}
	if !v.Addresses() {
		return store.Page[crm.Suppression]{}, crm.Errorf(crm.Denied, "campaign.Suppressed", "the list names people whose addresses your role does not show").
			WithHint("prepare a campaign: it says of everybody in it who is left out and why; or ask an admin for the list")
	}
	return store.Suppressions.Query(ctx, s.sp, store.Query{Order: "at", Desc: true, Limit: limit, After: cursor})
}
