package timeline

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/store"
)

// Service reads one workspace. It is safe for concurrent use.
type Service struct {
	sp     *store.Space
	bodies *store.BodyCodec
	blobs  *store.Blobs
	lang   i18n.Lang
	desk   *desk
	shelf  *store.Shelf
	opened Opened
}

// Opened is told of a body before it is handed out; its failure keeps it back.
type Opened func(ctx context.Context, v access.Viewer, m *crm.Message) error

// Telling returns the service that tells who opens which body.
func (s *Service) Telling(f Opened) *Service {
	c := *s
	c.opened = f
	return &c
}

// New makes a service that speaks English; In gives it another language.
func New(sp *store.Space, bodies *store.BodyCodec, blobs *store.Blobs) *Service {
	return &Service{sp: sp, bodies: bodies, blobs: blobs, lang: i18n.English, desk: &desk{}, shelf: store.NewShelf(sp)}
}

// In returns the service with its sentences in another language.
func (s *Service) In(lang i18n.Lang) *Service {
	c := *s
	c.lang = lang
	return &c
}

// Limits of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)
