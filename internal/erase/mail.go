package erase

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// gone stands in the place of a person in mail: an address that cannot be (RFC
// 2606), so that the mail stays one with somebody outside.
const gone = crm.Address("erased@erased.invalid")

// mail blanks a group of the mail that the person takes part in. What was
// blanked is not found again.
func (r *run) mail(ctx context.Context) (work, error) {
	if r.p.Record == "" {
		return r.bodies(ctx)
	}
	var ids []string
	for _, a := range r.p.Addresses {
		err := r.s.mailOf(ctx, a, func(m *crm.Message) error {
			if len(ids) < chunk && !slices.Contains(ids, string(m.ID)) {
				ids = append(ids, string(m.ID))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return func(ctx context.Context, tx *store.Tx) (int, error) {
		return len(ids), r.s.blankMail(ctx, tx, r.job.ID, ids, func(m *crm.Message) {
			for i := range m.Participants {
				if p := &m.Participants[i]; slices.Contains(r.p.Addresses, p.Address) {
					*p = crm.Participant{Role: p.Role, Address: gone}
				}
			}
			m.Subject = ""
		})
	}, nil
}

// blankMail takes the words out of messages, and what else change says, and
// decides anew where they belong.
func (s *Service) blankMail(ctx context.Context, tx *store.Tx, why string, ids []string, change func(*crm.Message)) error {
	docs, err := store.Messages.GetMany(ctx, tx, ids)
	if err != nil {
		return err
	}
	empty, err := s.bodies.Pack(&crm.BodyContent{})
	if err != nil {
		return err
	}
	var drafts []*ledger.Draft
	for _, d := range docs {
		if !d.Exists() {
			continue
		}
		old, next := d.Value, d.Value
		next.Participants = slices.Clone(next.Participants)
		next.Snippet, next.Words, next.Attachments, next.Heads, next.Sides = "", "", nil, nil, nil
		change(&next)
		drafts = append(drafts, &ledger.Draft{Message: &next, Old: &old, Historical: true})
	}
	out, err := ledger.Link(ctx, tx, s.sp.Workspace(), drafts)
	if err != nil {
		return err
	}
	told := map[crm.MessageID]bool{}
	for _, it := range out.Items {
		told[it.Message] = true
	}
	for _, d := range drafts {
		if store.Bodies.Put(tx, &crm.Body{ID: d.Message.ID, Data: empty}); !told[d.Message.ID] {
			out.Items = append(out.Items, crm.ArrivalItem{Message: d.Message.ID, Historical: true})
		}
	}
	out.Write(tx, "")
	return nil
}
