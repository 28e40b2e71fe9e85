package sequence

import (
	"context"
	"encoding/json"

	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/store"
)

// EnrolKind names the jobs that put many people into a sequence.
const EnrolKind = "enrol"

// pageSize is how many contacts are put in by one transaction.
const pageSize = 100

// crowd is what such a job is told.
type crowd struct {
	Sequence string    `json:"sequence"`
	Audience string    `json:"audience,omitempty"`
	Segment  string    `json:"segment,omitempty"`
	Cause    crm.Cause `json:"cause"`
}

// EnrolAll starts the job that puts the contacts of a query, or the members of a
// segment, into a sequence; who is or was in it stays as they are. Its batch
// takes them out again.
func (s *Service) EnrolAll(ctx context.Context, v access.Viewer, info store.ChangeInfo, jobs *job.Service, id, audience, segment string) (job.Progress, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return job.Progress{}, err
	}
	if v, err = s.campaigns.Author(ctx, v, doc.Value.Mailbox); err != nil {
		return job.Progress{}, err
	}
	if _, err := s.campaigns.People(ctx, v, audience, segment); err != nil {
		return job.Progress{}, err
	}
	spec, err := json.Marshal(crowd{Sequence: id, Audience: audience, Segment: segment, Cause: info.Cause})
	if err != nil {
		return job.Progress{}, err
	}
	j := crm.Job{Kind: EnrolKind, State: crm.JobRunning, Title: info.Title, By: v.User, Spec: spec}
	if j.Batch, err = s.sp.Store().NewID(crm.PrefixBatch); err != nil {
		return job.Progress{}, err
	}
	job.Begin(&j)
	return jobs.Add(ctx, j)
}

// Kind is the work of putting many people in.
func (s *Service) Kind() job.Kind { return job.Kind{Name: EnrolKind, Open: s.openCrowd} }

// enrolling is one such job being worked on.
type enrolling struct {
	s      *Service
	job    crm.Job
	spec   crowd
	viewer access.Viewer
	people campaign.People
	seq    crm.Sequence
	box    crm.Mailbox
	desk   desk
}

func (s *Service) openCrowd(ctx context.Context, j crm.Job) (job.Run, error) {
	r := &enrolling{s: s, job: j}
	if err := json.Unmarshal(j.Spec, &r.spec); err != nil {
		return nil, crm.E(crm.Internal, "sequence.openCrowd", "the job cannot be read", err)
	}
	var err error
	if r.viewer, err = s.records.Viewer(ctx, j.By); err != nil {
		return nil, err
	}
	if r.seq, r.box, err = s.open(ctx, r.viewer, r.spec.Sequence); err != nil {
		return nil, err
	}
	if r.people, err = s.campaigns.People(ctx, r.viewer, r.spec.Audience, r.spec.Segment); err != nil {
		return nil, err
	}
	r.desk, err = s.desk(ctx)
	return r, err
}

// Close implements job.Run.
func (r *enrolling) Close() error { return nil }

// Next implements job.Run.
func (r *enrolling) Next(ctx context.Context) (job.Chunk, error) {
	page, err := r.people.Page(ctx, r.job.Position, pageSize)
	if err != nil {
		return job.Chunk{}, err
	}
	made, err := r.s.judge(ctx, r.viewer, r.desk, &r.seq, page.Values())
	if err != nil {
		return job.Chunk{}, err
	}
	info := store.ChangeInfo{Actor: r.job.By, Cause: r.spec.Cause, Batch: r.job.Batch, Title: r.job.Title}
	return job.Chunk{Info: info, Write: func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		if err := r.write(ctx, tx, j, made); err != nil {
			return err
		}
		if j.Position = page.Next; page.Next == "" {
			j.State = crm.JobDone
		}
		r.job = *j
		return nil
	}}, nil
}

// write puts in who is not in it.
func (r *enrolling) write(ctx context.Context, tx *store.Tx, j *crm.Job, made []crm.Enrolment) error {
	ids := make([]string, len(made))
	for i := range made {
		ids[i] = made[i].ID
	}
	have, err := store.Enrolments.GetMany(ctx, tx, ids)
	if err != nil {
		return err
	}
	if j.Counts == nil {
		j.Counts = map[string]int64{}
	}
	var fresh []crm.Enrolment
	seen := map[string]bool{}
	for i, e := range made {
		j.Done++
		if seen[e.ID] || have[i].Exists() && have[i].Value.State != crm.EnrolmentExcluded {
			j.Counts["present"]++
			continue
		}
		seen[e.ID] = true
		e.By = j.By
		j.Counts[string(e.State)]++
		if e.State == crm.EnrolmentExcluded && have[i].Exists() && have[i].Value.Reason == e.Reason {
			continue // it was said before
		}
		fresh = append(fresh, e)
	}
	lines, err := r.desk.lines(ctx, tx, &r.seq, fresh)
	if err != nil {
		return err
	}
	for i := range fresh {
		store.Enrolments.Put(tx, &fresh[i])
	}
	r.s.write(tx, r.desk, &r.seq, &r.box, fresh, lines, nil)
	return nil
}
