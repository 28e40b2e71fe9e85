package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// grace is how long requests that are being answered may take at the end.
const grace = 30 * time.Second

type firstStart struct {
	name, currency, zone, locale string
	domains                      []string
}

func (m *Main) serveCommand() *cobra.Command {
	var first firstStart
	cmd := &cobra.Command{Use: "serve", Short: "Serve, sync, and keep timelines; the first start makes the workspace", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			boot, err := first.input()
			if err != nil {
				return err
			}
			return m.serve(cmd.Context(), plan{boot: boot, ready: m.welcome})
		}}
	f := cmd.Flags()
	f.StringVar(&first.name, "workspace-name", "", "first start: what the team is called")
	f.StringSliceVar(&first.domains, "own-domain", nil, "first start: domains whose mail is internal")
	f.StringVar(&first.currency, "currency", "EUR", "first start: currency of deals")
	f.StringVar(&first.zone, "zone", "UTC", "first start: time zone, such as Europe/Warsaw")
	f.StringVar(&first.locale, "locale", "en", "first start: language")
	return cmd
}

func (f *firstStart) input() (*auth.BootstrapInput, error) {
	in := &auth.BootstrapInput{Name: f.name, Zone: f.zone, Locale: f.locale}
	for _, s := range f.domains {
		d, err := crm.ParseDomain(s)
		if err != nil {
			return nil, crm.E(crm.Invalid, "serve", "an own domain cannot be read", err).WithField("own-domain")
		}
		in.OwnDomains = append(in.OwnDomains, d)
	}
	var err error
	in.Currency, err = crm.ParseCurrency(f.currency)
	return in, err
}

// running is a server that takes requests.
type running struct {
	*workers
	main *Main
}

// plan is what is special about a way to serve.
type plan struct {
	boot  *auth.BootstrapInput
	mount func(*running)                        // adds routes before anything is served; may be nil
	ready func(context.Context, *running) error // called once the server listens; its failure ends the server
}

// serve opens the data, serves until ctx ends, and closes everything in order:
// requests first, then workers, then the data.
func (m *Main) serve(ctx context.Context, p plan) (err error) {
	log, err := m.logger()
	if err != nil {
		return err
	}
	if _, err := m.base(); err != nil {
		return err // before anything is made
	}
	h, err := m.open(ctx, log, p.boot)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	sock, remove, err := listenSocket(m.opt.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	tcp, err := m.listenTCP()
	if err != nil {
		return errors.Join(err, sock.Close())
	}
	w, err := m.workers(ctx, h, nil)
	if err != nil {
		return errors.Join(err, sock.Close(), closeAll(tcp))
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	all := m.street(ctx, w, true)
	defer func() { err = errors.Join(err, all.stop()) }()
	if p.mount != nil {
		p.mount(&running{workers: w, main: m})
	}
	w.start()
	return m.answer(ctx, all, sock, tcp, p.ready)
}

func closeAll(l net.Listener) error {
	if l == nil {
		return nil
	}
	return l.Close()
}

// listenTCP opens the port; nil when this process has no web part.
func (m *Main) listenTCP() (net.Listener, error) {
	if !slices.Contains(m.opt.run, "web") {
		return nil, nil
	}
	l, err := net.Listen("tcp", m.opt.listen)
	if err != nil {
		return nil, crm.E(crm.Unavailable, "listenTCP", "nothing can be served on "+m.opt.listen, err).
			WithField("listen").WithHint("another program may have the port; choose one with --listen 127.0.0.1:PORT")
	}
	m.opt.listen = l.Addr().String() // port 0 has become a real one
	return l, nil
}

// answer serves both listeners until ctx ends.
func (m *Main) answer(ctx context.Context, all *street, sock, tcp net.Listener, ready func(context.Context, *running) error) error {
	w := all.first
	group, ctx := errgroup.WithContext(ctx)
	local := newServer(all.front.Operator(), w.house.log)
	servers := []*http.Server{local}
	group.Go(func() error { return ended(local.Serve(sock)) })
	if tcp != nil {
		public := newServer(all.front.Public(), w.house.log)
		servers = append(servers, public)
		group.Go(func() error { return ended(public.Serve(tcp)) })
	}
	group.Go(func() error {
		<-ctx.Done()
		w.door.Leave()
		return shutdown(servers)
	})
	group.Go(func() error {
		if err := ready(ctx, &running{workers: w, main: m}); ctx.Err() == nil {
			return err
		}
		return nil // told to stop meanwhile, which is no failure
	})
	return group.Wait()
}

func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
}

// ended is nil for a server that was told to stop.
func ended(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// shutdown stops accepting and waits for requests that are being answered; what
// takes longer than grace is cut.
func shutdown(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var errs []error
	for _, s := range servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}

func (m *Main) logger() (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(m.opt.logLevel)); err != nil {
		return nil, crm.Errorf(crm.Invalid, "logger", "there is no log level %q", m.opt.logLevel).WithField("log-level").WithHint("debug, info, warn or error")
	}
	return slog.New(slog.NewTextHandler(m.Err, &slog.HandlerOptions{Level: level})), nil
}

// welcome says where the server is and what a new one needs next.
func (m *Main) welcome(ctx context.Context, r *running) error {
	fmt.Fprintf(m.Err, "Threadline %s serves %s (data in %s)\n", version(), r.base, m.opt.data)
	users, err := r.house.auth.Users(ctx, r.house.Space)
	if err != nil {
		return err
	}
	boxes, err := store.Mailboxes.All(ctx, r.house.Space, store.Query{Limit: 1})
	if err != nil {
		return err
	}
	in := "" // another folder is named, or the commands would begin a second workspace in the usual one
	if m.opt.data != usualData {
		in = " --data " + m.opt.data
	}
	var next []string
	if len(users) == 0 {
		next = append(next, "threadline user add you@company.example"+in+"   (its link signs you in, and a mailbox is connected there)")
	}
	if len(boxes) == 0 {
		next = append(next, "threadline mailbox add --owner you@company.example --imap HOST:993 --login LOGIN --password-file FILE"+in)
	}
	if len(next) > 0 {
		fmt.Fprintln(m.Err, "Next, in another terminal:\n  "+strings.Join(next, "\n  "))
	}
	return nil
}
