package api

import (
	"context"
	"net/http"
	"strconv"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

func (s *Server) segmentRoutes() {
	const all, one = "/api/v1/segments", "/api/v1/segments/{id}"
	add(s, get(all, "list-segments", "Segments that the caller may see, by name", "segments"), s.listSegments)
	add(s, made(post(all, "create-segment", "Make a segment", "segments")), s.createSegment)
	add(s, get(one, "get-segment", "One segment", "segments"), s.getSegment)
	add(s, route{method: http.MethodPut, path: one, id: "replace-segment", summary: "Change a segment", tag: "segments"}, s.replaceSegment)
	add(s, remove(one, "delete-segment", "Delete a segment", "segments"), s.deleteSegment)
	add(s, get(one+"/records", "segment-records", "Members of a segment", "segments"), s.segmentRecords)
	count := get(one+"/count", "count-segment", "How many members a segment has now", "segments")
	count.limit = slowLimit
	add(s, count, s.countSegment)
	add(s, post(one+"/members", "pick-members", "Choose members of a static segment", "segments"), s.pickMembers)
}

type segmentBody struct {
	Name    string          `json:"name"`
	Kind    crm.Kind        `json:"kind"`
	Mode    crm.SegmentMode `json:"mode,omitempty" default:"dynamic"`
	Query   string          `json:"query,omitempty" doc:"Of a dynamic one: a whole query"`
	Exclude []string        `json:"exclude,omitempty" doc:"Ids of segments whose members are left out"`
	Sharing crm.Shared      `json:"sharing,omitempty" default:"private"`
	Team    string          `json:"team,omitempty"`
}

func (b segmentBody) segment(id string) crm.Segment {
	return crm.Segment{ID: id, Name: b.Name, Kind: b.Kind, Mode: b.Mode, Query: b.Query, Exclude: b.Exclude, Sharing: b.Sharing, Team: b.Team}
}

type segmentView struct {
	crm.Segment
	Version string `json:"version" doc:"For If-Match"`
	Batch   string `json:"batch,omitempty" doc:"Of the write just made, to undo it"`
}

func showSegment(d store.Doc[crm.Segment], batch string) segmentView {
	return segmentView{Segment: d.Value, Version: strconv.FormatInt(int64(d.Version), 10), Batch: batch}
}

func (s *Server) listSegments(ctx context.Context, in *kindQuery) (*body[items[segmentView]], error) {
	docs, err := s.deps.Views.Segments(ctx, viewerOf(ctx), crm.Kind(in.Kind))
	var out []segmentView
	for _, d := range docs {
		out = append(out, showSegment(d, ""))
	}
	return listed(out), err
}

func (s *Server) createSegment(ctx context.Context, in *struct{ Body segmentBody }) (*body[segmentView], error) {
	d, batch, err := s.deps.Views.SaveSegment(ctx, viewerOf(ctx), by(ctx, ""), in.Body.segment(""), 0)
	return answer(showSegment(d, batch)), err
}

func (s *Server) getSegment(ctx context.Context, in *ViewRef) (*body[segmentView], error) {
	d, err := s.deps.Views.Segment(ctx, viewerOf(ctx), in.ID)
	return answer(showSegment(d, "")), err
}

func (s *Server) replaceSegment(ctx context.Context, in *struct {
	ViewRef
	Matched
	Body segmentBody
}) (*body[segmentView], error) {
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	if _, err := s.deps.Views.Segment(ctx, viewerOf(ctx), in.ID); err != nil {
		return nil, err
	}
	d, batch, err := s.deps.Views.SaveSegment(ctx, viewerOf(ctx), by(ctx, ""), in.Body.segment(in.ID), version)
	return answer(showSegment(d, batch)), err
}

func (s *Server) deleteSegment(ctx context.Context, in *ViewRef) (*body[batched], error) {
	batch, err := s.deps.Views.DeleteSegment(ctx, viewerOf(ctx), by(ctx, ""), in.ID)
	return answer(batched{batch}), err
}

func (s *Server) segmentRecords(ctx context.Context, in *struct {
	ViewRef
	PageQuery
}) (*body[recordList], error) {
	page, err := s.deps.Views.Members(ctx, viewerOf(ctx), in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return answer(showFound(records.Found{Page: page}, false)), nil
}

func (s *Server) countSegment(ctx context.Context, in *ViewRef) (*body[counted], error) {
	n, err := s.deps.Views.Count(ctx, viewerOf(ctx), in.ID)
	return answer(counted{n}), err
}

type counted struct {
	Count int64 `json:"count"`
}

func (s *Server) pickMembers(ctx context.Context, in *struct {
	ViewRef
	Body struct {
		Add    []crm.RecordID `json:"add,omitempty"`
		Remove []crm.RecordID `json:"remove,omitempty"`
	}
}) (*body[batched], error) {
	batch, err := s.deps.Views.Pick(ctx, viewerOf(ctx), by(ctx, ""), in.ID, in.Body.Add, in.Body.Remove)
	return answer(batched{batch}), err
}
