package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/timeline"
)

// recordRoutes follow from the table of nouns: a new noun needs no line here.
func (s *Server) recordRoutes() {
	for _, n := range crm.Nouns() {
		r := recordDoor{s: s, noun: n}
		all, one := "/api/v1/"+n.Plural, "/api/v1/"+n.Plural+"/{id}"
		kind := string(n.Kind)
		add(s, r.describe(get(all, "list-"+n.Plural, "List or query "+n.Plural, n.Plural)), r.list)
		create := post(all, "create-"+kind, "Create a "+kind, n.Plural)
		create.status = http.StatusCreated
		add(s, r.describe(create), r.create)
		add(s, r.describe(get(one, "get-"+kind, "One "+kind, n.Plural)), r.get)
		add(s, r.describe(route{method: http.MethodPatch, path: one, id: "edit-" + kind, summary: "Change some values of a " + kind, tag: n.Plural}), r.edit)
		add(s, route{method: http.MethodDelete, path: one, id: "delete-" + kind, summary: "Delete a " + kind, tag: n.Plural}, r.delete)
		add(s, get(one+"/related", kind+"-related", "Records linked with a "+kind+", and how", n.Plural), r.related)
		add(s, get(one+"/timeline", kind+"-timeline", "What happened with a "+kind+", newest first", n.Plural), r.timeline)
		add(s, get(one+"/history", kind+"-history", "Changes of a "+kind+", newest first", n.Plural), r.history)
	}
}

// recordDoor serves the records of one noun.
type recordDoor struct {
	s    *Server
	noun crm.Noun
}

type recordView struct {
	crm.Record
	Version string `json:"version" doc:"For If-Match"`
	Batch   string `json:"batch,omitempty" doc:"Of the write just made, to undo it"`
	// Duplicates are, of a record just made, others that are perhaps the same.
	Duplicates []records.Duplicate `json:"duplicates,omitempty"`
}

func viewRecord(d store.Doc[crm.Record]) recordView {
	return recordView{Record: d.Value, Version: versionText(d.Version)}
}

func versionText(v store.Version) string { return strconv.FormatInt(int64(v), 10) }

type recordQuery struct {
	PageQuery
	Derived bool   `query:"derived" doc:"With touches, statistics and formulas, which are computed now"`
	Q       string `query:"q" maxLength:"10000" doc:"What follows 'where' in the query language, or a whole query; without: all, newest first"`
	Explain bool   `query:"explain" doc:"Say how the answer is found"`
	Names   bool   `query:"names" doc:"With the names of records that these point to"`
}

// recordList is a page of records. A page may be short: only without next is it
// the last one.
type recordList struct {
	Items []recordView       `json:"items"`
	Next  string             `json:"next,omitempty"`
	Plan  *records.Explained `json:"plan,omitempty"`
	Names map[string]string  `json:"names,omitempty" doc:"When asked for: of records that these point to, by id"`
}

func (r recordDoor) list(ctx context.Context, in *recordQuery) (*body[recordList], error) {
	q, err := r.parse(ctx, in)
	if err != nil {
		return nil, err
	}
	page, err := r.s.deps.Records.Run(ctx, viewerOf(ctx), q, in.Cursor)
	if err != nil {
		return nil, err
	}
	if in.Derived {
		if err := r.derive(ctx, page.Items); err != nil {
			return nil, err
		}
	}
	out := recordList{Items: []recordView{}, Next: page.Next}
	if in.Explain || page.Plan.Cut {
		out.Plan = &page.Plan
	}
	for _, d := range page.Items {
		out.Items = append(out.Items, viewRecord(d))
	}
	if in.Names {
		out.Names, err = r.s.names(ctx, r.pointed(page.Items))
	}
	return answer(out), err
}

// parse reads q: conditions alone, what may follow them, or a whole query.
func (r recordDoor) parse(ctx context.Context, in *recordQuery) (*query.Query, error) {
	if strings.TrimSpace(in.Q) == "" {
		return &query.Query{Kind: r.noun.Kind, Order: query.CreatedAt, Desc: true, Limit: in.Limit}, nil
	}
	text, added := query.Whole(r.noun.Plural, in.Q)
	q, err := r.s.deps.Records.Parse(ctx, viewerOf(ctx), text)
	if err != nil {
		return nil, blame(query.Moved(err, -added), "q")
	}
	if q.Kind != r.noun.Kind {
		return nil, crm.Errorf(crm.Invalid, "api.parse", "the query is about other records than %s", r.noun.Plural).WithField("q").
			WithHint("begin it with " + r.noun.Plural + ", or with its conditions")
	}
	if q.Limit == 0 {
		q.Limit = in.Limit
	}
	return q, nil
}

type recordInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Repeating a request with the same key makes nothing twice"`
	Body json.RawMessage
}

type recordSaved struct {
	Status   int
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     recordView
}

func (r recordDoor) saved(status int, v recordView) *recordSaved {
	out := &recordSaved{Status: status, ETag: `"` + v.Version + `"`, Body: v}
	if status == http.StatusCreated {
		out.Location = "/api/v1/" + r.noun.Plural + "/" + string(v.ID)
		if r.noun.Kind.Custom() {
			out.Location = "/api/v1/records/" + r.noun.Plural + "/" + string(v.ID)
		}
	}
	return out
}

// recordBody is what a write says.
type recordBody struct {
	Values  map[string]any `json:"values"`
	Version string         `json:"version"`
	MovedOn bool           `json:"moved_on"`
}

// readBody reads a write strictly, so that a misspelt word is no silent loss.
func readBody(raw []byte) (recordBody, error) {
	const op = crm.Op("api.readBody")
	var b recordBody
	var names map[string]json.RawMessage
	_ = json.Unmarshal(raw, &names) // what is no object is refused below
	for name := range names {
		if name != "values" && name != "version" && name != "moved_on" {
			return b, crm.Errorf(crm.Invalid, op, "there is no %q here", crm.Clip(name, 60)).
				WithField(crm.Clip(name, 60)).WithHint(`fields of the record stand inside "values"`)
		}
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err := dec.Decode(&b)
	var typed *json.UnmarshalTypeError
	switch {
	case err == nil:
		return b, nil
	case errors.As(err, &typed):
		return b, crm.Errorf(crm.Invalid, op, "this takes %s, not %s", typed.Type, typed.Value).WithField(typed.Field)
	}
	return b, crm.Errorf(crm.Invalid, op, "the body cannot be read as JSON")
}

func (r recordDoor) create(ctx context.Context, in *recordInput) (*recordSaved, error) {
	b, err := readBody(in.Body)
	if err != nil {
		return nil, err
	}
	draft := records.Draft{Kind: r.noun.Kind, Values: b.Values}
	if in.Key != "" {
		if draft.ID, err = r.keyed(ctx, in.Key); err != nil {
			return nil, err
		}
	}
	done, err := r.s.deps.Records.Create(ctx, by(ctx, ""), draft)
	if in.Key != "" && crm.IsKind(err, crm.Exists) {
		return r.repeated(ctx, draft.ID)
	}
	if err != nil {
		return nil, err
	}
	v := viewRecord(store.Doc[crm.Record]{Value: done.Record, Version: done.Version})
	v.Batch, v.Duplicates = done.Batch, done.Duplicates
	return r.saved(http.StatusCreated, v), nil
}

// keyed derives an id from the key of a request, so that a repeat names the
// same record. Keys of different callers never meet.
func (r recordDoor) keyed(ctx context.Context, key string) (crm.RecordID, error) {
	ws, err := r.s.workspace(ctx)
	return crm.RecordID(crm.DerivedID(r.noun.Prefix, ws.IDKey, "request", string(callerOf(ctx).user.ID), key)), err
}

// repeated answers a repeat with what the first request made.
func (r recordDoor) repeated(ctx context.Context, id crm.RecordID) (*recordSaved, error) {
	doc, err := r.s.deps.Records.Get(ctx, viewerOf(ctx), id)
	if err != nil {
		return nil, err
	}
	return r.saved(http.StatusOK, viewRecord(doc)), nil
}

// RecordRef is the id of a record in an address.
type RecordRef struct {
	ID string `path:"id" maxLength:"100"`
}

// id reads an id of this noun; any other names nothing here.
func (r recordDoor) id(in RecordRef) (crm.RecordID, error) {
	id, err := crm.ParseID[crm.RecordID](r.noun.Prefix, in.ID)
	if err != nil {
		return "", crm.Errorf(crm.NotFound, "api.recordID", "there is no %s %q", r.noun.Kind, crm.Clip(in.ID, 60)).WithField("id")
	}
	return id, nil
}

// recordGet asks for a record.
type recordGet struct {
	RecordRef
	Derived bool `query:"derived" doc:"With touches, statistics and formulas, which are computed now"`
}

// derive computes what is not stored of records.
func (r recordDoor) derive(ctx context.Context, docs []store.Doc[crm.Record]) error {
	list := make([]*crm.Record, len(docs))
	for i := range docs {
		list[i] = &docs[i].Value
	}
	return r.s.deps.Records.Derive(ctx, viewerOf(ctx), list)
}

func (r recordDoor) related(ctx context.Context, in *RecordRef) (*body[items[records.Related]], error) {
	id, err := r.id(*in)
	if err != nil {
		return nil, err
	}
	list, err := r.s.deps.Records.Related(ctx, viewerOf(ctx), id)
	return listed(list), blameNotFound(err, "id")
}

func (r recordDoor) get(ctx context.Context, in *recordGet) (*recordSaved, error) {
	id, err := r.id(in.RecordRef)
	if err != nil {
		return nil, err
	}
	doc, err := r.s.deps.Records.Get(ctx, viewerOf(ctx), id)
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	if docs := []store.Doc[crm.Record]{doc}; in.Derived {
		if err := r.derive(ctx, docs); err != nil {
			return nil, err
		}
		doc = docs[0]
	}
	return r.saved(http.StatusOK, viewRecord(doc)), nil
}

// Matched says for which version a write is meant.
type Matched struct {
	IfMatch string `header:"If-Match" maxLength:"40" doc:"Version that the change is for; without: any"`
}

// version reads If-Match, or the version in a body.
func (m Matched) version(inBody string) (store.Version, error) {
	s := strings.Trim(strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/"), `"`)
	if s == "" {
		s = inBody
	}
	if s == "" || s == "*" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n == 0 {
		return 0, crm.Errorf(crm.Invalid, "api.version", "%q is no version", crm.Clip(s, 40)).WithField("version").
			WithHint("send the version that the last read answered")
	}
	return store.Version(n), nil
}

type recordEdit struct {
	RecordRef
	Matched
	Body json.RawMessage
}

func (r recordDoor) edit(ctx context.Context, in *recordEdit) (*recordSaved, error) {
	id, err := r.id(in.RecordRef)
	if err != nil {
		return nil, err
	}
	b, err := readBody(in.Body)
	if err != nil {
		return nil, err
	}
	version, err := in.version(b.Version)
	if err != nil {
		return nil, err
	}
	done, err := r.s.deps.Records.Update(ctx, by(ctx, ""), id, records.Patch{Values: b.Values, IfMatch: version, MovedOn: b.MovedOn})
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	v := viewRecord(store.Doc[crm.Record]{Value: done.Record, Version: done.Version})
	v.Batch = done.Batch
	return r.saved(http.StatusOK, v), nil
}

type recordDelete struct {
	RecordRef
	Matched
}

func (r recordDoor) delete(ctx context.Context, in *recordDelete) (*body[batched], error) {
	id, err := r.id(in.RecordRef)
	if err != nil {
		return nil, err
	}
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	batch, err := r.s.deps.Records.Delete(ctx, by(ctx, ""), id, version)
	return answer(batched{batch}), blameNotFound(err, "id")
}

type recordPage struct {
	RecordRef
	PageQuery
}

func (r recordDoor) timeline(ctx context.Context, in *recordPage) (*body[timeline.Page], error) {
	id, err := r.id(in.RecordRef)
	if err != nil {
		return nil, err
	}
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	p, err := r.s.deps.Timeline.In(lang(ctx)).Of(ctx, v, id, in.Cursor, in.Limit)
	return answer(p), blameNotFound(err, "id")
}

func (r recordDoor) history(ctx context.Context, in *recordPage) (*body[records.ChangePage], error) {
	id, err := r.id(in.RecordRef)
	if err != nil {
		return nil, err
	}
	p, err := r.s.deps.Records.History(ctx, viewerOf(ctx), string(id), records.Page{Limit: in.Limit, Cursor: in.Cursor})
	if err == nil && len(p.Items) == 0 && in.Cursor == "" { // of a record that is there, or of none
		_, err = r.s.deps.Records.Get(ctx, viewerOf(ctx), id)
	}
	return answer(p), blameNotFound(err, "id")
}
