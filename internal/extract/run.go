package extract

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

const pageRecords = 500

// position is where a file stands.
type position struct {
	Begun  bool   `json:"begun,omitempty"` // the headings are written
	Kind   int    `json:"kind,omitempty"`  // of all kinds of records, the present one
	Cursor string `json:"cursor,omitempty"`
	Inner  string `json:"inner,omitempty"` // of the mail of the present record
	Piece  int    `json:"piece"`
	end    bool
}

// piece is a part of a file.
type piece struct {
	data   []byte
	counts map[string]int64
	done   int64
	next   position
}

// run is one file being written.
type run struct {
	s     *Service
	job   crm.Job
	order Order
}

func (s *Service) open(_ context.Context, j crm.Job) (job.Run, error) {
	r := &run{s: s, job: j}
	if err := json.Unmarshal(j.Spec, &r.order); err != nil {
		return nil, crm.E(crm.Internal, "extract.open", "the job cannot be read", err)
	}
	return r, nil
}

// Close implements job.Run.
func (r *run) Close() error { return nil }

// Next implements job.Run: one piece of the file, as its maker may read it now.
func (r *run) Next(ctx context.Context) (job.Chunk, error) {
	var at position
	if r.job.Position != "" {
		if err := json.Unmarshal([]byte(r.job.Position), &at); err != nil {
			return job.Chunk{}, crm.E(crm.Internal, "extract.Next", "the job cannot be read", err)
		}
	}
	v, err := r.viewer(ctx)
	if err != nil {
		return job.Chunk{}, err
	}
	p, err := r.piece(ctx, v, at)
	if err != nil {
		return job.Chunk{}, err
	}
	name := ""
	if len(p.data) > 0 {
		if name, err = r.s.Blobs.Put(ctx, r.s.Space.Workspace(), p.data); err != nil {
			return job.Chunk{}, err
		}
	}
	p.next.Piece = at.Piece + 1
	pos, err := json.Marshal(p.next)
	if err != nil {
		return job.Chunk{}, err
	}
	write := func(_ context.Context, _ *store.Tx, j *crm.Job) error {
		j.Blobs = slices.Clone(j.Blobs)
		if name != "" {
			j.Blobs = append(j.Blobs, name)
		}
		j.Counts = maps.Clone(j.Counts)
		for key, n := range p.counts {
			if j.Counts == nil {
				j.Counts = map[string]int64{}
			}
			j.Counts[key] += n
		}
		j.Done += p.done
		j.Position = string(pos)
		if p.next.end {
			j.State, j.Total, j.Position = crm.JobDone, j.Done, ""
		}
		r.job = *j
		return nil
	}
	return job.Chunk{Info: store.ChangeInfo{Actor: r.job.By, Cause: crm.CauseSystem}, Write: write}, nil
}

func (r *run) viewer(ctx context.Context) (access.Viewer, error) {
	if r.job.By == "" {
		return access.Operator(), nil
	}
	v, err := r.s.Records.Viewer(ctx, r.job.By)
	if err != nil {
		return v, err
	}
	return v, v.Require(crm.RightExport)
}

func (r *run) piece(ctx context.Context, v access.Viewer, at position) (piece, error) {
	switch {
	case r.order.Format == CSV:
		return r.table(ctx, v, at)
	case r.order.Format == EML:
		return r.letters(ctx, v, at)
	}
	return r.lines(ctx, v, at)
}

// page is the next part of what a query finds, with what is computed of it.
func (r *run) page(ctx context.Context, v access.Viewer, text string, at position) (crm.Noun, records.Found, error) {
	q, n, err := r.s.question(ctx, v, text)
	if err != nil {
		return n, records.Found{}, err
	}
	q.Limit = pageRecords
	found, err := r.s.Records.Run(ctx, v, q, at.Cursor)
	if err != nil {
		return n, records.Found{}, err
	}
	return n, found, r.s.Records.Figures(ctx, v, found.Items)
}

// lines are records as JSON lines: those of the query, or of every kind in turn.
func (r *run) lines(ctx context.Context, v access.Viewer, at position) (piece, error) {
	p := piece{next: at}
	text := r.order.Query
	last := true
	if text == "" {
		words, err := r.s.Records.Words(ctx, v)
		if err != nil {
			return p, err
		}
		if at.Kind >= len(words.Nouns) {
			p.next.end = true
			return p, nil
		}
		text, last = words.Nouns[at.Kind].Plural, at.Kind == len(words.Nouns)-1
	}
	_, found, err := r.page(ctx, v, text, at)
	if err != nil {
		return p, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for i := range found.Items {
		if err := enc.Encode(&found.Items[i].Value); err != nil {
			return p, crm.E(crm.Internal, "extract.lines", "a record cannot be written", err)
		}
	}
	p.data, p.done, p.next.Cursor = out.Bytes(), int64(len(found.Items)), found.Next
	if found.Next == "" {
		p.next.Kind, p.next.end = at.Kind+1, last
	}
	return p, nil
}
