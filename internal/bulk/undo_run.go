package bulk

import (
	"context"
	"maps"

	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

// undoRun is one undo, looking or writing.
type undoRun struct {
	s   *Service
	job crm.Job
	m   *records.Unmaking
}

func (s *Service) openUndo(ctx context.Context, j crm.Job) (job.Run, error) {
	by := records.By{Actor: j.By, Cause: crm.CauseUndo, Batch: j.Batch, Title: j.Title}
	m, err := s.records.Unmaking(ctx, by, string(j.Spec))
	return &undoRun{s, j, m}, err
}

// Close implements job.Run.
func (r *undoRun) Close() error { return nil }

func (r *undoRun) info() store.ChangeInfo {
	return store.ChangeInfo{Actor: r.job.By, Cause: crm.CauseUndo, Batch: r.job.Batch, Title: r.job.Title, Undoes: string(r.job.Spec)}
}

// Next implements job.Run: the newest changes of the batch first.
func (r *undoRun) Next(ctx context.Context) (job.Chunk, error) {
	at, err := positionOf(r.job.Position)
	if err != nil {
		return job.Chunk{}, err
	}
	var lot *records.Lot
	var next string
	if at.line == 0 { // 1: the last change is behind us
		if lot, next, err = r.m.Next(ctx, at.cursor); err != nil {
			return job.Chunk{}, err
		}
	}
	write := func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		j.Total = r.m.Entries()
		defer func() { r.job = *j }()
		if lot == nil {
			r.ended(j)
			return nil
		}
		to := position{part: at.part, cursor: next}
		if next == "" {
			to.line = 1
		}
		clashes, err := r.step(ctx, tx, j, lot)
		if err != nil {
			return err
		}
		j.Done += int64(lot.Changed)
		if len(clashes) > 0 {
			to.part++
		}
		j.Position = to.String()
		if len(clashes) == 0 {
			return nil
		}
		return writePart(tx, j.ID, at.part, clashes)
	}
	return job.Chunk{Info: r.info(), Write: write, Ahead: true}, nil
}

// step looks at changes, or takes them back.
func (r *undoRun) step(ctx context.Context, tx *store.Tx, j *crm.Job, lot *records.Lot) (clashes []records.Clash, err error) {
	n := 0
	if j.Stage == StageLook {
		clashes, err = r.m.Look(ctx, tx, lot)
	} else {
		n, clashes, err = r.m.Take(ctx, tx, lot)
	}
	j.Counts = maps.Clone(j.Counts)
	if j.Counts == nil {
		j.Counts = map[string]int64{}
	}
	j.Counts["undone"] += int64(n)
	j.Counts["conflict"] += int64(len(clashes))
	return clashes, err
}

// ended moves on to the next stage.
func (r *undoRun) ended(j *crm.Job) {
	switch {
	case j.Stage == StageUndo && j.Counts["undone"] == 0:
		j.State, j.Stage, j.Msg = crm.JobDone, StageUndone, "it had been taken back already"
	case j.Stage == StageUndo:
		j.State, j.Stage = crm.JobDone, StageUndone
	case j.Counts["conflict"] > 0:
		j.State, j.Stage = crm.JobWaiting, StageClashes
	default:
		j.Stage, j.Counts = StageUndo, nil
		j.Done, j.BegunDone, j.BegunAt = 0, 0, r.s.sp.Store().Now()
	}
	j.Position = ""
}
