package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/records"
)

func (s *Server) leadRoutes() {
	add(s, post("/api/v1/leads/{id}/convert", "convert-lead", "Turn a lead into contact, company and deal", "leads"), s.convertLead)
}

func (s *Server) convertLead(ctx context.Context, in *struct {
	RecordRef
	Matched
	Body *records.Conversion
}) (*body[records.Converted], error) {
	door := recordDoor{s: s, noun: crm.Lead()}
	id, err := door.id(in.RecordRef)
	if err != nil {
		return nil, err
	}
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	c := records.Conversion{}
	if in.Body != nil {
		c = *in.Body
	}
	done, err := s.deps.Records.Convert(ctx, by(ctx, ""), id, c, version)
	return answer(done), blameNotFound(err, "id")
}
