package auth

import (
	"io"
	"time"

	"threadline/internal/store"
)

// How long credentials live.
const (
	LinkLife    = time.Hour
	SessionLife = 30 * 24 * time.Hour
	CacheTTL    = 3 * time.Second // how long a verified credential is trusted without a look
)

// Service checks credentials. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	random io.Reader
	cache  *cache
}

// New makes the service; random is the source of secrets.
func New(st *store.Store, random io.Reader) *Service {
	return &Service{store: st, random: random, cache: newCache(cacheSize, CacheTTL)}
}
