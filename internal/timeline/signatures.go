package timeline

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
)

var errNotYet = crm.Errorf(crm.Internal, "timeline", "this read is not written yet")

// Of returns a page of a record's timeline, newest first: mail that is linked
// to the record, and the tasks, notes and calls about it. It fails with
// crm.NotFound when there is no such record and with crm.Denied for the
// operator, who reads mail as a user only.
func (s *Service) Of(ctx context.Context, v access.Viewer, record crm.RecordID, cursor string, limit int) (Page, error) {
	return Page{}, errNotYet
}

// Messages returns a page of mail, newest first.
func (s *Service) Messages(ctx context.Context, v access.Viewer, f Filter, cursor string, limit int) (List, error) {
	return List{}, errNotYet
}

// Message returns one message whole.
func (s *Service) Message(ctx context.Context, v access.Viewer, id crm.MessageID) (Message, error) {
	return Message{}, errNotYet
}

// Sheet returns the sheet of a message by our id, or by a Message-ID with or
// without angle brackets; crm.NotFound when it is not stored.
func (s *Service) Sheet(ctx context.Context, v access.Viewer, ref string) (*Sheet, error) {
	return nil, errNotYet
}

// Why explains the stored messages of a reference: our id or a Message-ID.
// crm.NotFound when none is stored: then the server may know more.
func (s *Service) Why(ctx context.Context, v access.Viewer, ref string) (Explanation, error) {
	return Explanation{}, errNotYet
}
