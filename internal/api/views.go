package api

import (
	"context"
	"net/http"
	"strconv"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/view"
)

func (s *Server) viewRoutes() {
	const all, one = "/api/v1/views", "/api/v1/views/{id}"
	add(s, get(all, "list-views", "Views that the caller may see, by name", "views"), s.listViews)
	add(s, made(post(all, "create-view", "Keep a view", "views")), s.createView)
	add(s, get(one, "get-view", "One view", "views"), s.getView)
	add(s, route{method: http.MethodPut, path: one, id: "replace-view", summary: "Change a view", tag: "views"}, s.replaceView)
	add(s, remove(one, "delete-view", "Delete a view", "views"), s.deleteView)
	add(s, get(one+"/records", "view-records", "What a view shows: all of it, a group, or some days", "views"), s.viewRecords)
	add(s, get(one+"/groups", "view-groups", "Counts and sums of a view by group", "views"), s.viewGroups)
	add(s, get("/api/v1/groups", "count-groups", "Counts and sums of a query by group", "views"), s.queryGroups)
}

// viewBody is what somebody says of a view.
type viewBody struct {
	Name    string       `json:"name"`
	Kind    crm.Kind     `json:"kind"`
	Type    crm.ViewType `json:"type,omitempty" default:"table"`
	Query   string       `json:"query,omitempty" doc:"A whole query; without: all records"`
	Columns []string     `json:"columns,omitempty"`
	GroupBy string       `json:"group_by,omitempty"`
	Sums    []string     `json:"sums,omitempty"`
	Date    string       `json:"date,omitempty"`
	Sharing crm.Shared   `json:"sharing,omitempty" default:"private"`
	Team    string       `json:"team,omitempty"`
}

func (b viewBody) view(id string) crm.View {
	return crm.View{ID: id, Name: b.Name, Kind: b.Kind, Type: b.Type, Query: b.Query, Columns: b.Columns, GroupBy: b.GroupBy, Sums: b.Sums,
		Date: b.Date, Sharing: b.Sharing, Team: b.Team}
}

type viewView struct {
	crm.View
	Version string `json:"version" doc:"For If-Match"`
	Batch   string `json:"batch,omitempty" doc:"Of the write just made, to undo it"`
}

func showView(d store.Doc[crm.View], batch string) viewView {
	return viewView{View: d.Value, Version: strconv.FormatInt(int64(d.Version), 10), Batch: batch}
}

type kindQuery struct {
	Kind string `query:"kind" maxLength:"60" doc:"Of one kind of records; without: all"`
}

func (s *Server) listViews(ctx context.Context, in *kindQuery) (*body[items[viewView]], error) {
	docs, err := s.deps.Views.List(ctx, viewerOf(ctx), crm.Kind(in.Kind))
	var out []viewView
	for _, d := range docs {
		out = append(out, showView(d, ""))
	}
	return listed(out), err
}

func (s *Server) createView(ctx context.Context, in *struct{ Body viewBody }) (*body[viewView], error) {
	d, batch, err := s.deps.Views.Save(ctx, viewerOf(ctx), by(ctx, ""), in.Body.view(""), 0)
	return answer(showView(d, batch)), err
}

// ViewRef is the id of a view or a segment in an address.
type ViewRef struct {
	ID string `path:"id" maxLength:"60"`
}

func (s *Server) getView(ctx context.Context, in *ViewRef) (*body[viewView], error) {
	d, err := s.deps.Views.Get(ctx, viewerOf(ctx), in.ID)
	return answer(showView(d, "")), err
}

func (s *Server) replaceView(ctx context.Context, in *struct {
	ViewRef
	Matched
	Body viewBody
}) (*body[viewView], error) {
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	if _, err := s.deps.Views.Get(ctx, viewerOf(ctx), in.ID); err != nil {
		return nil, err
	}
	d, batch, err := s.deps.Views.Save(ctx, viewerOf(ctx), by(ctx, ""), in.Body.view(in.ID), version)
	return answer(showView(d, batch)), err
}

func (s *Server) deleteView(ctx context.Context, in *ViewRef) (*body[batched], error) {
	batch, err := s.deps.Views.Delete(ctx, viewerOf(ctx), by(ctx, ""), in.ID)
	return answer(batched{batch}), err
}

type viewPart struct {
	ViewRef
	PageQuery
	Group   string `query:"group" maxLength:"500" doc:"Only records with this value in the field that groups"`
	None    bool   `query:"none" doc:"Only records without a value in it"`
	From    string `query:"from" format:"date" doc:"Of a calendar: the first day"`
	To      string `query:"to" format:"date" doc:"Of a calendar: the last day"`
	Explain bool   `query:"explain" doc:"Say how the answer is found"`
}

func (s *Server) viewRecords(ctx context.Context, in *viewPart) (*body[recordList], error) {
	d, err := s.deps.Views.Get(ctx, viewerOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	found, err := s.deps.Views.Show(ctx, viewerOf(ctx), &d.Value,
		view.Part{Group: in.Group, None: in.None, From: in.From, To: in.To, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	return answer(showFound(found, in.Explain)), nil
}

// showFound is a page of records as lists answer it.
func showFound(found records.Found, explain bool) recordList {
	out := recordList{Items: []recordView{}, Next: found.Next}
	if explain || found.Plan.Cut {
		out.Plan = &found.Plan
	}
	for _, d := range found.Items {
		out.Items = append(out.Items, viewRecord(d))
	}
	return out
}

func (s *Server) viewGroups(ctx context.Context, in *ViewRef) (*body[view.Groups], error) {
	d, err := s.deps.Views.Get(ctx, viewerOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.deps.Views.GroupsOf(ctx, viewerOf(ctx), &d.Value)
	return answer(out), err
}

func (s *Server) queryGroups(ctx context.Context, in *struct {
	Q   string   `query:"q" maxLength:"10000" required:"true" doc:"A whole query"`
	By  string   `query:"by" maxLength:"60" doc:"Field whose values make groups; without: all in one"`
	Sum []string `query:"sum" maxItems:"60" doc:"Fields of numbers to add up, separated by commas"`
}) (*body[view.Groups], error) {
	q, err := s.deps.Records.Parse(ctx, viewerOf(ctx), in.Q)
	if err != nil {
		return nil, blame(err, "q")
	}
	n, err := s.deps.Records.Noun(ctx, viewerOf(ctx), q.Kind)
	if err != nil {
		return nil, err
	}
	x := crm.View{Name: "groups", Kind: q.Kind, Type: crm.ViewTable, Query: in.Q, GroupBy: in.By, Sums: in.Sum, Sharing: crm.SharedWorkspace}
	if err := x.Check(n); err != nil {
		return nil, err
	}
	out, err := s.deps.Views.GroupsOf(ctx, viewerOf(ctx), &x)
	return answer(out), err
}
