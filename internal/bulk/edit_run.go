package bulk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/query"
	"threadline/internal/records"
	"threadline/internal/store"
)

const (
	chunkRecords = 500
	previewText  = 200 // runes of a value in a preview
)

// EditLine is what the plan says of one record, or what became of it.
type EditLine struct {
	Record crm.RecordID        `json:"record"`
	Name   string              `json:"name"`
	Do     records.Did         `json:"do" enum:"set,skip,error"`
	Diff   []records.FieldDiff `json:"diff,omitempty"`
	Fault  *Fault              `json:"fault,omitempty"`
	Seen   string              `json:"seen,omitempty" doc:"Stands for what the record said when it was planned"`
}

// Fault is why a record cannot be changed.
type Fault struct {
	Code   crm.ErrorKind `json:"code"`
	Field  string        `json:"field,omitempty"`
	Detail string        `json:"detail"`
	Hint   string        `json:"hint,omitempty"`
}

func (l *EditLine) became(out records.Outcome) {
	l.Do = out.Did
	if e := out.Err; e != nil {
		l.Fault = &Fault{e.Kind, e.Field, crm.Clip(e.Msg, 300), crm.Clip(e.Hint, 300)}
	}
}

// editRun is one edit being planned or applied.
type editRun struct {
	s      *Service
	job    crm.Job
	spec   spec
	viewer access.Viewer
	bring  records.Bringing
	row    records.Row
	query  *query.Query
	part   loaded // of the plan, at which the edit stands
}

// loaded is a part of the plan, with what became of its lines; with no lines there
// is none.
type loaded struct {
	at    position // of its first line
	lines []EditLine
}

func (s *Service) openEdit(ctx context.Context, j crm.Job) (job.Run, error) {
	r := &editRun{s: s, job: j}
	var err error
	if r.spec, err = specOf(&j); err != nil {
		return nil, err
	}
	if r.viewer, err = s.viewer(ctx, j.By); err != nil {
		return nil, err
	}
	if err := r.viewer.Require(crm.RightBulkEdit); err != nil {
		return nil, err
	}
	n, err := s.noun(ctx, r.viewer, r.spec.Kind)
	if err != nil {
		return nil, err
	}
	if r.row, err = change(n, r.spec.Order); err != nil {
		return nil, err
	}
	if r.query, err = s.records.Parse(ctx, r.viewer, r.spec.Query); err != nil {
		return nil, err
	}
	r.query.Order, r.query.Desc, r.query.Limit = "", false, chunkRecords // an order would bound what is read
	r.bring = records.Bringing{Noun: n, Then: records.DidSet, Dry: j.Stage == StagePlan}
	return r, nil
}

func (s *Service) viewer(ctx context.Context, u crm.UserID) (access.Viewer, error) {
	if u == "" {
		return access.Operator(), nil
	}
	return s.records.Viewer(ctx, u)
}

// Close implements job.Run.
func (r *editRun) Close() error { return nil }

// Next implements job.Run.
func (r *editRun) Next(ctx context.Context) (job.Chunk, error) {
	if r.job.Stage == StagePlan {
		return r.plan(ctx)
	}
	return r.apply(ctx)
}

// position is where an edit stands: the part, the line in it, and, of a plan, the
// cursor of the query.
type position struct {
	part, line int
	cursor     string
}

func positionOf(s string) (p position, err error) {
	if s == "" {
		return p, nil
	}
	_, err = fmt.Sscanf(s, "%d %d %q", &p.part, &p.line, &p.cursor)
	if err != nil {
		err = crm.E(crm.Internal, "bulk.positionOf", "the job cannot be read", err)
	}
	return p, err
}

func (p position) String() string { return fmt.Sprintf("%d %d %q", p.part, p.line, p.cursor) }

// by says who edits. The query stands in the title of the work alone: it may name
// people, and of the log nothing is taken out again.
func (r *editRun) by() records.By {
	folder, _, _ := strings.Cut(strings.TrimSpace(r.spec.Query), " ")
	return records.By{Actor: r.job.By, Cause: r.spec.Cause, Batch: r.job.Batch, Title: "edit " + crm.Clip(folder, 60)}
}

func (r *editRun) info() store.ChangeInfo {
	by := r.by()
	return store.ChangeInfo{Actor: by.Actor, Cause: by.Cause, Batch: by.Batch, Title: by.Title}
}

// next are the next records that are to be changed: of the query, or of those
// that were chosen.
func (r *editRun) next(ctx context.Context, cursor string) (records.Found, error) {
	chosen := r.spec.Records
	if len(chosen) == 0 {
		return r.s.records.Run(ctx, r.viewer, r.query, cursor)
	}
	from, _ := strconv.Atoi(cursor) // empty at first
	from = min(max(from, 0), len(chosen))
	to := min(from+chunkRecords, len(chosen))
	docs, err := r.s.records.GetMany(ctx, r.viewer, chosen[from:to])
	if err != nil {
		return records.Found{}, err
	}
	var out records.Found
	out.Items = slices.DeleteFunc(docs, func(d store.Doc[crm.Record]) bool { return !d.Exists() || d.Value.Kind != r.spec.Kind })
	if to < len(chosen) {
		out.Next = strconv.Itoa(to)
	}
	return out, nil
}

// plan decides on the next records of the query.
func (r *editRun) plan(ctx context.Context) (job.Chunk, error) {
	at, err := positionOf(r.job.Position)
	if err != nil {
		return job.Chunk{}, err
	}
	found, err := r.next(ctx, at.cursor)
	if err != nil {
		return job.Chunk{}, err
	}
	rows := make([]records.Row, len(found.Items))
	for i, d := range found.Items {
		rows[i] = r.row
		rows[i].About = d.Value.ID
	}
	write := func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		lines := make([]EditLine, len(rows))
		if len(rows) > 0 {
			outs, err := r.s.records.Bring(ctx, tx, r.by(), r.bring, rows)
			if err != nil {
				return err
			}
			for i, out := range outs {
				lines[i] = EditLine{Record: rows[i].About, Name: crm.Clip(found.Items[i].Value.Name(), 80), Seen: out.Seen, Diff: r.preview(out.Diff)}
				lines[i].became(out)
			}
		}
		tally(j, lines)
		j.Done += int64(len(lines))
		j.Total = j.Done
		next := position{part: at.part, cursor: found.Next}
		if len(lines) > 0 {
			next.part++
		}
		j.Position = next.String()
		if found.Next == "" {
			j.State, j.Stage, j.Position = crm.JobWaiting, StagePlanned, ""
		}
		r.job = *j
		if len(lines) == 0 {
			return nil
		}
		return writePart(tx, j.ID, at.part, lines)
	}
	return job.Chunk{Info: r.info(), Write: write}, nil
}

// preview is what the viewer may know of changes, long values cut short.
func (r *editRun) preview(list []records.FieldDiff) []records.FieldDiff {
	list = slices.DeleteFunc(list, func(d records.FieldDiff) bool { return r.viewer.Hides(r.spec.Kind, d.Field) })
	clip := func(v any) any {
		if s, ok := v.(string); ok {
			return crm.Clip(s, previewText)
		}
		return v
	}
	for i := range list {
		list[i].Before, list[i].After = clip(list[i].Before), clip(list[i].After)
	}
	return list
}

func tally(j *crm.Job, lines []EditLine) {
	j.Counts = maps.Clone(j.Counts)
	if j.Counts == nil {
		j.Counts = map[string]int64{}
	}
	for _, l := range lines {
		j.Counts[string(l.Do)]++
	}
}

// apply changes the next records of the plan, as many as fit. The chunk after it is
// decided on while it is written, so what it says of its part is kept at hand.
func (r *editRun) apply(ctx context.Context) (job.Chunk, error) {
	at, err := positionOf(r.job.Position)
	if err != nil {
		return job.Chunk{}, err
	}
	if first := (position{part: at.part}); len(r.part.lines) == 0 || r.part.at != first {
		r.part.at = first
		if r.part.lines, _, err = readPart[EditLine](ctx, r.s.sp, r.job.ID, at.part); err != nil {
			return job.Chunk{}, err
		}
	}
	lines := r.part.lines
	write := func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		if len(lines) == 0 {
			j.State, j.Stage, j.Position = crm.JobDone, StageApplied, ""
			return nil
		}
		return r.write(ctx, tx, j, at, lines)
	}
	return job.Chunk{Info: r.info(), Write: write, Ahead: true}, nil
}

func (r *editRun) write(ctx context.Context, tx *store.Tx, j *crm.Job, at position, part []EditLine) error {
	lines := append([]EditLine(nil), part...)
	var rows []records.Row
	b := r.bring
	for _, l := range lines[at.line:] {
		row := r.row
		row.About = l.Record
		switch l.Do {
		case records.DidSkip:
			row.Do = records.DidSkip
		case records.DidError:
			row.Err = crm.Errorf(crm.Invalid, "bulk.write", "planned as an error")
		}
		rows = append(rows, row)
		b.Planned = append(b.Planned, records.Outcome{Did: l.Do, Record: l.Record, Seen: l.Seen})
	}
	outs, err := r.s.records.Bring(ctx, tx, r.by(), b, rows)
	if err != nil {
		return err
	}
	changed := false
	for i, out := range outs {
		if l := &lines[at.line+i]; out.Did == records.DidError && l.Do != records.DidError {
			l.became(out)
			changed = true
		}
	}
	done := lines[at.line : at.line+len(outs)]
	tally(j, done)
	j.Done += int64(len(done))
	next := position{part: at.part, line: at.line + len(outs)}
	if next.line == len(lines) {
		next = position{part: at.part + 1}
	}
	j.Position = next.String()
	r.job, r.part.lines = *j, lines
	if !changed {
		return nil
	}
	return writePart(tx, j.ID, at.part, lines)
}
