package extract

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/query"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/timeline"
	"threadline/internal/view"
)

// KindName names the work.
const KindName = "export"

// Format says what sort of file it is.
type Format string

const (
	CSV   Format = "csv"
	JSONL Format = "jsonl"
	EML   Format = "eml" // many of them, in one zip file
)

// Rooms are what files are made of.
type Rooms struct {
	Space    *store.Space
	Blobs    *store.Blobs
	Bodies   *store.BodyCodec
	Records  *records.Service
	Views    *view.Service
	Timeline *timeline.Service
}

// Service makes files. It is safe for concurrent use.
type Service struct {
	Rooms
	jobs *job.Service

	mu      sync.Mutex // one export is begun after the other
	fetches map[crm.UserID]fetches
}

// Kind is the work, for package job.
func Kind(r Rooms) job.Kind {
	s := &Service{Rooms: r}
	return job.Kind{Name: KindName, Passes: true, Open: s.open}
}

// New makes the service; jobs knows its Kind.
func New(r Rooms, jobs *job.Service) *Service { return &Service{Rooms: r, jobs: jobs} }

// Order says what is to be in a file.
type Order struct {
	Format  Format       `json:"format" enum:"csv,jsonl,eml"`
	Query   string       `json:"query,omitempty" maxLength:"4000" doc:"Which records; of eml: whose mail. Without, and without view and record, jsonl holds all records and eml all mail"`
	View    string       `json:"view,omitempty" doc:"Id of a view, instead of a query: its records and columns"`
	Record  crm.RecordID `json:"record,omitempty" doc:"Of eml: the record whose mail it is"`
	Columns []string     `json:"columns,omitempty" maxItems:"200" doc:"Fields of csv; without: those of the view, or all"`
}

// spec is an order in stored form, and under what it was given.
type spec struct {
	Order
	Standing string `json:"standing"`
}

// Begin starts to write a file, through the door that cause names. It fails with
// crm.Throttled for whoever begins too many, and is noted in the change log.
func (s *Service) Begin(ctx context.Context, v access.Viewer, cause crm.Cause, o Order) (job.Progress, error) {
	const op = crm.Op("extract.Begin")
	if err := v.Require(crm.RightExport); err != nil {
		return job.Progress{}, err
	}
	what := "all records"
	if o.Format == EML {
		what = "all mail"
	}
	if o.View != "" {
		x, err := s.Views.Get(ctx, v, o.View)
		if err != nil {
			return job.Progress{}, crm.Errorf(crm.Invalid, op, "there is no view %s", crm.Clip(o.View, 60)).WithField("view")
		}
		if o.Query != "" {
			return job.Progress{}, crm.Errorf(crm.Invalid, op, "a file holds a view or a query").WithField("view")
		}
		o.Query, what = x.Value.Query, x.Value.Name
		if len(o.Columns) == 0 {
			o.Columns = x.Value.Columns
		}
	} else if o.Query != "" {
		what = o.Query
	}
	if o.Record != "" {
		if _, err := s.Records.Get(ctx, v, o.Record); err != nil {
			return job.Progress{}, crm.Errorf(crm.Invalid, op, "there is no record %s", crm.Clip(string(o.Record), 60)).WithField("record")
		}
		what = "mail of " + string(o.Record)
	}
	if err := s.check(ctx, v, o); err != nil {
		return job.Progress{}, err
	}
	data, err := json.Marshal(spec{o, v.Standing()})
	if err != nil {
		return job.Progress{}, crm.E(crm.Internal, op, "the job cannot be written", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.allow(ctx, v.User); err != nil {
		return job.Progress{}, err
	}
	if err := s.note(ctx, v, cause, "export "+o.sort()); err != nil {
		return job.Progress{}, err
	}
	return s.jobs.Add(ctx, crm.Job{Kind: KindName, State: crm.JobRunning, By: v.User, Spec: data,
		Title: "export " + string(o.Format) + ": " + crm.Clip(strings.TrimSpace(what), 150)})
}

// check refuses what cannot be written.
func (s *Service) check(ctx context.Context, v access.Viewer, o Order) error {
	const op = crm.Op("extract.check")
	switch {
	case o.Format != CSV && o.Format != JSONL && o.Format != EML:
		return crm.Errorf(crm.Invalid, op, "a file is csv, jsonl or eml").WithField("format")
	case o.Format == CSV && o.Query == "":
		return crm.Errorf(crm.Invalid, op, "say which records").WithField("query").WithHint("as in: contacts where company.name = Acme")
	case o.Record != "" && (o.Format != EML || o.Query != ""):
		return crm.Errorf(crm.Invalid, op, "a record alone is exported with its mail, as eml").WithField("record")
	case len(o.Columns) > 0 && o.Format != CSV:
		return crm.Errorf(crm.Invalid, op, "only csv has columns").WithField("columns")
	case o.Format == EML && v.User == "":
		return crm.Errorf(crm.Denied, op, "mail is read in the name of a user").WithHint("say in whose name: --as EMAIL")
	case o.Query == "":
		return nil
	}
	q, n, err := s.question(ctx, v, o.Query)
	if err == nil && o.View == "" { // an old view may have one, which says nothing
		err = q.NoLimit("query")
	}
	if err != nil {
		return err
	}
	for _, key := range o.Columns {
		if f, ok := n.Field(key); !ok && !computed(key) || f.Type == crm.FieldRoles {
			return crm.Errorf(crm.Invalid, op, "%s has no field %q", q.Kind, crm.Clip(key, 40)).WithField("columns")
		}
	}
	return nil
}

func computed(key string) bool { return key == "id" || key == query.CreatedAt }

// question reads a query. An order that no index gives would bound what is
// read: a file holds all.
func (s *Service) question(ctx context.Context, v access.Viewer, text string) (*query.Query, crm.Noun, error) {
	q, err := s.Records.Parse(ctx, v, text)
	if err != nil {
		if e, ok := err.(*crm.Error); ok {
			err = e.WithField("query")
		}
		return nil, crm.Noun{}, err
	}
	n, err := s.Records.Noun(ctx, v, q.Kind)
	if err != nil {
		return nil, n, err
	}
	plan, err := s.Records.Explain(ctx, v, q)
	if err == nil && plan.Sorted {
		q.Order, q.Desc = "", false
	}
	return q, n, err
}

// Get returns an export of the viewer.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (job.Progress, error) {
	p, err := s.jobs.Get(ctx, v, id)
	if err == nil && p.Kind != KindName {
		err = crm.Errorf(crm.NotFound, "extract.Get", "there is no export %q", crm.Clip(id, 60)).WithField("id")
	}
	return p, err
}

// Letters tells whether an export of the viewer holds mail.
func (s *Service) Letters(ctx context.Context, v access.Viewer, id string) (bool, error) {
	p, err := s.Get(ctx, v, id)
	if err != nil {
		return false, err
	}
	var o spec
	if err := json.Unmarshal(p.Spec, &o); err != nil {
		return false, crm.E(crm.Internal, "extract.Letters", "the job cannot be read", err)
	}
	return o.Format == EML, nil
}

// File is a finished file.
type File struct {
	Name, Type string
	Write      func(ctx context.Context, w io.Writer) error
}

// File returns the file of an export that is done. That it is fetched is noted in the
// change log before, and counted.
func (s *Service) File(ctx context.Context, v access.Viewer, cause crm.Cause, id string) (File, error) {
	if err := v.Require(crm.RightExport); err != nil {
		return File{}, err
	}
	p, err := s.Get(ctx, v, id)
	if err != nil {
		return File{}, err
	}
	if p.State != crm.JobDone {
		return File{}, crm.Errorf(crm.Conflict, "extract.File", "the file is not finished: it is %s", p.State).WithField("state").
			WithHint("threadline job wait " + id)
	}
	var o spec
	if err := json.Unmarshal(p.Spec, &o); err != nil {
		return File{}, crm.E(crm.Internal, "extract.File", "the job cannot be read", err)
	}
	if o.Standing != v.Standing() {
		return File{}, crm.Errorf(crm.Denied, "extract.File", "what you may see has changed since the file was made").WithHint("make it again")
	}
	if err := s.fetch(v.User); err != nil {
		return File{}, err
	}
	if err := s.note(ctx, v, cause, "fetch the export "+o.sort()); err != nil {
		return File{}, err
	}
	pieces := func(ctx context.Context, w io.Writer) error {
		for _, name := range p.Blobs {
			data, err := s.Blobs.Get(ctx, s.Space.Workspace(), name)
			if err != nil {
				return err
			}
			if _, err := w.Write(data); err != nil {
				return err
			}
		}
		return nil
	}
	switch o.Format {
	case CSV:
		return File{Name: "export.csv", Type: "text/csv; charset=utf-8", Write: pieces}, nil
	case JSONL:
		return File{Name: "export.jsonl", Type: "application/x-ndjson", Write: pieces}, nil
	}
	return File{Name: "export.zip", Type: "application/zip",
		Write: func(ctx context.Context, w io.Writer) error { return zipped(ctx, w, pieces) }}, nil
}
