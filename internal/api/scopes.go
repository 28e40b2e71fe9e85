package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// grantOf is what a key needs for a route: the scope of its tag. Reading what
// has no scope of its own needs read; everything else needs admin.
func grantOf(tag, method, path string) crm.Grant {
	reads := method == http.MethodGet
	switch {
	case strings.HasSuffix(path, "/timeline"):
		return crm.GrantMail
	case slices.Contains([]string{"messages", "threads", "questions", "suggestions", "search", "live"}, tag):
		return crm.GrantMail
	case reads && (tag == "outgoing" || tag == "notifications"): // they quote mail
		return crm.GrantMail
	case reads && tag == "whole":
		return crm.GrantAdmin
	case reads:
		return crm.GrantRead
	case isRecords(tag):
		return crm.GrantWrite
	}
	return crm.GrantAdmin
}

// isRecords tells whether a tag is that of a noun, or of work on records.
func isRecords(tag string) bool {
	if slices.Contains([]string{"records", "leads", "query", "changes", "templates", "jobs", "imports", "bulk", "exports", "duplicates", "views", "segments", "notifications"}, tag) {
		return true
	}
	for _, n := range crm.Nouns() {
		if n.Plural == tag {
			return true
		}
	}
	return false
}

// unproved refuses somebody whose last proof is old, where the route is fresh or they
// could prove themselves.
func (s *Server) unproved(ctx context.Context, r route) error {
	if !r.fresh {
		ways, err := s.deps.Auth.WaysOf(ctx, s.deps.Space, callerOf(ctx).user.ID)
		if err != nil || !ways.Password && !ways.TOTP {
			return err
		}
	}
	return crm.Errorf(crm.Denied, "api.allowed", "prove who you are first: the last time was more than ten minutes ago").
		WithField("proof").WithHint("send password or code to " + sessionPath + "/proof, or sign in again")
}

// opens refuses a key without a scope.
func opens(ctx context.Context, g crm.Grant) error {
	who := callerOf(ctx)
	if who.cause != crm.CauseAPI || who.proof.Grants == nil || slices.Contains(who.proof.Grants, g) {
		return nil
	}
	return crm.Errorf(crm.Denied, "api.allowed", "this key does not have the scope %s", g).
		WithHint("make one that has it with: threadline apikey add EMAIL --scope " + string(g))
}

// allowed refuses what a key's scopes do not open, and what no key may do.
func (s *Server) allowed(ctx context.Context, r route) error {
	who := callerOf(ctx)
	now := s.deps.Space.Store().Now()
	if who.cause == crm.CauseAPI && refusedToKeys(r.tag, r.method) {
		return crm.Errorf(crm.Denied, "api.allowed", "a key has no say in this").WithHint("sign in with a browser, or use the command threadline")
	}
	if err := opens(ctx, grantOf(r.tag, r.method, r.path)); err != nil {
		return err
	}
	if err := meets(who.viewer, r); err != nil {
		return err
	}
	if (r.fresh || r.guarded) && who.cause == crm.CauseUI && !who.proof.Fresh(now) {
		return s.unproved(ctx, r)
	}
	return nil
}
