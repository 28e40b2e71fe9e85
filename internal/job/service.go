package job

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Config is what the work needs to know.
type Config struct {
	Owner string        // names this process; one that was killed and comes back under the same name goes on at once
	Lease time.Duration // how long a job stays with a process that says nothing; 0: a minute
	Log   *slog.Logger
}

// Service keeps the jobs of a workspace. It is safe for concurrent use.
type Service struct {
	sp    *store.Space
	cfg   Config
	kinds []Kind

	mu   sync.Mutex
	bell chan struct{} // closed when there is something to do
}

// New makes the service. Kinds is the one place where work is registered.
func New(sp *store.Space, cfg Config, kinds ...Kind) *Service {
	if cfg.Lease == 0 {
		cfg.Lease = time.Minute
	}
	return &Service{sp: sp, cfg: cfg, kinds: kinds, bell: make(chan struct{})}
}

func (s *Service) kind(name string) (Kind, error) {
	i := slices.IndexFunc(s.kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, crm.Errorf(crm.Internal, "job.kind", "this program does not know work called %q", name)
	}
	return s.kinds[i], nil
}

// ring wakes the goroutine that works.
func (s *Service) ring() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.bell)
	s.bell = make(chan struct{})
}

func (s *Service) woken() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bell
}

// Add stores a new job: running, or waiting for a person. It returns it with
// its id.
func (s *Service) Add(ctx context.Context, j crm.Job) (Progress, error) {
	j, err := s.New(j)
	if err != nil {
		return Progress{}, err
	}
	b := s.sp.Batch()
	store.Jobs.Create(b, &j)
	if err := b.Commit(ctx); err != nil {
		return Progress{}, crm.Wrap("job.Add", "the work cannot be noted", err)
	}
	return s.Added(j), nil
}

// New gives a job its id and its time. It is for a caller who stores it with
// what it is about, in one transaction, and says Added after that: work that is
// on record may be begun at once, by any process.
func (s *Service) New(j crm.Job) (crm.Job, error) {
	if _, err := s.kind(j.Kind); err != nil {
		return j, err
	}
	now := s.sp.Store().Now()
	j.CreatedAt, j.At = now, now
	var err error
	if j.ID == "" {
		j.ID, err = s.sp.Store().NewID(crm.PrefixJob)
	}
	return j, err
}

// Added wakes whoever works, for a new job that is on record.
func (s *Service) Added(j crm.Job) Progress {
	s.ring()
	return progressOf(j)
}

// Edit changes a job, in one transaction, and returns it. Whoever works on it
// notices before the next chunk.
func (s *Service) Edit(ctx context.Context, v access.Viewer, id string, edit func(*crm.Job) error) (Progress, error) {
	var j crm.Job
	err := s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Jobs.GetMany(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		if !doc[0].Exists() || !sees(v, doc[0].Value) {
			return unknown(id)
		}
		j = doc[0].Value
		if err := edit(&j); err != nil {
			return err
		}
		store.Jobs.Put(tx, &j)
		return nil
	})
	if err != nil {
		return Progress{}, crm.Wrap("job.Edit", "the work cannot be changed", err)
	}
	s.ring()
	return progressOf(j), nil
}

// Resume lets a job that failed or was cancelled go on from where it stands.
func (s *Service) Resume(ctx context.Context, v access.Viewer, id string) (Progress, error) {
	return s.Edit(ctx, v, id, func(j *crm.Job) error {
		if j.State != crm.JobFailed && j.State != crm.JobCancelled {
			return crm.Errorf(crm.Conflict, "job.Resume", "the work is %s: there is nothing to resume", j.State).WithField("state")
		}
		k, err := s.kind(j.Kind)
		if err != nil {
			return err
		}
		Begin(j)
		if k.Waits != nil && k.Waits(j) {
			j.State = crm.JobWaiting
		}
		return nil
	})
}

// Begin makes a job one that runs.
func Begin(j *crm.Job) {
	j.State, j.Msg, j.Hint, j.BegunAt, j.Owner, j.Until = crm.JobRunning, "", "", 0, "", 0
}

// Cancel stops a job for good or for now; what it did stays, and Resume goes on.
func (s *Service) Cancel(ctx context.Context, v access.Viewer, id string) (Progress, error) {
	return s.Edit(ctx, v, id, func(j *crm.Job) error {
		if j.State == crm.JobDone {
			return crm.Errorf(crm.Conflict, "job.Cancel", "the work is done").WithField("state").
				WithHint(undoHint(j))
		}
		j.State, j.Owner, j.Until = crm.JobCancelled, "", 0
		return nil
	})
}

func undoHint(j *crm.Job) string {
	if j.Batch == "" {
		return ""
	}
	return "take its batch back with: threadline undo " + j.Batch
}

// Get returns a job of the viewer; the operator sees all.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (Progress, error) {
	docs, err := store.Jobs.GetMany(ctx, s.sp, []string{id})
	if err != nil {
		return Progress{}, err
	}
	if !docs[0].Exists() || !sees(v, docs[0].Value) {
		return Progress{}, unknown(id)
	}
	return progressOf(docs[0].Value), nil
}

// List returns the jobs of the viewer, of one kind or all, newest first. A page
// may hold fewer than asked for.
func (s *Service) List(ctx context.Context, v access.Viewer, kind string, limit int, cursor string) (list []Progress, next string, err error) {
	page, err := store.Jobs.Query(ctx, s.sp, store.Query{Order: "created_at", Desc: true, Limit: limit, After: cursor})
	if err != nil {
		return nil, "", crm.Wrap("job.List", "the jobs cannot be listed", err)
	}
	for _, d := range page.Items {
		if sees(v, d.Value) && (kind == "" || kind == d.Value.Kind) {
			list = append(list, progressOf(d.Value))
		}
	}
	return list, page.Next, nil
}

// sees tells whether the viewer may know of a job: its rows are theirs alone.
// Documents without a creation are positions in the feed, and nobody's work.
func sees(v access.Viewer, j crm.Job) bool {
	return j.CreatedAt != 0 && (v.Operator || v.User != "" && v.User == j.By)
}

func unknown(id string) error {
	return crm.Errorf(crm.NotFound, "job.Get", "there is no job %q", crm.Clip(id, 60)).WithField("id").
		WithHint("list them with: threadline job list")
}
