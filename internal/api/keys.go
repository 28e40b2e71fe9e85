package api

import (
	"context"

	"threadline/internal/audit"
	"threadline/internal/crm"
	"threadline/internal/keys"
)

func (s *Server) sealRoutes() {
	add(s, get("/api/v1/keys", "list-keys", "Keys that seal secrets, and how many secrets need each (operator)", "whole"), s.listSealKeys)
	chain := get("/api/v1/audit/verify", "verify-audit", "Check the chain of the audit log; names the first broken entry (operator)", "whole")
	chain.limit = longLimit
	add(s, chain, s.verifyAudit)
	r := post("/api/v1/keys/rotate", "rotate-keys", "Seal every secret under a new key, or go on with that (operator)", "whole")
	r.limit = longLimit
	add(s, r, s.rotateKeys)
}

func (s *Server) listSealKeys(ctx context.Context, _ *none) (*body[items[keys.Key]], error) {
	if err := operator(ctx, "see the keys"); err != nil {
		return nil, err
	}
	list, err := keys.List(ctx, s.deps.Space.Store(), s.deps.Seal)
	if err != nil {
		return nil, err
	}
	return listed(list), nil
}

func (s *Server) verifyAudit(ctx context.Context, _ *none) (*body[audit.Report], error) {
	if err := operator(ctx, "verify the audit log"); err != nil {
		return nil, err
	}
	r, err := audit.Verify(ctx, s.deps.Space)
	return answer(r), err
}

func (s *Server) rotateKeys(ctx context.Context, _ *none) (*body[keys.Rotated], error) {
	if err := operator(ctx, "rotate the keys"); err != nil {
		return nil, err
	}
	if s.deps.Rotate == nil {
		return nil, crm.Errorf(crm.Invalid, "api.rotateKeys", "keys are rotated where one process holds the data: other instances would still know the old key alone")
	}
	out, err := s.deps.Rotate(ctx)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}
