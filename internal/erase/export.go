package erase

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Held is what the workspace holds of a person, to be handed to them.
type Held struct {
	Record      crm.Record        `json:"record"`
	Activities  []crm.Record      `json:"activities"`
	Mails       []HeldMail        `json:"mails"`
	Recipients  []crm.Recipient   `json:"recipients"`
	Consents    []crm.Consent     `json:"consents"`
	Suppressed  []crm.Suppression `json:"suppressed"`
	Enrolments  []crm.Enrolment   `json:"enrolments"`
	Suggestions []crm.Suggestion  `json:"suggestions"`
	Outgoing    []crm.Outgoing    `json:"outgoing"`
	Rules       []crm.Rule        `json:"rules"`
}

// HeldMail is a mail that the person takes part in.
type HeldMail struct {
	crm.Message
	Text string `json:"text"`
}

// Export collects what there is of the person of a contact or a lead. It is for
// the operator, who answers such requests: it holds mail of several people.
func (s *Service) Export(ctx context.Context, id crm.RecordID) (Held, error) {
	r, err := records.Stored(ctx, s.sp, id)
	if err == nil {
		err = isPerson(&r)
	}
	if err != nil {
		return Held{}, err
	}
	p, _, err := s.about(ctx, &r)
	if err != nil {
		return Held{}, err
	}
	out := Held{Record: r}
	for _, a := range p.Addresses {
		err := s.mailOf(ctx, a, func(m *crm.Message) error {
			if slices.ContainsFunc(out.Mails, func(h HeldMail) bool { return h.ID == m.ID }) {
				return nil
			}
			c, err := s.bodies.LoadBody(ctx, s.sp, s.blobs, m.ID)
			if err != nil && !crm.IsKind(err, crm.NotFound) {
				return err
			}
			h := HeldMail{Message: *m}
			if c != nil {
				h.Text = c.Text
			}
			out.Mails = append(out.Mails, h)
			return nil
		})
		if err != nil {
			return out, err
		}
	}
	return out, s.collect(ctx, &p, &out)
}

func (s *Service) collect(ctx context.Context, p *person, out *Held) error {
	ids := map[string][]string{}
	for _, id := range p.Alone {
		ids[store.Activities.Name] = append(ids[store.Activities.Name], string(id))
	}
	err := s.ledgers(ctx, p, func(collection, id string) error {
		ids[collection] = append(ids[collection], id)
		return nil
	})
	if err != nil {
		return err
	}
	return each(
		take(ctx, s.sp, store.Activities, ids, &out.Activities), take(ctx, s.sp, store.Recipients, ids, &out.Recipients),
		take(ctx, s.sp, store.Consents, ids, &out.Consents), take(ctx, s.sp, store.Suppressions, ids, &out.Suppressed),
		take(ctx, s.sp, store.Enrolments, ids, &out.Enrolments), take(ctx, s.sp, store.Suggestions, ids, &out.Suggestions),
		take(ctx, s.sp, store.Outgoing, ids, &out.Outgoing), take(ctx, s.sp, store.Rules, ids, &out.Rules))
}

func take[T any](ctx context.Context, sp *store.Space, c store.Collection[T], ids map[string][]string, into *[]T) func() error {
	return func() error {
		docs, err := c.GetMany(ctx, sp, ids[c.Name])
		*into = []T{}
		for _, d := range docs {
			if d.Exists() {
				*into = append(*into, d.Value)
			}
		}
		return err
	}
}
