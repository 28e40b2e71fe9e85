package bulk

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

// EditKind names the work of edits, and UndoKind that of undos.
const (
	EditKind = "edit"
	UndoKind = "undo"
)

// Stages of an edit.
const (
	StagePlan    = "plan"
	StagePlanned = "planned" // it waits for a person
	StageApply   = "apply"
	StageApplied = "applied"
)

// Service edits in bulk. It is safe for concurrent use.
type Service struct {
	sp      *store.Space
	records *records.Service
	jobs    *job.Service
}

// Kinds are the sorts of work of this room, for package job.
func Kinds(sp *store.Space, rec *records.Service) []job.Kind {
	s := &Service{sp: sp, records: rec}
	return []job.Kind{
		{Name: EditKind, Passes: true, Open: s.openEdit, Waits: func(j *crm.Job) bool { return j.Stage == StagePlanned }},
		{Name: UndoKind, Passes: true, Open: s.openUndo, Waits: func(j *crm.Job) bool { return j.Stage == StageClashes }},
	}
}

// New makes the service; jobs knows its Kinds.
func New(sp *store.Space, rec *records.Service, jobs *job.Service) *Service {
	return &Service{sp: sp, records: rec, jobs: jobs}
}

// Order says which records become what.
type Order struct {
	Query string `json:"query" maxLength:"4000" doc:"Such as: deals where stage = \"Proposal\""`
	// Records are single ones that somebody chose; without: all of the query.
	Records []crm.RecordID `json:"records,omitempty" maxItems:"1000" doc:"Only these, whatever the query asks for beyond its kind"`

	Set  map[string]any `json:"set,omitempty" doc:"Values by field, as for a single record; null clears"`
	Add  map[string]any `json:"add,omitempty" doc:"Values that lists gain, such as tags"`
	Drop map[string]any `json:"drop,omitempty" doc:"Values that lists lose"`
}

// spec is an order in stored form.
type spec struct {
	Order
	Kind  crm.Kind  `json:"kind"`
	Cause crm.Cause `json:"cause"`
}

// Edit is an edit on its way.
type Edit struct {
	job.Progress
	Order Order `json:"order"`
}

func editOf(p job.Progress) (Edit, error) {
	s, err := specOf(&p.Job)
	return Edit{p, s.Order}, err
}

func specOf(j *crm.Job) (spec, error) {
	var s spec
	if err := json.Unmarshal(j.Spec, &s); err != nil {
		return s, crm.E(crm.Internal, "bulk.specOf", "the job cannot be read", err)
	}
	return s, nil
}

// Plan begins to find out what an order changes; nothing is written.
func (s *Service) Plan(ctx context.Context, v access.Viewer, by records.By, o Order) (Edit, error) {
	if err := v.Require(crm.RightBulkEdit); err != nil {
		return Edit{}, err
	}
	q, err := s.records.Parse(ctx, v, o.Query)
	if err == nil {
		err = q.NoLimit("query")
	}
	if err != nil {
		return Edit{}, blame(err, "query")
	}
	n, err := s.noun(ctx, v, q.Kind)
	if err != nil {
		return Edit{}, err
	}
	row, err := change(n, o)
	if err == nil {
		err = s.records.MayName(ctx, v, n, row.Values, nil)
	}
	if err != nil {
		return Edit{}, err
	}
	data, err := json.Marshal(spec{o, n.Kind, by.Cause})
	if err != nil {
		return Edit{}, crm.E(crm.Internal, "bulk.Plan", "the job cannot be written", err)
	}
	j := crm.Job{Kind: EditKind, State: crm.JobRunning, Stage: StagePlan, By: by.Actor, Spec: data,
		Title: "edit " + crm.Clip(strings.TrimSpace(o.Query), 150)}
	if j.Batch, err = s.sp.Store().NewID(crm.PrefixBatch); err != nil {
		return Edit{}, err
	}
	p, err := s.jobs.Add(ctx, j)
	if err != nil {
		return Edit{}, err
	}
	return editOf(p)
}

func blame(err error, field string) error {
	if e, ok := err.(*crm.Error); ok {
		return e.WithField(field)
	}
	return err
}

// noun is a noun as the viewer may write it.
func (s *Service) noun(ctx context.Context, v access.Viewer, k crm.Kind) (crm.Noun, error) {
	sch, err := s.records.Schema(ctx, v)
	if err != nil {
		return crm.Noun{}, err
	}
	n, ok := sch.Noun(k)
	if !ok {
		return n, crm.Errorf(crm.Invalid, "bulk.noun", "%q is no kind of record", crm.Clip(string(k), 40)).WithField("query")
	}
	return v.Noun(n), nil
}

// change is an order as a row without a record.
func change(n crm.Noun, o Order) (records.Row, error) {
	const op = crm.Op("bulk.change")
	row := records.Row{Do: records.DidSet}
	if len(o.Set)+len(o.Add)+len(o.Drop) == 0 {
		return row, crm.Errorf(crm.Invalid, op, "the edit changes nothing").WithField("set").WithHint("say which field becomes what")
	}
	values, err := n.ParseValues(o.Set)
	if err != nil {
		return row, err
	}
	row.Values = values
	for _, key := range slices.Sorted(maps.Keys(o.Set)) {
		f, _ := n.Field(key)
		r := crm.Record{Values: values}
		if list := r.List(key); len(list) > 0 && (f.Type == crm.FieldRelation || f.Type == crm.FieldUser) {
			if row.Names == nil {
				row.Names = map[string][]string{}
			}
			row.Names[key] = list
			delete(values, key)
		} else if _, said := values[key]; !said {
			values[key] = nil
		}
	}
	if row.Add, err = lists(n, o.Add, "add"); err != nil {
		return row, err
	}
	row.Drop, err = lists(n, o.Drop, "drop")
	return row, err
}

// lists reads what lists gain or lose.
func lists(n crm.Noun, in map[string]any, where string) (map[string][]string, error) {
	values, err := n.ParseValues(in)
	if err != nil {
		return nil, err
	}
	var out map[string][]string
	for key := range values {
		f, ok := n.Field(key)
		if !ok || !f.List() || f.Type == crm.FieldRelation || f.Type == crm.FieldUser {
			return nil, crm.Errorf(crm.Invalid, "bulk.lists", "%s is no list of words", key).WithField(where + "." + key).WithHint("give it a whole new value with set")
		}
		if out == nil {
			out = map[string][]string{}
		}
		r := crm.Record{Values: values}
		out[key] = r.List(key)
	}
	return out, nil
}

// Get returns an edit of the viewer.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (Edit, error) {
	p, err := s.get(ctx, v, id, EditKind)
	if err != nil {
		return Edit{}, err
	}
	return editOf(p)
}

func (s *Service) get(ctx context.Context, v access.Viewer, id, kind string) (job.Progress, error) {
	p, err := s.jobs.Get(ctx, v, id)
	if err == nil && p.Kind != kind {
		err = none(id, kind)
	}
	return p, err
}

func none(id, kind string) error {
	return crm.Errorf(crm.NotFound, "bulk.Get", "there is no %s %q", kind, crm.Clip(id, 60)).WithField("id")
}

// Apply begins to do what was planned.
func (s *Service) Apply(ctx context.Context, v access.Viewer, id string) (Edit, error) {
	if err := v.Require(crm.RightBulkEdit); err != nil {
		return Edit{}, err
	}
	p, err := s.jobs.Edit(ctx, v, id, func(j *crm.Job) error {
		switch {
		case j.Kind != EditKind:
			return none(id, EditKind)
		case j.State != crm.JobWaiting || j.Stage != StagePlanned:
			return crm.Errorf(crm.Conflict, "bulk.Apply", "there is no plan to apply").WithField("stage").
				WithHint("it is " + j.Stage + "; plan first, and apply once")
		}
		job.Begin(j)
		j.Stage, j.Position, j.Done, j.Counts = StageApply, "", 0, nil
		return nil
	})
	if err != nil {
		return Edit{}, err
	}
	return editOf(p)
}

// Rows lists what the plan says of each record, or what became of it.
func (s *Service) Rows(ctx context.Context, v access.Viewer, id string, only []string, limit int, cursor string) ([]EditLine, string, error) {
	if _, err := s.Get(ctx, v, id); err != nil {
		return nil, "", err
	}
	return pageOf(ctx, s.sp, id, limit, cursor, func(l *EditLine) bool { return len(only) == 0 || slices.Contains(only, string(l.Do)) })
}
