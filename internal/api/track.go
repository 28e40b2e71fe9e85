package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/track"
)

// trackRoutes answer the pictures and links of tracked mails, once the event is
// durable. HEAD is answered and not counted: no reader asks so.
func (s *Server) trackRoutes() {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		s.gin.Handle(method, track.OpenPath+":token", s.opened)
		s.gin.Handle(method, track.ClickPath+":token/:target", s.clicked)
	}
}

// links read addresses of tracking by all keys that are kept. When the store does
// not answer, those that the server knew at its start have to do.
func (s *Server) links(c *gin.Context) track.Links { return s.tracked(c.Request.Context()) }

func (s *Server) tracked(ctx context.Context) track.Links {
	s.keys.Lock()
	defer s.keys.Unlock()
	if now := s.deps.Space.Store().Now(); now.Sub(s.keysAt) > keysFor {
		if fresh, err := s.deps.Campaigns.Links(ctx, s.deps.Links.Base); err == nil {
			s.deps.Links, s.keysAt = fresh, now
		}
	}
	return s.deps.Links
}

// keysFor is how long keys are believed: another process may have made one.
const keysFor = 2 * time.Second

// picture is a transparent GIF of one point.
const picture = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// opened answers with the picture whatever the token, so that nobody can try
// tokens out.
func (s *Server) opened(c *gin.Context) {
	h, ok := s.links(c).ReadOpen(c.Param("token"))
	if ok && c.Request.Method == http.MethodGet {
		if err := s.hit(c, h); err != nil {
			s.refuse(c, err)
			return
		}
	}
	quiet(c)
	c.Data(http.StatusOK, "image/gif", []byte(picture))
}

// uncounted marks a click for which the gate had no place; it is counted among
// those that were sent away.
const uncounted = "uncounted"

// clicked leads to the address of the letter. When the event cannot be written
// down the reader is led on all the same, and the log says so.
func (s *Server) clicked(c *gin.Context) {
	h, ok := s.links(c).ReadClick(c.Param("token"), c.Param("target"))
	if !ok {
		l := i18n.Accepted(c.GetHeader("Accept-Language"))
		s.page(c, http.StatusNotFound, leaveWords{Title: l.T(i18n.LeaveUnknown), Text: l.T(i18n.LeaveUnknown)}, l)
		return
	}
	target := h.Target
	if c.Request.Method == http.MethodGet && !c.GetBool(uncounted) {
		if err := s.hit(c, h); err != nil {
			s.deps.Log.ErrorContext(c.Request.Context(), "a click was not written down", "campaign", h.Campaign, "err", err)
		}
	}
	quiet(c)
	c.Header("Location", target)
	c.Status(http.StatusFound)
}

// hit judges an event and waits until it is durable.
func (s *Server) hit(c *gin.Context, h crm.Hit) error {
	h.Agent = c.GetHeader("User-Agent")
	h.Verdict, h.Reason = track.Judge(h.Kind, track.Request{Agent: h.Agent, Prefetch: ahead(c.Request.Header)})
	if h.Recipient == "" {
		h.Agent = "" // of an aggregate campaign nothing is kept that tells people apart
	}
	return s.deps.Track.Take(c.Request.Context(), h)
}

// ahead tells whether a program fetches what nobody looks at yet.
func ahead(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"} {
		if v := strings.ToLower(h.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "preview") {
			return true
		}
	}
	return false
}

// quiet keeps answers out of caches, and our addresses out of other people's logs.
func quiet(c *gin.Context) {
	c.Header("Cache-Control", "no-store, max-age=0")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("X-Robots-Tag", "noindex, nofollow")
}
