package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
)

// Pipelines lists the pipelines of deals, the default one first.
func (s *Service) Pipelines(ctx context.Context, v access.Viewer) ([]crm.Pipeline, error) {
	return s.PipelinesOf(ctx, v, crm.KindDeal)
}

// PipelinesOf lists the pipelines of a kind, the default one first.
func (s *Service) PipelinesOf(ctx context.Context, v access.Viewer, kind crm.Kind) ([]crm.Pipeline, error) {
	sch, err := s.Schema(ctx, v)
	if err != nil {
		return nil, err
	}
	if _, ok := sch.Noun(kind); !ok {
		return nil, crm.NoKind("records.PipelinesOf", kind, sch.Nouns()).WithField("kind")
	}
	return sch.Pipelines(kind), nil
}
