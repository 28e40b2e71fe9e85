package job

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Kind is one sort of work.
type Kind struct {
	Name string
	// Open takes the work up at the position of the job.
	Open func(ctx context.Context, j crm.Job) (Run, error)
	// Waits tells whether a job stands where it waits for a person; nil: never.
	Waits func(j *crm.Job) bool
	// Passes says that such work is forgotten once it has stood for longer than
	// Keep.
	Passes bool
}

// Run is a job being worked on, by one goroutine.
type Run interface {
	// Next prepares the next chunk: whatever need not be in its transaction. What
	// the chunk before it says is decided then, and not always stored yet.
	Next(ctx context.Context) (Chunk, error)
	// Close releases what Open took.
	Close() error
}

// Chunk is one transaction of a job.
type Chunk struct {
	Info store.ChangeInfo // of what it changes in records
	// Write does the work and moves the job on: position, counts and, in the
	// end, state. It may run several times, with a fresh job each time, and reads
	// before it writes.
	Write func(ctx context.Context, tx *store.Tx, j *crm.Job) error
	// Ahead says that Write takes long and has no effect outside of the run that
	// the next time does not set anew: it may run while the chunk before is
	// written (store.Ahead).
	Ahead bool
}

// Progress says how far a job has come.
type Progress struct {
	crm.Job
	Rate float64 `json:"rate" doc:"Items a second of the present run, 0 when it stands"`
	Left int64   `json:"left" doc:"Seconds, as it looks now; 0 when nobody knows"`
}

// progressOf works out speed and time left.
func progressOf(j crm.Job) Progress {
	p := Progress{Job: j}
	took := j.At.Sub(j.BegunAt).Seconds()
	if done := j.Done - j.BegunDone; j.State == crm.JobRunning && j.BegunAt != 0 && took > 0 && done > 0 {
		p.Rate = float64(done) / took
		p.Left = int64(float64(max(0, j.Total-j.Done))/p.Rate + 0.5)
	}
	return p
}
