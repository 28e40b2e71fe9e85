package api

import (
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
	"threadline/internal/i18n"
)

// leaveRoutes are the pages behind the unsubscribe links of campaign mails. GET
// changes nothing: programs follow links too. POST unsubscribes, from the page
// or as the one click of a mail program (RFC 8058), without cookie, any number
// of times.
func (s *Server) leaveRoutes() {
	s.gin.GET("/u/:token", s.askToLeave)
	s.gin.POST("/u/:token", s.unsubscribe)
}

// leavePage is small and needs neither script nor style.
var leavePage = template.Must(template.New("leave").Parse(`<!doctype html>
<html lang="{{.Lang}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{{.Title}}</title>
<main><h1>{{.Title}}</h1><p>{{.Text}}</p>{{if .Button}}<form method="post"><button>{{.Button}}</button></form>{{end}}</main></html>
`))

type leaveWords struct {
	Lang, Title, Text, Button string
}

func (s *Server) askToLeave(c *gin.Context) {
	l, _ := i18n.ParseLang(c.GetHeader("Accept-Language"))
	r, err := s.deps.Campaigns.Leaving(c.Request.Context(), c.Param("token"))
	if err != nil {
		s.leaveFailed(c, l, err)
		return
	}
	s.page(c, http.StatusOK, leaveWords{Title: l.T(i18n.LeaveTitle), Text: l.T(i18n.LeaveAsk, string(r.Address)), Button: l.T(i18n.LeaveButton)}, l)
}

func (s *Server) unsubscribe(c *gin.Context) {
	l, _ := i18n.ParseLang(c.GetHeader("Accept-Language"))
	r, err := s.deps.Campaigns.Leave(c.Request.Context(), c.Param("token"))
	if err != nil {
		s.leaveFailed(c, l, err)
		return
	}
	s.page(c, http.StatusOK, leaveWords{Title: l.T(i18n.LeaveTitle), Text: l.T(i18n.LeaveDone, string(r.Address))}, l)
}

// leaveFailed says so on a page, for a person who followed a link.
func (s *Server) leaveFailed(c *gin.Context, l i18n.Lang, err error) {
	if crm.IsKind(err, crm.NotFound) {
		s.page(c, http.StatusNotFound, leaveWords{Title: l.T(i18n.LeaveTitle), Text: l.T(i18n.LeaveUnknown)}, l)
		return
	}
	s.refuse(c, err)
}

func (s *Server) page(c *gin.Context, status int, words leaveWords, l i18n.Lang) {
	words.Lang = string(l)
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Header("Content-Security-Policy", "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "no-referrer")
	c.Status(status)
	if err := leavePage.Execute(c.Writer, words); err != nil {
		s.deps.Log.WarnContext(c.Request.Context(), "a page was not written whole", "err", err)
	}
}
