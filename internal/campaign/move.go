package campaign

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Start lets a campaign send: one that is ready, or goes on after a pause.
func (s *Service) Start(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return Saved{}, err
	}
	if err := s.Startable(ctx, doc.Value.Marketing); err != nil {
		return Saved{}, err
	}
	if doc.Value.Status == crm.CampaignReady {
		if err := s.anybody(ctx, id); err != nil {
			return Saved{}, err
		}
	}
	return s.move(ctx, v, info, id, crm.CampaignSending, crm.CampaignReady, crm.CampaignPaused)
}

// anybody refuses a campaign that nobody would get: it would be over at once, and
// look as if it had been sent.
func (s *Service) anybody(ctx context.Context, id string) error {
	page, err := store.Recipients.Query(ctx, s.sp, store.Query{Where: inState(id, crm.RecipientQueued), Order: "due", Limit: 1})
	if err == nil && len(page.Items) == 0 {
		err = crm.Errorf(crm.Conflict, "campaign.Start", "nobody gets this letter: it is for no contact, or everybody is left out").WithField("audience").
			WithHint("look whom it is for and why they are left out, then prepare it again")
	}
	return err
}

// Startable refuses to send marketing mail that does not say who writes.
func (s *Service) Startable(ctx context.Context, marketing bool) error {
	m, err := s.mailing(ctx)
	if err == nil && marketing && m.Postal == "" {
		err = crm.Errorf(crm.Conflict, "campaign.Start", "a marketing mail names a postal address, and the workspace has none").
			WithField("mailing.postal").WithHint("write it down: threadline mailing --postal 'Acme, 1 Main Street, Springfield'")
	}
	return err
}

// Pause stops sending; what was claimed is still handed over.
func (s *Service) Pause(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	return s.move(ctx, v, info, id, crm.CampaignPaused, crm.CampaignSending)
}

// Cancel stops a campaign for good.
func (s *Service) Cancel(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	return s.move(ctx, v, info, id, crm.CampaignCancelled, crm.CampaignDraft, crm.CampaignReady, crm.CampaignSending, crm.CampaignPaused)
}

func (s *Service) move(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, to crm.CampaignStatus, from ...crm.CampaignStatus) (Saved, error) {
	var c crm.Campaign
	batch, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := s.get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		c = doc.Value
		return s.put(tx, &c, to, "", from...)
	})
	return Saved{Campaign: c, Batch: batch}, err
}

// put gives a campaign a new status, when it has one of the present ones.
func (s *Service) put(tx *store.Tx, c *crm.Campaign, to crm.CampaignStatus, why string, from ...crm.CampaignStatus) error {
	for _, f := range from {
		if c.Status == f {
			c.Status, c.Why, c.At = to, why, s.sp.Store().Now()
			store.Campaigns.Put(tx, c)
			return nil
		}
	}
	hint := map[crm.CampaignStatus]string{crm.CampaignDraft: "prepare its recipients first", crm.CampaignDone: "everybody has been written to"}[c.Status]
	return crm.Errorf(crm.Conflict, "campaign.move", "the campaign is %s", c.Status).WithField("status").WithHint(hint)
}

// Figures counts the ledger of a campaign by state.
func (s *Service) Figures(ctx context.Context, v access.Viewer, id string) (map[crm.RecipientState]int64, error) {
	if _, err := s.Get(ctx, v, id); err != nil {
		return nil, err
	}
	return s.figures(ctx, id)
}

func (s *Service) figures(ctx context.Context, id string) (map[crm.RecipientState]int64, error) {
	out := map[crm.RecipientState]int64{}
	for _, state := range []crm.RecipientState{crm.RecipientExcluded, crm.RecipientQueued, crm.RecipientClaimed, crm.RecipientSent, crm.RecipientFailed, crm.RecipientUnknown} {
		n, err := s.sp.Count(ctx, store.Recipients.Name, store.Query{Where: inState(id, state), Order: "due"})
		if err != nil {
			return nil, err
		}
		out[state] = n
	}
	return out, nil
}

// Ledger lists the recipients of a campaign: those in a state, or all by
// address.
func (s *Service) Ledger(ctx context.Context, v access.Viewer, id string, state crm.RecipientState, limit int, cursor string) (store.Page[crm.Recipient], error) {
	if _, err := s.Get(ctx, v, id); err != nil {
		return store.Page[crm.Recipient]{}, err
	}
	q := store.Query{Where: []store.Filter{store.Is("campaign", id)}, Order: "address", Limit: limit, After: cursor}
	if state != "" {
		q.Where, q.Order = inState(id, state), "due"
	}
	return store.Recipients.Query(ctx, s.sp, q)
}

func inState(campaign string, state crm.RecipientState) []store.Filter {
	return []store.Filter{store.Is("campaign", campaign), store.Is("state", string(state))}
}

// Step is what a person does with a campaign: Start, Pause or Cancel.
type Step func(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error)
