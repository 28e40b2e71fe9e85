package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
)

const requestHeader = "X-Request-Id"

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey).(string)
	return id
}

// number gives the request an id. One that a client sends is not taken: it
// would be its word in our log.
func number(c *gin.Context) {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	id := hex.EncodeToString(b[:])
	c.Header(requestHeader, id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestKey, id))
	c.Next()
}

// logged writes one line for each request: no query, no header, no body.
func (s *Server) logged(c *gin.Context) {
	start := time.Now()
	c.Next()
	path := routeOf(c)
	took := time.Since(start)
	s.metrics.observe(c, took)
	if strings.HasPrefix(path, "/t/") && c.Writer.Status() < http.StatusInternalServerError {
		return // the events themselves are stored
	}
	s.deps.Log.InfoContext(c.Request.Context(), "request", "id", requestID(c.Request.Context()), "method", methodOf(c),
		"route", path, "status", c.Writer.Status(), "bytes", c.Writer.Size(), "ms", took.Milliseconds())
}

// routeOf is the pattern of a route; of the web app, which has none, the first
// piece of the path, if it looks like one of its pages: nobody knows what else
// somebody pastes into the line of addresses.
func routeOf(c *gin.Context) string {
	if route := c.FullPath(); route != "" {
		return route
	}
	page, rest, _ := strings.Cut(strings.TrimPrefix(c.Request.URL.Path, "/"), "/")
	if len(page) > 20 || strings.Trim(page, "abcdefghijklmnopqrstuvwxyz-.") != "" {
		return "other"
	}
	if rest != "" {
		page += "/…"
	}
	return "/" + page
}

// recovered turns a panic into a problem document.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler {
			panic(v) // the way to end a broken stream
		}
		s.deps.Log.ErrorContext(c.Request.Context(), "a handler panicked", "request", requestID(c.Request.Context()),
			"route", routeOf(c), "panic", panicked(v), "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			s.refuse(c, crm.Errorf(crm.Internal, "api.recovered", "Internal error"))
		}
		c.Abort()
	}()
	c.Next()
}

// panicked tells what a panic was about: in the words of Go itself, which quote
// nothing; of any other only of what sort it was, for it may hold anything.
func panicked(v any) string {
	var ours runtime.Error
	if err, ok := v.(error); ok && errors.As(err, &ours) {
		return ours.Error()
	}
	return fmt.Sprintf("%T", v)
}

// refuse answers with the problem of an error and ends the request.
func (s *Server) refuse(c *gin.Context, err error) {
	p := problem(c.Request.Context(), s.deps.Log, err)
	s.send(c, p)
}

func (s *Server) send(c *gin.Context, p *Problem) {
	if p.Status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", `Bearer realm="threadline"`)
	}
	for k, v := range p.GetHeaders() {
		c.Header(k, v[0])
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Type", p.ContentType(""))
	c.AbortWithStatusJSON(p.Status, p)
}

// headers is what every answer carries. The web app sets its own policy.
func headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		h.Set("Cache-Control", "no-store")
	}
	c.Next()
}

// hosts knows by which names the server may be called. A page of another site
// can make its own name resolve to our address (DNS rebinding), but cannot make
// the browser send another Host.
type hosts struct {
	names    map[string]bool
	anyPlain bool // listening on every address: any IP literal is ours
}

func newHosts(listen string, public *url.URL) hosts {
	h := hosts{names: map[string]bool{"localhost": true}}
	if public != nil && public.Hostname() != "" {
		h.names[strings.ToLower(public.Hostname())] = true
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		host = listen
	}
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.IsUnspecified() {
		h.anyPlain = true
	} else {
		h.names[strings.ToLower(host)] = true
	}
	return h
}

// loopback tells whether a host is this machine.
func (hosts) loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

func (h hosts) allows(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(host); err == nil && (addr.IsLoopback() || h.anyPlain) {
		return true
	}
	return h.names[host]
}

func (s *Server) checkHost(c *gin.Context) {
	if c.Request.Context().Value(socketKey) == nil && !s.hosts.allows(c.Request.Host) {
		s.send(c, tell(c.Request.Context(), http.StatusMisdirectedRequest, crm.Denied,
			"this server does not answer for the host "+crm.Clip(c.Request.Host, 80), "host",
			"start it with --public-url, naming the address that people use"))
		return
	}
	c.Next()
}

// paced is a body of any size whose sender has to go on sending: it holds a place
// in the gate until it is through.
type paced struct {
	io.ReadCloser
	deadlines   *http.ResponseController
	begun, last time.Time
	came        int64
}

// slowest is the rate below which nobody sends a file.
const slowest = 4 << 10 // bytes per second

// Read implements io.Reader, with a deadline instead of the one for all requests.
func (p *paced) Read(b []byte) (int, error) {
	due := p.begun.Add(bodyTime + time.Duration(p.came)*time.Second/slowest)
	if due.After(p.last) {
		due = p.last
	}
	_ = p.deadlines.SetReadDeadline(due) // bodies without deadlines are in memory
	n, err := p.ReadCloser.Read(b)
	p.came += int64(n)
	return n, err
}

// drained is how much of a body that is refused is read all the same.
const drained = 64 << 20

// drain reads what a client still sends that is refused: it would see a broken
// connection, not the answer, before it had sent all of it.
func (s *Server) drain(c *gin.Context) {
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(bodyTime)) // writers without deadlines are in memory
	from := io.Reader(c.Request.Body)
	if b, ok := from.(bounded); ok {
		from = b.whole
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(from, drained)) // what does not come is refused with the rest
}

// bounded is a body of which handlers read no more than they may.
type bounded struct {
	io.ReadCloser
	whole io.Reader
}

// bound limits body and time of a request.
func (s *Server) bound(c *gin.Context) {
	rule := s.table[c.Request.Method+" "+c.FullPath()]
	if rule.limit == 0 {
		rule.limit = deadline
	}
	if !rule.stream && c.Request.ContentLength > maxBody {
		s.drain(c)
		s.refuse(c, crm.Errorf(crm.TooLarge, "api.bound", "the body has more than %d bytes", maxBody))
		return
	}
	// Answers of a length that is not known end with the context; a client that
	// reads slower than this is cut. Writers without deadlines are in memory.
	deadlines, last := http.NewResponseController(c.Writer), time.Now().Add(rule.limit+10*time.Second)
	_ = deadlines.SetWriteDeadline(last)
	if rule.stream {
		c.Request.Body = &paced{ReadCloser: c.Request.Body, deadlines: deadlines, begun: time.Now(), last: last}
	} else {
		c.Request.Body = bounded{http.MaxBytesReader(c.Writer, c.Request.Body, maxBody+1), c.Request.Body}
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), rule.limit)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}
