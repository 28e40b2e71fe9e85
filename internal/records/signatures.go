package records

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

var errLater = crm.Errorf(crm.Unavailable, "records", "not there yet")

// Create makes one record.
func (s *Service) Create(ctx context.Context, by By, d Draft) (Saved, error) {
	return Saved{}, errLater
}

// CreateMany makes many records as one batch, in chunks; a draft whose id exists is skipped.
func (s *Service) CreateMany(ctx context.Context, by By, drafts []Draft) (Created, error) {
	return Created{}, errLater
}

// Update changes some values of a record.
func (s *Service) Update(ctx context.Context, by By, id crm.RecordID, p Patch) (Saved, error) {
	return Saved{}, errLater
}

// Delete removes a record and what points to it; it returns the batch.
func (s *Service) Delete(ctx context.Context, by By, id crm.RecordID, ifMatch store.Version) (string, error) {
	return "", errLater
}

// Get returns one record; crm.NotFound when there is none.
func (s *Service) Get(ctx context.Context, viewer crm.UserID, id crm.RecordID) (store.Doc[crm.Record], error) {
	return store.Doc[crm.Record]{}, errLater
}

// GetMany returns one Doc per id; missing ones do not Exist.
func (s *Service) GetMany(ctx context.Context, viewer crm.UserID, ids []crm.RecordID) ([]store.Doc[crm.Record], error) {
	return nil, errLater
}

// List returns the records of a kind, newest first.
func (s *Service) List(ctx context.Context, viewer crm.UserID, kind crm.Kind, p Page) (store.Page[crm.Record], error) {
	return store.Page[crm.Record]{}, errLater
}

// Run answers a query; crm.MissingIndex when no declared index serves it.
func (s *Service) Run(ctx context.Context, viewer crm.UserID, q *query.Query, cursor string) (store.Page[crm.Record], error) {
	return store.Page[crm.Record]{}, errLater
}

// ChangeView is one change as people read it.
type ChangeView struct {
	ID      string       `json:"id"`
	Batch   string       `json:"batch"`
	Actor   crm.UserID   `json:"actor,omitempty"`
	Cause   crm.Cause    `json:"cause"`
	Title   string       `json:"title,omitempty"`
	At      crm.Time     `json:"at"`
	Undoes  string       `json:"undoes,omitempty"`
	Entries []EntityDiff `json:"entries"`
}

// EntityDiff is what a change did to one entity.
type EntityDiff struct {
	Collection string      `json:"collection"`
	ID         string      `json:"id"`
	Did        string      `json:"did" enum:"created,updated,deleted"`
	Fields     []FieldDiff `json:"fields"`
}

// FieldDiff is one field before and after; nil means it was not set.
type FieldDiff struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// ChangePage is one page of changes, newest first.
type ChangePage struct {
	Items []ChangeView `json:"items"`
	Next  string       `json:"next"`
}

// History lists what happened to one entity: a record, rule, setting or answer.
func (s *Service) History(ctx context.Context, viewer crm.UserID, id string, p Page) (ChangePage, error) {
	return ChangePage{}, errLater
}

// Changes lists the changes of the workspace.
func (s *Service) Changes(ctx context.Context, viewer crm.UserID, p Page) (ChangePage, error) {
	return ChangePage{}, errLater
}

// Batch lists the changes of one batch.
func (s *Service) Batch(ctx context.Context, viewer crm.UserID, batch string, p Page) (ChangePage, error) {
	return ChangePage{}, errLater
}

// Undo takes a batch back and returns the batch that does it.
func (s *Service) Undo(ctx context.Context, by By, batch string) (string, error) {
	return "", errLater
}

// Pipelines lists the pipelines of the workspace.
func (s *Service) Pipelines(ctx context.Context, viewer crm.UserID) ([]crm.Pipeline, error) {
	return nil, errLater
}

// TokensOf returns every identity that the record holds or held.
func TokensOf(r *crm.Record) []crm.Token { return r.Tokens() }
