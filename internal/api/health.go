package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
)

// healthy says that the process answers.
func (s *Server) healthy(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// ready says that requests can be served: the store answers and the server is
// not about to stop.
func (s *Server) ready(c *gin.Context) {
	if s.leaving.Load() {
		s.refuse(c, crm.Errorf(crm.Unavailable, "api.ready", "the server is stopping"))
		return
	}
	if _, err := s.workspace(c.Request.Context()); err != nil {
		s.refuse(c, crm.E(crm.Unavailable, "api.ready", "the store does not answer", err))
		return
	}
	c.String(http.StatusOK, "ready\n")
}
