package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Pipelines lists the pipelines of the workspace, the default one first.
func (s *Service) Pipelines(ctx context.Context, v access.Viewer) ([]crm.Pipeline, error) {
	if err := mayRead(v); err != nil {
		return nil, err
	}
	list, err := pipelines(ctx, s.sp)
	if err != nil {
		return nil, crm.Wrap("records.Pipelines", "the pipelines cannot be read", err)
	}
	return list, nil
}

// pipelines reads all of them: there are few, and which is the default depends
// on all.
func pipelines(ctx context.Context, r store.Reader) ([]crm.Pipeline, error) {
	docs, err := store.Settings.All(ctx, r, store.Query{})
	if err != nil {
		return nil, err
	}
	var out []crm.Pipeline
	for _, d := range docs {
		if p := d.Value.Pipeline; p != nil {
			out = append(out, *p)
		}
	}
	first := crm.DefaultPipeline().Key
	if i := slices.IndexFunc(out, func(p crm.Pipeline) bool { return p.Key == first }); i > 0 {
		p := out[i]
		out = slices.Insert(slices.Delete(out, i, i+1), 0, p)
	}
	return out, nil
}
