package api

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
)

// saidOnce are headers that mean one thing: of two, a server before us may have
// read the other one.
var saidOnce = []string{"Authorization", "Content-Type", "Content-Encoding", "If-Match", "Idempotency-Key", "Origin", "Sec-Fetch-Site", asHeader, WorkspaceHeader}

// once refuses a request of the API that can be read in two ways: with two
// credentials, a parameter that stands twice, an address that is none, or text in
// another alphabet of bytes than it says.
func (s *Server) once(c *gin.Context) {
	h := c.Request.Header
	if lines := h.Values("X-Forwarded-For"); len(lines) > 1 { // one list (RFC 9110 §5.3), of which the router reads one line
		h.Set("X-Forwarded-For", strings.Join(lines, ", "))
	}
	for _, name := range saidOnce {
		if len(h.Values(name)) > 1 {
			s.refuse(c, crm.Errorf(crm.Invalid, "api.once", "the header %s stands twice", name).WithField(name))
			return
		}
	}
	if len(c.Request.TransferEncoding) > 0 { // it may have told another length, too: nothing may follow (RFC 9112 §6.1)
		c.Header("Connection", "close")
	}
	path := c.Request.URL.Path
	if strings.ContainsRune(path, 0) || !utf8.ValidString(path) {
		s.refuse(c, crm.Errorf(crm.Invalid, "api.once", "this address is no text"))
		return
	}
	if !strings.HasPrefix(path, "/api/") {
		c.Next()
		return
	}
	if err := plainQuery(c.Request.URL.RawQuery); err != nil {
		s.refuse(c, err)
		return
	}
	if rule := s.table[c.Request.Method+" "+c.FullPath()]; !rule.stream && !readable(h.Get("Content-Type")) {
		s.send(c, tell(c.Request.Context(), http.StatusUnsupportedMediaType, crm.Invalid, "the body must be UTF-8", "Content-Type", ""))
		return
	}
	c.Next()
}

// plainQuery refuses what is dropped without a word otherwise: parts of a query
// that cannot be read, and the second value of a parameter.
func plainQuery(raw string) error {
	const op = crm.Op("api.plainQuery")
	query, err := url.ParseQuery(raw)
	if err != nil {
		return crm.Errorf(crm.Invalid, op, "what follows ? in the address cannot be read").WithHint("escape what stands between & and =")
	}
	for name, values := range query {
		if len(values) > 1 {
			return crm.Errorf(crm.Invalid, op, "%s stands in the address twice", crm.Clip(name, 60)).WithField(crm.Clip(name, 60))
		}
		if text := name + values[0]; strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
			return crm.Errorf(crm.Invalid, op, "this is no text").WithField(crm.Clip(strings.ToValidUTF8(name, "?"), 60))
		}
	}
	return nil
}

// readable tells whether a media type says no other charset than UTF-8, of which
// ASCII is a part.
func readable(kind string) bool {
	if kind == "" {
		return true
	}
	_, params, err := mime.ParseMediaType(kind)
	if err != nil {
		return !strings.Contains(strings.ToLower(kind), "charset") // what it is, its reader says
	}
	charset := strings.ToLower(params["charset"])
	return charset == "" || charset == "utf-8" || charset == "us-ascii"
}
