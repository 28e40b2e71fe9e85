package bulk

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
)

// Stages of an undo.
const (
	StageLook    = "look"
	StageClashes = "conflicts" // it waits for a person: some of it cannot be taken back
	StageUndo    = "undo"
	StageUndone  = "undone"
)

// Undo begins to take a batch back. It looks at all of it first; when something
// was changed since, it waits for Force and has written nothing.
func (s *Service) Undo(ctx context.Context, v access.Viewer, by records.By, batch string) (job.Progress, error) {
	title, err := s.records.MayUnmake(ctx, v, batch)
	if err != nil {
		return job.Progress{}, err
	}
	if title == "" {
		title = batch
	}
	j := crm.Job{Kind: UndoKind, State: crm.JobRunning, Stage: StageLook, By: by.Actor, Spec: []byte(batch), Title: "undo: " + crm.Clip(title, 150)}
	if j.Batch, err = s.sp.Store().NewID(crm.PrefixBatch); err != nil {
		return job.Progress{}, err
	}
	return s.jobs.Add(ctx, j)
}

// GetUndo returns an undo of the viewer.
func (s *Service) GetUndo(ctx context.Context, v access.Viewer, id string) (job.Progress, error) {
	return s.get(ctx, v, id, UndoKind)
}

// Force takes back what can be, and leaves alone what was changed since.
func (s *Service) Force(ctx context.Context, v access.Viewer, id string) (job.Progress, error) {
	return s.jobs.Edit(ctx, v, id, func(j *crm.Job) error {
		switch {
		case j.Kind != UndoKind:
			return none(id, UndoKind)
		case j.State != crm.JobWaiting || j.Stage != StageClashes:
			return crm.Errorf(crm.Conflict, "bulk.Force", "the undo waits for nothing").WithField("stage").WithHint("it is " + j.Stage)
		}
		job.Begin(j)
		j.Stage, j.Position, j.Done, j.Counts = StageUndo, "", 0, nil
		return nil
	})
}

// Clashes lists what cannot be taken back, and why.
func (s *Service) Clashes(ctx context.Context, v access.Viewer, id string, limit int, cursor string) ([]records.Clash, string, error) {
	if _, err := s.GetUndo(ctx, v, id); err != nil {
		return nil, "", err
	}
	list, next, err := pageOf(ctx, s.sp, id, limit, cursor, func(*records.Clash) bool { return true })
	if err == nil {
		err = s.records.ShowClashes(ctx, v, list)
	}
	return list, next, err
}
