package extract

import (
	"context"
	"strings"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Whoever takes files away by all credentials that they have: how many are written
// at once, how many are begun in an hour, and how often a finished one is fetched in
// an hour. The operator has the data anyway.
const (
	atOnce     = 3
	hourly     = 30
	fetched    = 120
	maxFetches = 10_000 // people whose fetches are counted
)

// allow fails with crm.Throttled when a person has begun too much. The caller holds
// the lock, so that those who come together are counted one after the other.
func (s *Service) allow(ctx context.Context, who crm.UserID) error {
	if who == "" {
		return nil
	}
	now := s.Space.Store().Now()
	running, begun, oldest := 0, 0, now
	q := store.Query{Order: "created_at", Where: []store.Filter{{Field: "created_at", Op: store.Gt, Value: now.Add(-time.Hour)}}, Limit: store.MaxLimit}
	err := store.Jobs.Each(ctx, s.Space, q, func(d store.Doc[crm.Job]) error {
		if j := d.Value; j.Kind == KindName && j.By == who {
			begun++
			oldest = min(oldest, j.CreatedAt)
			if j.State == crm.JobRunning {
				running++
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return crm.Wrap("extract.allow", "the exports cannot be counted", err)
	case begun >= hourly:
		return tooMany(oldest.Add(time.Hour).Sub(now)).WithHint("an hour has 30; files that are written can be fetched meanwhile")
	case running >= atOnce:
		return tooMany(10 * time.Second).WithHint("wait until one of your exports is written, or cancel it")
	}
	return nil
}

func tooMany(after time.Duration) *crm.Error {
	return crm.Errorf(crm.Throttled, "extract.allow", "too many exports were begun").WithAfter(after)
}

// fetch counts that somebody fetches a file.
func (s *Service) fetch(who crm.UserID) error {
	if who == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Space.Store().Now()
	f := s.fetches[who]
	if now.Sub(f.since) >= time.Hour {
		f = fetches{since: now}
	}
	if f.n >= fetched {
		return crm.Errorf(crm.Throttled, "extract.fetch", "files were fetched too often").
			WithHint("keep what you fetched; it does not change").WithAfter(f.since.Add(time.Hour).Sub(now))
	}
	f.n++
	if s.fetches == nil || len(s.fetches) >= maxFetches {
		s.fetches = map[crm.UserID]fetches{}
	}
	s.fetches[who] = f
	return nil
}

// fetches are those of one person in the hour since a time.
type fetches struct {
	since crm.Time
	n     int
}

// note writes into the change log, and with it into the audit log, that a file is
// taken away: of what sort, not what was asked for, which may name people.
func (s *Service) note(ctx context.Context, v access.Viewer, cause crm.Cause, title string) error {
	return s.Space.Note(ctx, store.ChangeInfo{Actor: v.User, Cause: cause, Title: title})
}

// sort is what is in a file, in two or three words.
func (o *Order) sort() string {
	of := "all records"
	switch {
	case o.Record != "":
		of = "mail of " + string(o.Record)
	case o.Query != "":
		of = strings.Fields(o.Query)[0]
	case o.Format == EML:
		of = "all mail"
	}
	return string(o.Format) + " of " + crm.Clip(of, 60)
}
