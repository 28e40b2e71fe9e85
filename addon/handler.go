package addon

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/mail"
	"threadline/internal/timeline"
)

const (
	maxBody         = 1 << 20
	defaultDeadline = 8 * time.Second // the host gives up some time later
)

// Config is what a Handler must know about its deployment.
type Config struct {
	Audiences      []string // of the bearer token: addresses of the endpoint
	ClientID       string   // audience of user tokens
	ScriptID       string   // audience of the bearer tokens of the Apps Script flavour; "": it is not served
	ServiceAccount string   // address that signs the bearer token
	Links          URLs
	StateKey       []byte           // seals the actions of cards; the same for all processes of a workspace
	Now            func() time.Time // nil: time.Now
	Deadline       time.Duration    // for one answer; 0: 8 seconds
}

// incomplete tells whether something is missing without which anybody could call:
// of a deployment over HTTP all three, unless there is a script and no deployment.
func (c Config) incomplete() bool {
	set := len(c.Audiences) > 0 || c.ClientID != "" || c.ServiceAccount != ""
	return !(len(c.Audiences) > 0 && c.ClientID != "" && c.ServiceAccount != "") && (set || c.ScriptID == "")
}

// Deps are the rooms that a Handler calls.
type Deps struct {
	Verifier *Verifier
	// Lookup returns what viewer may see of a message, or a sheet that says why
	// it is missing. crm.NotFound counts as never seen.
	Lookup func(ctx context.Context, viewer crm.UserID, ref Ref) (*timeline.Sheet, error)
	// Home returns the day of a user.
	Home func(ctx context.Context, user crm.UserID) (*timeline.Home, error)
	// UserBySubject finds a user by the stable key at the identity provider or,
	// on first sight, by the verified address, and tells their locale. Somebody
	// whom we do not know is crm.NotFound.
	UserBySubject func(ctx context.Context, subject, email string) (crm.UserID, string, error)
	// Header asks Gmail for the header of the open message. Nil: nothing is known
	// of a message that is not stored.
	Header func(ctx context.Context, ev Event) (*mail.Parsed, error)
	// Draft makes a draft in the Gmail of the person. crm.Denied: the tokens of the
	// event may not. Nil: none are made.
	Draft func(ctx context.Context, ev Event, raw []byte) (GmailDraft, error)
	Book  *Book // nil: cards change nothing
	Log   *slog.Logger
}

// Handler answers events.
type Handler struct {
	cfg   Config
	deps  Deps
	zones zones
	ops   map[string]operation
}

// New makes a Handler. It fails with crm.Invalid when something is missing
// without which anybody could call it.
func New(cfg Config, deps Deps) (*Handler, error) {
	const op = crm.Op("addon.New")
	switch {
	case deps.Lookup == nil || deps.Home == nil || deps.UserBySubject == nil || deps.Log == nil:
		return nil, crm.Errorf(crm.Internal, op, "a room that the add-on calls is missing")
	case len(cfg.StateKey) == 0:
		return nil, crm.Errorf(crm.Internal, op, "there is no key to seal actions with")
	case deps.Verifier != nil && cfg.incomplete():
		return nil, crm.Errorf(crm.Invalid, op, "the add-on needs audience, client id and service account").
			WithHint("set --addon-audience, --addon-client-id and --addon-service-account")
	}
	if cfg.Deadline == 0 {
		cfg.Deadline = defaultDeadline
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Handler{cfg: cfg, deps: deps, ops: operations()}, nil
}

func (h *Handler) now() time.Time { return h.cfg.Now() }

// ServeHTTP answers an event that Google signed. The order of the checks is
// part of the contract: nothing of the body is looked at before the bearer
// token is verified.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), h.cfg.Deadline)
	defer cancel()
	v := View{Lang: i18n.English, Links: h.cfg.Links}
	caller, err := h.bearer(ctx, r)
	if crm.IsKind(err, crm.Unauthorized) {
		h.deps.Log.WarnContext(ctx, "add-on request refused", "error", err)
		unauthorized(w)
		return
	} else if err != nil {
		h.write(w, h.fail(ctx, err, v, triggerCard))
		return
	}
	ev, err := readEvent(w, r)
	if err == nil && ev.Host != "GMAIL" {
		err = crm.Errorf(crm.Invalid, "addon.ServeHTTP", "the event comes from another host than Gmail")
	}
	if err != nil {
		h.write(w, h.fail(ctx, err, v, triggerCard))
		return
	}
	h.write(w, h.signed(ctx, r, ev, caller))
}

// ServeSession answers an event of our own page. The caller has checked the
// session and that the request comes from our own origin.
func (h *Handler) ServeSession(w http.ResponseWriter, r *http.Request, user crm.UserID, locale string) {
	ctx, cancel := context.WithTimeout(r.Context(), h.cfg.Deadline)
	defer cancel()
	ev, err := readEvent(w, r)
	if err != nil {
		h.write(w, h.fail(ctx, err, h.view(ev, locale), triggerCard))
		return
	}
	ev.Own = true
	h.write(w, h.answer(ctx, r.URL.Query().Get(triggerParam), ev, user, locale))
}

// bearer checks the token that says that the request comes from Google, or from
// our script, whose requests carry the token of the person who clicked.
func (h *Handler) bearer(ctx context.Context, r *http.Request) (Claims, error) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if h.deps.Verifier == nil || !ok || !strings.EqualFold(scheme, "Bearer") {
		return Claims{}, refuse("there is none, or no keys are configured")
	}
	audiences := h.cfg.Audiences
	if h.cfg.ScriptID != "" {
		audiences = append(slices.Clone(audiences), h.cfg.ScriptID)
	}
	c, err := h.deps.Verifier.Verify(ctx, token, audiences...)
	if err != nil {
		return Claims{}, err
	}
	if !h.scripted(c) && c.Email != h.cfg.ServiceAccount {
		return Claims{}, refuse("it is not from the service account of the add-on")
	}
	h.deps.Log.DebugContext(ctx, "add-on bearer token accepted", "audience", c.Audience)
	return c, nil
}

// scripted tells whether a bearer token is that of a person before our script.
func (h *Handler) scripted(c Claims) bool {
	return h.cfg.ScriptID != "" && c.Audience == h.cfg.ScriptID
}
