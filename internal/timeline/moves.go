package timeline

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
)

// Preview is what a correction, a rule or an exclusion would change, in words.
type Preview struct {
	Changed int64          `json:"changed" doc:"Messages that would change, of those that the caller may know of"`
	More    bool           `json:"more,omitempty" doc:"There are more: counting stopped"`
	Hidden  int64          `json:"hidden,omitempty" doc:"Messages that others would not know of any more"`
	Shown   int64          `json:"shown,omitempty" doc:"Messages that others would know of again"`
	Records []ledger.Shift `json:"records" doc:"Records whose timelines would change, the most changed first"`
	Sample  []Move         `json:"sample" doc:"The newest of the messages"`
}

// Move is a message with the links that it gains and loses.
type Move struct {
	Message crm.MessageID `json:"message"`
	Date    crm.Time      `json:"date"`
	From    crm.Address   `json:"from,omitempty"`
	Subject string        `json:"subject,omitempty" doc:"Only for who may read it"`
	Gained  []Logged      `json:"gained"`
	Lost    []Logged      `json:"lost"`
	Turned  string        `json:"turned,omitempty" enum:"private,shared,metadata_only" doc:"Who may know of it"`
}

// Foretell puts a preview into words.
func (s *Service) Foretell(ctx context.Context, v access.Viewer, p ledger.Preview) (Preview, error) {
	moves, err := s.Moves(ctx, v, p.Sample)
	return Preview{Changed: p.Changed, More: p.More, Hidden: p.Hidden, Shown: p.Shown, Records: p.Records, Sample: moves}, err
}

// Moves puts links that were decided anew into words. Access was decided and
// applied when they were made.
func (s *Service) Moves(ctx context.Context, v access.Viewer, list []ledger.Moved) ([]Move, error) {
	look := newLookup(s.sp, v)
	var links [][]crm.Link
	for _, m := range list {
		links = append(links, m.Gained, m.Lost)
	}
	if err := look.links(ctx, links...); err != nil {
		return nil, err
	}
	out := make([]Move, len(list))
	for i, m := range list {
		out[i] = Move{Message: m.Message, Date: m.Date, From: m.From, Subject: m.Subject, Turned: m.Turned,
			Gained: s.logged(look, m.Gained), Lost: s.logged(look, m.Lost)}
	}
	return out, nil
}
