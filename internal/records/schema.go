package records

import (
	"context"
	"sync"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Schema returns the table of nouns of the workspace: the built-in ones and its
// own folders, with its own fields, and its pipelines; fields that are hidden
// from the viewer are not in it.
func (s *Service) Schema(ctx context.Context, v access.Viewer) (crm.Schema, error) {
	if err := mayRead(v); err != nil {
		return crm.Schema{}, err
	}
	sch, err := s.schema(ctx)
	return sch.Without(v.Hides), err
}

// schemas keeps the schema that was read last. Nobody changes what it holds.
type schemas struct {
	mu   sync.Mutex
	last *crm.Schema
	age  uint64 // of the settings that it was read from
}

// schema is the schema as it is. Where only this process writes, it is read
// again when settings were changed; elsewhere each time.
func (s *Service) schema(ctx context.Context) (crm.Schema, error) {
	age := s.sp.SettingsAge()
	s.kept.mu.Lock()
	last, good := s.kept.last, s.kept.age == age && s.sp.Store().Alone()
	s.kept.mu.Unlock()
	if last != nil && good {
		return *last, nil
	}
	sch, err := readSchema(ctx, s.sp)
	if err != nil {
		return sch, crm.Wrap("records.Schema", "the folders and fields cannot be read", err)
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	s.kept.last, s.kept.age = &sch, age
	return sch, nil
}

// readSchema reads all settings: there are few, and each may matter to any
// record.
func readSchema(ctx context.Context, r store.Reader) (crm.Schema, error) {
	return store.ReadSchema(ctx, r)
}

// noun returns the noun of an id with the workspace's own fields.
func (s *Service) noun(ctx context.Context, id crm.RecordID) (crm.Noun, error) {
	sch, err := s.schema(ctx)
	if err != nil {
		return crm.Noun{}, err
	}
	return nounIn(sch, id)
}

func nounIn(sch crm.Schema, id crm.RecordID) (crm.Noun, error) {
	n, ok := sch.NounOfID(id)
	if !ok {
		return n, crm.Errorf(crm.NotFound, "records.nounIn", "there is no record %s", crm.Clip(string(id), 60)).
			WithHint("an id of a record looks like con_…, com_… or dea_…")
	}
	return n, nil
}
