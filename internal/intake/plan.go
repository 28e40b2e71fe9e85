package intake

import (
	"context"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

// beginPlan reads all of the file once, to know how many rows it has and what
// these have in common, and goes back to its beginning.
func (r *run) beginPlan(ctx context.Context) error {
	r.claims = claims{newRepeats(), map[string]crm.RecordID{}}
	r.bring.Dry, r.bring.Claims = true, r.claims.by
	if err := r.seek(ctx, position{}); err != nil {
		return err
	}
	for {
		rows, _, err := r.read(chunkRows)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		r.total += int64(len(rows))
		for i := range rows {
			for _, key := range r.keys(&rows[i]) {
				r.claims.see(key)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	r.claims.close()
	return r.seek(ctx, position{})
}

// keys are the words by which rows find each other's records.
func (r *run) keys(row *records.Row) []string {
	if row.Err != nil {
		return nil
	}
	out := records.Keys(r.noun, row.Values)
	for field, texts := range row.Names {
		f, _ := r.noun.Field(field)
		for _, t := range texts {
			out = append(out, records.NameKey(f.To, t))
		}
	}
	return out
}

// nextPlan decides on the next rows without writing any record. Its first chunk
// puts the job to the beginning: earlier rows are remembered only while it runs.
func (r *run) nextPlan() (job.Chunk, error) {
	at := r.at
	rows, numbers, err := r.read(chunkRows)
	if err != nil {
		return job.Chunk{}, err
	}
	var p part
	write := func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		p = part{}
		if at.Part == 0 {
			j.Done, j.Counts, j.Total, j.BegunDone = 0, nil, r.total, 0
		}
		j.Counts = maps.Clone(j.Counts)
		if j.Counts == nil {
			j.Counts = map[string]int64{}
		}
		if len(rows) == 0 {
			j.State, j.Stage, j.Position = crm.JobWaiting, StagePlanned, ""
			return nil
		}
		outcomes, err := r.s.records.Bring(ctx, tx, r.by(), r.bring, rows)
		if err != nil {
			return err
		}
		for i, out := range outcomes {
			p.add(numbers[i], r.called(&rows[i]), out)
			count(j, out)
			r.remember(&rows[i], out)
		}
		j.Done += int64(len(rows))
		next := position{Part: at.Part + 1, Offset: r.file.Offset(), Number: r.file.Number()}
		// A plan that begins anew comes by the same places: the time of the run
		// tells its chunks from those of the run before.
		j.Position = "plan " + j.BegunAt.String() + " " + next.String()
		r.at = next
		return p.write(tx, j.ID, at.Part)
	}
	return job.Chunk{Info: r.info(), Write: write}, nil
}

// called is what a row calls its record.
func (r *run) called(row *records.Row) string {
	c := crm.Record{ID: row.ID, Kind: r.noun.Kind, Values: row.Values}
	if name := c.Name(); name != string(row.ID) {
		return name
	}
	return ""
}

// count adds an outcome to the counts of a job.
func count(j *crm.Job, out records.Outcome) {
	j.Counts[string(out.Did)]++
	if out.Did != records.DidError && out.Err != nil {
		j.Counts["warning"]++
	}
	if len(out.Made) > 0 {
		j.Counts["made"] += int64(len(out.Made))
	}
}

// remember keeps by which words later rows find the record of this one. A
// repeat of the transaction says the same again.
func (r *run) remember(row *records.Row, out records.Outcome) {
	if out.Record == "" {
		return
	}
	for _, key := range records.Keys(r.noun, row.Values) {
		r.claims.add(key, out.Record)
	}
	for _, m := range out.Made {
		r.claims.add(m.Key, m.Record)
	}
}

// nextApply brings in the next rows of the plan, as many as fit.
func (r *run) nextApply(ctx context.Context) (job.Chunk, error) {
	if err := r.loadParts(ctx); err != nil {
		return job.Chunk{}, err
	}
	at, parts := r.at, r.parts
	write := func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		j.Counts = maps.Clone(j.Counts)
		if j.Counts == nil {
			j.Counts = map[string]int64{}
		}
		if len(parts) == 0 {
			j.State, j.Stage, j.Position = crm.JobDone, StageApplied, ""
			return nil
		}
		return r.apply(ctx, tx, j, at, slices.Clone(parts))
	}
	return job.Chunk{Info: r.info(), Write: write, Ahead: true}, nil
}

// apply writes rows for which the decision is what the plan says, and makes
// errors of the others.
func (r *run) apply(ctx context.Context, tx *store.Tx, j *crm.Job, at position, parts []loaded) error {
	var rows []records.Row
	b := r.bring
	for _, p := range parts {
		rows = append(rows, p.rows...)
		b.Planned = append(b.Planned, p.plan.planned()...)
	}
	most := min(len(rows), at.Row+r.s.sp.Store().Room().Writes) // each is one at least, and all are looked up
	rows, b.Planned = rows[at.Row:most], b.Planned[at.Row:most]
	for i := range rows {
		if b.Planned[i].Did == records.DidError && rows[i].Err == nil {
			rows[i].Err = crm.Errorf(crm.Invalid, "intake.apply", "planned as an error")
		}
	}
	outcomes, err := r.s.records.Bring(ctx, tx, r.by(), b, rows)
	if err != nil {
		return err
	}
	for _, out := range outcomes {
		count(j, out)
	}
	j.Done += int64(len(outcomes))
	row := at.Row
	for len(outcomes) > 0 {
		p := &parts[0]
		n := min(len(p.rows)-row, len(outcomes))
		if err := r.differ(tx, j.ID, p, row, outcomes[:n], b.Planned[:n]); err != nil {
			return err
		}
		outcomes, b.Planned = outcomes[n:], b.Planned[n:]
		at = p.from
		if at.Row = row + n; at.Row == len(p.rows) {
			at, parts = p.to, parts[1:]
		}
		row = 0
	}
	j.Position = at.String()
	r.at, r.parts = at, parts
	return nil
}

// differ notes in a part of the plan which rows came out otherwise than it says.
func (r *run) differ(tx *store.Tx, id string, p *loaded, first int, outcomes, planned []records.Outcome) error {
	changed := false
	for i, out := range outcomes {
		if out.Did == records.DidError && planned[i].Did != records.DidError {
			p.plan.refuse(first+i, out.Err)
			changed = true
		}
	}
	if !changed {
		return nil
	}
	return p.plan.write(tx, id, p.from.Part)
}

// partsAhead is how many parts of the plan are read, so that a transaction is as
// large as it may be.
const partsAhead = 6

// loadParts reads the rows of the parts at hand that are not there already. The
// file stands behind the last.
func (r *run) loadParts(ctx context.Context) error {
	next := r.at
	next.Row = 0
	if n := len(r.parts); n > 0 {
		next = r.parts[n-1].to
	}
	for len(r.parts) < partsAhead {
		p, ok, err := readPart(ctx, r.s.sp, r.job.ID, next.Part)
		if err != nil || !ok {
			return err
		}
		rows, numbers, err := r.read(len(p.Rows))
		if err != nil {
			return err
		}
		if !slices.Equal(numbers, p.Rows) {
			return crm.Errorf(crm.Internal, "intake.loadParts", "the file is not the one that was planned")
		}
		to := position{Part: next.Part + 1, Offset: r.file.Offset(), Number: r.file.Number()}
		r.parts = append(r.parts, loaded{plan: p, rows: rows, from: next, to: to})
		next = to
	}
	return nil
}
