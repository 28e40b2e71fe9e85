package campaign

import (
	"context"
	"slices"
	"strings"

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

// Release lets campaigns write to an address again, or those of one purpose alone;
// what else its owner left stays. It returns the batch to undo it.
func (s *Service) Release(ctx context.Context, v access.Viewer, info store.ChangeInfo, a crm.Address, purpose string) (string, error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return "", err
	}
	key, err := s.key(ctx)
	if err != nil {
		return "", err
	}
	m, err := s.mailing(ctx)
	if err != nil {
		return "", err
	}
	id := crm.SuppressionID(key, a, purpose)
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		_, err := store.Suppressions.Get(ctx, tx, id)
		if crm.IsKind(err, crm.NotFound) {
			return unreleased(a, purpose, m.Purposes)
		}
		store.Suppressions.Delete(tx, id)
		return err
	})
}

// unreleased is why nothing is lifted. A purpose that the workspace names no more is
// known by those who left it: it is missing only where nobody did.
func unreleased(a crm.Address, purpose string, known []crm.Purpose) error {
	const op = crm.Op("campaign.Release")
	if purpose == "" {
		return crm.Errorf(crm.NotFound, op, "%s is not suppressed", a).WithField("address").WithHint("mail of one purpose is let through again by naming the purpose")
	}
	keys := make([]string, len(known))
	for i, p := range known {
		keys[i] = p.Key
	}
	if slices.Contains(keys, purpose) {
		return crm.Errorf(crm.NotFound, op, "%s is not suppressed for %s", a, purpose).WithField("address").WithHint("whoever gets no mail at all is let go without a purpose")
	}
	hint := "the workspace names no purposes: leave it out"
	if len(keys) > 0 {
		hint = "one of: " + strings.Join(keys, ", ")
	}
	return crm.Errorf(crm.Invalid, op, "there is no purpose %q", crm.Clip(purpose, 40)).WithField("purpose").WithHint(hint)
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
