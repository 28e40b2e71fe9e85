package gmailtest

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Options sets a server up; the zero value is a patient one.
type Options struct {
	Now      func() time.Time // nil: time.Now
	Prices   map[string]int   // units by method; nil: Prices
	PerUser  int              // units in 60 seconds for one user; 0 for no limit
	Project  int              // units in 60 seconds in all; 0 for no limit
	Page     int              // entries on a page at most; 0 means 500
	Tokens   time.Duration    // life of access tokens; 0 means an hour
	ClientID string           // "" takes any
	Secret   string
}

// Server is the whole of Google as far as Threadline knows it. It is safe for
// concurrent use.
type Server struct {
	opt Options
	mux *http.ServeMux

	mu       sync.Mutex
	accounts map[string]*account
	oauth    oauth
	faults   []*Fault
	ledger   ledger
	serial   uint64
	news     chan struct{} // closed when anything changed
}

// New makes a server without accounts.
func New(opt Options) *Server {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Prices == nil {
		opt.Prices = Prices
	}
	if opt.Page == 0 {
		opt.Page = 500
	}
	if opt.Tokens == 0 {
		opt.Tokens = time.Hour
	}
	s := &Server{opt: opt, mux: http.NewServeMux(), accounts: map[string]*account{}, news: make(chan struct{})}
	s.oauth.init()
	s.ledger.calls = map[string]int{}
	s.routes()
	return s
}

// ServeHTTP answers as Google does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Start serves on a free loopback port until the test ends, and returns the
// address without a slash at its end.
func (s *Server) Start(t testing.TB) string {
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv.URL
}

// change runs f and tells those who wait.
func (s *Server) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.news)
	s.news = make(chan struct{})
}

// next makes a number that no other thing here has.
func (s *Server) next() uint64 { s.serial++; return s.serial }
