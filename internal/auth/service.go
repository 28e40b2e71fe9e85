package auth

import (
	"io"
	"time"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

// How long credentials live.
const (
	LinkLife    = time.Hour          // of a sign-in link
	InviteLife  = 3 * 24 * time.Hour // of the link for somebody new
	HalfLife    = 5 * time.Minute    // of a sign-in that waits for its second factor
	SessionLife = 30 * 24 * time.Hour
	IdleLife    = 7 * 24 * time.Hour // of a session that nobody uses
	FreshLife   = 10 * time.Minute   // for which a proof lets dangerous things be done
	CacheTTL    = 3 * time.Second    // how long a verified credential is trusted without a look
	seenEvery   = 5 * time.Minute
	usedEvery   = time.Minute
)

// Service checks credentials. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	random   io.Reader
	cache    *cache
	box      *seal.Box // nil: no second factors
	hasher   *hasher
	limits   *throttle
	sidebars *sidebars
}

// New makes the service; random is the source of secrets.
func New(st *store.Store, random io.Reader) *Service {
	return &Service{store: st, random: random, cache: newCache(cacheSize, CacheTTL), hasher: newHasher(random), limits: newThrottle(), sidebars: &sidebars{}}
}

// Sealing returns the service with a box for the secrets of second factors.
func (s *Service) Sealing(box *seal.Box) *Service {
	out := *s
	out.box = box
	return &out
}

// Visit is where a sign-in comes from.
type Visit struct {
	Address string // IP
	Agent   string // as the browser names itself
	Old     string // secret of the session that the browser held until now
}

// Proof is who somebody is, and how they have shown it.
type Proof struct {
	User    crm.User
	Session crm.Session // zero for keys
	Grants  []crm.Grant // of a key; nil: everything
}

// Fresh tells whether the person proved themselves moments ago.
func (p Proof) Fresh(now crm.Time) bool {
	return p.Session.ID != "" && now < p.Session.Proved.Add(FreshLife)
}

const clipAgent = 200
