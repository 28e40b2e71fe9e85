package records

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// keepStage fills in pipeline, stage and creation of a record that moves through
// stages, and keeps what follows from a move: the kind of the stage, its
// history, the closing. said are the values that the caller gave.
func (e *edit) keepStage(old, r *crm.Record, said map[string]any) error {
	p, err := e.pipelineOf(r)
	if err != nil {
		return err
	}
	if old != nil && old.Text("pipeline") != p.Key && said["stage"] == nil {
		return crm.Errorf(crm.Invalid, "records.keepStage", "say the stage in the pipeline %s", p.Key).
			WithField("stage").WithHint("one of " + stageKeys(p))
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
	if old != nil && stage.Kind == crm.StageLost && r.Text("lost_reason") == "" {
		return crm.Errorf(crm.Invalid, "records.keepStage", "say why it is lost").WithField("lost_reason")
	}
	if err := e.pass(r, stage); err != nil {
		return err
	}
	return e.move(r, p, stage, moved)
}

// pipelineOf returns the pipeline of the record and sets it when there is none.
func (e *edit) pipelineOf(r *crm.Record) (crm.Pipeline, error) {
	const op = crm.Op("records.pipelineOf")
	all := e.schema.Pipelines(r.Kind)
	key := r.Text("pipeline")
	if key == "" && len(all) > 0 {
		key = all[0].Key
	}
	i := slices.IndexFunc(all, func(p crm.Pipeline) bool { return p.Key == key })
	if i < 0 {
		var keys []string
		for _, p := range all {
			keys = append(keys, p.Key)
		}
		return crm.Pipeline{}, crm.Errorf(crm.Invalid, op, "there is no pipeline %q", crm.Clip(key, 40)).
			WithField("pipeline").WithHint("one of " + strings.Join(keys, ", "))
	}
	r.Values["pipeline"] = key
	return all[i], nil
}

// stageOf returns the stage of the record; one without starts at the first open
// stage.
func stageOf(p crm.Pipeline, r *crm.Record) (crm.Stage, error) {
	key := r.Text("stage")
	for _, s := range p.Stages {
		if s.Key == key || key == "" && s.Kind == crm.StageOpen {
			r.Values["stage"] = s.Key
			return s, nil
		}
	}
	return crm.Stage{}, crm.Errorf(crm.Invalid, "records.stageOf", "the pipeline %s has no stage %q", p.Key, crm.Clip(key, 40)).
		WithField("stage").WithHint("one of " + stageKeys(p))
}

func stageKeys(p crm.Pipeline) string {
	var keys []string
	for _, s := range p.Stages {
		keys = append(keys, s.Key)
	}
	return strings.Join(keys, ", ")
}

// move puts the record into a stage at a time.
func (e *edit) move(r *crm.Record, p crm.Pipeline, stage crm.Stage, at crm.Time) error {
	if past := r.StageMoves(); len(past) > 0 {
		if last := past[len(past)-1].At; at < last {
			return crm.Errorf(crm.Invalid, "records.move", "the %s moved last at %s, after %s", r.Kind, last, at).WithField("stage")
		}
	}
	m := crm.StageMove{At: at, Stage: stage.Key, By: e.by.Actor, Pipeline: p.Key}
	r.Values["stage_history"] = append(slices.Clone(r.List("stage_history")), m.String())
	was := r.Text("stage_kind")
	r.Values["stage_kind"] = string(stage.Kind)
	switch {
	case stage.Kind == crm.StageOpen:
		delete(r.Values, "closed_at")
		delete(r.Values, "lost_reason")
	case was != string(stage.Kind):
		r.Values["closed_at"] = at
	}
	if stage.Kind == crm.StageWon {
		delete(r.Values, "lost_reason")
	}
	return nil
}
