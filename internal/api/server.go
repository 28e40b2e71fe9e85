package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/keys"
	"threadline/internal/rooms"
	"threadline/internal/seal"
	"threadline/internal/track"
	"threadline/sync/gmail"
	"threadline/sync/source"
)

// Config is what the API must know about its deployment.
type Config struct {
	Listen  string   // host:port
	Public  *url.URL // as people reach the server; nil: http:// and Listen
	Proxies []string // addresses and ranges whose X-Forwarded-For is believed; nobody's when empty
	Version string
	Syncs   func() bool // whether the engine of this process runs
	Beside  *Server     // the door of another workspace in this process, with which limits are shared; nil: the first
}

// Deps are what the API opens the door to. Rooms, Auth, Seal, Search, Links,
// Source, Web and Log are required.
type Deps struct {
	*rooms.Rooms
	Auth     *auth.Service
	Provider *auth.Provider // signs in by OpenID Connect; nil: nobody does
	Seal     *seal.Box
	Search   Finder
	Links    track.Links
	Settings []Look                                    // what of the deployment's settings does not fit together
	Senders  func(ctx context.Context) ([]Look, error) // looks at the DNS of those who send; may be nil
	Source   func(m crm.Mailbox, password seal.Secret) (source.Source, error)
	Push     *Push          // nil: no notices are taken
	Gmail    *gmail.Project // nil: Gmail cannot be connected
	Notices  bool           // notices of new mail are ordered for Gmail accounts
	Added    func()         // a mailbox was added
	Google   http.Handler   // add-on events signed by Google
	Sidebar  func(w http.ResponseWriter, r *http.Request, user crm.UserID, locale string)
	Web      http.Handler
	Size     func() int64                                 // bytes of the store's files
	Check    func(ctx context.Context) error              // structure of the store's files, for verify
	Backup   func(ctx context.Context, w io.Writer) error // writes an archive; nil where the store has its own means
	Rotate   func(ctx context.Context) (keys.Rotated, error)
	Log      *slog.Logger
}

// Server is the HTTP door.
type Server struct {
	cfg      Config
	deps     Deps
	gin      *gin.Engine
	api      huma.API
	hosts    hosts
	origins  *http.CrossOriginProtection
	table    map[string]route // by method and path, as the router writes them
	gate     *gate
	visitors *visitors
	keys     sync.Mutex // guards deps.Links
	keysAt   crm.Time
	metrics  *metrics
	town     Town    // has the doors of all workspaces; nil: this one alone
	streams  streams // pages that are told what changes
	leaving  atomic.Bool
}

// New makes the door.
func New(cfg Config, deps Deps) (*Server, error) {
	hookErrors()
	gin.SetMode(gin.ReleaseMode)
	s := &Server{cfg: cfg, deps: deps, gin: gin.New(), hosts: newHosts(cfg.Listen, cfg.Public),
		origins: http.NewCrossOriginProtection(), table: map[string]route{}, gate: newGate(), visitors: &visitors{},
		streams: streams{of: map[string]int{}}}
	if cfg.Beside != nil {
		s.gate, s.visitors = cfg.Beside.gate, cfg.Beside.visitors
	}
	s.metrics = newMetrics(s)
	if cfg.Public != nil && cfg.Public.Host != "" {
		origin := cfg.Public.Scheme + "://" + cfg.Public.Host
		if err := s.origins.AddTrustedOrigin(origin); err != nil {
			return nil, crm.E(crm.Invalid, "api.New", "the public address is not usable", err).WithField("public-url").
				WithHint("write it as https://crm.company.example")
		}
	}
	if err := s.gin.SetTrustedProxies(cfg.Proxies); err != nil {
		return nil, crm.E(crm.Invalid, "api.New", "the trusted proxies cannot be read", err).
			WithField("trusted-proxy").WithHint("name addresses or ranges, such as 10.0.0.0/8")
	}
	s.gin.RemoteIPHeaders = []string{"X-Forwarded-For"} // the one that proxies are trusted for
	s.gin.HandleMethodNotAllowed = true
	s.gin.RedirectTrailingSlash = false // it answers before any guard, by headers that anybody may send
	s.gin.UseRawPath = true             // a Message-ID may hold a slash
	s.gin.Use(number, s.logged, s.recovered, headers, s.checkHost, s.once, s.bound, s.welcome, s.admit, s.identify)
	s.mount()
	return s, nil
}

// mount puts every door in its place.
func (s *Server) mount() {
	s.gin.GET("/healthz", s.healthy)
	s.gin.GET("/readyz", s.ready)
	s.gin.GET("/metrics", s.measures)
	s.gin.POST("/addon/v1/event", s.event)
	s.gin.POST("/push/gmail", s.pushed)
	s.gin.GET(googleStart, s.googleBegin)
	s.gin.GET(googleCallback, s.googleEnd)
	s.api = humagin.New(s.gin, config(s.cfg.Version))
	s.sessionRoutes()
	s.userRoutes()
	s.workspaceRoutes()
	s.keyRoutes()
	s.recordRoutes()
	s.queryRoutes()
	s.nameRoutes()
	s.searchRoutes()
	s.viewRoutes()
	s.segmentRoutes()
	s.noticeRoutes()
	s.liveRoutes()
	s.messageRoutes()
	s.contentRoutes()
	s.requestRoutes()
	s.threadRoutes()
	s.mailboxRoutes()
	s.gmailRoutes()
	s.outgoingRoutes()
	s.draftRoutes()
	s.awayRoutes()
	s.suggestionRoutes()
	s.questionRoutes()
	s.standingRoutes()
	s.changeRoutes()
	s.folderRoutes()
	s.pipelineRoutes()
	s.leadRoutes()
	s.roleRoutes()
	s.accessRoutes()
	s.templateRoutes()
	s.campaignRoutes()
	s.jobRoutes()
	s.importRoutes()
	s.fileRoutes()
	s.bulkRoutes()
	s.extractRoutes()
	s.duplicateRoutes()
	s.wholeRoutes()
	s.backupRoutes()
	s.eraseRoutes()
	s.doctorRoutes()
	s.sealRoutes()
	s.gin.GET("/openapi.json", s.told())
	s.gin.NoMethod(func(c *gin.Context) {
		s.send(c, tell(c.Request.Context(), http.StatusMethodNotAllowed, crm.Invalid, "this address takes other methods", "", ""))
	})
	s.gin.NoRoute(s.elsewhere)
}

// told answers with the OpenAPI document, which is written when it is first asked
// for: commands without a server mount the routes and never do.
func (s *Server) told() gin.HandlerFunc {
	document := sync.OnceValues(func() ([]byte, error) { return json.Marshal(s.api.OpenAPI()) })
	return func(c *gin.Context) {
		data, err := document()
		if err != nil {
			s.refuse(c, crm.E(crm.Internal, "api.told", "the OpenAPI document cannot be written", err))
			return
		}
		c.Data(http.StatusOK, "application/json", data)
	}
}

// elsewhere is the web app, and nothing below the addresses of the API.
func (s *Server) elsewhere(c *gin.Context) {
	for _, ours := range []string{"/api/", "/addon/", "/push/", "/t/", "/u/", "/f/", "/auth/"} {
		if strings.HasPrefix(c.Request.URL.Path, ours) {
			s.refuse(c, crm.Errorf(crm.NotFound, "api.elsewhere", "there is nothing at this address").
				WithHint("every address of the API is in /openapi.json"))
			return
		}
	}
	c.Writer.WriteHeader(http.StatusOK) // the router's guess was 404
	s.deps.Web.ServeHTTP(c.Writer, c.Request)
}

// Public is the handler for the network.
func (s *Server) Public() http.Handler { return s.gin }

// Operator is the handler for the socket, whose callers are the operator. It
// must be reachable by nobody else.
func (s *Server) Operator() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.gin.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), socketKey, true)))
	})
}

// Mount adds a route outside of the API: for the demo.
func (s *Server) Mount(method, path string, h http.Handler) { s.gin.Handle(method, path, gin.WrapH(h)) }

// Leave makes the server say that it is not ready any more.
func (s *Server) Leave() { s.leaving.Store(true) }

// secure tells whether people reach the server over https.
func (s *Server) secure() bool { return s.cfg.Public != nil && s.cfg.Public.Scheme == "https" }
