package view

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Service keeps the views and segments of a workspace. It is safe for concurrent
// use.
type Service struct {
	sp      *store.Space
	records *records.Service
}

// New makes the service of a workspace.
func New(sp *store.Space, r *records.Service) *Service { return &Service{sp: sp, records: r} }

// teams are the keys of the teams of a viewer.
func (s *Service) teams(ctx context.Context, r store.Reader, v access.Viewer) ([]string, error) {
	if v.User == "" {
		return nil, nil
	}
	id := crm.MembershipSetting(crm.Membership{User: v.User}).ID
	docs, err := store.Settings.GetMany(ctx, r, []string{id})
	if err != nil || docs[0].Value.Membership == nil {
		return nil, err
	}
	return docs[0].Value.Membership.Teams, nil
}

// parse reads a query about a kind and writes it as it is kept.
func (s *Service) parse(ctx context.Context, v access.Viewer, kind crm.Kind, text string) (*query.Query, string, error) {
	q, err := s.records.Parse(ctx, v, text)
	if err != nil {
		return nil, "", about(err, "query")
	}
	if q.Kind != kind {
		return nil, "", crm.Errorf(crm.Invalid, "view.parse", "the query asks for records of another kind than %s", kind).WithField("query")
	}
	words, err := s.records.Words(ctx, v)
	if err != nil {
		return nil, "", err
	}
	return q, query.Format(q, words), nil
}

// about names the field that an error is about, when it names none or that of a
// question.
func about(err error, field string) error {
	if e, ok := err.(*crm.Error); ok && (e.Field == "" || e.Field == "q") {
		return e.WithField(field)
	}
	return err
}

func info(by records.By, title string) store.ChangeInfo {
	return store.ChangeInfo{Actor: by.Actor, Cause: by.Cause, Batch: by.Batch, Title: title}
}
