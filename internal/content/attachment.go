package content

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
)

// Attachment gets the n-th attachment of a mail from its server. Its name is the
// one that was stored, its type follows from its bytes: a raster picture may be
// shown in place, everything else is to be saved.
func (s *Service) Attachment(ctx context.Context, v access.Viewer, id crm.MessageID, n int) (File, error) {
	const op = crm.Op("content.Attachment")
	m, err := s.message(ctx, v, id)
	if err != nil {
		return File{}, err
	}
	if n < 0 || n >= len(m.Attachments) {
		return File{}, crm.Errorf(crm.NotFound, op, "nothing of that number is attached to the mail").WithField("n")
	}
	if err := s.Opened(ctx, v, m, crm.OpenedFile); err != nil {
		return File{}, err
	}
	p, err := s.whole(ctx, m)
	if err != nil {
		return File{}, err
	}
	// The stored list may be of another copy, which a list server wrapped.
	at := -1
	for i, a := range p.Attachments {
		if a.Name == m.Attachments[n].Name && a.Size == m.Attachments[n].Size && (at < 0 || i == n) {
			at = i
		}
	}
	if at < 0 {
		return File{}, crm.Errorf(crm.NotFound, op, "the mail on the server does not have this any more").WithField("n")
	}
	f := File{Name: m.Attachments[n].Name, Type: "application/octet-stream", Said: m.Attachments[n].Type, Data: p.Attached()[at].Content()}
	if kind := raster(f.Data); kind != "" {
		f.Type, f.Inline = kind, true
	}
	return f, nil
}
