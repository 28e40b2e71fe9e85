package firestore

import (
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"threadline/internal/crm"
)

// A clock may differ from the server's by maxSkew: a fraction of a lease. A
// sample that took longer than maxTrip says nothing.
const (
	maxSkew = 10 * time.Second
	maxTrip = 5 * time.Second
)

// skew is how far the clock of this machine runs before the server's.
type skew struct{ by atomic.Int64 }

// sample compares the server's time of a read with when it was asked for and
// answered.
func (s *skew) sample(asked, answered time.Time, server *timestamppb.Timestamp) {
	trip := answered.Sub(asked)
	if server == nil || trip < 0 || trip > maxTrip {
		return
	}
	s.by.Store(int64(asked.Add(trip / 2).Sub(server.AsTime())))
}

// check refuses a clock that is off.
func (s *skew) check() error {
	by := time.Duration(s.by.Load())
	if by.Abs() <= maxSkew {
		return nil
	}
	way := "ahead of"
	if by < 0 {
		way = "behind"
	}
	return crm.Errorf(crm.Unavailable, "firestore.Commit", "the clock of this machine is %s %s Firestore's", by.Abs().Round(time.Second), way).
		WithHint("set the clock, best by a time service; nothing was written")
}
