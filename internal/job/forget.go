package job

import (
	"context"
	"fmt"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Keep is how long work that stands is kept, with the files that it read or
// wrote: nobody wants an old plan, and a file of people must not lie about.
const Keep = 30 * 24 * time.Hour

const (
	forgetEvery = time.Hour
	manyParts   = 100 // deleted in one transaction
)

// Forget deletes work of kinds that pass, which has stood for longer than Keep, and what was kept of
// it. Blobs that nothing names then are swept with the others. What it did to
// records stays, and can still be undone.
func (s *Service) Forget(ctx context.Context) error {
	before := s.sp.Store().Now().Add(-Keep)
	var old []crm.Job
	q := store.Query{Order: "created_at", Where: []store.Filter{{Field: "created_at", Op: store.Le, Value: before}, {Field: "created_at", Op: store.Gt, Value: crm.Time(0)}}, Limit: store.MaxLimit}
	err := store.Jobs.Each(ctx, s.sp, q, func(d store.Doc[crm.Job]) error {
		if j := d.Value; j.State != crm.JobRunning && j.At <= before && s.passes(j.Kind) {
			old = append(old, j)
		}
		return nil
	})
	if err != nil {
		return crm.Wrap("job.Forget", "old work cannot be found", err)
	}
	for _, j := range old {
		if err := s.forget(ctx, j.ID); err != nil {
			return crm.Wrap("job.Forget", "old work cannot be deleted", err)
		}
	}
	return nil
}

// Purge forgets work of kinds that pass, however young, of which holds says so: what
// runs is cancelled before. What it did to records stays.
func (s *Service) Purge(ctx context.Context, holds func(ctx context.Context, j *crm.Job) (bool, error)) (n int, err error) {
	var list []crm.Job
	q := store.Query{Order: "created_at", Where: []store.Filter{{Field: "created_at", Op: store.Gt, Value: crm.Time(0)}}, Limit: store.MaxLimit}
	err = store.Jobs.Each(ctx, s.sp, q, func(d store.Doc[crm.Job]) error {
		if s.passes(d.Value.Kind) {
			list = append(list, d.Value)
		}
		return nil
	})
	for i := 0; i < len(list) && err == nil; i++ {
		var held bool
		if held, err = holds(ctx, &list[i]); held && err == nil {
			n, err = n+1, s.purge(ctx, &list[i])
		}
	}
	return n, crm.Wrap("job.Purge", "work cannot be forgotten", err)
}

func (s *Service) purge(ctx context.Context, j *crm.Job) error {
	if j.State == crm.JobRunning {
		if _, err := s.Cancel(ctx, access.Operator(), j.ID); err != nil && !crm.IsKind(err, crm.Conflict) { // it ended meanwhile
			return err
		}
	}
	return s.forget(ctx, j.ID)
}

// Parts walks what a job keeps of its chunks.
func (s *Service) Parts(ctx context.Context, id string, f func(data []byte)) error {
	for n := 0; ; n++ {
		docs, err := store.JobParts.GetMany(ctx, s.sp, []string{PartID(id, n)})
		if err != nil || !docs[0].Exists() {
			return crm.Wrap("job.Parts", "work cannot be read", err)
		}
		f(docs[0].Value.Data)
	}
}

func (s *Service) passes(kind string) bool {
	k, err := s.kind(kind)
	return err == nil && k.Passes
}

// forget deletes the parts of a job, which are numbered from 0, and then itself.
func (s *Service) forget(ctx context.Context, id string) error {
	for from := 0; ; from += manyParts {
		ids := make([]string, manyParts)
		for i := range ids {
			ids[i] = PartID(id, from+i)
		}
		docs, err := store.JobParts.GetMany(ctx, s.sp, ids)
		if err != nil {
			return err
		}
		b, n := s.sp.Batch(), 0
		for i, d := range docs {
			if d.Exists() {
				store.JobParts.Delete(b, ids[i])
				n++
			}
		}
		if n == 0 {
			break
		}
		if err := b.Commit(ctx); err != nil {
			return err
		}
	}
	b := s.sp.Batch()
	store.Jobs.Delete(b, id)
	return b.Commit(ctx)
}

// PartID is the id of what a job keeps of a chunk, counted from 0 without gaps.
func PartID(job string, n int) string { return fmt.Sprintf("%s-%09d", job, n) }
