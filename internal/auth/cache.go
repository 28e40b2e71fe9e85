package auth

import (
	"sync"
	"time"

	"threadline/internal/crm"
)

const cacheSize = 4096

// cache remembers for a moment what a credential stood for, by the hash of it.
type cache struct {
	mu   sync.RWMutex
	m    map[string]cached
	max  int
	life time.Duration
}

type cached struct {
	proof Proof
	until crm.Time
}

func newCache(size int, life time.Duration) *cache {
	return &cache{m: make(map[string]cached), max: size, life: life}
}

func (c *cache) get(key string, now crm.Time) (Proof, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.m[key]
	return e.proof, ok && now < e.until
}

// put remembers a proof until the life of an entry or of the credential ends.
func (c *cache) put(key string, p Proof, now, expires crm.Time) {
	until := now.Add(c.life)
	if expires != 0 {
		until = min(until, expires)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) >= c.max {
		c.sweep(now)
	}
	c.m[key] = cached{proof: p, until: until}
}

// sweep makes room: what is over goes, and everything when that is not enough.
func (c *cache) sweep(now crm.Time) {
	for k, e := range c.m {
		if now >= e.until {
			delete(c.m, k)
		}
	}
	if len(c.m) >= c.max {
		clear(c.m)
	}
}

func (c *cache) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.m, key)
}

// dropUser forgets everything that stood for a user.
func (c *cache) dropUser(id crm.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range c.m {
		if e.proof.User.ID == id {
			delete(c.m, k)
		}
	}
}
