package api

import (
	"context"
	"net/http"

	"threadline/internal/crm"
	"threadline/internal/erase"
	"threadline/internal/job"
)

// eraseRoutes take people out for good and say how long things are kept.
func (s *Server) eraseRoutes() {
	const tag = "privacy"
	plan := made(post("/api/v1/erasures", "plan-erasure", "Find out what erasing a person would take: a job that waits for a word", tag))
	plan.fresh = true
	add(s, plan, s.planErasure)
	confirm := post("/api/v1/erasures/{id}/confirm", "confirm-erasure", "Erase the person. This cannot be taken back", tag)
	confirm.fresh = true
	add(s, confirm, s.confirmErasure)
	lift := remove("/api/v1/erasures/addresses/{address}", "lift-erasure", "Let mail of an erased person be stored again, when mailboxes are looked through", tag)
	lift.fresh = true
	add(s, lift, s.liftErasure)
	add(s, get("/api/v1/persons/{record}/export", "export-person", "Everything that is held of a person, to hand it to them (operator)", tag), s.exportPerson)
	add(s, get("/api/v1/retention", "get-retention", "For how many days things are kept", tag), s.getRetention)
	keep := route{method: http.MethodPut, path: "/api/v1/retention", id: "set-retention", summary: "Say for how many days things are kept; what is older goes for good", tag: tag}
	keep.fresh = true
	add(s, keep, s.setRetention)
}

func (s *Server) planErasure(ctx context.Context, in *struct {
	Body struct {
		Record crm.RecordID `json:"record" maxLength:"60" doc:"Of a contact or a lead"`
	}
}) (*body[job.Progress], error) {
	p, err := s.deps.Erase.Plan(ctx, viewerOf(ctx), by(ctx, ""), in.Body.Record)
	return answer(p), err
}

func (s *Server) confirmErasure(ctx context.Context, in *JobRef) (*body[job.Progress], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	p, err := s.deps.Erase.Confirm(ctx, viewerOf(ctx), id)
	return answer(p), err
}

func (s *Server) liftErasure(ctx context.Context, in *struct {
	Address string `path:"address" maxLength:"254"`
}) (*body[undoable], error) {
	a, err := crm.ParseAddress(in.Address)
	if err != nil {
		return nil, blame(err, "address")
	}
	batch, err := s.deps.Erase.Lift(ctx, viewerOf(ctx), changed(ctx, "let mail of an erased person come again"), a)
	return answer(undoable{batch}), err
}

func (s *Server) exportPerson(ctx context.Context, in *struct {
	Record string `path:"record" maxLength:"60"`
}) (*body[erase.Held], error) {
	if err := operator(ctx, "hand out what is held of a person"); err != nil {
		return nil, err
	}
	id, err := recordID(in.Record, "record")
	if err != nil {
		return nil, err
	}
	held, err := s.deps.Erase.Export(ctx, id)
	return answer(held), err
}

func (s *Server) getRetention(ctx context.Context, _ *none) (*body[crm.Retention], error) {
	if err := admin(ctx); err != nil {
		return nil, err
	}
	r, err := s.deps.Erase.Rules(ctx)
	return answer(r), err
}

func (s *Server) setRetention(ctx context.Context, in *struct{ Body crm.Retention }) (*body[batched], error) {
	batch, err := s.deps.Erase.Keep(ctx, viewerOf(ctx), by(ctx, ""), in.Body)
	return answer(batched{batch}), err
}
