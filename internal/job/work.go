package job

import (
	"context"
	"errors"
	"sync"
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

// lanes is how many jobs one process works on at a time, so that a small one
// does not wait for the end of a large one.
const lanes = 3

// Run works on whatever runs, the oldest first, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var working sync.WaitGroup
	defer working.Wait()
	busy := lane{of: map[string]bool{}}
	var forgot crm.Time
	for {
		woken := s.woken()
		wait := look
		if now := s.sp.Store().Now(); now.Sub(forgot) >= forgetEvery {
			forgot = now
			if err := s.Forget(ctx); err != nil && ctx.Err() == nil {
				s.cfg.Log.Error("old work stays", "err", err)
			}
		}
		if err := s.engage(ctx, &busy, &working); err != nil && ctx.Err() == nil {
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

// lane knows on which jobs this process works just now.
type lane struct {
	mu sync.Mutex
	of map[string]bool
}

// enter takes a job into a free lane.
func (l *lane) enter(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[id] || len(l.of) >= lanes {
		return false
	}
	l.of[id] = true
	return true
}

func (l *lane) leave(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.of, id)
}

// engage begins to work on jobs that run and have no worker here, while there
// are lanes. A job that ends rings, so that the next one begins.
func (s *Service) engage(ctx context.Context, busy *lane, working *sync.WaitGroup) error {
	jobs, err := s.running(ctx)
	if err != nil {
		return err
	}
	for _, d := range jobs {
		id := d.Value.ID
		if !s.mine(&d.Value) || !busy.enter(id) {
			continue
		}
		working.Go(func() {
			err := s.work(ctx, id)
			busy.leave(id)
			if err != nil && ctx.Err() == nil {
				s.cfg.Log.Error("a job waits for the store", "job", id, "err", err)
				return // the next look takes it up again
			}
			s.ring()
		})
	}
	return nil
}

// mine tells whether no other process works on a job.
func (s *Service) mine(j *crm.Job) bool {
	return j.Owner == "" || j.Owner == s.cfg.Owner || s.sp.Store().Now() >= j.Until
}

// running lists the jobs that are to be worked on, the oldest first.
func (s *Service) running(ctx context.Context) ([]store.Doc[crm.Job], error) {
	return store.Jobs.All(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("state", crm.JobRunning)}, Order: "created_at"})
}

// WorkOff carries out every job that runs and belongs to nobody else, oldest
// first. It fails when the store does; a job that fails says so in its document.
func (s *Service) WorkOff(ctx context.Context) error {
	jobs, err := s.running(ctx)
	if err != nil {
		return err
	}
	for _, d := range jobs {
		if err := s.work(ctx, d.Value.ID); err != nil {
			return err
		}
	}
	return nil
}

// work carries a job out and notes why it failed; it fails when the same may
// succeed later.
func (s *Service) work(ctx context.Context, id string) error {
	err := s.carryOut(ctx, id)
	switch {
	case err == nil, errors.Is(err, errTaken):
		return nil
	case ctx.Err() != nil || later(err):
		return err
	}
	return s.fail(ctx, id, err)
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
		if j.State != crm.JobRunning || !s.mine(&j) {
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
	var before *commit // what is being written, nil for nothing
	for j.State == crm.JobRunning {
		chunk, err := run.Next(ctx)
		if err != nil {
			if broken := before.end(); broken != nil {
				return broken
			}
			return err
		}
		next := s.begin(ctx, j, chunk)
		if err := before.end(); err != nil {
			_ = next.end() // it cannot be stored behind what was not
			return err
		}
		<-next.laid
		if before = next; !chunk.Ahead || len(next.done) > 0 {
			if err := before.end(); err != nil {
				return err
			}
			before = nil
		}
		j = next.job
	}
	return before.end()
}

// commit is a chunk on its way into the store.
type commit struct {
	job  crm.Job       // as the chunk leaves it; known when it is laid
	laid chan struct{} // closed when it is decided what the chunk writes
	done chan error
}

// end waits until the chunk is stored.
func (c *commit) end() error {
	if c == nil {
		return nil
	}
	return <-c.done
}

// begin lets a chunk be decided on, while the one before is written when it goes
// ahead, and be stored.
func (s *Service) begin(ctx context.Context, was crm.Job, chunk Chunk) *commit {
	c := &commit{laid: make(chan struct{}), done: make(chan error, 1)}
	known := sync.OnceFunc(func() { close(c.laid) })
	if chunk.Ahead {
		ctx = store.Ahead(ctx, known)
	}
	go func() {
		defer known()
		c.done <- s.commit(ctx, was, chunk, &c.job)
	}()
	return c
}

// commit writes one chunk with the progress of its job, if the job is still
// where it was.
func (s *Service) commit(ctx context.Context, was crm.Job, chunk Chunk, out *crm.Job) error {
	_, err := s.sp.Change(ctx, chunk.Info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Jobs.Get(ctx, tx, was.ID)
		if err != nil {
			return err
		}
		j := doc.Value
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
		*out = j
		return nil
	})
	return err
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
			j.Msg, j.Hint = e.Said(), e.Hint
		}
		j.State, j.Owner, j.Until = crm.JobFailed, "", 0
		store.Jobs.Put(tx, &j)
		return nil
	})
}
