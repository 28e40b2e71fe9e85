package api

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"threadline/internal/crm"
)

// visitors holds back one caller of the doors that need no sign-in, so that
// nobody tries tokens out by the million or fills the store with events. Image
// proxies of large providers stand for many readers: the limit is wide.
type visitors struct {
	mu  sync.Mutex
	now map[netip.Prefix]*rate.Limiter
	was map[netip.Prefix]*rate.Limiter // of the generation before
}

const (
	visitorRate  = 200  // requests a second
	visitorBurst = 1000 // at once
	visitorsMost = 20_000
)

// of is the limit of a caller. Of those who have been quiet longest it forgets:
// memory is bounded by two generations.
func (s *visitors) of(caller netip.Prefix) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.now[caller]
	if l == nil {
		if l = s.was[caller]; l == nil {
			l = rate.NewLimiter(visitorRate, visitorBurst)
		}
		if len(s.now) >= visitorsMost || s.now == nil {
			s.was, s.now = s.now, map[netip.Prefix]*rate.Limiter{}
		}
		s.now[caller] = l
	}
	return l
}

// stranger is the network of a caller: an address, or of IPv6 what one customer
// has.
func stranger(ip string) netip.Prefix {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return netip.Prefix{}
	}
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the number fits
	return p
}

// welcome lets a request to the doors without sign-in pass, unless its caller sends
// too many.
func (s *Server) welcome(c *gin.Context) {
	path := c.Request.URL.Path
	if !strings.HasPrefix(path, "/t/") && !strings.HasPrefix(path, "/u/") || s.visitors.of(stranger(c.ClientIP())).Allow() {
		c.Next()
		return
	}
	s.refuse(c, crm.Errorf(crm.Throttled, "api.welcome", "too many requests come from here").WithHint("send fewer").WithAfter(time.Second))
	c.Abort()
}
