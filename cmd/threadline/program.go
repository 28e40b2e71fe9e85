package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"threadline/internal/crm"
	"threadline/internal/file"
)

// Main is one run of the program.
type Main struct {
	Args []string
	In   io.Reader
	Out  io.Writer
	Err  io.Writer
	Env  func(string) (string, bool)
	Now  func() time.Time // nil: time.Now
	// Resolver is asked about the domains of mail, and finds the hosts that users name; nil: the one of the system.
	Resolver *net.Resolver

	opt  options
	json bool
}

const usualData = "./data"

// options are the flags of every command.
type options struct {
	data, listen, public, store string
	workspace                   string // that a command is about, by id or name
	project, database           string // of Firestore
	blob, keyFile               string
	run                         []string
	jwks                        string
	audiences                   []string
	clientID, serviceAccount    string
	scriptID                    string
	sidebarGmail                string // address in place of Google's for the sidebar; the demo has its own
	google                      googleOptions
	googleIssuer                string   // of sign-in by Google
	resolver                    string   // HOST:PORT of a DNS server
	proxies                     []string // whose X-Forwarded-For is believed
	allowNet                    []string // ranges beyond the open network
	logLevel                    string
	uploads                     int64         // MB that a person uploads in a day
	lease                       time.Duration // of mailboxes; 0 is the engine's
}

// Run carries out the command line and returns the exit code. It returns when
// ctx ends.
func (m *Main) Run(ctx context.Context) int {
	if m.Now == nil {
		m.Now = time.Now
	}
	root := m.root()
	root.SetArgs(m.Args)
	root.SetIn(m.In)
	root.SetOut(m.Out)
	root.SetErr(m.Err)
	if err := root.ExecuteContext(ctx); err != nil {
		m.complain(err)
		return 1
	}
	return 0
}

func (m *Main) root() *cobra.Command {
	root := &cobra.Command{Use: "threadline", Short: "A CRM that lives in the inbox", SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return m.settle(cmd) }}
	root.CompletionOptions.DisableDefaultCmd = true
	f := root.PersistentFlags()
	f.StringVar(&m.opt.data, "data", usualData, "folder of everything that is stored")
	f.StringVar(&m.opt.workspace, "workspace", "", "which workspace of the server, by id or name (default: the first)")
	f.StringVar(&m.opt.listen, "listen", "127.0.0.1:8080", "address and port to serve on")
	f.StringVar(&m.opt.public, "public-url", "", "address at which people reach the server")
	f.StringVar(&m.opt.store, "store", storeSQLite, "sqlite or firestore")
	f.StringVar(&m.opt.project, "firestore-project", "", "Google Cloud project of the Firestore database")
	f.StringVar(&m.opt.database, "firestore-database", "", "Firestore database (default: the one that a project begins with)")
	f.StringVar(&m.opt.blob, "blob", "", "where large bodies go (default: a folder below --data)")
	f.StringVar(&m.opt.keyFile, "key-file", "", "key that seals passwords (default: DATA/key)")
	f.StringSliceVar(&m.opt.run, "run", []string{"web", "sync", "send"}, "what this process does")
	f.StringVar(&m.opt.jwks, "addon-jwks", "https://www.googleapis.com/oauth2/v3/certs", "address or file of the keys that sign add-on tokens")
	f.StringSliceVar(&m.opt.audiences, "addon-audience", nil, "address of the add-on endpoint, as its tokens name it")
	f.StringVar(&m.opt.clientID, "addon-client-id", "", "OAuth client id of the add-on")
	f.StringVar(&m.opt.scriptID, "addon-script-client-id", "", "OAuth client id of the add-on's Apps Script project, if it is installed as one")
	f.StringVar(&m.opt.serviceAccount, "addon-service-account", "", "address that signs add-on requests")
	f.StringVar(&m.opt.googleIssuer, "google-issuer", crm.GoogleIssuer, "OpenID provider that signs people in, with --google-client-id; its redirect address is PUBLIC-URL/auth/google/callback")
	f.StringSliceVar(&m.opt.proxies, "trusted-proxy", nil, "address or range of a proxy in front whose X-Forwarded-For is believed")
	f.StringVar(&m.opt.resolver, "resolver", "", "host:port of the DNS server to ask about the domains of mail (default: that of the system)")
	f.StringSliceVar(&m.opt.allowNet, "allow-net", nil, "private range that mail servers may lie in, such as 10.20.0.0/16")
	f.Int64Var(&m.opt.uploads, "upload-daily", file.UsualDay>>20, "what a person may upload in a day, in MB; 0 for no bound")
	m.opt.google.flags(f)
	f.StringVar(&m.opt.logLevel, "log-level", "info", "debug, info, warn or error")
	f.BoolVar(&m.json, "json", false, "print JSON")
	m.testFlags(f)
	chapters := m.chapters()
	for _, c := range chapters {
		root.AddGroup(&cobra.Group{ID: c.title, Title: c.title + ":"})
		for _, cmd := range c.commands {
			cmd.GroupID = c.title
			root.AddCommand(cmd)
		}
	}
	brief(root)
	guide(root)
	root.SetHelpCommandGroupID(chapters[0].title)
	return root
}

// settle fills in flags from the environment and completes the options.
func (m *Main) settle(cmd *cobra.Command) error {
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name := "THREADLINE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		v, ok := m.Env(name)
		if !ok || f.Changed || f.Name == "help" {
			return
		}
		if err := f.Value.Set(v); err != nil {
			wrong = errors.Join(wrong, crm.Errorf(crm.Invalid, "settle", "%s: %v", name, err))
			return
		}
		f.Changed = true
	})
	if wrong != nil {
		return wrong
	}
	if err := m.checkStore(); err != nil {
		return err
	}
	if m.opt.resolver != "" {
		if _, _, err := net.SplitHostPort(m.opt.resolver); err != nil {
			return crm.E(crm.Invalid, "settle", "--resolver takes an address and a port", err).WithField("resolver").WithHint("write it as 9.9.9.9:53")
		}
		m.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, m.opt.resolver)
		}}
	}
	return m.opt.check()
}

func (o *options) check() error {
	for _, part := range o.run {
		switch part {
		case "web", "sync", "send":
		default:
			return crm.Errorf(crm.Invalid, "settle", "there is no part %q to run", part).WithField("run").WithHint("choose among web, sync, send")
		}
	}
	if o.uploads < 0 {
		return crm.Errorf(crm.Invalid, "settle", "a day has no fewer than 0 MB").WithField("upload-daily").WithHint("0 is for no bound")
	}
	abs, err := filepath.Abs(o.data)
	if err != nil {
		return crm.E(crm.Invalid, "settle", "the data folder has no usable name", err).WithField("data")
	}
	o.data = abs
	if o.keyFile == "" {
		o.keyFile = filepath.Join(o.data, "key")
	}
	return nil
}

// dayOfUploads is what a person uploads in a day, in bytes.
func (o *options) dayOfUploads() int64 {
	if o.uploads == 0 {
		return -1
	}
	return o.uploads << 20
}

// complain says what went wrong and what to do.
func (m *Main) complain(err error) {
	var e *crm.Error
	if !errors.As(err, &e) {
		e = &crm.Error{Kind: crm.Invalid, Msg: err.Error()}
	}
	if m.json {
		enc := json.NewEncoder(m.Err)
		_ = enc.Encode(map[string]any{"code": e.Kind, "detail": sentence(e), "field": e.Field, "hint": e.Hint}) // nowhere is left to complain
		return
	}
	fmt.Fprintln(m.Err, "threadline: "+plain(sentence(e)))
	if e.Field != "" {
		fmt.Fprintln(m.Err, "  about: "+plain(e.Field))
	}
	if e.Hint != "" {
		fmt.Fprintln(m.Err, "  what to do: "+plain(e.Hint))
	}
}

// sentence is the message with its cause: whoever runs a command is the one to
// know.
func sentence(e *crm.Error) string {
	if e.Err == nil {
		return e.Msg
	}
	return e.Msg + ": " + e.Err.Error()
}

// exists tells whether a file is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
