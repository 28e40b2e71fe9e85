package api

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
	"threadline/internal/track"
)

// classOf tells which class a request belongs to.
func (s *Server) classOf(c *gin.Context, rule route) class {
	path := c.Request.URL.Path
	switch {
	case c.Request.Context().Value(socketKey) != nil:
		return classNone
	case rule.tag == "live":
		return classNone // it waits nearly always, and has bounds of its own
	case strings.HasPrefix(path, "/addon/"):
		return classCard
	case strings.HasPrefix(path, "/t/"):
		return classTracking
	case strings.HasPrefix(path, "/u/"), strings.HasPrefix(path, "/f/"):
		return classVisitor
	case rule.limit >= longLimit, rule.stream:
		return classExport
	case rule.outside, strings.HasPrefix(path, "/auth/"), strings.HasPrefix(path, "/google/"): // the last two ask Google, for anybody
		return classOutside
	case rule.tag == "session" && rule.method != http.MethodGet && rule.method != http.MethodDelete:
		return classSignIn
	case strings.HasPrefix(path, "/api/"), strings.HasPrefix(path, "/push/"):
		return classAPI
	}
	return classNone
}

// admit lets a request in when there is a place for it. Its body is read before
// and its answer sent after, so that a slow client holds no place.
func (s *Server) admit(c *gin.Context) {
	rule := s.table[c.Request.Method+" "+c.FullPath()]
	kind := s.classOf(c, rule)
	if kind == classNone {
		c.Next()
		return
	}
	if kind != classExport && !s.receive(c) {
		return
	}
	leave, err := s.gate.enter(c.Request.Context(), kind, s.callerName(c))
	if err != nil && strings.HasPrefix(c.Request.URL.Path, track.ClickPath) {
		c.Set(uncounted, true) // whoever reads a letter gets where it leads
		c.Next()
		return
	}
	if err != nil {
		s.refuse(c, err)
		return
	}
	if kind >= classTracking {
		defer leave()
		c.Next()
		return
	}
	held := &held{ResponseWriter: c.Writer}
	c.Writer = held
	func() {
		defer leave()
		defer func() { c.Writer = held.ResponseWriter }()
		c.Next()
	}()
	held.send()
}

// bodyTime is how long a client may take to send a body.
const bodyTime = 30 * time.Second

// receive reads the body; false when it is too large or does not come.
func (s *Server) receive(c *gin.Context) bool {
	if c.Request.Body == nil || c.Request.Body == http.NoBody || c.Request.ContentLength == 0 {
		return true
	}
	if coding := c.GetHeader("Content-Encoding"); coding != "" && coding != "identity" {
		s.refuse(c, tell(c.Request.Context(), http.StatusUnsupportedMediaType, crm.Invalid, "the body is compressed", "Content-Encoding", "send it as it is"))
		return false
	}
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(bodyTime)) // writers without deadlines are in memory
	raw, err := io.ReadAll(io.LimitReader(c.Request.Body, maxBody+1))
	switch {
	case len(raw) > maxBody:
		s.drain(c)
		s.refuse(c, crm.Errorf(crm.TooLarge, "api.receive", "the body has more than %d bytes", maxBody))
		return false
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.refuse(c, tell(c.Request.Context(), http.StatusRequestTimeout, crm.Invalid, "the body did not arrive", "", "send it again"))
		return false
	case err != nil:
		s.refuse(c, tell(c.Request.Context(), http.StatusBadRequest, crm.Invalid, "the body is cut or malformed", "", "send it again"))
		return false
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(raw))
	return true
}

// callerName is whom a request counts for: the credential that it shows, whatever
// stands beside it, else the address. It is not checked yet, so it only ever holds
// its sender back; what is no credential is refused before it costs anything.
func (s *Server) callerName(c *gin.Context) string {
	_, shown, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if shown = strings.TrimSpace(shown); shown == "" {
		for _, cookie := range c.Request.CookiesNamed(s.cookieName()) {
			shown = cookie.Value
		}
	}
	if shown == "" {
		return c.ClientIP()
	}
	sum := sha256.Sum256([]byte(shown))
	return string(sum[:16])
}

// retryAfter says in whole seconds when to come again; different callers are
// told different times, so that they do not come back together; of a long time no
// more than half a minute later.
func retryAfter(after time.Duration) string {
	seconds := max(1, int(after.Round(time.Second).Seconds()))
	return strconv.Itoa(seconds + rand.IntN(min(seconds, 30)+2))
}

// held keeps an answer back until its place in the gate is given up.
type held struct {
	gin.ResponseWriter
	body   bytes.Buffer
	status int
}

// WriteHeader implements http.ResponseWriter.
func (h *held) WriteHeader(status int) {
	if status > 0 {
		h.status = status
	}
}

// WriteHeaderNow implements gin.ResponseWriter.
func (h *held) WriteHeaderNow() {}

// Write implements io.Writer.
func (h *held) Write(b []byte) (int, error) { return h.body.Write(b) }

// WriteString implements io.StringWriter.
func (h *held) WriteString(s string) (int, error) { return h.body.WriteString(s) }

// Flush implements http.Flusher: what is held back goes at once in the end.
func (h *held) Flush() {}

// Status implements gin.ResponseWriter.
func (h *held) Status() int {
	if h.status == 0 {
		return h.ResponseWriter.Status()
	}
	return h.status
}

// Size implements gin.ResponseWriter.
func (h *held) Size() int { return h.body.Len() }

// Written implements gin.ResponseWriter.
func (h *held) Written() bool { return h.body.Len() > 0 }

// send gives the answer to the client.
func (h *held) send() {
	if h.status != 0 {
		h.ResponseWriter.WriteHeader(h.status)
	}
	if h.body.Len() == 0 {
		h.ResponseWriter.WriteHeaderNow()
		return
	}
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // the client is gone: nobody is left to tell
}
