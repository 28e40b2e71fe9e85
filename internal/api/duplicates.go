package api

import (
	"context"
	"net/http"

	"threadline/internal/crm"
	"threadline/internal/records"
)

func (s *Server) duplicateRoutes() {
	add(s, get("/api/v1/duplicates", "find-duplicates", "Records of a folder that are perhaps the same as others, page by page", "duplicates"), s.findDuplicates)
	add(s, post("/api/v1/duplicates/check", "check-duplicates", "Of what a record, not stored yet, is perhaps a duplicate", "duplicates"), s.checkDuplicates)
	add(s, get("/api/v1/duplicates/rules", "duplicate-rules", "When records of a folder are taken for the same", "duplicates"), s.duplicateRules)
	add(s, route{method: http.MethodPut, path: "/api/v1/duplicates/rules", id: "set-duplicate-rules", tag: "duplicates",
		summary: "Say when records of a folder are taken for the same, and whether that warns or forbids"}, s.setDuplicateRules)
	preview := post("/api/v1/merges/preview", "preview-merge", "In which fields records differ, and what the merged one would have", "duplicates")
	add(s, preview, s.previewMerge)
	merge := post("/api/v1/merges", "merge", "Make one record of several; what points to them, addresses and mail follow", "duplicates")
	merge.limit = longLimit
	add(s, merge, s.merge)
}

// FolderQuery names a folder in a query.
type FolderQuery struct {
	Folder string `query:"folder" required:"true" maxLength:"60" doc:"Plural or key of a kind of record, such as contacts"`
}

func (s *Server) findDuplicates(ctx context.Context, in *struct {
	FolderQuery
	PageQuery
}) (*body[items[records.Alike]], error) {
	n, err := s.folder(ctx, in.Folder)
	if err != nil {
		return nil, err
	}
	list, next, err := s.deps.Records.FindDuplicates(ctx, viewerOf(ctx), n, records.Page{Limit: in.Limit, Cursor: in.Cursor})
	out := listed(list)
	out.Body.Next = next
	return out, err
}

func (s *Server) checkDuplicates(ctx context.Context, in *struct {
	Body struct {
		Folder string         `json:"folder" maxLength:"60"`
		Values map[string]any `json:"values"`
	}
}) (*body[items[records.Duplicate]], error) {
	n, err := s.folder(ctx, in.Body.Folder)
	if err != nil {
		return nil, err
	}
	list, err := s.deps.Records.Duplicates(ctx, viewerOf(ctx), records.Draft{Kind: n.Kind, Values: in.Body.Values})
	return listed(list), err
}

func (s *Server) duplicateRules(ctx context.Context, in *FolderQuery) (*body[crm.DuplicateRules], error) {
	n, err := s.folder(ctx, in.Folder)
	if err != nil {
		return nil, err
	}
	rules, err := s.deps.Records.DuplicateRules(ctx, viewerOf(ctx), n)
	if rules.Rules == nil {
		rules.Rules = []crm.DuplicateRule{}
	}
	return answer(rules), err
}

func (s *Server) setDuplicateRules(ctx context.Context, in *struct {
	FolderQuery
	Body struct {
		Rules []crm.DuplicateRule `json:"rules" maxItems:"20"`
	}
}) (*body[batched], error) {
	n, err := s.folder(ctx, in.Folder)
	if err != nil {
		return nil, err
	}
	if err := viewerOf(ctx).Require(crm.RightSettings); err != nil {
		return nil, err
	}
	batch, err := s.deps.Records.SetDuplicateRules(ctx, by(ctx, ""), crm.DuplicateRules{Kind: n.Kind, Rules: in.Body.Rules})
	return answer(batched{batch}), err
}

func (s *Server) previewMerge(ctx context.Context, in *struct{ Body records.Merging }) (*body[items[records.MergeField]], error) {
	list, err := s.deps.Records.MergePreview(ctx, viewerOf(ctx), in.Body)
	return listed(list), err
}

func (s *Server) merge(ctx context.Context, in *struct{ Body records.Merging }) (*body[records.Merged], error) {
	done, err := s.deps.Records.Merge(ctx, by(ctx, ""), in.Body)
	if err == nil {
		done.Record = viewerOf(ctx).Show(done.Record)
	}
	return answer(done), err
}
