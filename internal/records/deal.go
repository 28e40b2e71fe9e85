package records

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// keepDeal fills in pipeline, stage, currency and creation of a deal and keeps
// what follows from a move: the kind of the stage, its history, the closing.
func (e *edit) keepDeal(old, r *crm.Record) error {
	p, err := e.pipelineOf(r)
	if err != nil {
		return err
	}
	stage, err := stageOf(p, r)
	if err != nil {
		return err
	}
	if r.Text("currency") == "" && r.Values["amount"] != nil {
		r.Values["currency"] = string(e.ws.Currency)
	}
	moved := e.at
	if r.When("created") == 0 {
		r.Values["created"] = e.at
	}
	if old == nil && !e.dated {
		moved = min(e.at, r.When("created"))
	}
	if old != nil && old.Text("stage") == stage.Key && old.Text("pipeline") == p.Key {
		return nil
	}
	return move(r, stage, moved)
}

// pipelineOf returns the pipeline of the deal and sets it when there is none.
func (e *edit) pipelineOf(r *crm.Record) (crm.Pipeline, error) {
	const op = crm.Op("records.pipelineOf")
	key := r.Text("pipeline")
	if key == "" && len(e.pipelines) > 0 {
		key = e.pipelines[0].Key
	}
	i := slices.IndexFunc(e.pipelines, func(p crm.Pipeline) bool { return p.Key == key })
	if i < 0 {
		var keys []string
		for _, p := range e.pipelines {
			keys = append(keys, p.Key)
		}
		return crm.Pipeline{}, crm.Errorf(crm.Invalid, op, "there is no pipeline %q", crm.Clip(key, 40)).
			WithField("pipeline").WithHint("one of " + strings.Join(keys, ", "))
	}
	r.Values["pipeline"] = key
	return e.pipelines[i], nil
}

// stageOf returns the stage of the deal; a deal without one starts at the first
// open stage.
func stageOf(p crm.Pipeline, r *crm.Record) (crm.Stage, error) {
	key := r.Text("stage")
	var keys []string
	for _, s := range p.Stages {
		if s.Key == key || key == "" && s.Kind == crm.StageOpen {
			r.Values["stage"] = s.Key
			return s, nil
		}
		keys = append(keys, s.Key)
	}
	return crm.Stage{}, crm.Errorf(crm.Invalid, "records.stageOf", "the pipeline %s has no stage %q", p.Key, crm.Clip(key, 40)).
		WithField("stage").WithHint("one of " + strings.Join(keys, ", "))
}

// move puts the deal into a stage at a time.
func move(r *crm.Record, stage crm.Stage, at crm.Time) error {
	history := r.List("stage_history")
	if len(history) > 0 {
		last, _, _ := strings.Cut(history[len(history)-1], " ")
		if t, err := crm.ParseTime(last); err == nil && at < t {
			return crm.Errorf(crm.Invalid, "records.move", "the deal moved last at %s, after %s", last, at).WithField("stage")
		}
	}
	r.Values["stage_history"] = append(slices.Clone(history), at.String()+" "+stage.Key)
	was := r.Text("stage_kind")
	r.Values["stage_kind"] = string(stage.Kind)
	switch {
	case stage.Kind == crm.StageOpen:
		delete(r.Values, "closed_at")
	case was != string(stage.Kind):
		r.Values["closed_at"] = at
	}
	return nil
}
