package records

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Win moves a record to the won stage of its pipeline.
func (s *Service) Win(ctx context.Context, by By, id crm.RecordID, ifMatch store.Version) (Saved, error) {
	return s.close(ctx, by, id, crm.StageWon, "", ifMatch)
}

// Lose moves a record to the lost stage of its pipeline, for a reason.
func (s *Service) Lose(ctx context.Context, by By, id crm.RecordID, reason string, ifMatch store.Version) (Saved, error) {
	if reason == "" {
		return Saved{}, crm.Errorf(crm.Invalid, "records.Lose", "say why it is lost").WithField("reason")
	}
	return s.close(ctx, by, id, crm.StageLost, reason, ifMatch)
}

// Reopen moves a closed record back to the open stage where it was last.
func (s *Service) Reopen(ctx context.Context, by By, id crm.RecordID, ifMatch store.Version) (Saved, error) {
	return s.close(ctx, by, id, crm.StageOpen, "", ifMatch)
}

func (s *Service) close(ctx context.Context, by By, id crm.RecordID, kind crm.StageKind, reason string, ifMatch store.Version) (Saved, error) {
	const op = crm.Op("records.close")
	sch, err := s.schema(ctx)
	if err != nil {
		return Saved{}, err
	}
	docs, err := s.ownEyes(ctx, by, []crm.RecordID{id})
	if err != nil || !docs[0].Exists() {
		return Saved{}, cmpErr(err, missing(id))
	}
	r := &docs[0].Value
	if r.Text("stage_kind") == string(kind) {
		return Saved{}, crm.Errorf(crm.Conflict, op, "it is %s already", kind).WithField("stage")
	}
	all := sch.Pipelines(r.Kind)
	i := slices.IndexFunc(all, func(p crm.Pipeline) bool { return p.Key == r.Text("pipeline") })
	if i < 0 {
		return Saved{}, crm.Errorf(crm.Invalid, op, "a %s moves through no pipeline", r.Kind).WithField("id")
	}
	stage, ok := all[i].First(kind)
	if kind == crm.StageOpen {
		stage = lastOpen(all[i], r, stage)
	}
	if !ok {
		return Saved{}, crm.Errorf(crm.Invalid, op, "the pipeline %s has no stage for %s", all[i].Key, kind).WithField("stage")
	}
	values := map[string]any{"stage": stage.Key}
	if reason != "" {
		values["lost_reason"] = reason
	}
	if ifMatch == 0 {
		ifMatch = docs[0].Version
	}
	return s.Update(ctx, by, id, Patch{Values: values, IfMatch: ifMatch})
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// lastOpen is the open stage that the record was in last, first when there is
// none.
func lastOpen(p crm.Pipeline, r *crm.Record, first crm.Stage) crm.Stage {
	for _, m := range slices.Backward(r.StageMoves()) {
		if s, ok := p.Stage(m.Stage); ok && s.Kind == crm.StageOpen && (m.Pipeline == "" || m.Pipeline == p.Key) {
			return s
		}
	}
	return first
}

// StageStay is a time that a record spent in a stage.
type StageStay struct {
	From     string     `json:"from,omitempty" doc:"Stage before; empty for the first"`
	To       string     `json:"to"`
	Pipeline string     `json:"pipeline,omitempty"`
	When     crm.Time   `json:"when"`
	By       crm.UserID `json:"by,omitempty"`
	Seconds  int64      `json:"seconds" doc:"Spent in the stage before"`
}

// StageHistory lists the moves of a record, the oldest first.
func StageHistory(r *crm.Record) []StageStay {
	out := []StageStay{}
	for i, m := range r.StageMoves() {
		st := StageStay{To: m.Stage, Pipeline: m.Pipeline, When: m.At, By: m.By}
		if i > 0 {
			before := out[i-1]
			st.From, st.Seconds = before.To, int64(m.At.Sub(before.When).Seconds())
		}
		out = append(out, st)
	}
	return out
}
