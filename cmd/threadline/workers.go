package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"threadline/addon"
	"threadline/addon/card"
	"threadline/internal/access"
	"threadline/internal/api"
	"threadline/internal/auth"
	"threadline/internal/backup"
	"threadline/internal/crm"
	"threadline/internal/keys"
	"threadline/internal/rooms"
	"threadline/internal/seal"
	"threadline/internal/search"
	"threadline/internal/track"
	"threadline/internal/web"
)

// workers are the doors of a house and what runs behind them.
type workers struct {
	door   *api.Server
	house  *house
	base   *url.URL // as people reach the server
	syncs  bool     // the sync is a part of this process
	sends  bool     // so is the outbox
	google googleOptions
	begun  atomic.Bool // the workers run
	cancel context.CancelFunc
	ctx    context.Context // ends when the workers are to stop
	wg     sync.WaitGroup
	work   func() // begins to carry out long work, once
}

// workers opens the doors of a house; beside is the door of the first one, nil for
// that itself.
func (m *Main) workers(ctx context.Context, h *house, beside *api.Server) (*workers, error) {
	base, err := m.base()
	if err != nil {
		return nil, err
	}
	w := &workers{house: h, base: base, syncs: slices.Contains(m.opt.run, "sync"), sends: slices.Contains(m.opt.run, "send"), google: m.opt.google}
	sidebar, err := m.sidebar(ctx, w)
	if err != nil {
		return nil, err
	}
	deps := api.Deps{Rooms: h.Rooms, Auth: h.auth, Seal: h.seal, Gmail: h.gmail, Notices: m.opt.google.topic != "", Source: h.newSource, Search: w.finder(),
		Links: track.Links{Base: base.String(), Key: h.idKey}, Google: sidebar, Sidebar: sidebar.ServeSession, Web: web.Handler(),
		Size: h.size, Check: h.check, Log: h.log, Added: w.look, Settings: m.opt.looks()}
	look := h.preflight(base.String(), m.Resolver != nil)
	h.Campaigns.Checking(look)
	deps.Senders = func(ctx context.Context) ([]api.Look, error) { return h.senders(ctx, look) }
	if deps.Push, err = m.push(w); err != nil {
		return nil, err
	}
	if deps.Provider, err = m.provider(base); err != nil {
		return nil, err
	}
	if h.copy != nil { // one process holds the data
		deps.Rotate = func(ctx context.Context) (keys.Rotated, error) { return keys.Rotate(ctx, h.store, h.seal, rand.Reader) }
		deps.Backup = (&backup.House{Snapshot: h.copy, Open: m.openCopy, Blobs: h.Blobs,
			Dir: h.data, Version: version(), Now: h.store.Now}).Write
	}
	w.door, err = api.New(api.Config{Listen: m.opt.listen, Proxies: m.opt.proxies, Public: base, Version: version(), Beside: beside,
		Syncs: func() bool { return w.syncs && w.begun.Load() }}, deps)
	// Workers outlive the call that starts them, and end by stop alone.
	w.ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	w.work = sync.OnceFunc(func() { w.wg.Go(func() { w.report("jobs", h.Jobs.Run(w.ctx)) }) })
	return w, err
}

// start runs what works in the background: links that follow changes, long work,
// and the sync.
func (w *workers) start() {
	w.begun.Store(true)
	w.each(w.house.Workers(w.house.noticeMail(w.base)))
	w.work()
	if w.sends {
		w.each(w.house.Senders(w.campaigns()))
	}
	if o := w.google; w.syncs && w.house.gmail != nil {
		if o.topic != "" {
			w.wg.Go(func() { w.report("notices", w.house.watchAll(w.ctx, o.topic)) })
		}
		if o.subscription != "" {
			w.wg.Go(func() { w.report("pull", w.house.pull(w.ctx, &o)) })
		}
	}
	if w.syncs {
		w.wg.Go(func() { w.report("sync", w.house.Engine.Run(w.ctx)) })
	}
}

func (w *workers) each(list []rooms.Worker) {
	for _, one := range list {
		w.wg.Go(func() { w.report(one.Name, one.Run(w.ctx)) })
	}
}

// finder searches; without workers that follow, the index is brought up to date
// first.
func (w *workers) finder() api.Finder {
	h := w.house
	return api.Finder{Service: h.Finder, Rebuild: h.Indexer.Rebuild,
		Find: func(ctx context.Context, v access.Viewer, q search.Question) ([]search.Hit, error) {
			if !w.begun.Load() {
				if err := h.Indexer.CatchUp(ctx); err != nil {
					return nil, err
				}
			}
			return h.Finder.Find(ctx, v, q)
		}}
}

func (w *workers) report(what string, err error) {
	if err != nil && w.ctx.Err() == nil {
		w.house.log.Error("a worker stopped", "worker", what, "err", err)
	}
}

// look makes the engine take over a new mailbox at once.
func (w *workers) look() {
	if !w.syncs || !w.begun.Load() || w.ctx.Err() != nil {
		return
	}
	if err := w.house.Engine.Start(w.ctx); err != nil {
		w.house.log.Error("the new mailbox waits for the next round", "err", err)
	}
}

// stop ends the workers and waits for them.
func (w *workers) stop() error {
	w.cancel()
	w.wg.Wait()
	return nil
}

// base is the address at which people reach the server.
func (m *Main) base() (*url.URL, error) {
	if m.opt.public != "" {
		u, err := url.Parse(m.opt.public)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || strings.Trim(u.Path, "/") != "" {
			return nil, crm.Errorf(crm.Invalid, "base", "%q is not the address of a server", m.opt.public).
				WithField("public-url").WithHint("write it as https://crm.company.example")
		}
		u.Path = "/"
		return u, nil
	}
	host, port, err := net.SplitHostPort(m.opt.listen)
	if err != nil {
		return nil, crm.E(crm.Invalid, "base", "--listen takes an address and a port", err).WithField("listen").WithHint("write it as 127.0.0.1:8080")
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/"}, nil
}

// provider signs people in by Google; nil when it is not configured.
func (m *Main) provider(base *url.URL) (*auth.Provider, error) {
	if m.opt.google.clientID == "" {
		return nil, nil
	}
	secret, err := readSecret(m.opt.google.secretFile)
	if err != nil {
		return nil, crm.E(crm.Invalid, "provider", "the secret of the Google client cannot be read", err).
			WithField("google-client-secret-file").WithHint("put the secret that the Google Cloud console shows into a file that only you can read")
	}
	return auth.NewProvider(auth.ProviderConfig{Issuer: m.opt.googleIssuer, ClientID: m.opt.google.clientID, Secret: secret,
		Callback: base.JoinPath(api.CallbackPath).String()}), nil
}

// readSecret reads a file of one line; none is no secret.
func readSecret(file string) (seal.Secret, error) {
	if file == "" {
		return seal.Secret{}, nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return seal.Secret{}, err
	}
	return seal.NewSecret(strings.TrimSpace(string(raw))), nil
}

// sidebar is the add-on's door. Without keys to check tokens by it serves our
// own page alone.
func (m *Main) sidebar(ctx context.Context, w *workers) (*addon.Handler, error) {
	key, err := w.stateKey(ctx)
	if err != nil {
		return nil, err
	}
	at := links(w.base, w.house.log)
	gmail := &http.Client{Timeout: 5 * time.Second}
	deps := addon.Deps{Lookup: w.lookup, Home: w.home, Book: w.book(at.Home, w.base.String()), UserBySubject: w.userBySubject, Log: w.house.log,
		Header: addon.GmailHeader(gmail, m.opt.sidebarGmail), Draft: addon.GmailDrafts(gmail, m.opt.sidebarGmail)}
	if len(m.opt.audiences) > 0 || m.opt.clientID != "" || m.opt.serviceAccount != "" || m.opt.scriptID != "" {
		v, err := addon.NewVerifier(addon.VerifierConfig{JWKS: m.opt.jwks, Now: m.Now})
		if err != nil {
			return nil, err
		}
		deps.Verifier = v
	}
	return addon.New(addon.Config{Audiences: m.opt.audiences, ClientID: m.opt.clientID, ScriptID: m.opt.scriptID,
		ServiceAccount: m.opt.serviceAccount, Links: at, StateKey: key, Now: m.Now}, deps)
}

// links are the addresses in cards. Hosts of cards open https, and http on this
// machine only; for any other address cards have no links.
func links(base *url.URL, log *slog.Logger) addon.URLs {
	home, err := card.ParseURL(base.String())
	if err != nil {
		log.Warn("cards have no links: the public address is neither https nor on this machine", "url", base.String())
		home, _ = card.ParseURL("http://127.0.0.1/")
		return addon.URLs{Event: home.Path("addon", "v1", "event"), Home: home}
	}
	return addon.URLs{Event: home.Path("addon", "v1", "event"), Home: home,
		Message: func(id crm.MessageID) card.URL { return home.Path("messages", string(id)) },
		Record:  func(id crm.RecordID) card.URL { return home.Path("records", string(id)) }}
}

// userBySubject finds the user behind a verified token. A stranger is no user,
// whatever the reason.
func (w *workers) userBySubject(ctx context.Context, subject, email string) (crm.UserID, string, error) {
	u, err := w.house.auth.UserBySubject(ctx, w.house.Space, subject, crm.Address(email))
	if crm.IsKind(err, crm.Denied) {
		return "", "", crm.E(crm.NotFound, "userBySubject", "this account is no user", err)
	}
	return u.ID, u.Locale, err
}
