package firestore

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The ramp of new traffic that Google asks for: 500 operations a second, half
// as many more every 5 minutes (Firestore best practices, "500/50/5").
const (
	startRate = 500.0
	topRate   = 10_000.0
	growth    = 1.5
	rampStep  = 5 * time.Minute
	rampRest  = 15 * time.Minute // without use: begin anew
)

// ramp holds writes back to a rate that grows with use.
type ramp struct {
	now   func() time.Time
	start float64
	limit *rate.Limiter

	mu    sync.Mutex
	begun time.Time
	last  time.Time
}

func newRamp(start float64, now func() time.Time) *ramp {
	return &ramp{now: now, start: start, limit: rate.NewLimiter(rate.Limit(start), int(math.Ceil(start)))}
}

// rateAt notes a use and returns the rate that is allowed now.
func (r *ramp) rateAt(now time.Time) float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun.IsZero() || now.Sub(r.last) > rampRest {
		r.begun = now
	}
	r.last = now
	steps := math.Floor(float64(now.Sub(r.begun)) / float64(rampStep))
	return math.Max(r.start, math.Min(topRate, r.start*math.Pow(growth, steps)))
}

// wait returns when n writes may go.
func (r *ramp) wait(ctx context.Context, n int) error {
	r.limit.SetLimit(rate.Limit(r.rateAt(r.now())))
	for n > 0 {
		some := min(n, r.limit.Burst())
		if err := r.limit.WaitN(ctx, some); err != nil {
			return err
		}
		n -= some
	}
	return nil
}
