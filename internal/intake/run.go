package intake

import (
	"context"
	"errors"
	"io"
	"strconv"

	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/table"
)

const (
	chunkRows  = 1000
	chunkBytes = 256 << 10 // of cells
)

// run is one import being planned or applied.
type run struct {
	s      *Service
	job    crm.Job
	spec   Spec
	noun   crm.Noun
	shaper *shaper
	bring  records.Bringing

	decided map[int64]Decision
	file    *table.Reader
	at      position

	claims claims // of a plan
	total  int64

	parts []loaded // to apply, beginning with the one where the import stands
}

// loaded is a part of the plan with its rows.
type loaded struct {
	plan part
	rows []records.Row
	from position // its first row
	to   position // the row behind its last
}

// open takes an import up where it stands.
func (s *Service) open(ctx context.Context, j crm.Job) (job.Run, error) {
	r := &run{s: s, job: j}
	var err error
	if r.spec, err = specOf(&j); err != nil {
		return nil, err
	}
	r.decided = r.spec.decisions()
	if r.noun, err = s.noun(ctx, r.spec.Kind); err != nil {
		return nil, err
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	key := ws.Value.IDKey
	r.shaper = newShaper(r.noun, r.spec, func(number int64) crm.RecordID {
		return crm.RecordID(crm.DerivedID(r.noun.Prefix, key, KindName, j.ID, strconv.FormatInt(number, 10)))
	})
	r.bring = records.Bringing{Noun: r.noun, Match: r.spec.Match, Then: r.spec.Then, Make: r.spec.Make,
		MadeID: func(n crm.Noun, name string) crm.RecordID {
			return crm.RecordID(crm.DerivedID(n.Prefix, key, KindName, j.ID, name))
		}}
	if j.Stage == StagePlan {
		return r, r.beginPlan(ctx)
	}
	if r.at, err = positionOf(j.Position); err != nil {
		return nil, err
	}
	return r, r.seek(ctx, r.at)
}

// Close implements job.Run.
func (r *run) Close() error { return nil }

// Next implements job.Run.
func (r *run) Next(ctx context.Context) (job.Chunk, error) {
	if r.job.Stage == StagePlan {
		return r.nextPlan()
	}
	return r.nextApply(ctx)
}

// seek opens the file at a position.
func (r *run) seek(ctx context.Context, at position) error {
	in := &pieces{ctx: ctx, blobs: r.s.blobs, ws: r.s.sp.Workspace(), names: r.job.Blobs}
	r.file = table.NewReader(in, r.spec.Dialect)
	if at.Offset > 0 {
		return r.file.Skip(at.Offset, at.Number)
	}
	if !r.spec.Dialect.Header {
		return nil
	}
	if _, err := r.file.Read(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// read shapes the next rows, at most n; fewer at the end of the file or when
// they are large.
func (r *run) read(n int) (rows []records.Row, numbers []int64, err error) {
	size := 0
	for len(rows) < n && size < chunkBytes {
		row, err := r.file.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		for _, c := range row.Cells {
			size += len(c)
		}
		shaped := r.shaper.row(row)
		if d, ok := r.decided[row.Number]; ok {
			shaped.Do, shaped.About = d.Do, d.Record
			if d.Do == records.DidSkip {
				shaped.Err = nil
			}
		}
		rows, numbers = append(rows, shaped), append(numbers, row.Number)
	}
	return rows, numbers, nil
}

// by says who brings the rows in.
func (r *run) by() records.By {
	return records.By{Actor: r.job.By, Cause: crm.CauseImport, Batch: r.job.Batch, Title: r.job.Title}
}

func (r *run) info() store.ChangeInfo {
	by := r.by()
	return store.ChangeInfo{Actor: by.Actor, Cause: by.Cause, Batch: by.Batch, Title: by.Title}
}
