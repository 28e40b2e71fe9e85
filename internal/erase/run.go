package erase

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"threadline/internal/audit"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

// chunk is how many documents one transaction changes.
const chunk = 50

// run is one erasure at work.
type run struct {
	s   *Service
	job crm.Job
	p   person
}

func (s *Service) open(_ context.Context, j crm.Job) (job.Run, error) {
	r := &run{s: s, job: j}
	if len(j.Spec) > 0 && json.Unmarshal(j.Spec, &r.p) != nil {
		return nil, crm.Errorf(crm.Internal, "erase.open", "the plan cannot be read")
	}
	return r, nil
}

// Close implements job.Run.
func (r *run) Close() error { return nil }

// work is what a chunk does: it reads and then writes, and says how many
// documents it took.
type work func(ctx context.Context, tx *store.Tx) (int, error)

// Next implements job.Run. A stage is over when it finds nothing more to do.
func (r *run) Next(ctx context.Context) (job.Chunk, error) {
	do, next, err := r.step(ctx)
	if err != nil {
		return job.Chunk{}, err
	}
	stage := r.job.Stage
	return job.Chunk{Info: store.ChangeInfo{Actor: r.job.By, Cause: crm.CauseSystem, Title: r.job.Title}, Write: func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		defer func() { r.job = *j }()
		if do == nil {
			j.Stage, j.Position = next, ""
			if next == StageErased {
				j.State, j.Spec = crm.JobDone, nil
			}
			return nil
		}
		n, err := do(ctx, tx)
		if err != nil {
			return err
		}
		j.Counts = maps.Clone(j.Counts)
		if j.Counts == nil {
			j.Counts = map[string]int64{}
		}
		j.Counts[stage] += int64(n)
		j.Done += int64(n)
		j.Position = strconv.FormatInt(j.Done, 10)
		return nil
	}}, nil
}

// step finds what is to be done next, nil when the stage is over.
func (r *run) step(ctx context.Context) (work, string, error) {
	switch r.job.Stage {
	case stageStones:
		do, err := r.stones(ctx)
		return do, stageRecord, err
	case stageRecord:
		return nil, stageMail, r.records(ctx)
	case stageMail:
		do, err := r.mail(ctx)
		return do, stageLedgers, err
	case stageLedgers:
		do, err := r.ledgers(ctx)
		return do, stageFiles, err
	case stageFiles:
		do, err := r.files(ctx)
		return do, stagePapers, err
	case stagePapers:
		return nil, stageLog, r.papers(ctx)
	case stageLog:
		do, err := r.log(ctx)
		return do, StageErased, err
	}
	return nil, StageErased, nil
}

// records deletes the person's record and what is about it alone, in
// transactions of their own: what is gone already is no error.
func (r *run) records(ctx context.Context) error {
	by := records.By{Cause: crm.CauseSystem, Title: r.job.Title}
	ids := slices.Clone(r.p.Alone)
	if r.p.Record != "" {
		ids = append(ids, r.p.Record)
	}
	for _, id := range ids {
		if _, err := r.s.records.Delete(ctx, by, id, 0); err != nil && !crm.IsKind(err, crm.NotFound) {
			return err
		}
	}
	return nil
}

// ledgers changes one group of what is left about the person.
func (r *run) ledgers(ctx context.Context) (work, error) {
	if r.p.Record == "" {
		return r.hits(ctx)
	}
	found := map[string][]string{}
	n := 0
	err := r.s.ledgers(ctx, &r.p, func(collection, id string) error {
		if n < chunk {
			n++
			found[collection] = append(found[collection], id)
		}
		return nil
	})
	if err != nil || n == 0 {
		return nil, err
	}
	return func(ctx context.Context, tx *store.Tx) (int, error) { return n, r.forget(ctx, tx, found) }, nil
}

// forget deletes, or blanks what has to stay: lines of ledgers count, and who
// must not get mail must go on getting none.
func (r *run) forget(ctx context.Context, tx *store.Tx, found map[string][]string) error {
	suppressed, err := store.Suppressions.GetMany(ctx, tx, found[store.Suppressions.Name])
	if err != nil {
		return err
	}
	recipients, err := store.Recipients.GetMany(ctx, tx, found[store.Recipients.Name])
	if err != nil {
		return err
	}
	sent, err := store.Outgoing.GetMany(ctx, tx, found[store.Outgoing.Name])
	if err != nil {
		return err
	}
	texts, err := store.Settings.GetMany(ctx, tx, found[store.Settings.Name])
	if err != nil {
		return err
	}
	logged, err := r.drop(ctx, tx, found)
	if err != nil {
		return err
	}
	for _, d := range texts {
		away := *d.Value.Away
		away.Text, away.Subject = r.p.without(away.Text), r.p.without(away.Subject)
		d.Value.Away = &away
		store.Settings.Put(tx, &d.Value)
	}
	for _, d := range suppressed {
		d.Value.Address = ""
		store.Suppressions.Put(tx, &d.Value)
	}
	for _, d := range recipients {
		x := d.Value
		x.Address, x.Contact, x.Said, x.Subject = "", "", "", ""
		store.Recipients.Put(tx, &x)
	}
	for _, d := range sent {
		x := d.Value
		x.To, x.Subject, x.Raw = slices.DeleteFunc(slices.Clone(x.To), func(a crm.Address) bool { return slices.Contains(r.p.Addresses, a) }), "", nil
		store.Outgoing.Put(tx, &x)
	}
	logged()
	return nil
}

// drop reads what is to be deleted, as a change needs, and returns the deletion.
func (r *run) drop(ctx context.Context, tx *store.Tx, found map[string][]string) (func(), error) {
	read := func(_ any, err error) error { return err }
	err := each(
		func() error { return read(store.Consents.GetMany(ctx, tx, found[store.Consents.Name])) },
		func() error { return read(store.Enrolments.GetMany(ctx, tx, found[store.Enrolments.Name])) },
		func() error { return read(store.Suggestions.GetMany(ctx, tx, found[store.Suggestions.Name])) },
		func() error { return read(store.Rules.GetMany(ctx, tx, found[store.Rules.Name])) },
	)
	return func() {
		for _, id := range found[store.Consents.Name] {
			store.Consents.Delete(tx, id)
		}
		for _, id := range found[store.Enrolments.Name] {
			store.Enrolments.Delete(tx, id)
		}
		for _, id := range found[store.Suggestions.Name] {
			store.Suggestions.Delete(tx, id)
		}
		for _, id := range found[store.Rules.Name] {
			store.Rules.Delete(tx, id)
		}
	}, err
}

// log blanks one change that holds values of the person.
func (r *run) log(ctx context.Context) (work, error) {
	if err := r.s.seal(ctx); err != nil {
		return nil, err
	}
	for _, id := range r.p.IDs {
		var found string
		q := store.Query{Where: []store.Filter{{Field: "touched", Op: store.Contains, Value: id}}, Order: "at", Limit: chunk}
		err := store.ChangeLog.Each(ctx, r.s.sp, q, func(d store.Doc[crm.Change]) error {
			if found == "" && slices.ContainsFunc(d.Value.Entries, r.holds) {
				found = d.Value.ID
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if found != "" {
			return func(ctx context.Context, tx *store.Tx) (int, error) { return 1, r.blank(ctx, tx, found) }, nil
		}
	}
	return nil, nil
}

func (r *run) holds(e crm.ChangeEntry) bool {
	_, mine := slices.BinarySearch(r.p.IDs, e.ID)
	return mine && !e.Erased && (e.Before != nil || e.After != nil)
}

func (r *run) blank(ctx context.Context, tx *store.Tx, id string) error {
	ch, err := store.ChangeLog.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	sealed, err := store.Audit.Get(ctx, tx, id)
	if err != nil {
		return crm.E(crm.Unavailable, "erase.blank", "a change is not sealed yet", err)
	}
	for i := range ch.Value.Entries {
		if r.holds(ch.Value.Entries[i]) {
			audit.Blank(&sealed.Value, &ch.Value.Entries[i])
		}
	}
	store.ChangeLog.Put(tx, &ch.Value)
	return nil
}
