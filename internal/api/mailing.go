package api

import (
	"context"
	"crypto/rand"
	"net/http"

	"threadline/internal/crm"
)

// mailingRoutes serve what the workspace says of mail to many, and who agreed to
// be tracked.
func (s *Server) mailingRoutes() {
	const one, all = "/api/v1/mailing", "/api/v1/consents"
	add(s, get(one, "get-mailing", "What the workspace says of mail to many people", "campaigns"), s.getMailing)
	add(s, route{method: http.MethodPut, path: one, id: "set-mailing", summary: "Say what holds of mail to many people", tag: "campaigns"}, s.setMailing)
	add(s, post("/api/v1/mailing/track-key", "new-track-key", "Sign addresses of tracking with a new key; those in mails that were sent still hold", "campaigns"), s.newTrackKey)
	add(s, get("/api/v1/calendar", "get-calendar", "Days on which the workspace works, and its holidays", "campaigns"), s.getCalendar)
	add(s, route{method: http.MethodPut, path: "/api/v1/calendar", id: "set-calendar", summary: "Say on which days the workspace works", tag: "campaigns"}, s.setCalendar)
	add(s, get(all, "list-consents", "Who agreed to be tracked by name, the last one first", "campaigns"), s.listConsents)
	add(s, post(all, "consent", "Write down that somebody agreed to be tracked by name", "campaigns"), s.consent)
	add(s, remove(all+"/{address}", "withdraw-consent", "Take a consent back", "campaigns"), s.withdraw)
}

func (s *Server) getMailing(ctx context.Context, _ *none) (*body[crm.Mailing], error) {
	m, err := s.deps.Campaigns.Mailing(ctx, viewerOf(ctx))
	return answer(m), err
}

func (s *Server) setMailing(ctx context.Context, in *struct{ Body crm.Mailing }) (*body[batched], error) {
	batch, err := s.deps.Campaigns.SetMailing(ctx, viewerOf(ctx), changed(ctx, "say what holds of mail to many"), in.Body)
	return answer(batched{batch}), err
}

type trackKey struct {
	ID string `json:"id" doc:"Of the key that signs from now on"`
}

func (s *Server) newTrackKey(ctx context.Context, _ *none) (*body[trackKey], error) {
	id, err := s.deps.Campaigns.NewTrackKey(ctx, viewerOf(ctx), rand.Reader)
	return answer(trackKey{id}), err
}

func (s *Server) getCalendar(ctx context.Context, _ *none) (*body[crm.Calendar], error) {
	if err := viewerOf(ctx).Require(crm.RightCampaigns); err != nil {
		return nil, err
	}
	c, err := s.deps.Campaigns.Calendar(ctx)
	return answer(c), err
}

func (s *Server) setCalendar(ctx context.Context, in *struct{ Body crm.Calendar }) (*body[batched], error) {
	batch, err := s.deps.Campaigns.SetCalendar(ctx, viewerOf(ctx), changed(ctx, "say on which days we work"), in.Body)
	return answer(batched{batch}), err
}

func (s *Server) listConsents(ctx context.Context, in *PageQuery) (*body[items[crm.Consent]], error) {
	page, err := s.deps.Campaigns.Consents(ctx, viewerOf(ctx), in.Limit, in.Cursor)
	return pageOf(page), err
}

type consentInput struct {
	Body struct {
		Address string   `json:"address" maxLength:"254"`
		Source  string   `json:"source" maxLength:"500" doc:"How it was given"`
		Given   crm.Time `json:"given,omitempty" doc:"When; left out: now"`
	}
}

func (s *Server) consent(ctx context.Context, in *consentInput) (*body[batched], error) {
	if err := viewerOf(ctx).Require(crm.RightCampaigns); err != nil {
		return nil, err
	}
	a, err := crm.ParseAddress(in.Body.Address)
	if err != nil {
		return nil, blame(err, "address")
	}
	batch, err := s.deps.Campaigns.Agree(ctx, viewerOf(ctx), changed(ctx, "write a consent down"), crm.Consent{Address: a, Source: in.Body.Source, Given: in.Body.Given})
	return answer(batched{batch}), err
}

func (s *Server) withdraw(ctx context.Context, in *SuppressionRef) (*body[batched], error) {
	if err := viewerOf(ctx).Require(crm.RightCampaigns); err != nil {
		return nil, err
	}
	a, err := crm.ParseAddress(in.Address)
	if err != nil {
		return nil, blame(err, "address")
	}
	batch, err := s.deps.Campaigns.Withdraw(ctx, viewerOf(ctx), changed(ctx, "take a consent back"), a)
	return answer(batched{batch}), err
}
