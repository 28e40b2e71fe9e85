package api

import (
	"context"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
)

// event takes the events of the sidebar. Google signs its own; our own page
// sends its session and is of the same origin.
func (s *Server) event(c *gin.Context) {
	if c.GetHeader("Authorization") != "" || s.deps.Sidebar == nil {
		if s.deps.Google == nil {
			s.refuse(c, crm.Errorf(crm.Unauthorized, "api.event", "the add-on is not configured").
				WithHint("start the server with --addon-jwks, --addon-audience, --addon-client-id and --addon-service-account"))
			return
		}
		s.deps.Google.ServeHTTP(c.Writer, c.Request)
		return
	}
	who, err := s.bySession(c.Request)
	if err != nil {
		s.refuse(c, err)
		return
	}
	if s.crossSite(c, who) {
		return
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), callerKey, who))
	s.deps.Sidebar(c.Writer, c.Request, who.user.ID, who.user.Locale)
}
