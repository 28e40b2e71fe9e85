package api

import (
	"context"
	"net/http"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

func (s *Server) pipelineRoutes() {
	const all, one = "/api/v1/pipelines", "/api/v1/pipelines/{key}"
	add(s, get(all, "list-pipelines", "Pipelines with their stages", "pipelines"), s.listPipelines)
	add(s, route{method: http.MethodPut, path: one, id: "set-pipeline", summary: "Make or replace a pipeline", tag: "pipelines"}, s.setPipeline)
	add(s, remove(one, "delete-pipeline", "Delete a pipeline without records", "pipelines"), s.deletePipeline)
	move := post(one+"/move", "move-pipeline", "Move all its records to another pipeline", "pipelines")
	move.limit = longLimit
	add(s, move, s.movePipeline)
	for _, n := range crm.Nouns() {
		if n.Staged {
			s.stageRoutes(recordDoor{s: s, noun: n})
		}
	}
}

// stageRoutes are what one does with a record that moves through stages.
func (s *Server) stageRoutes(r recordDoor) {
	one, kind, tag := "/api/v1/"+r.noun.Plural+"/{id}", string(r.noun.Kind), r.noun.Plural
	add(s, get(one+"/stage-history", kind+"-stage-history", "Stages of a "+kind+", the oldest first", tag), r.stageHistory)
	add(s, post(one+"/win", "win-"+kind, "Close a "+kind+" as won", tag), r.win)
	add(s, post(one+"/lose", "lose-"+kind, "Close a "+kind+" as lost, for a reason", tag), r.lose)
	add(s, post(one+"/reopen", "reopen-"+kind, "Take a closed "+kind+" back to its last open stage", tag), r.reopen)
}

// PipelineRef is the key of a pipeline in an address.
type PipelineRef struct {
	Key string `path:"key" maxLength:"60"`
}

func (s *Server) listPipelines(ctx context.Context, in *struct {
	Kind string `query:"kind" maxLength:"60" doc:"Whose records move through them; without: deals"`
}) (*body[items[crm.Pipeline]], error) {
	kind := crm.Kind(in.Kind)
	if kind == "" {
		kind = crm.KindDeal
	}
	list, err := s.deps.Records.PipelinesOf(ctx, viewerOf(ctx), kind)
	return listed(list), err
}

func (s *Server) setPipeline(ctx context.Context, in *struct {
	PipelineRef
	Body struct {
		Name    string      `json:"name"`
		Kind    crm.Kind    `json:"kind,omitempty" doc:"Whose records move through it; empty for deals"`
		RotDays int         `json:"rot_days,omitempty"`
		Stages  []crm.Stage `json:"stages"`
	}
}) (*body[batched], error) {
	p := crm.Pipeline{Key: in.Key, Name: in.Body.Name, Kind: in.Body.Kind, RotDays: in.Body.RotDays, Stages: in.Body.Stages}
	batch, err := s.deps.Records.SavePipeline(ctx, by(ctx, ""), p)
	return answer(batched{batch}), err
}

func (s *Server) deletePipeline(ctx context.Context, in *PipelineRef) (*body[batched], error) {
	batch, err := s.deps.Records.DeletePipeline(ctx, by(ctx, ""), in.Key)
	return answer(batched{batch}), err
}

type movedRecords struct {
	Batch string `json:"batch,omitempty"`
	Moved int    `json:"moved"`
}

func (s *Server) movePipeline(ctx context.Context, in *struct {
	PipelineRef
	Body struct {
		To     string            `json:"to"`
		Stages map[string]string `json:"stages" doc:"Every stage here to one there"`
	}
}) (*body[movedRecords], error) {
	batch, n, err := s.deps.Records.MovePipeline(ctx, by(ctx, ""), in.Key, in.Body.To, in.Body.Stages)
	return answer(movedRecords{batch, n}), err
}

// actBody says why, where a reason is asked for.
type actBody struct {
	Reason string `json:"reason,omitempty"`
}

type recordAct struct {
	RecordRef
	Matched
	Body *actBody
}

func (r recordDoor) stageHistory(ctx context.Context, in *RecordRef) (*body[items[records.StageStay]], error) {
	id, err := r.id(*in)
	if err != nil {
		return nil, err
	}
	doc, err := r.s.deps.Records.Get(ctx, viewerOf(ctx), id)
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	return listed(records.StageHistory(&doc.Value)), nil
}

// acting reads what all actions on a record need.
func (r recordDoor) acting(in *recordAct) (crm.RecordID, store.Version, error) {
	id, err := r.id(in.RecordRef)
	if err != nil {
		return "", 0, err
	}
	version, err := in.version("")
	return id, version, err
}

func (r recordDoor) win(ctx context.Context, in *recordAct) (*body[recordView], error) {
	id, version, err := r.acting(in)
	if err != nil {
		return nil, err
	}
	done, err := r.s.deps.Records.Win(ctx, by(ctx, ""), id, version)
	return savedView(done, err)
}

func (r recordDoor) lose(ctx context.Context, in *recordAct) (*body[recordView], error) {
	id, version, err := r.acting(in)
	if err != nil {
		return nil, err
	}
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	done, err := r.s.deps.Records.Lose(ctx, by(ctx, ""), id, reason, version)
	return savedView(done, err)
}

func (r recordDoor) reopen(ctx context.Context, in *recordAct) (*body[recordView], error) {
	id, version, err := r.acting(in)
	if err != nil {
		return nil, err
	}
	done, err := r.s.deps.Records.Reopen(ctx, by(ctx, ""), id, version)
	return savedView(done, err)
}

// savedView answers a write that an action made.
func savedView(done records.Saved, err error) (*body[recordView], error) {
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	v := viewRecord(store.Doc[crm.Record]{Value: done.Record, Version: done.Version})
	v.Batch = done.Batch
	return answer(v), nil
}
