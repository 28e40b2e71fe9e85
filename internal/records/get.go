package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// mayRead refuses viewers who see no records.
func mayRead(v access.Viewer) error {
	if v.Records() {
		return nil
	}
	return crm.Errorf(crm.Denied, "records.mayRead", "records are for members of the workspace").WithHint("sign in")
}

// Get returns one record as the viewer sees it; crm.NotFound when there is none,
// or none that they may know of.
func (s *Service) Get(ctx context.Context, v access.Viewer, id crm.RecordID) (store.Doc[crm.Record], error) {
	docs, err := s.GetMany(ctx, v, []crm.RecordID{id})
	if err != nil {
		return store.Doc[crm.Record]{}, err
	}
	if !docs[0].Exists() {
		return store.Doc[crm.Record]{}, missing(id)
	}
	return docs[0], nil
}

// GetMany returns one Doc per id; missing ones, and those of which the viewer
// may not know, do not Exist.
func (s *Service) GetMany(ctx context.Context, v access.Viewer, ids []crm.RecordID) ([]store.Doc[crm.Record], error) {
	if err := mayRead(v); err != nil {
		return nil, err
	}
	docs, err := fetch(ctx, s.sp, ids)
	if err != nil {
		return nil, crm.Wrap("records.GetMany", "the records cannot be read", err)
	}
	if err := s.sight(v).shown(ctx, docs); err != nil {
		return nil, crm.Wrap("records.GetMany", "the records cannot be read", err)
	}
	return docs, nil
}

func missing(id crm.RecordID) error {
	return crm.Errorf(crm.NotFound, "records.Get", "there is no record %s in this workspace", crm.Clip(string(id), 60))
}

// Stored reads a record as it is stored, whoever looks: for saying who may.
func Stored(ctx context.Context, sp *store.Space, id crm.RecordID) (crm.Record, error) {
	docs, err := fetch(ctx, sp, []crm.RecordID{id})
	if err == nil && !docs[0].Exists() {
		err = missing(id)
	}
	if err != nil {
		return crm.Record{}, err
	}
	return docs[0].Value, nil
}
