package export

import (
	"context"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// checkLedger checks the ledger of campaigns and sequences: every line belongs to
// one of them, has the id that one address can have there only once, and is in a
// state that says what became of it.
func (v *verifier) checkLedger(ctx context.Context) error {
	known := map[string]bool{}
	for _, name := range []string{store.Campaigns.Name, store.Sequences.Name} {
		if err := v.sp.EachRaw(ctx, name, func(d store.RawDoc) error { known[d.ID] = true; return nil }); err != nil {
			return err
		}
	}
	return store.Recipients.Each(ctx, v.sp, store.Query{Limit: 500}, func(d store.Doc[crm.Recipient]) error {
		v.step()
		r := &d.Value
		if what := v.brokenLine(r); what != "" {
			v.find(store.Recipients.Name, r.ID, todoTell, "%s", what)
		}
		if known[r.Campaign] {
			return nil
		}
		return v.again(ctx, func(ctx context.Context, tx *store.Tx) ([]Finding, error) { return homelessLine(ctx, tx, r.ID) })
	})
}

// brokenLine says what is wrong with a line by itself, "" when nothing is.
func (v *verifier) brokenLine(r *crm.Recipient) string {
	switch r.State {
	case crm.RecipientExcluded, crm.RecipientFailed, crm.RecipientUnknown:
		if r.Reason == "" {
			return "it is " + string(r.State) + " and nothing says why"
		}
	case crm.RecipientClaimed:
		if r.Until == 0 || r.Fence == 0 {
			return "it is being sent by nobody, and would be for ever"
		}
	case crm.RecipientSent:
		if r.Sent == 0 {
			return "it was sent and nothing says when"
		}
	case crm.RecipientQueued:
	default:
		return "its state says nothing of what became of it"
	}
	if r.State != crm.RecipientExcluded && !strings.HasPrefix(string(r.RFCID), r.ID+"@") {
		return "its mail has no Message-ID that it could be found by"
	}
	// A line of a campaign is found by its address, so that there is one; those that
	// are left out for the address go by the contact. Whoever was erased has neither.
	named := r.Address == "" && r.Contact == "" || r.ID == crm.RecipientID(v.key, r.Campaign, r.Address) ||
		r.State == crm.RecipientExcluded && r.ID == crm.RecipientID(v.key, r.Campaign, crm.Address(r.Contact))
	if r.Enrolment == "" && !named {
		return "its id is not that of its address, which might be written to twice"
	}
	return ""
}

// homelessLine reports a line whose campaign or sequence does not exist.
func homelessLine(ctx context.Context, r store.Reader, id string) ([]Finding, error) {
	lines, err := store.Recipients.GetMany(ctx, r, []string{id})
	if err != nil || !lines[0].Exists() {
		return nil, err
	}
	of := lines[0].Value.Campaign
	campaigns, err := store.Campaigns.GetMany(ctx, r, []string{of})
	if err != nil || campaigns[0].Exists() {
		return nil, err
	}
	sequences, err := store.Sequences.GetMany(ctx, r, []string{of})
	if err != nil || sequences[0].Exists() {
		return nil, err
	}
	return []Finding{{store.Recipients.Name, id, "it belongs to " + of + ", which does not exist", todoRestore}}, nil
}
