package erase

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

const (
	retainTitle = "let go what is older than it is kept"
	retainMany  = 2000 // activities of one job
	retainEvery = 20 * time.Hour
)

// Rules are the retention rules of the workspace.
func (s *Service) Rules(ctx context.Context) (crm.Retention, error) {
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.RetentionSetting(crm.Retention{}).ID})
	if err != nil || !docs[0].Exists() || docs[0].Value.Retention == nil {
		return crm.Retention{Days: map[crm.Retained]int{}}, err
	}
	return *docs[0].Value.Retention, nil
}

// Keep sets the retention rules. They are carried out within a day, and what
// then goes cannot be taken back.
func (s *Service) Keep(ctx context.Context, v access.Viewer, by records.By, r crm.Retention) (string, error) {
	if err := v.Require(crm.RightAdmin); err != nil {
		return "", err
	}
	if err := r.Check(); err != nil {
		return "", err
	}
	info := store.ChangeInfo{Actor: by.Actor, Cause: by.Cause, Title: "say how long things are kept"}
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		set := crm.RetentionSetting(r)
		docs, err := store.Settings.GetMany(ctx, tx, []string{set.ID})
		if err != nil {
			return err
		}
		if docs[0].Exists() {
			store.Settings.Put(tx, &set)
		} else {
			store.Settings.Create(tx, &set)
		}
		return nil
	})
}

// Retain begins the job that carries the rules out, at most once a day.
func (s *Service) Retain(ctx context.Context) error {
	rules, err := s.Rules(ctx)
	if err != nil || len(rules.Days) == 0 {
		return err
	}
	now := s.sp.Store().Now()
	q := store.Query{Where: []store.Filter{{Field: "created_at", Op: store.Gt, Value: now.Add(-retainEvery)}}, Order: "created_at"}
	lately := false
	err = store.Jobs.Each(ctx, s.sp, q, func(d store.Doc[crm.Job]) error {
		lately = lately || d.Value.Kind == Kind && d.Value.Title == retainTitle
		return nil
	})
	if err != nil || lately {
		return err
	}
	_, err = s.begin(ctx, rules, now)
	return err
}

func (s *Service) begin(ctx context.Context, rules crm.Retention, now crm.Time) (job.Progress, error) {
	before := func(k crm.Retained) crm.Time {
		days, ok := rules.Days[k]
		if !ok {
			return 0
		}
		return now.Add(-time.Duration(days) * 24 * time.Hour)
	}
	p := person{Bodies: before(crm.RetainBodies), Hits: before(crm.RetainTracking)}
	if old := before(crm.RetainActivities); old > 0 {
		err := store.Activities.Each(ctx, s.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Record]) error {
			if r := &d.Value; len(p.Alone) < retainMany && r.CreatedAt < old && settled(r) {
				p.Alone, p.IDs = append(p.Alone, r.ID), append(p.IDs, string(r.ID))
			}
			return nil
		})
		if err != nil {
			return job.Progress{}, err
		}
	}
	slices.Sort(p.IDs)
	spec, err := json.Marshal(p)
	if err != nil {
		return job.Progress{}, crm.E(crm.Internal, "erase.begin", "the plan cannot be written down", err)
	}
	j := crm.Job{Kind: Kind, Stage: stageRecord, Title: retainTitle, Spec: spec}
	job.Begin(&j)
	return s.jobs.Add(ctx, j)
}

// settled tells whether nothing is to come of an activity any more: a task that
// is open stays, however old.
func settled(r *crm.Record) bool {
	return r.Kind != crm.KindTask || slices.Contains([]string{"done", "cancelled", "completed"}, r.Text("status"))
}

// bodies blanks a group of mail that is older than its words are kept.
func (r *run) bodies(ctx context.Context) (work, error) {
	var ids []string
	if r.p.Bodies > 0 {
		err := store.Messages.Each(ctx, r.s.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Message]) error {
			m := &d.Value
			if len(ids) < chunk && m.Date < r.p.Bodies && (m.Snippet != "" || m.Words != "" || len(m.Attachments) > 0 || m.Sides != nil) {
				ids = append(ids, string(m.ID))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return func(ctx context.Context, tx *store.Tx) (int, error) {
		return len(ids), r.s.blankMail(ctx, tx, r.job.ID, ids, func(*crm.Message) {})
	}, nil
}

// hits deletes a group of events that are older than they are kept and that the
// ledgers hold the counts of.
func (r *run) hits(ctx context.Context) (work, error) {
	if r.p.Hits == 0 {
		return nil, nil
	}
	q := store.Query{Where: []store.Filter{store.Is("folded", true), {Field: "at", Op: store.Lt, Value: r.p.Hits}}, Order: "at", Limit: chunk}
	page, err := store.HitChunks.Query(ctx, r.s.sp, q)
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return func(_ context.Context, tx *store.Tx) (int, error) {
		for _, d := range page.Items {
			store.HitChunks.Delete(tx, d.Value.ID)
		}
		return len(page.Items), nil
	}, nil
}

const lookEvery = time.Hour

// Run carries the retention rules out until ctx ends.
func (s *Service) Run(ctx context.Context, log *slog.Logger) error {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		if err := s.Retain(ctx); err != nil && ctx.Err() == nil {
			log.Error("the retention rules cannot be carried out", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
}
