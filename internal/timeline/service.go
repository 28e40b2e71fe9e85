package timeline

import (
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
}

// New makes a service that speaks English; In gives it another language.
func New(sp *store.Space, bodies *store.BodyCodec, blobs *store.Blobs) *Service {
	return &Service{sp: sp, bodies: bodies, blobs: blobs, lang: i18n.English, desk: &desk{}}
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
