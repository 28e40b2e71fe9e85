package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"threadline/addon"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/store"
	"threadline/sync/engine"
)

type demoFlags struct {
	every time.Duration
	mails int
	seed  uint64
	open  bool
}

func (m *Main) demoCommand() *cobra.Command {
	var in demoFlags
	cmd := &cobra.Command{Use: "demo", Short: "Try it with a made-up mailbox; prints one line of JSON when it is ready", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.demo(cmd.Context(), in, cmd.Flags().Changed("data"), cmd.Flags().Changed("listen"))
		}}
	f := cmd.Flags()
	f.DurationVar(&in.every, "every", 20*time.Second, "how often new mail arrives")
	f.IntVar(&in.mails, "mails", 30, "how many new mails arrive")
	f.BoolVar(&in.open, "open", false, "open the page in a browser, signed in")
	f.Uint64Var(&in.seed, "seed", 1, "another seed makes another world")
	return cmd
}

// show is a demo that runs.
type show struct {
	*running
	flags    demoFlags
	world    *demo.World
	imap     *demo.Server
	sink     *demo.Sink  // takes what is sent
	gmail    *demo.Gmail // keeps the drafts that the sidebar makes
	access   string      // the token for it
	password string
	signer   *addon.Signer
	rep      crm.User
	link     string
}

const (
	demoClient  = "threadline-demo.apps.example"
	demoAccount = "sidebar@threadline-demo.example"
	demoLogin   = "nora"
)

func (m *Main) demo(ctx context.Context, in demoFlags, keepData, keepPort bool) (err error) {
	if !keepData {
		dir, err := os.MkdirTemp("", "threadline-demo-")
		if err != nil {
			return crm.E(crm.Unavailable, "demo", "no folder for the demo can be made", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		m.opt.data, m.opt.keyFile = dir, filepath.Join(dir, "key")
	}
	if exists(filepath.Join(m.opt.data, "threadline.db")) {
		return crm.Errorf(crm.Exists, "demo", "there is data in %s already", m.opt.data).WithField("data").WithHint("give the demo an empty folder, or none")
	}
	m.opt.listen = freePort(m.opt.listen, keepPort)
	if m.opt.logLevel == "info" {
		m.opt.logLevel = "warn" // the demo's own words are enough
	}
	s := &show{flags: in, world: demo.NewWorld(m.Now(), in.seed), password: rand.Text()}
	if s.imap, err = demo.ServeIMAP(context.WithoutCancel(ctx), s.world, demoLogin, s.password); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.imap.Close()) }()
	if s.sink, err = demo.ServeSMTP(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.sink.Close()) }()
	s.access = rand.Text()
	if s.gmail, err = demo.ServeGmail(context.WithoutCancel(ctx), s.access); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.gmail.Close()) }()
	m.opt.sidebarGmail = s.gmail.URL()
	if err := s.sign(m); err != nil {
		return err
	}
	w := s.world.Workspace
	boot := &auth.BootstrapInput{Name: w.Name, OwnDomains: []crm.Domain{w.OwnDomain}, Currency: w.Currency, Zone: w.Zone}
	return m.serve(ctx, plan{boot: boot, ready: s.open, mount: func(r *running) {
		r.door.Mount(http.MethodGet, "/demo/token", http.HandlerFunc(s.token))
		r.door.Mount(http.MethodGet, "/demo/drafts/:draft", http.HandlerFunc(s.draft))
	}})
}

// freePort keeps the address when its port is free or was asked for, and else
// takes any port.
func freePort(listen string, keep bool) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || keep {
		return listen
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return net.JoinHostPort(host, "0")
	}
	defer l.Close()
	return net.JoinHostPort(host, port)
}

// sign makes the signer that stands in for Google and lets the add-on believe
// it. Only the demo does this.
func (s *show) sign(m *Main) error {
	if err := os.MkdirAll(m.opt.data, 0o700); err != nil {
		return crm.E(crm.Unavailable, "sign", "the data folder cannot be made", err)
	}
	const audience = "https://threadline-demo.example/addon/v1/event"
	var err error
	s.signer, err = addon.NewSigner(addon.SignerConfig{Audience: audience, ClientID: demoClient, ServiceAccount: demoAccount, Now: m.Now})
	if err != nil {
		return err
	}
	m.opt.jwks = filepath.Join(m.opt.data, "jwks.json")
	m.opt.audiences, m.opt.clientID, m.opt.serviceAccount = []string{audience}, demoClient, demoAccount
	if err := os.WriteFile(m.opt.jwks, s.signer.JWKS(), 0o600); err != nil {
		return crm.E(crm.Unavailable, "sign", "the demo's keys cannot be written", err)
	}
	return nil
}

// ticket is the line that the demo prints.
type ticket struct {
	URL       string          `json:"url"`
	APIKey    string          `json:"api_key"`
	Workspace crm.WorkspaceID `json:"workspace"`
	Mailbox   struct {
		Host     string `json:"host"`
		Port     int    `json:"port"`
		Login    string `json:"login"`
		Password string `json:"password"`
	} `json:"mailbox"`
	Addon struct {
		Endpoint string `json:"endpoint"`
		TokenURL string `json:"token_url"`
	} `json:"addon"`
}

// open fills the workspace, prints the ticket and lets mail arrive.
func (s *show) open(ctx context.Context, r *running) error {
	s.running = r
	if err := s.fill(ctx); err != nil {
		return err
	}
	_, key, err := r.house.auth.AddKey(ctx, r.house.Space, auth.KeyInput{User: s.rep.ID, Name: "demo"})
	if err != nil {
		return err
	}
	if err := s.connect(ctx); err != nil {
		return err
	}
	t := ticket{URL: strings.TrimSuffix(r.base.String(), "/"), APIKey: key, Workspace: r.house.Space.Workspace()}
	host, port, err := net.SplitHostPort(s.imap.Addr())
	if err != nil {
		return crm.E(crm.Internal, "open", "the mail server has no address", err)
	}
	t.Mailbox.Host, t.Mailbox.Login, t.Mailbox.Password = host, demoLogin, s.password
	if t.Mailbox.Port, err = strconv.Atoi(port); err != nil {
		return crm.E(crm.Internal, "open", "the mail server has no port", err)
	}
	t.Addon.Endpoint = r.base.JoinPath("addon", "v1", "event").String()
	t.Addon.TokenURL = r.base.JoinPath("demo", "token").String()
	if err := json.NewEncoder(r.main.Out).Encode(t); err != nil {
		return crm.E(crm.Unavailable, "open", "the demo's line cannot be printed", err)
	}
	fmt.Fprintf(r.main.Err, "\nThe demo runs. Sign in once, within an hour:\n  %s\nNew mail arrives every %s. Stop with Ctrl-C; nothing is kept.\n",
		s.link, s.flags.every)
	if s.flags.open {
		browse(ctx, s.link)
	}
	return s.imap.Play(ctx, s.world, s.flags.every, s.flags.mails, r.main.Now)
}

// connect adds the mailbox and waits until it is synced, so that whoever reads
// the ticket finds mail.
func (s *show) connect(ctx context.Context) error {
	h := s.house
	ws, err := store.Workspaces.Get(ctx, h.Space, string(h.Space.Workspace()))
	if err != nil {
		return err
	}
	mb := crm.Mailbox{Owner: s.rep.ID, Kind: "imap", Address: s.rep.Email, Server: s.imap.Addr(), TLS: crm.TLSNone, Login: demoLogin,
		SMTP: s.sink.Addr(), SMTPTLS: crm.TLSNone, CreatedAt: h.store.Now(), State: crm.StateNew, Local: true}
	mb.ID = crm.MailboxID(crm.DerivedID(crm.PrefixMailbox, ws.Value.IDKey, string(mb.Owner), string(mb.Kind), mb.Server, mb.Login))
	if mb.Password, err = h.seal.Seal(newSecret(s.password), string(mb.ID), "password"); err != nil {
		return err
	}
	b := h.Space.Batch()
	store.Mailboxes.Create(b, &mb)
	if err := b.Commit(ctx); err != nil {
		return err
	}
	s.look()
	return s.synced(ctx, mb.ID)
}

const demoPatience = time.Minute

func (s *show) synced(ctx context.Context, id crm.MailboxID) error {
	if !s.syncs {
		return nil
	}
	st, err := s.house.Engine.Ready(ctx, id, demoPatience)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if !st.Synced {
		s.report("demo", crm.Errorf(crm.Unavailable, "synced", "the mailbox is not synced yet: %s", trouble(st)))
	}
	return s.house.Follower.CatchUp(ctx)
}

func trouble(st engine.Status) string {
	if st.Trouble != nil {
		return st.Trouble.Msg
	}
	return fmt.Sprintf("%d of %d", st.Done, st.Total)
}
