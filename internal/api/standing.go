package api

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
	"threadline/internal/timeline"
)

// standingRoutes are the rules and exclusions that people make once and that
// hold from then on. They reach stored mail as well.
func (s *Server) standingRoutes() {
	add(s, get("/api/v1/exclusions", "list-exclusions", "Addresses and domains whose mail is kept away", "rules"), s.listExclusions)
	add(s, post("/api/v1/exclusions", "exclude", "Keep mail of an address, a domain, a folder, a subject or a header away", "rules"), s.exclude)
	seen := post("/api/v1/exclusions/preview", "preview-exclusion", "What an exclusion would change of stored mail", "rules")
	seen.limit = slowLimit
	add(s, seen, s.previewExclusion)
	add(s, remove("/api/v1/exclusions/{id}", "include", "Take an exclusion back", "rules"), s.include)
	add(s, get("/api/v1/rules", "list-rules", "Standing corrections for an address or a domain", "rules"), s.listRules)
	add(s, post("/api/v1/rules", "decree", "Say that mail of an address or a domain belongs to a record, or never does", "rules"), s.decree)
	foreseen := post("/api/v1/rules/preview", "preview-rule", "What a standing rule would change", "rules")
	foreseen.limit = slowLimit
	add(s, foreseen, s.previewRule)
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

// listExclusions shows those for all mail and the caller's own.
func (s *Server) listExclusions(ctx context.Context, _ *struct{}) (*body[items[crm.Exclusion]], error) {
	list, err := ledger.Exclusions(ctx, s.deps.Space)
	v := viewerOf(ctx)
	return listed(slices.DeleteFunc(list, func(e crm.Exclusion) bool { return !access.Exclusion(v, &e) })), err
}

type excludeInput struct {
	Body struct {
		On      string              `json:"on,omitempty" enum:"address,domain,folder,subject,header" doc:"What the pattern is; without it an address or a domain"`
		Pattern string              `json:"pattern" minLength:"1" maxLength:"254" doc:"An address, a domain, a folder, words of the subject, or a header field: its name, or name: words"`
		Effect  crm.ExclusionEffect `json:"effect" enum:"drop_participant,drop_copy,owner_only,metadata_only,never_store"`
		Mine    bool                `json:"mine,omitempty" doc:"For the mail in the caller's mailboxes only"`
		Mailbox crm.MailboxID       `json:"mailbox,omitempty" maxLength:"60" doc:"Of never_store: for this mailbox only"`
	}
}

func (in *excludeInput) read(ctx context.Context) (crm.Exclusion, error) {
	e := crm.Exclusion{Effect: in.Body.Effect, Mailbox: in.Body.Mailbox}
	var err error
	if e.Pattern, err = ledger.PatternOn(in.Body.On, in.Body.Pattern); err != nil {
		return e, blame(err, "pattern")
	}
	if in.Body.Mine {
		if e.Owner = callerOf(ctx).user.ID; e.Owner == "" {
			return e, crm.Errorf(crm.Invalid, "api.exclude", "the operator has no mail").WithField("mine").WithHint("say in whose name: --as EMAIL")
		}
	}
	return e, nil
}

// sortOf is what a pattern is, for the log, of which nothing is taken out again: a
// domain, but neither an address nor words, which may be of a person who is erased.
func sortOf(pattern string) string {
	if _, err := crm.ParseDomain(pattern); err == nil {
		return pattern
	}
	if strings.Contains(pattern, "@") {
		return "an address"
	}
	return "some mail"
}

func (s *Server) exclude(ctx context.Context, in *excludeInput) (*body[standing[crm.Exclusion]], error) {
	e, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	title := "exclude " + sortOf(in.Body.Pattern)
	if e.Owner == "" {
		if err := viewerOf(ctx).Require(crm.RightSettings); err != nil {
			return nil, err
		}
	}
	if e.Owner != "" {
		title = "exclude own mail" // the log of changes is everybody's
	}
	made, batch, err := ledger.Exclude(ctx, s.deps.Space, changed(ctx, title), e)
	return answer(standing[crm.Exclusion]{made, batch}), err
}

func (s *Server) previewExclusion(ctx context.Context, in *excludeInput) (*body[timeline.Preview], error) {
	e, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := reader(ctx); err != nil {
		return nil, err
	}
	p, err := ledger.PreviewExclusion(ctx, s.deps.Space, viewerOf(ctx), e)
	if err != nil {
		return nil, err
	}
	return s.foretold(ctx, p)
}

// include takes back what is for all mail, or the caller's own.
func (s *Server) include(ctx context.Context, in *standingID) (*body[undoable], error) {
	batch, err := ledger.Include(ctx, s.deps.Space, viewerOf(ctx), changed(ctx, "take an exclusion back"), in.ID)
	return answer(undoable{batch}), err
}

func (s *Server) listRules(ctx context.Context, _ *struct{}) (*body[items[crm.Rule]], error) {
	list, err := ledger.Rules(ctx, s.deps.Space)
	if err != nil {
		return nil, err
	}
	list, err = s.openRules(ctx, list)
	return listed(list), err
}

// openRules leaves the rules about records of which the caller may know: the
// others name people whom they do not know.
func (s *Server) openRules(ctx context.Context, list []crm.Rule) ([]crm.Rule, error) {
	v := viewerOf(ctx)
	if v.Whole() {
		return list, nil
	}
	if !v.Records() {
		return nil, nil
	}
	ids := make([]crm.RecordID, len(list))
	for i, r := range list {
		ids[i] = r.Record
	}
	docs, err := s.deps.Records.GetMany(ctx, v, ids)
	var out []crm.Rule
	for i, d := range docs {
		if d.Exists() {
			out = append(out, list[i])
		}
	}
	return out, err
}

type decreeInput struct {
	Body struct {
		Pattern string         `json:"pattern" maxLength:"254" doc:"An address, or a domain"`
		Effect  crm.RuleEffect `json:"effect" enum:"link,never"`
		Record  string         `json:"record" maxLength:"60"`
	}
}

func (in *decreeInput) read() (crm.Rule, error) {
	token, err := ledger.Pattern(in.Body.Pattern)
	if err != nil {
		return crm.Rule{}, blame(err, "pattern")
	}
	id, err := recordID(in.Body.Record, "record")
	return crm.Rule{Value: token, Effect: in.Body.Effect, Record: id}, err
}

// known refuses a rule about a record of which the caller may not know.
func (s *Server) known(ctx context.Context, r crm.Rule) error {
	_, err := s.deps.Records.Get(ctx, viewerOf(ctx), r.Record)
	return err
}

func (s *Server) decree(ctx context.Context, in *decreeInput) (*body[standing[crm.Rule]], error) {
	r, err := in.read()
	if err == nil {
		err = s.known(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	made, batch, err := ledger.Decree(ctx, s.deps.Space, changed(ctx, "make a rule for "+sortOf(in.Body.Pattern)), r)
	return answer(standing[crm.Rule]{made, batch}), err
}

func (s *Server) previewRule(ctx context.Context, in *decreeInput) (*body[timeline.Preview], error) {
	r, err := in.read()
	if err == nil {
		err = s.known(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	if _, err := reader(ctx); err != nil {
		return nil, err
	}
	p, err := ledger.PreviewRule(ctx, s.deps.Space, viewerOf(ctx), r)
	if err != nil {
		return nil, err
	}
	return s.foretold(ctx, p)
}

func (s *Server) repeal(ctx context.Context, in *standingID) (*body[undoable], error) {
	all, err := ledger.Rules(ctx, s.deps.Space)
	if err != nil {
		return nil, err
	}
	list, err := s.openRules(ctx, all)
	if err != nil {
		return nil, err
	}
	has := func(list []crm.Rule) bool {
		return slices.ContainsFunc(list, func(r crm.Rule) bool { return r.ID == in.ID })
	}
	if has(all) && !has(list) {
		return nil, crm.Errorf(crm.NotFound, "ledger.Repeal", "there is no rule %s", crm.Clip(in.ID, 60))
	}
	batch, err := ledger.Repeal(ctx, s.deps.Space, changed(ctx, "take a rule back"), in.ID)
	return answer(undoable{batch}), err
}
