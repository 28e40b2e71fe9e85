package api

import (
	"context"
	"encoding/json"
	"net/http"

	"threadline/internal/crm"
	"threadline/internal/records"
)

// folderRoutes serve the folders and fields that a workspace made, and the
// records of such folders, which are known at run time only.
func (s *Server) folderRoutes() {
	const all, one = "/api/v1/folders", "/api/v1/folders/{folder}"
	add(s, get(all, "list-folders", "Kinds of records with their fields", "folders"), s.listFolders)
	add(s, made(post(all, "create-folder", "Make a kind of record", "folders")), s.makeFolder)
	add(s, route{method: http.MethodPatch, path: one, id: "edit-folder", summary: "Change the names of a folder", tag: "folders"}, s.editFolder)
	add(s, remove(one, "delete-folder", "Delete a folder without records", "folders"), s.deleteFolder)
	const fields, field = "/api/v1/fields", "/api/v1/fields/{kind}/{key}"
	add(s, get(fields, "list-fields", "Fields that the workspace added", "folders"), s.listFields)
	add(s, made(post(fields, "create-field", "Add a field to a folder", "folders")), s.makeField)
	add(s, route{method: http.MethodPatch, path: field, id: "edit-field", summary: "Change or archive a field", tag: "folders"}, s.editField)
	s.folderRecordRoutes()
}

func made(r route) route {
	r.status = http.StatusCreated
	return r
}

type fieldView struct {
	crm.Field
	Widget string `json:"widget"`
}

type folderView struct {
	Kind     crm.Kind          `json:"kind"`
	Plural   string            `json:"plural"`
	Prefix   string            `json:"prefix" doc:"The ids of its records begin with it."`
	Labels   map[string]string `json:"labels,omitempty"`
	Staged   bool              `json:"staged,omitempty" doc:"Its records move through a pipeline"`
	Activity bool              `json:"activity,omitempty" doc:"What happens with records: it stands on their timelines"`
	Custom   bool              `json:"custom,omitempty"`
	Create   bool              `json:"create,omitempty" doc:"The caller may make records in it"`
	Merge    bool              `json:"merge,omitempty" doc:"The caller may make one record of several in it"`
	Fields   []fieldView       `json:"fields"`
}

func (s *Server) listFolders(ctx context.Context, _ *none) (*body[items[folderView]], error) {
	sch, err := s.deps.Records.Schema(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	labels := map[crm.Kind]map[string]string{}
	for _, f := range sch.Folders() {
		labels[f.Kind()] = f.Labels
	}
	may := func(verb crm.Verb, n crm.Noun) bool { return viewerOf(ctx).Reach(verb, n.Kind) != crm.ReachNone }
	var out []folderView
	for _, n := range sch.Nouns() {
		v := folderView{Kind: n.Kind, Plural: n.Plural, Prefix: n.Prefix, Labels: labels[n.Kind], Staged: n.Staged, Activity: n.Activity, Custom: n.Kind.Custom(),
			Create: may(crm.Create, n), Merge: may(crm.Update, n) && may(crm.Delete, n)}
		for _, f := range n.Fields {
			v.Fields = append(v.Fields, fieldView{Field: f, Widget: f.Type.Widget()})
		}
		out = append(out, v)
	}
	return listed(out), nil
}

type folderMade struct {
	batched
	Kind crm.Kind `json:"kind" doc:"What names its records elsewhere"`
}

func (s *Server) makeFolder(ctx context.Context, in *struct{ Body crm.Folder }) (*body[folderMade], error) {
	batch, err := s.deps.Records.MakeFolder(ctx, by(ctx, ""), in.Body)
	return answer(folderMade{batched{batch}, in.Body.Kind()}), err
}

// FolderRef is the key or the plural of a folder in an address.
type FolderRef struct {
	Folder string `path:"folder" maxLength:"60"`
}

func (s *Server) editFolder(ctx context.Context, in *struct {
	FolderRef
	Body struct {
		Labels map[string]string `json:"labels"`
	}
}) (*body[batched], error) {
	batch, err := s.deps.Records.EditFolder(ctx, by(ctx, ""), in.Folder, in.Body.Labels)
	return answer(batched{batch}), err
}

func (s *Server) deleteFolder(ctx context.Context, in *FolderRef) (*body[batched], error) {
	batch, err := s.deps.Records.DeleteFolder(ctx, by(ctx, ""), in.Folder)
	return answer(batched{batch}), err
}

func (s *Server) listFields(ctx context.Context, in *struct {
	Kind string `query:"kind" maxLength:"60" doc:"Of one folder, by its kind, plural or key; without: all"`
}) (*body[items[crm.FieldDef]], error) {
	sch, err := s.deps.Records.Schema(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	var of crm.Noun
	if in.Kind != "" {
		if of, err = sch.Folder(in.Kind); err != nil {
			return nil, err
		}
	}
	var out []crm.FieldDef
	for _, d := range sch.Defs() {
		if in.Kind == "" || d.Kind == of.Kind {
			out = append(out, d)
		}
	}
	return listed(out), nil
}

func (s *Server) makeField(ctx context.Context, in *struct{ Body crm.FieldDef }) (*body[batched], error) {
	var err error
	if in.Body.Kind, err = s.kindCalled(ctx, in.Body.Kind); err != nil {
		return nil, err
	}
	batch, err := s.deps.Records.MakeField(ctx, by(ctx, ""), in.Body)
	return answer(batched{batch}), err
}

// kindCalled is the kind of a folder that people name by its plural and its key,
// too; what nobody knows stays as it is said.
func (s *Server) kindCalled(ctx context.Context, name crm.Kind) (crm.Kind, error) {
	sch, err := s.deps.Records.Schema(ctx, viewerOf(ctx))
	if err != nil {
		return "", err
	}
	if n, err := sch.Folder(string(name)); err == nil {
		return n.Kind, nil
	}
	return name, nil
}

type fieldEdit struct {
	Kind string `path:"kind" maxLength:"60"`
	Key  string `path:"key" maxLength:"60"`
	Body struct {
		Labels   *map[string]string `json:"labels,omitempty"`
		Required *bool              `json:"required,omitempty"`
		Personal *bool              `json:"personal,omitempty"`
		Default  *any               `json:"default,omitempty"`
		Choices  *[]string          `json:"choices,omitempty"`
		Roles    *[]string          `json:"roles,omitempty"`
		Expr     *string            `json:"expr,omitempty"`
		Stat     *crm.Statistic     `json:"stat,omitempty"`
		Position *int               `json:"position,omitempty"`
		Archived *bool              `json:"archived,omitempty" doc:"Hide the field and keep its values"`
	}
}

func (s *Server) editField(ctx context.Context, in *fieldEdit) (*body[batched], error) {
	kind, err := s.kindCalled(ctx, crm.Kind(in.Kind))
	if err != nil {
		return nil, err
	}
	batch, err := s.deps.Records.EditField(ctx, by(ctx, ""), kind, in.Key, records.FieldEdit(in.Body))
	return answer(batched{batch}), err
}

// folderRecordRoutes are those of recordRoutes with the folder in the address.
func (s *Server) folderRecordRoutes() {
	const all, one = "/api/v1/records/{folder}", "/api/v1/records/{folder}/{id}"
	add(s, get(all, "list-records", "List or query the records of a folder", "records"), inFolder(s, recordDoor.list, func(in *folderList) (FolderRef, *recordQuery) {
		return in.FolderRef, &recordQuery{PageQuery: in.PageQuery, Q: in.Q, Derived: in.Derived, Explain: in.Explain, Names: in.Names}
	}))
	add(s, loose(made(post(all, "create-record", "Create a record in a folder", "records"))), inFolder(s, recordDoor.create, func(in *folderCreate) (FolderRef, *recordInput) {
		return in.FolderRef, &recordInput{Key: in.Key, Body: in.Body}
	}))
	add(s, get(one, "get-record", "One record of a folder", "records"), inFolder(s, recordDoor.get, func(in *folderGet) (FolderRef, *recordGet) {
		return in.FolderRef, &recordGet{RecordRef: in.RecordRef, Derived: in.Derived}
	}))
	edit := route{method: http.MethodPatch, path: one, id: "edit-record", summary: "Change some values of a record", tag: "records"}
	add(s, loose(edit), inFolder(s, recordDoor.edit, func(in *folderEdit) (FolderRef, *recordEdit) {
		return in.FolderRef, &recordEdit{RecordRef: in.RecordRef, Matched: in.Matched, Body: in.Body}
	}))
	add(s, remove(one, "delete-record", "Delete a record of a folder", "records"), inFolder(s, recordDoor.delete, func(in *folderDelete) (FolderRef, *recordDelete) {
		return in.FolderRef, &recordDelete{RecordRef: in.RecordRef, Matched: in.Matched}
	}))
	add(s, get(one+"/related", "record-related", "Records linked with a record, and how", "records"), inFolder(s, recordDoor.related, func(in *folderRecord) (FolderRef, *RecordRef) {
		return in.FolderRef, &in.RecordRef
	}))
	page := func(in *folderPage) (FolderRef, *recordPage) {
		return in.FolderRef, &recordPage{RecordRef: in.RecordRef, PageQuery: in.PageQuery}
	}
	add(s, get(one+"/timeline", "record-timeline", "What happened with a record, newest first", "records"), inFolder(s, recordDoor.timeline, page))
	add(s, get(one+"/history", "record-history", "Changes of a record, newest first", "records"), inFolder(s, recordDoor.history, page))
	add(s, get(one+"/stage-history", "record-stage-history", "Stages of a record, the oldest first", "records"), inFolder(s, recordDoor.stageHistory, func(in *folderRecord) (FolderRef, *RecordRef) {
		return in.FolderRef, &in.RecordRef
	}))
	act := func(in *folderAct) (FolderRef, *recordAct) {
		return in.FolderRef, &recordAct{RecordRef: in.RecordRef, Matched: in.Matched, Body: in.Body}
	}
	add(s, post(one+"/win", "win-record", "Close a record as won", "records"), inFolder(s, recordDoor.win, act))
	add(s, post(one+"/lose", "lose-record", "Close a record as lost, for a reason", "records"), inFolder(s, recordDoor.lose, act))
	add(s, post(one+"/reopen", "reopen-record", "Take a closed record back to its last open stage", "records"), inFolder(s, recordDoor.reopen, act))
}

type (
	folderList struct {
		FolderRef
		PageQuery
		Derived bool   `query:"derived" doc:"With touches, statistics and formulas, which are computed now"`
		Q       string `query:"q" maxLength:"10000" doc:"What follows 'where' in the query language, or a whole query"`
		Explain bool   `query:"explain" doc:"Say how the answer is found"`
		Names   bool   `query:"names" doc:"With the names of records that these point to"`
	}
	folderCreate struct {
		FolderRef
		Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Repeating a request with the same key makes nothing twice"`
		Body json.RawMessage
	}
	folderRecord struct {
		FolderRef
		RecordRef
	}
	folderGet struct {
		FolderRef
		RecordRef
		Derived bool `query:"derived" doc:"With touches, statistics and formulas, which are computed now"`
	}
	folderEdit struct {
		FolderRef
		RecordRef
		Matched
		Body json.RawMessage
	}
	folderDelete struct {
		FolderRef
		RecordRef
		Matched
	}
	folderAct struct {
		FolderRef
		RecordRef
		Matched
		Body *actBody
	}
	folderPage struct {
		FolderRef
		RecordRef
		PageQuery
	}
)

// folder finds a kind of record by what people call it.
func (s *Server) folder(ctx context.Context, name string) (crm.Noun, error) {
	sch, err := s.deps.Records.Schema(ctx, viewerOf(ctx))
	if err != nil {
		return crm.Noun{}, err
	}
	return sch.Folder(name)
}

// inFolder finds the noun of the folder in the address and lets its door answer.
func inFolder[I, J, O any](s *Server, do func(recordDoor, context.Context, *J) (*O, error), part func(*I) (FolderRef, *J)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		ref, rest := part(in)
		n, err := s.folder(ctx, ref.Folder)
		if err != nil {
			return nil, err
		}
		return do(recordDoor{s: s, noun: n}, ctx, rest)
	}
}
