package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/internal/directory"
	"threadline/internal/match"
	"threadline/internal/store"
)

// Follower keeps links right while records, rules and answers change: it reads
// the feed from its stored position and matches again what a change touches.
type Follower struct {
	sp    *store.Space
	log   *slog.Logger
	known *directory.Directory
}

// NewFollower makes a follower of a workspace.
func NewFollower(sp *store.Space, log *slog.Logger) *Follower {
	return &Follower{sp: sp, log: log, known: directory.New(sp)}
}

const (
	followID   = "job_follow"
	followPage = 100
)

// Run follows until ctx ends, and waits for nothing between two looks: people
// watch for these links.
func (f *Follower) Run(ctx context.Context) error {
	pace := store.DefaultPace()
	pace.Gather = 0
	return f.sp.Follow(ctx, pace, f.CatchUp, func(err error) { f.log.Error("links cannot be brought up to date", "err", err) })
}

// CatchUp works off the feed up to its present end.
func (f *Follower) CatchUp(ctx context.Context) error {
	docs, err := store.Jobs.GetMany(ctx, f.sp, []string{followID})
	if err != nil {
		return err
	}
	job := docs[0].Value
	job.Kind, job.State = "follow", crm.JobRunning
	if err := f.ourselves(ctx, &job); err != nil {
		return err
	}
	return f.sp.WorkOff(ctx, followID, "follow", followPage, func(ctx context.Context, items []store.FeedItem) error {
		return f.take(ctx, items, job.Msg)
	})
}

// take matches again what changes touch, and what was decided by what was not so
// any more. A message that several of the changes touch is decided on once: all of
// them were committed before any decision.
func (f *Follower) take(ctx context.Context, items []store.FeedItem, print string) error {
	r := rematch{sp: f.sp, ruled: true, known: f.known, done: map[crm.MessageID]bool{}}
	var err error
	for i := 0; i < len(items) && err == nil; i++ {
		if it := items[i]; it.Change != nil {
			err = f.changed(ctx, it.Change, &r)
		} else {
			err = f.arrived(ctx, it.Arrival, print)
		}
	}
	if err == nil {
		err = r.flush(ctx)
	}
	return errors.Join(err, r.end())
}

// changed takes whatever a change touches.
func (f *Follower) changed(ctx context.Context, ch *crm.Change, r *rematch) error {
	t, err := f.touchedBy(ctx, ch)
	if err != nil {
		return err
	}
	return t.each(ctx, f.sp, func(ids []crm.MessageID) error { return r.add(ctx, ids) })
}

// arrived matches mail again that was decided on by what was overtaken: each of it,
// since the rest of its conversation is not read as who we are now.
func (f *Follower) arrived(ctx context.Context, a *crm.Arrival, print string) error {
	if old, err := f.overtaken(ctx, a, print); !old || err != nil {
		return err
	}
	ids := make([]crm.MessageID, len(a.Items))
	for i, item := range a.Items {
		ids[i] = item.Message
	}
	r := rematch{sp: f.sp, ruled: true, known: f.known}
	err := r.add(ctx, ids)
	if err == nil {
		err = r.flush(ctx)
	}
	return errors.Join(err, r.end())
}

// overtaken tells whether mail came while we were others, since who we are may have
// changed and changed back between two looks; or by a directory that was changed
// before the mail was there for apply to find.
func (f *Follower) overtaken(ctx context.Context, a *crm.Arrival, print string) (bool, error) {
	switch {
	case a.Under != "" && !strings.HasPrefix(print, a.Under):
		return true, nil
	case a.Known == 0 || len(a.Items) == 0:
		return false, nil
	}
	return directory.Overtook(ctx, f.sp, a.Known)
}

func (f *Follower) save(ctx context.Context, job *crm.Job) error {
	b := f.sp.Batch()
	store.Jobs.Put(b, job)
	return b.Commit(ctx)
}

// ourselves matches everything again when the set of own addresses and domains
// is another than at the last time, or the names of folders for which exclusions
// ask: direction and links of all mail hang on it.
func (f *Follower) ourselves(ctx context.Context, job *crm.Job) error {
	dir, _, err := base(ctx, f.sp, f.sp.Workspace())
	if err != nil {
		return err
	}
	print := ourselves(dir)
	if job.Msg == print {
		return nil
	}
	if _, err := Rematch(ctx, f.sp, false, nil); err != nil {
		return err
	}
	job.Msg = print
	return f.save(ctx, job)
}

// ourselves is the sum of who we are, and of the names of folders for which
// exclusions ask. underSize is how much of it an arrival keeps.
func ourselves(dir *match.Directory) string {
	h := sha256.New()
	fmt.Fprint(h, keys(dir.OwnAddresses), keys(dir.OwnDomains), keys(dir.FreeMail), dir.Folders, crm.RuleSet)
	return hex.EncodeToString(h.Sum(nil))
}

const underSize = 16

// settlePoll is how often Settled looks.
const settlePoll = 50 * time.Millisecond

// Settled waits until a follower, in this process or another, has worked off
// every change made so far, and what arrived with a directory that may have been
// overtaken: before that, links are right for an earlier moment. What arrives while
// it waits is not waited for.
func Settled(ctx context.Context, sp *store.Space) error {
	var waits map[string]bool // arrivals that were there at the first look at the end
	for {
		jobs, err := store.Jobs.GetMany(ctx, sp, []string{followID})
		if err != nil {
			return err
		}
		items, more, err := waiting(ctx, sp, store.Position(jobs[0].Value.Position))
		if err != nil {
			return err
		}
		if !more {
			if waits == nil {
				waits = doubted(items)
			}
			if !slices.ContainsFunc(items, func(it store.FeedItem) bool { return it.Change != nil || waits[it.Arrival.ID] }) {
				return nil
			}
		}
		t := time.NewTimer(settlePoll)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		}
	}
}

// waiting is what a follower has not worked off when that is arrivals, and whether
// there is more: a change says enough.
func waiting(ctx context.Context, sp *store.Space, at store.Position) (items []store.FeedItem, more bool, err error) {
	change, arrival, err := sp.Behind(ctx, at)
	if err != nil || !arrival {
		return nil, change, err
	}
	items, next, err := sp.Changes(ctx, at, followPage)
	if err != nil {
		return nil, false, err
	}
	change, arrival, err = sp.Behind(ctx, next)
	return items, change || arrival, err
}

// doubted are the arrivals that a follower may have to decide on again, and those
// that bring nothing: they tell that something else is to be looked at.
func doubted(items []store.FeedItem) map[string]bool {
	out := map[string]bool{}
	for _, it := range items {
		if it.Arrival != nil && (it.Arrival.Known != 0 || len(it.Arrival.Items) == 0) {
			out[it.Arrival.ID] = true
		}
	}
	return out
}
