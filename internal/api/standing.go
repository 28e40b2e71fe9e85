package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// standingRoutes are the rules and exclusions that people make once and that
// hold from then on. They reach stored mail as well.
func (s *Server) standingRoutes() {
	add(s, get("/api/v1/exclusions", "list-exclusions", "Addresses and domains whose mail is kept away", "rules"), s.listExclusions)
	add(s, post("/api/v1/exclusions", "exclude", "Keep mail of an address or a domain away", "rules"), s.exclude)
	add(s, remove("/api/v1/exclusions/{id}", "include", "Take an exclusion back", "rules"), s.include)
	add(s, get("/api/v1/rules", "list-rules", "Standing corrections for an address or a domain", "rules"), s.listRules)
	add(s, post("/api/v1/rules", "decree", "Say that mail of an address or a domain belongs to a record, or never does", "rules"), s.decree)
	add(s, remove("/api/v1/rules/{id}", "repeal", "Take a standing rule back", "rules"), s.repeal)
}

// standing is what was made, and the batch to undo it.
type standing[T any] struct {
	Item  T      `json:"item"`
	Batch string `json:"batch"`
}

type standingID struct {
	ID string `path:"id" maxLength:"100"`
}

type undoable struct {
	Batch string `json:"batch" doc:"To undo it"`
}

func changed(ctx context.Context, title string) store.ChangeInfo {
	b := by(ctx, title)
	return store.ChangeInfo{Actor: b.Actor, Cause: b.Cause, Title: b.Title}
}

func (s *Server) listExclusions(ctx context.Context, _ *struct{}) (*body[items[crm.Exclusion]], error) {
	list, err := ledger.Exclusions(ctx, s.deps.Space)
	return listed(list), err
}

type excludeInput struct {
	Body struct {
		Pattern string              `json:"pattern" maxLength:"254" doc:"An address, or a domain"`
		Effect  crm.ExclusionEffect `json:"effect" enum:"drop_participant,never_store"`
		Mailbox crm.MailboxID       `json:"mailbox,omitempty" maxLength:"60" doc:"Of never_store: for this mailbox only"`
	}
}

func (s *Server) exclude(ctx context.Context, in *excludeInput) (*body[standing[crm.Exclusion]], error) {
	token, err := ledger.Pattern(in.Body.Pattern)
	if err != nil {
		return nil, blame(err, "pattern")
	}
	e := crm.Exclusion{Pattern: token, Effect: in.Body.Effect, Mailbox: in.Body.Mailbox}
	if e.Mailbox != "" && e.Effect != crm.NeverStore {
		return nil, crm.Errorf(crm.Invalid, "api.exclude", "only never_store can be for one mailbox").WithField("mailbox")
	}
	made, batch, err := ledger.Exclude(ctx, s.deps.Space, changed(ctx, "exclude "+in.Body.Pattern), e)
	return answer(standing[crm.Exclusion]{made, batch}), err
}

func (s *Server) include(ctx context.Context, in *standingID) (*body[undoable], error) {
	batch, err := ledger.Include(ctx, s.deps.Space, changed(ctx, "take an exclusion back"), in.ID)
	return answer(undoable{batch}), err
}

func (s *Server) listRules(ctx context.Context, _ *struct{}) (*body[items[crm.Rule]], error) {
	list, err := ledger.Rules(ctx, s.deps.Space)
	return listed(list), err
}

type decreeInput struct {
	Body struct {
		Pattern string         `json:"pattern" maxLength:"254" doc:"An address, or a domain"`
		Effect  crm.RuleEffect `json:"effect" enum:"link,never"`
		Record  string         `json:"record" maxLength:"60"`
	}
}

func (s *Server) decree(ctx context.Context, in *decreeInput) (*body[standing[crm.Rule]], error) {
	token, err := ledger.Pattern(in.Body.Pattern)
	if err != nil {
		return nil, blame(err, "pattern")
	}
	id, err := recordID(in.Body.Record, "record")
	if err != nil {
		return nil, err
	}
	made, batch, err := ledger.Decree(ctx, s.deps.Space, changed(ctx, "make a rule for "+in.Body.Pattern),
		crm.Rule{Value: token, Effect: in.Body.Effect, Record: id})
	return answer(standing[crm.Rule]{made, batch}), err
}

func (s *Server) repeal(ctx context.Context, in *standingID) (*body[undoable], error) {
	batch, err := ledger.Repeal(ctx, s.deps.Space, changed(ctx, "take a rule back"), in.ID)
	return answer(undoable{batch}), err
}
