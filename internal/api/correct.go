package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

// correctionRoutes are how people say where mail belongs and who may know of it;
// each has a preview that says what else would change.
func (s *Server) correctionRoutes() {
	const links = "/api/v1/messages/{id}/links"
	add(s, post(links, "correct", "Say where a message, its thread, or mail of an address or a domain belongs, and who may know of it", "messages"), s.correct)
	preview := post(links+"/preview", "preview-correction", "What a correction would change", "messages")
	preview.limit = slowLimit
	add(s, preview, s.previewCorrection)
}

type correction struct {
	MessageRef
	Body struct {
		Record  string         `json:"record,omitempty" maxLength:"60" doc:"Of link and never: the record"`
		Instead string         `json:"instead,omitempty" maxLength:"60" doc:"Of never: the record to which it belongs"`
		Effect  crm.RuleEffect `json:"effect" enum:"link,never,private,shared,split"`
		Scope   crm.Scope      `json:"scope,omitempty" enum:"message,thread,address,domain" default:"thread" doc:"An address and a domain make a standing rule"`
		Address string         `json:"address,omitempty" maxLength:"254" doc:"Of an address or a domain: whose; without it that by which the message is linked to the record"`
	}
}

// batched is the answer of what can be undone.
type batched struct {
	Batch string `json:"batch" doc:"To undo it: POST /api/v1/changes/{batch}/undo; empty when nothing changed"`
}

// said reads a correction from its caller.
func (in *correction) said(ctx context.Context) (ledger.Correction, error) {
	who := callerOf(ctx)
	c := ledger.Correction{Scope: in.Body.Scope, Effect: in.Body.Effect, By: who.user.ID, Cause: who.cause}
	var err error
	if c.Message, err = in.parse(); err != nil {
		return c, err
	}
	if _, err = reader(ctx); err != nil {
		return c, err
	}
	if in.Body.Record != "" {
		if c.Record, err = recordID(in.Body.Record, "record"); err != nil {
			return c, err
		}
	}
	if in.Body.Instead != "" {
		if c.Instead, err = recordID(in.Body.Instead, "instead"); err != nil {
			return c, err
		}
	}
	if in.Body.Address != "" {
		if c.Address, err = crm.ParseAddress(in.Body.Address); err != nil {
			return c, blame(err, "address")
		}
	}
	return c, nil
}

func (s *Server) correct(ctx context.Context, in *correction) (*body[batched], error) {
	c, err := in.said(ctx)
	if err != nil {
		return nil, err
	}
	batch, err := ledger.Correct(ctx, s.deps.Space, c)
	return answer(batched{batch}), in.blame(err)
}

func (s *Server) previewCorrection(ctx context.Context, in *correction) (*body[timeline.Preview], error) {
	c, err := in.said(ctx)
	if err != nil {
		return nil, err
	}
	p, err := ledger.PreviewCorrection(ctx, s.deps.Space, viewerOf(ctx), c)
	if err != nil {
		return nil, in.blame(err)
	}
	return s.foretold(ctx, p)
}

// foretold answers a preview in the caller's language.
func (s *Server) foretold(ctx context.Context, p ledger.Preview) (*body[timeline.Preview], error) {
	out, err := s.deps.Timeline.In(lang(ctx)).Foretell(ctx, viewerOf(ctx), p)
	return answer(out), err
}

// blame names the field whose id does not exist, as far as it is known.
func (in *correction) blame(err error) error {
	if in.Body.Record != "" && in.Body.Instead == "" {
		return blameNotFound(err, "record")
	}
	return blameNotFound(err, "id")
}
