package records

import (
	"context"
	"slices"
	"strings"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/formula"
	"threadline/internal/store"
)

// Derive computes what is not stored of records, into Derived: touches, days in
// the stage, the next task, whose turn it is, completeness of qualification,
// statistics and formulas. All of it is computed anew from what is stored, so
// that it cannot differ from a recompute. Mail counts as far as the viewer may
// know of it.
func (s *Service) Derive(ctx context.Context, v access.Viewer, list []*crm.Record) error {
	if err := mayRead(v); err != nil {
		return err
	}
	d, err := s.deriver(ctx, v)
	if err != nil {
		return crm.Wrap("records.Derive", "what follows from the records cannot be computed", err)
	}
	for _, r := range list {
		if err := d.derive(ctx, r); err != nil {
			return crm.Wrap("records.Derive", "what follows from the record cannot be computed", err)
		}
	}
	return nil
}

type deriver struct {
	s      *Service
	viewer access.Viewer
	schema crm.Schema
	now    crm.Time
	zone   *time.Location
	known  map[crm.RecordID]*crm.Record
	stats  map[crm.RecordID]map[string]any
	sight  *sight

	programs map[string]*formula.Program // of formulas by kind and key; nil where one lost a field

	everyone bool     // of mail, count what every member may know of
	due      crm.Time // when time alone changes what was computed
}

func (s *Service) deriver(ctx context.Context, v access.Viewer) (*deriver, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	sch, err := s.schema(ctx)
	return &deriver{s: s, sight: s.sight(v), viewer: v, schema: sch, now: s.sp.Store().Now(), zone: v.Zone(ws.Value.Zone),
		known: map[crm.RecordID]*crm.Record{}, stats: map[crm.RecordID]map[string]any{}, programs: map[string]*formula.Program{}}, err
}

func (d *deriver) derive(ctx context.Context, r *crm.Record) error {
	n, ok := d.schema.Noun(r.Kind)
	if !ok || n.Activity {
		return nil
	}
	happened, err := d.happened(ctx, r.ID)
	if err != nil {
		return err
	}
	r.Derived = crm.Touches(happened, d.now)
	for _, h := range happened {
		d.window(h.At, 30)
	}
	if err := d.nextTask(ctx, r); err != nil {
		return err
	}
	for _, p := range d.schema.Pipelines(r.Kind) {
		if p.Key == r.Text("pipeline") {
			for key, v := range crm.InStage(r, p, d.now) {
				r.Derived[key] = v
			}
			if days, ok := r.Derived[crm.DaysInStage].(int64); ok {
				since := r.StageMoves()
				d.soon(since[len(since)-1].At.Add(time.Duration(days+1) * 24 * time.Hour))
			}
		}
	}
	for _, scheme := range crm.Schemes() {
		if _, asks := n.Field(scheme + "_" + crm.Criteria(scheme)[0]); asks {
			r.Derived[scheme+"_complete"] = int64(crm.Completeness(r, scheme))
		}
	}
	if err := d.lifecycle(ctx, n, r); err != nil {
		return err
	}
	return d.fields(ctx, n, r)
}

// lifecycle finds what a contact or a company is to us.
func (d *deriver) lifecycle(ctx context.Context, n crm.Noun, r *crm.Record) error {
	if !n.HasLifecycle() || d.viewer.Hides(n.Kind, crm.Lifecycle) {
		return nil
	}
	var stages []crm.StageKind
	said := r.Text(crm.Lifecycle)
	if said == "" {
		deals, _ := d.schema.Noun(crm.KindDeal)
		relation, _ := deals.Field(map[crm.Kind]string{crm.KindContact: "contacts", crm.KindCompany: "company"}[n.Kind])
		items, err := d.pointing(ctx, r.ID, deals, relation, "stage_kind")
		if err != nil {
			return err
		}
		for _, it := range items {
			kind, _ := it.Value.(string)
			stages = append(stages, crm.StageKind(kind))
		}
	}
	if s := crm.LifecycleOf(said, stages); s != "" {
		r.Derived[crm.Lifecycle] = s
	}
	return nil
}

// fields computes the statistics and the formulas of a record.
func (d *deriver) fields(ctx context.Context, n crm.Noun, r *crm.Record) error {
	if err := d.figures(ctx, n, r); err != nil {
		return err
	}
	for key, v := range d.stats[r.ID] {
		r.Derived[key] = v
	}
	if err := d.load(ctx, n, r); err != nil {
		return err
	}
	env := formula.Env{Record: r, Now: d.now, Zone: d.zone,
		Related: func(id crm.RecordID) *crm.Record { return d.known[id] },
		Figure:  func(of *crm.Record, key string) any { return d.stats[of.ID][key] }}
	for _, f := range n.Fields {
		if f.Type != crm.FieldFormula || d.viewer.Hides(n.Kind, f.Key) {
			continue
		}
		if strings.Contains(f.Expr, "today") || strings.Contains(f.Expr, "now") {
			d.soon(d.tomorrow())
		}
		if p := d.program(n, f); p != nil {
			if v := p.Eval(env); v != nil {
				r.Derived[f.Key] = v
			}
		}
	}
	return nil
}

// program is the compiled formula of a field: once for all records of a list.
func (d *deriver) program(n crm.Noun, f crm.Field) *formula.Program {
	key := string(n.Kind) + "." + f.Key
	p, known := d.programs[key]
	if !known {
		var err error
		if p, err = formula.Compile(d.schema, n, f.Expr); err != nil {
			p = nil
		}
		d.programs[key] = p
	}
	return p
}

// load reads the records that formulas may ask for, with their statistics.
func (d *deriver) load(ctx context.Context, n crm.Noun, r *crm.Record) error {
	asks := slices.ContainsFunc(n.Fields, func(f crm.Field) bool { return f.Type == crm.FieldFormula })
	if !asks {
		return nil
	}
	var ids []crm.RecordID
	for _, f := range n.Fields {
		if f.Type == crm.FieldRelation && !f.Many {
			ids = append(ids, r.Records(f.Key)...)
		}
	}
	ids = slices.DeleteFunc(ids, func(id crm.RecordID) bool { return d.known[id] != nil })
	docs, err := d.s.GetMany(ctx, d.viewer, ids)
	if err != nil {
		return err
	}
	for i := range docs {
		to := &docs[i].Value
		if !docs[i].Exists() {
			continue
		}
		d.known[to.ID] = to
		if noun, ok := d.schema.Noun(to.Kind); ok {
			if err := d.figures(ctx, noun, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// nextTask finds the open task that is due first.
func (d *deriver) nextTask(ctx context.Context, r *crm.Record) error {
	var next *crm.Record
	err := d.activities(ctx, r.ID, func(a *crm.Record) {
		if a.Kind != crm.KindTask || a.Text("status") == "done" || a.Text("status") == "cancelled" {
			return
		}
		if next == nil || earlier(a, next) {
			next = a
		}
	})
	if next != nil {
		r.Derived[crm.NextTask] = map[string]any{"id": string(next.ID), "title": next.Text("title"), "due": next.Text("due")}
	}
	return err
}

// earlier orders tasks by their day, those without a day last.
func earlier(a, b *crm.Record) bool {
	x, y := a.Text("due"), b.Text("due")
	if (x == "") != (y == "") {
		return x != ""
	}
	return x < y || x == y && a.ID < b.ID
}
