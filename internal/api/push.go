package api

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"threadline/addon"
	"threadline/internal/crm"
	"threadline/sync/gmail"
)

// Push is who may tell of changes: Pub/Sub, in the name of a service account
// (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
type Push struct {
	Verifier       *addon.Verifier
	Audience       string // as the subscription is set up
	ServiceAccount string // whose tokens are taken
}

const maxPush = 64 << 10

// pushed takes a notice. It is a hint and nothing more: the answer comes at once,
// and whoever waits for the account looks by themselves.
func (s *Server) pushed(c *gin.Context) {
	p := s.deps.Push
	if p == nil || s.deps.Gmail == nil {
		s.refuse(c, crm.Errorf(crm.NotFound, "api.push", "no notices are taken here").
			WithHint("start the server with --push-service-account"))
		return
	}
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		s.refuse(c, crm.Errorf(crm.Unauthorized, "api.push", "a notice without a token is not taken"))
		return
	}
	claims, err := p.Verifier.Verify(c.Request.Context(), strings.TrimSpace(token), p.Audience)
	if err == nil && claims.Email != p.ServiceAccount {
		err = crm.Errorf(crm.Unauthorized, "api.push", "the token is of another service account")
	}
	if err != nil {
		s.refuse(c, err)
		return
	}
	var in struct{ Message gmail.PushMessage }
	body, err := io.ReadAll(io.LimitReader(c.Request.Body, maxPush))
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		s.refuse(c, crm.Errorf(crm.Invalid, "api.push", "the notice is no message of Pub/Sub"))
		return
	}
	if err := s.deps.Gmail.Hub().Take(in.Message); err != nil { // Pub/Sub would send it again for days
		s.deps.Log.InfoContext(c.Request.Context(), "a notice was not understood", "err", err)
	}
	c.Status(http.StatusNoContent)
}
