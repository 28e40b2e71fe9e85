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

// nextApply brings in the next rows of the present part, as many as fit.
func (r *run) nextApply(ctx context.Context) (job.Chunk, error) {
	if err := r.loadPart(ctx); err != nil {
		return job.Chunk{}, err
	}
	at, plan := r.at, r.plan
	rows := r.rows
	if len(rows) > 0 {
		rows = rows[at.Row:]
	}
	write := func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		j.Counts = maps.Clone(j.Counts)
		if j.Counts == nil {
			j.Counts = map[string]int64{}
		}
		if len(rows) == 0 {
			j.State, j.Stage, j.Position = crm.JobDone, StageApplied, ""
			return nil
		}
		return r.apply(ctx, tx, j, at, plan, rows)
	}
	return job.Chunk{Info: r.info(), Write: write, Ahead: true}, nil
}

// apply writes rows for which the decision is what the plan says, and makes
// errors of the others.
func (r *run) apply(ctx context.Context, tx *store.Tx, j *crm.Job, at position, plan part, rows []records.Row) error {
	planned := plan.planned()[at.Row:]
	expect := slices.Clone(rows)
	for i := range expect {
		if planned[i].Did == records.DidError && expect[i].Err == nil {
			expect[i].Err = crm.Errorf(crm.Invalid, "intake.apply", "planned as an error")
		}
	}
	b := r.bring
	b.Planned = planned
	outcomes, err := r.s.records.Bring(ctx, tx, r.by(), b, expect)
	if err != nil {
		return err
	}
	changed := false
	for i, out := range outcomes {
		if out.Did == records.DidError && planned[i].Did != records.DidError {
			plan.refuse(at.Row+i, out.Err)
			changed = true
		}
		count(j, out)
	}
	j.Done += int64(len(outcomes))
	next := at
	next.Row += len(outcomes)
	if next.Row == len(plan.Rows) {
		next = position{Part: at.Part + 1, Offset: r.file.Offset(), Number: r.file.Number()}
	}
	j.Position = next.String()
	r.at = next
	if changed {
		r.plan = plan
		return plan.write(tx, j.ID, at.Part)
	}
	return nil
}

// loadPart reads the rows of the part at hand, if they are not there already.
// The file stands at its beginning.
func (r *run) loadPart(ctx context.Context) error {
	if r.at.Row > 0 && r.rows != nil {
		return nil
	}
	p, ok, err := readPart(ctx, r.s.sp, r.job.ID, r.at.Part)
	r.plan, r.rows, r.numbers = p, nil, nil
	if err != nil || !ok {
		return err
	}
	r.rows, r.numbers, err = r.read(len(p.Rows))
	if err == nil && !slices.Equal(r.numbers, p.Rows) {
		return crm.Errorf(crm.Internal, "intake.loadPart", "the file is not the one that was planned")
	}
	return err
}
