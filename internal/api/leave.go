package api

import (
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/i18n"
)

// leaveRoutes are the pages behind the unsubscribe links of campaign mails. GET
// changes nothing: programs follow links too. POST unsubscribes, from the page
// or as the one click of a mail program (RFC 8058), without cookie, any number
// of times.
func (s *Server) leaveRoutes() {
	s.gin.GET("/u/:token", s.askToLeave)
	s.gin.HEAD("/u/:token", s.askToLeave) // programs look whether the link is alive
	s.gin.POST("/u/:token", s.unsubscribe)
}

// leavePage is small and needs neither script nor style.
var leavePage = template.Must(template.New("leave").Parse(`<!doctype html>
<html lang="{{.Lang}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{{.Title}}</title>
<main><h1>{{.Title}}</h1><p>{{.Text}}</p>{{if .Lists}}<form method="post"><fieldset><legend>{{.Choose}}</legend>{{range .Lists}}
<p><label><input type="checkbox" name="keep" value="{{.Key}}"{{if .On}} checked{{end}}> {{.Name}}</label></p>{{end}}
</fieldset><button name="choice" value="save">{{.Save}}</button></form>{{end}}
{{if .Button}}<form method="post"><button>{{.Button}}</button></form>{{end}}</main></html>
`))

type leaveWords struct {
	Lang, Title, Text, Button string
	Choose, Save              string
	Lists                     []leaveList
}

// leaveList is one purpose on the page.
type leaveList struct {
	Key, Name string
	On        bool
}

func (s *Server) askToLeave(c *gin.Context) {
	l := i18n.Accepted(c.GetHeader("Accept-Language"))
	x, err := s.deps.Campaigns.Choices(c.Request.Context(), c.Param("token"))
	if err != nil {
		s.leaveFailed(c, l, err)
		return
	}
	s.choices(c, l, x, l.T(i18n.LeaveAsk, string(x.Recipient.Address)))
}

// choices shows what somebody may choose, and what they have chosen.
func (s *Server) choices(c *gin.Context, l i18n.Lang, x campaign.Choice, text string) {
	w := leaveWords{Title: l.T(i18n.LeaveTitle), Text: text, Button: l.T(i18n.LeaveButton), Choose: l.T(i18n.LeaveChoose), Save: l.T(i18n.LeaveSave)}
	for _, p := range x.Purposes {
		w.Lists = append(w.Lists, leaveList{Key: p.Key, Name: p.Name, On: !x.All && !x.Left[p.Key]})
	}
	if len(w.Lists) > 0 {
		w.Button = l.T(i18n.LeaveAll)
	}
	if x.All {
		w.Text, w.Button = l.T(i18n.LeaveNone, string(x.Recipient.Address)), ""
	}
	s.page(c, http.StatusOK, w, l)
}

// unsubscribe is the one click of a mail program, the button of the page, or the
// choice made there.
func (s *Server) unsubscribe(c *gin.Context) {
	l := i18n.Accepted(c.GetHeader("Accept-Language"))
	if c.PostForm("choice") == "save" {
		x, err := s.deps.Campaigns.Choose(c.Request.Context(), c.Param("token"), c.PostFormArray("keep"))
		if err != nil {
			s.leaveFailed(c, l, err)
			return
		}
		s.choices(c, l, x, l.T(i18n.LeaveSaved, string(x.Recipient.Address)))
		return
	}
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
