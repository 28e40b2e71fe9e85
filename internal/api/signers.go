package api

import (
	"context"

	"threadline/internal/crm"
)

// signerRoutes serve the keys by which mail of our domains is signed.
func (s *Server) signerRoutes() {
	const all, one = "/api/v1/signers", "/api/v1/signers/{domain}"
	add(s, get(all, "list-signers", "Keys by which mail is signed, and the DNS record of each", "campaigns"), s.listSigners)
	add(s, made(post(all, "create-signer", "Make a key for a domain, in place of the one that it has; nothing is signed yet", "campaigns")), s.makeSigner)
	add(s, slow(post(one+"/on", "sign", "Sign mail of a domain, once its record is in the DNS", "campaigns")), s.turning(true))
	add(s, post(one+"/off", "do-not-sign", "Sign mail of a domain no more", "campaigns"), s.turning(false))
}

// slow gives a route the time that asking others takes.
func slow(r route) route {
	r.limit, r.outside = slowLimit, true
	return r
}

type signerView struct {
	crm.Signer
	Name   string `json:"name" doc:"Of its DNS record"`
	Record string `json:"record" doc:"TXT record to put there"`
}

func showSigner(x crm.Signer) signerView {
	return signerView{Signer: x, Name: x.RecordName(), Record: x.Record()}
}

func (s *Server) listSigners(ctx context.Context, _ *none) (*body[items[signerView]], error) {
	list, err := s.deps.Signers.List(ctx, viewerOf(ctx))
	out := []signerView{}
	for _, x := range list {
		out = append(out, showSigner(x))
	}
	return listed(out), err
}

type signerInput struct {
	Body struct {
		Domain   string `json:"domain" maxLength:"253"`
		Selector string `json:"selector,omitempty" maxLength:"63" default:"threadline" doc:"Name of the key in the DNS"`
		Method   string `json:"method,omitempty" enum:"rsa-sha256,ed25519-sha256" default:"rsa-sha256"`
	}
}

func (s *Server) makeSigner(ctx context.Context, in *signerInput) (*body[signerView], error) {
	d, err := crm.ParseDomain(in.Body.Domain)
	if err != nil {
		return nil, blame(err, "domain")
	}
	out, err := s.deps.Signers.Make(ctx, viewerOf(ctx), changed(ctx, "").Actor, d, in.Body.Selector, in.Body.Method)
	return answer(showSigner(out)), err
}

type signerRef struct {
	Domain string `path:"domain" maxLength:"253"`
}

func (s *Server) turning(on bool) func(context.Context, *signerRef) (*body[signerView], error) {
	return func(ctx context.Context, in *signerRef) (*body[signerView], error) {
		d, err := crm.ParseDomain(in.Domain)
		if err != nil {
			return nil, blame(err, "domain")
		}
		out, err := s.deps.Signers.Turn(ctx, viewerOf(ctx), d, on)
		return answer(showSigner(out)), err
	}
}
