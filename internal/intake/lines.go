package intake

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
)

// Line is what the plan says of one row, or what became of it.
type Line struct {
	Row    int64        `json:"row" doc:"As a spreadsheet counts, headings included"`
	Name   string       `json:"name,omitempty" doc:"What the row calls its record"`
	Do     records.Did  `json:"do" enum:"create,update,merge,skip,error"`
	Record crm.RecordID `json:"record,omitempty"`
	Fault  *Fault       `json:"fault,omitempty"`
}

// RowsQuery asks for rows of a plan.
type RowsQuery struct {
	Only   []string // outcomes, or warning; none: all
	Limit  int      // 0: 50
	Cursor string
}

// Rows lists what the plan says of rows, in their order. A page may be short:
// only without next is it the last.
func (s *Service) Rows(ctx context.Context, v access.Viewer, id string, q RowsQuery) (lines []Line, next string, err error) {
	if _, err := s.Get(ctx, v, id); err != nil {
		return nil, "", err
	}
	return job.Lines(q.Limit, q.Cursor, func(n int) ([]Line, bool, error) { return s.linesOf(ctx, id, n) },
		func(l *Line) bool { return l.among(q.Only) })
}

// among tells whether the line has one of the outcomes.
func (l *Line) among(only []string) bool {
	return len(only) == 0 || slices.Contains(only, string(l.Do)) ||
		l.Fault != nil && l.Fault.Warning && slices.Contains(only, "warning")
}

// linesOf reads the lines of one part.
func (s *Service) linesOf(ctx context.Context, id string, n int) ([]Line, bool, error) {
	p, ok, err := readPart(ctx, s.sp, id, n)
	if err != nil || !ok {
		return nil, false, err
	}
	faults := map[int64]*Fault{}
	for i := range p.Faults {
		faults[p.Faults[i].Row] = &p.Faults[i]
	}
	out := make([]Line, len(p.Rows))
	for i, o := range p.planned() {
		out[i] = Line{Row: p.Rows[i], Do: o.Did, Record: o.Record, Fault: faults[p.Rows[i]]}
		if i < len(p.Names) {
			out[i].Name = p.Names[i]
		}
	}
	return out, true, nil
}
