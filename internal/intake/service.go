package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/table"
)

// Service brings files into one workspace. It is safe for concurrent use.
type Service struct {
	sp      *store.Space
	blobs   *store.Blobs
	records *records.Service
	jobs    *job.Service
	allow   Allow
}

// Allow counts files and bytes that somebody uploads, and refuses what is too much.
type Allow func(ctx context.Context, who crm.UserID, files, bytes int64) error

// Kind is the work of imports, for package job. It needs the rooms that the
// service is made with later.
func Kind(sp *store.Space, blobs *store.Blobs, rec *records.Service) job.Kind {
	s := &Service{sp: sp, blobs: blobs, records: rec}
	return job.Kind{Name: KindName, Passes: true, Open: s.open, Waits: func(j *crm.Job) bool { return j.Stage == StageUploaded || j.Stage == StagePlanned }}
}

// New makes the service; jobs knows its Kind.
func New(sp *store.Space, blobs *store.Blobs, rec *records.Service, jobs *job.Service, allow Allow) *Service {
	return &Service{sp: sp, blobs: blobs, records: rec, jobs: jobs, allow: allow}
}

// Import is a file on its way in.
type Import struct {
	job.Progress
	Spec Spec `json:"spec"`
}

func importOf(p job.Progress) (Import, error) {
	s, err := specOf(&p.Job)
	return Import{p, s}, err
}

const (
	sampleBytes = 64 << 10
	sampleRows  = 5
	sampleCell  = 200 // runes
)

// Upload keeps a file and guesses how it is written and what its columns are.
func (s *Service) Upload(ctx context.Context, by records.By, n crm.Noun, name string, in io.Reader, o Options) (Import, error) {
	names, size, head, err := keep(ctx, s.blobs, s.sp.Workspace(), in, func(files, bytes int64) error { return s.allow(ctx, by.Actor, files, bytes) })
	if err != nil {
		return Import{}, err
	}
	if size == 0 {
		return Import{}, crm.Errorf(crm.Invalid, "intake.Upload", "the file is empty").WithField("file")
	}
	if err := table.Text(head); err != nil {
		return Import{}, err
	}
	spec := Spec{Kind: n.Kind, File: crm.Clip(name, 200), Size: size}
	if err := s.settle(&spec, n, head, o); err != nil {
		return Import{}, err
	}
	j := crm.Job{Kind: KindName, State: crm.JobWaiting, Stage: StageUploaded, By: by.Actor, Blobs: names,
		Title: "import " + n.Plural + " from " + crm.Clip(or(name, "a file"), 100)}
	if j.Spec, err = json.Marshal(spec); err != nil {
		return Import{}, crm.E(crm.Internal, "intake.Upload", "the job cannot be written", err)
	}
	if j.Batch, err = s.sp.Store().NewID(crm.PrefixBatch); err != nil {
		return Import{}, err
	}
	p, err := s.jobs.Add(ctx, j)
	if err != nil {
		return Import{}, err
	}
	return importOf(p)
}

// noun finds a noun of the workspace.
func (s *Service) noun(ctx context.Context, k crm.Kind) (crm.Noun, error) {
	sch, err := s.records.Schema(ctx, access.Operator())
	if err != nil {
		return crm.Noun{}, err
	}
	n, ok := sch.Noun(k)
	if !ok {
		return n, crm.Errorf(crm.Invalid, "intake.noun", "%q is no kind of record", crm.Clip(string(k), 40)).WithField("as")
	}
	return n, nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// settle fills in the spec of a file from its beginning.
func (s *Service) settle(spec *Spec, n crm.Noun, head []byte, o Options) error {
	spec.Dialect = table.GuessAs(head[:min(len(head), sampleBytes)], o.Encoding, o.Delimiter)
	if o.Header != nil {
		spec.Dialect.Header = *o.Header
	}
	if err := spec.Dialect.Check(); err != nil {
		return err
	}
	spec.Columns, spec.Sample, spec.Said = nil, nil, o
	r := table.NewReader(bytes.NewReader(head), spec.Dialect)
	for len(spec.Sample) < sampleRows {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return crm.E(crm.Invalid, "intake.settle", "the file cannot be read", err).WithField("file")
		}
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, crm.Clip(c, sampleCell))
		}
		switch {
		case row.Err != nil:
		case spec.Columns == nil && spec.Dialect.Header:
			spec.Columns = cells
		default:
			if spec.Columns == nil {
				for i := range cells {
					spec.Columns = append(spec.Columns, "column "+strconv.Itoa(i+1))
				}
			}
			spec.Sample = append(spec.Sample, cells)
		}
	}
	if len(spec.Columns) == 0 {
		return crm.Errorf(crm.Invalid, "intake.settle", "the file holds no row that can be read").WithField("file")
	}
	if len(spec.Columns) > maxColumns {
		return crm.Errorf(crm.Invalid, "intake.settle", "the file has %d columns, and at most %d are read", len(spec.Columns), maxColumns).
			WithField("file").WithHint("take out what is not to be brought in")
	}
	return spec.complete(n, o)
}

// maxColumns is how many columns a file may have: each is compared with each field.
const maxColumns = 1000

// Plan says, or says again, how the file is read, and starts to plan. What is
// left empty stays as it was said before.
func (s *Service) Plan(ctx context.Context, v access.Viewer, id string, o Options) (Import, error) {
	return s.plan(ctx, v, id, o, nil)
}

// Decide decides on single rows, and starts to plan again: what becomes of later
// rows may hang on them.
func (s *Service) Decide(ctx context.Context, v access.Viewer, id string, list []Decision) (Import, error) {
	return s.plan(ctx, v, id, Options{}, list)
}

func (s *Service) plan(ctx context.Context, v access.Viewer, id string, o Options, list []Decision) (Import, error) {
	was, err := s.Get(ctx, v, id)
	if err != nil {
		return Import{}, err
	}
	n, err := s.noun(ctx, was.Spec.Kind)
	if err != nil {
		return Import{}, err
	}
	head, err := s.blobs.Get(ctx, s.sp.Workspace(), was.Blobs[0])
	if err != nil {
		return Import{}, err
	}
	spec := was.Spec
	if err := s.settle(&spec, n, head, o.over(spec.Said)); err != nil {
		return Import{}, err
	}
	if err := spec.decide(list); err != nil {
		return Import{}, err
	}
	data, err := json.Marshal(spec)
	if err != nil {
		return Import{}, crm.E(crm.Internal, "intake.Plan", "the job cannot be written", err)
	}
	return s.edit(ctx, v, id, func(j *crm.Job) error {
		if j.Stage == StageApply || j.Stage == StageApplied {
			return crm.Errorf(crm.Conflict, "intake.Plan", "the import was begun").WithField("stage").
				WithHint("take it back with: threadline undo " + j.Batch + ", and upload the file again")
		}
		job.Begin(j)
		j.Stage, j.Position, j.Spec, j.Done, j.Total, j.Counts = StagePlan, "", data, 0, 0, nil
		return nil
	})
}

// Apply starts to do what was planned.
func (s *Service) Apply(ctx context.Context, v access.Viewer, id string) (Import, error) {
	return s.edit(ctx, v, id, func(j *crm.Job) error {
		if j.Stage != StagePlanned {
			return crm.Errorf(crm.Conflict, "intake.Apply", "there is no plan to apply").WithField("stage").
				WithHint("it is " + j.Stage + "; plan first, and apply once")
		}
		job.Begin(j)
		j.Stage, j.Position, j.Done, j.Counts = StageApply, "", 0, nil
		return nil
	})
}

func (s *Service) edit(ctx context.Context, v access.Viewer, id string, edit func(*crm.Job) error) (Import, error) {
	p, err := s.jobs.Edit(ctx, v, id, func(j *crm.Job) error {
		if j.Kind != KindName {
			return none(id)
		}
		return edit(j)
	})
	if err != nil {
		return Import{}, err
	}
	return importOf(p)
}

// Get returns an import of the viewer.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (Import, error) {
	p, err := s.jobs.Get(ctx, v, id)
	if err != nil {
		return Import{}, err
	}
	if p.Kind != KindName {
		return Import{}, none(id)
	}
	return importOf(p)
}

func none(id string) error {
	return crm.Errorf(crm.NotFound, "intake.Get", "there is no import %q", crm.Clip(id, 60)).WithField("id")
}
