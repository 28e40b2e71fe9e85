package sequence

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Enrolment returns one person in a sequence.
func (s *Service) Enrolment(ctx context.Context, v access.Viewer, id string) (Enrolled, error) {
	e, err := s.enrolment(ctx, s.sp, v, id)
	if err != nil {
		return Enrolled{}, err
	}
	out, err := s.show(ctx, []crm.Enrolment{e}, true)
	if err != nil {
		return Enrolled{}, err
	}
	return out[0], nil
}

// Enrolments lists who is in a sequence, of one state or of all, the last one
// that something happened to first.
func (s *Service) Enrolments(ctx context.Context, v access.Viewer, id string, state crm.EnrolmentState, limit int, cursor string) ([]Enrolled, string, error) {
	if _, err := s.Get(ctx, v, id); err != nil {
		return nil, "", err
	}
	where := []store.Filter{store.Is("sequence", id)}
	if state != "" {
		where = append(where, store.Is("state", string(state)))
	}
	page, err := store.Enrolments.Query(ctx, s.sp, store.Query{Where: where, Order: "at", Desc: true, Limit: limit, After: cursor})
	if err != nil {
		return nil, "", err
	}
	out, err := s.show(ctx, page.Values(), false)
	return out, page.Next, err
}

// OfContact lists the sequences that a contact is or was in. It fails with
// crm.NotFound for a contact that the viewer may not read.
func (s *Service) OfContact(ctx context.Context, v access.Viewer, contact crm.RecordID) ([]Enrolled, error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return nil, err
	}
	if _, err := s.records.Get(ctx, v, contact); err != nil {
		return nil, err
	}
	docs, err := store.Enrolments.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("contact", string(contact))}, Order: "at", Desc: true, Limit: 100})
	if err != nil {
		return nil, err
	}
	return s.show(ctx, docs.Values(), true)
}

// show joins enrolments with their lines.
func (s *Service) show(ctx context.Context, list []crm.Enrolment, whole bool) ([]Enrolled, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	sequences, err := s.of(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]Enrolled, len(list))
	var lines []crm.Recipient
	for id, seq := range sequences {
		var at []int
		var ours []crm.Enrolment
		for i := range list {
			if list[i].Sequence == id {
				at, ours = append(at, i), append(ours, list[i])
			}
		}
		found, err := d.lines(ctx, s.sp, &seq, ours)
		if err != nil {
			return nil, err
		}
		for k, i := range at {
			out[i] = shown(&seq, list[i], found[k], whole)
			lines = append(lines, out[i].Lines...)
		}
	}
	if whole {
		err = s.seen(ctx, out, lines)
	}
	return out, err
}

// of reads the sequences that people are in.
func (s *Service) of(ctx context.Context, list []crm.Enrolment) (map[string]crm.Sequence, error) {
	out := map[string]crm.Sequence{}
	var ids []string
	for i := range list {
		if _, ok := out[list[i].Sequence]; !ok {
			out[list[i].Sequence] = crm.Sequence{}
			ids = append(ids, list[i].Sequence)
		}
	}
	docs, err := store.Sequences.GetMany(ctx, s.sp, ids)
	for i, d := range docs {
		out[ids[i]] = d.Value
	}
	return out, err
}

func shown(seq *crm.Sequence, e crm.Enrolment, lines []crm.Recipient, whole bool) Enrolled {
	out := Enrolled{Enrolment: e, Name: seq.Name, Steps: len(seq.Steps), Step: max(e.Past, behind(lines))}
	for _, l := range lines {
		if l.ID == "" {
			continue
		}
		out.Last, out.Away = l.State, max(out.Away, l.Away)
		if l.State == crm.RecipientQueued {
			out.Due = l.Due
		}
		if whole {
			out.Lines = append(out.Lines, l)
		}
	}
	return out
}

// seen adds what tracking knows.
func (s *Service) seen(ctx context.Context, list []Enrolled, lines []crm.Recipient) error {
	watched, err := s.campaigns.Watch(ctx, store.Page[crm.Recipient]{Items: docsOf(lines)})
	if err != nil {
		return err
	}
	known := map[string]crm.Seen{}
	for _, w := range watched {
		if w.Seen != nil {
			known[w.ID] = *w.Seen
		}
	}
	for i := range list {
		for _, l := range list[i].Lines {
			if x, ok := known[l.ID]; ok {
				if list[i].Seen == nil {
					list[i].Seen = map[string]crm.Seen{}
				}
				list[i].Seen[l.ID] = x
			}
		}
	}
	return nil
}

func docsOf(list []crm.Recipient) []store.Doc[crm.Recipient] {
	out := make([]store.Doc[crm.Recipient], len(list))
	for i := range list {
		out[i].Value = list[i]
	}
	return out
}

// StepCount is how the letters of one step stand.
type StepCount struct {
	Step  int                          `json:"step"`
	Lines map[crm.RecipientState]int64 `json:"lines"`
}

// Results is what came of a sequence.
type Results struct {
	campaign.Results
	People map[crm.EnrolmentState]int64 `json:"people"`
	Steps  []StepCount                  `json:"steps"`
}

// Results counts people, letters by step, and what came back.
func (s *Service) Results(ctx context.Context, v access.Viewer, id string) (Results, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return Results{}, err
	}
	out := Results{People: map[crm.EnrolmentState]int64{}}
	if out.Results, err = s.campaigns.Came(ctx, id); err != nil {
		return out, err
	}
	spent, err := s.spent(ctx, &doc.Value)
	if err != nil {
		return out, err
	}
	if spent != nil {
		out.Trouble = spent
	}
	for _, state := range crm.EnrolmentStates() {
		n, err := s.sp.Count(ctx, store.Enrolments.Name, store.Query{Where: []store.Filter{store.Is("sequence", id), store.Is("state", string(state))}, Order: "at"})
		if err != nil {
			return out, err
		}
		out.People[state] = n
	}
	for i := range doc.Value.Steps {
		count := StepCount{Step: i + 1, Lines: map[crm.RecipientState]int64{}}
		for _, state := range []crm.RecipientState{crm.RecipientQueued, crm.RecipientSent, crm.RecipientFailed, crm.RecipientUnknown, crm.RecipientExcluded} {
			n, err := s.sp.Count(ctx, store.Recipients.Name, store.Query{Order: "due",
				Where: []store.Filter{store.Is("campaign", id), store.Is("step", i+1), store.Is("state", string(state))}})
			if err != nil {
				return out, err
			}
			count.Lines[state] = n
		}
		out.Steps = append(out.Steps, count)
	}
	return out, nil
}

// spent tells of a sequence that sends that its mailbox has no budget left; nil: it
// has some, or nobody waits for it.
func (s *Service) spent(ctx context.Context, q *crm.Sequence) (*campaign.Trouble, error) {
	if q.Status != crm.SequenceActive {
		return nil, nil
	}
	return s.campaigns.Spent(ctx, (&errand{s: s, seq: *q}).Terms())
}
