package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// SavePipeline makes a pipeline or replaces the one with its key. Stages in
// which there are records stay, and so does whose pipeline it is.
func (s *Service) SavePipeline(ctx context.Context, by By, p crm.Pipeline) (string, error) {
	const op = crm.Op("records.SavePipeline")
	if err := p.Check(); err != nil {
		return "", err
	}
	return s.set(ctx, by, "set the pipeline "+p.Key, func(ctx context.Context, tx *store.Tx, sch crm.Schema) error {
		if n, ok := sch.Noun(p.For()); !ok || !n.Staged {
			return crm.Errorf(crm.Invalid, op, "%q moves through no pipeline", crm.Clip(string(p.Kind), 40)).WithField("kind")
		}
		v := writer(access.NewPolicy(sch), by)
		for _, st := range p.Stages {
			if was, ok := pipelineIn(sch, p.Key); ok && slices.ContainsFunc(was.Stages, func(x crm.Stage) bool { return x.Key == st.Key && x.Gate == st.Gate }) {
				continue // somebody else set it
			}
			if err := checkGate(sch, v, p.For(), st); err != nil {
				return err
			}
		}
		if old, ok := pipelineIn(sch, p.Key); ok {
			if old.For() != p.For() {
				return crm.Errorf(crm.Invalid, op, "the pipeline is one of %s", old.For()).WithField("kind")
			}
			for _, st := range old.Stages {
				if _, kept := p.Stage(st.Key); kept {
					continue
				}
				if err := unused(ctx, tx, p.For(), p.Key, st.Key, nil); err != nil {
					return err
				}
			}
		}
		return put(tx, crm.PipelineSetting(p))
	})
}

// DeletePipeline deletes a pipeline without records.
func (s *Service) DeletePipeline(ctx context.Context, by By, key string) (string, error) {
	return s.set(ctx, by, "delete the pipeline "+key, func(ctx context.Context, tx *store.Tx, sch crm.Schema) error {
		p, ok := pipelineIn(sch, key)
		if !ok {
			return crm.Errorf(crm.NotFound, "records.DeletePipeline", "there is no pipeline %q", crm.Clip(key, 40)).WithField("key")
		}
		if err := unused(ctx, tx, p.For(), p.Key, "", nil); err != nil {
			return err
		}
		store.Settings.Delete(tx, crm.PipelineSetting(p).ID)
		return nil
	})
}

func pipelineIn(sch crm.Schema, key string) (crm.Pipeline, bool) {
	all := sch.AllPipelines()
	i := slices.IndexFunc(all, func(p crm.Pipeline) bool { return p.Key == key })
	if i < 0 {
		return crm.Pipeline{}, false
	}
	return all[i], true
}

// unused refuses when a record is in the pipeline, in the stage when one is
// named; those that except knows do not count.
func unused(ctx context.Context, r store.Reader, kind crm.Kind, pipeline, stage string, except func(crm.RecordID) bool) error {
	q := store.Query{Where: []store.Filter{store.Is("kind", kind), store.Is("values.pipeline", pipeline)}, Limit: store.MaxLimit}
	if q.Order = "values.stage"; stage != "" {
		q.Where, q.Order = append(q.Where, store.Is("values.stage", stage)), ""
	}
	page, err := store.Records.Query(ctx, r, q)
	for _, d := range page.Items {
		if except == nil || !except(d.Value.ID) {
			return crm.Errorf(crm.Conflict, "records.pipeline", "there are records in it, such as %s", d.Value.ID).
				WithField("stages").WithHint("move them first: POST /api/v1/pipelines/" + pipeline + "/move")
		}
	}
	return err
}

// MovePipeline moves all records of a pipeline to another of the same kind, by
// an explicit map of stages, in transactions of one batch.
func (s *Service) MovePipeline(ctx context.Context, by By, from, to string, stages map[string]string) (string, int, error) {
	const op = crm.Op("records.MovePipeline")
	sch, err := s.schema(ctx)
	if err != nil {
		return "", 0, err
	}
	a, okA := pipelineIn(sch, from)
	b, okB := pipelineIn(sch, to)
	if !okA || !okB || a.For() != b.For() || from == to {
		return "", 0, crm.Errorf(crm.Invalid, op, "records move between two pipelines of one kind").WithField("to")
	}
	for _, st := range a.Stages {
		if _, ok := b.Stage(stages[st.Key]); !ok {
			return "", 0, crm.Errorf(crm.Invalid, op, "say which stage of %s follows %s", to, st.Key).
				WithField("stages." + st.Key).WithHint("one of " + stageKeys(b))
		}
	}
	q := store.Query{Where: []store.Filter{store.Is("kind", a.For()), store.Is("values.pipeline", from)}, Order: "values.stage", Limit: chunkRecords}
	moved := 0
	for {
		page, err := store.Records.Query(ctx, s.sp, q)
		if err != nil || len(page.Items) == 0 {
			return by.Batch, moved, crm.Wrap(op, "the records cannot be moved", err)
		}
		for _, d := range page.Items {
			done, err := s.Update(ctx, by, d.Value.ID, Patch{Values: map[string]any{"pipeline": to, "stage": stages[d.Value.Text("stage")]}})
			if err != nil {
				return by.Batch, moved, err
			}
			by.Batch = done.Batch
			moved++
		}
	}
}
