package job

import (
	"context"
	"errors"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

const (
	look       = 10 * time.Second // between looks for jobs of processes that were killed
	retryAfter = 2 * time.Second  // when the store is not there, or is full
)

// errTaken says that the job is not ours to go on with: somebody cancelled it,
// or another process moved it.
var errTaken = errors.New("the job was taken away")

// Run works on whatever runs, one job after the other, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	for {
		woken := s.woken()
		wait := look
		if err := s.WorkOff(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("long work stands still", "err", err)
			wait, woken = retryAfter, nil
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-woken:
		case <-t.C:
		}
		t.Stop()
	}
}

// WorkOff carries out every job that runs and belongs to nobody else, oldest
// first. It fails when the store does; a job that fails says so in its document.
func (s *Service) WorkOff(ctx context.Context) error {
	jobs, err := store.Jobs.All(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("state", crm.JobRunning)}, Order: "created_at"})
	if err != nil {
		return err
	}
	for _, d := range jobs {
		err := s.carryOut(ctx, d.Value.ID)
		switch {
		case err == nil, errors.Is(err, errTaken):
		case ctx.Err() != nil || later(err):
			return err
		default:
			if err := s.fail(ctx, d.Value.ID, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// later tells whether the same may succeed after a while.
func later(err error) bool {
	return crm.IsKind(err, crm.Unavailable) || crm.IsKind(err, crm.Throttled)
}

// take makes the job ours and returns it.
func (s *Service) take(ctx context.Context, id string) (crm.Job, error) {
	var j crm.Job
	err := s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Jobs.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		j = doc.Value
		now := s.sp.Store().Now()
		if j.State != crm.JobRunning || j.Owner != "" && j.Owner != s.cfg.Owner && now < j.Until {
			return errTaken
		}
		j.Owner, j.Until = s.cfg.Owner, now.Add(s.cfg.Lease)
		j.BegunAt, j.BegunDone = now, j.Done
		store.Jobs.Put(tx, &j)
		return nil
	})
	return j, err
}

// carryOut works on one job until it is done, or not ours any more.
func (s *Service) carryOut(ctx context.Context, id string) (err error) {
	j, err := s.take(ctx, id)
	if err != nil {
		return err
	}
	k, err := s.kind(j.Kind)
	if err != nil {
		return err
	}
	run, err := k.Open(ctx, j)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, run.Close()) }()
	for j.State == crm.JobRunning {
		chunk, err := run.Next(ctx)
		if err != nil {
			return err
		}
		if j, err = s.commit(ctx, j, chunk); err != nil {
			return err
		}
	}
	return nil
}

// commit writes one chunk with the progress of its job, if the job is still
// where it was.
func (s *Service) commit(ctx context.Context, was crm.Job, chunk Chunk) (crm.Job, error) {
	var j crm.Job
	_, err := s.sp.Change(ctx, chunk.Info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Jobs.Get(ctx, tx, was.ID)
		if err != nil {
			return err
		}
		j = doc.Value
		if j.State != crm.JobRunning || j.Owner != s.cfg.Owner || j.Position != was.Position || j.Stage != was.Stage {
			return errTaken
		}
		if err := chunk.Write(ctx, tx, &j); err != nil {
			return err
		}
		j.At = s.sp.Store().Now()
		j.Until = j.At.Add(s.cfg.Lease)
		if j.State != crm.JobRunning {
			j.Owner, j.Until = "", 0
		} else if j.Position == was.Position && j.Stage == was.Stage {
			return crm.Errorf(crm.Internal, "job.commit", "a chunk of %s did not move", j.Kind)
		}
		store.Jobs.Put(tx, &j)
		return nil
	})
	return j, err
}

// fail says in the document why a job does not go on.
func (s *Service) fail(ctx context.Context, id string, why error) error {
	s.cfg.Log.Error("a job failed", "job", id, "err", why)
	return s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Jobs.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		j := doc.Value
		if j.State != crm.JobRunning || j.Owner != s.cfg.Owner {
			return nil
		}
		var e *crm.Error
		j.Msg = "an error of the program; its log says more"
		if errors.As(why, &e) && e.Kind != crm.Internal {
			j.Msg, j.Hint = e.Msg, e.Hint
		}
		j.State, j.Owner, j.Until = crm.JobFailed, "", 0
		store.Jobs.Put(tx, &j)
		return nil
	})
}
