package campaign

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Settling is what a person says of lines of which nobody knows whether they were
// sent.
type Settling struct {
	Send bool          // they are sent, perhaps again; else they count as sent
	To   []crm.Address // nil: all whom nobody looks up any more
}

// Settle is a person's word on lines that nobody looks up any more: they are sent,
// perhaps a second time, or they count as sent. It fails with crm.Conflict when
// there are none.
func (s *Service) Settle(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, how Settling) (Saved, error) {
	const op = crm.Op("campaign.Settle")
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return Saved{}, err
	}
	if st := doc.Value.Status; st != crm.CampaignDone && st != crm.CampaignPaused && st != crm.CampaignSending && (how.Send || st != crm.CampaignCancelled) {
		return Saved{}, crm.Errorf(crm.Conflict, op, "the campaign is %s", st).WithField("status").WithHint("nobody of whom it sends is in doubt")
	}
	n, err := s.settle(ctx, id, how)
	if err != nil {
		return Saved{}, err
	}
	if n == 0 {
		return Saved{}, crm.Errorf(crm.Conflict, op, "nobody waits for your word").WithField("status").
			WithHint("who is not known is looked up among the sent mail first, while the campaign sends")
	}
	to := doc.Value.Status // the log tells who said it
	if how.Send {
		to = crm.CampaignSending
	}
	out, err := s.move(ctx, v, info, id, to, crm.CampaignDone, crm.CampaignPaused, crm.CampaignSending, crm.CampaignCancelled)
	out.Again = n
	return out, err
}

// settle applies a person's word to the unknown lines, some at a time.
func (s *Service) settle(ctx context.Context, id string, how Settling) (n int, err error) {
	wanted := map[crm.Address]bool{}
	for _, a := range how.To {
		wanted[a] = true
	}
	for cursor := ""; ; {
		page, err := store.Recipients.Query(ctx, s.sp, store.Query{Where: inState(id, crm.RecipientUnknown), Order: "due", Limit: pageSize, After: cursor})
		if err != nil {
			return n, err
		}
		done := 0
		err = s.sp.Transact(ctx, func(_ context.Context, tx *store.Tx) error {
			done = 0
			now := s.sp.Store().Now()
			for _, d := range page.Items {
				r, ok := settled(d.Value, how.Send, now)
				if ok && (how.To == nil || wanted[r.Address]) {
					store.Recipients.PutIf(tx, &r, d.Version)
					done++
				}
			}
			return nil
		})
		if n += done; err != nil {
			return n, err
		}
		if cursor = page.Next; cursor == "" {
			return n, nil
		}
	}
}
