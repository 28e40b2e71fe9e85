package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/spf13/cobra"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/sync/gmail/gmailtest"
)

// planted are secrets by what they are, and everything that anybody but their
// owner could read.
type planted struct {
	*shell
	base   string
	client *http.Client

	secrets map[string]string
	content map[string]string // of mail: it may stand in files and exports, but in no log and no refusal
	said    buffer            // what the server logs
	told    buffer            // refusals, figures, what commands print
}

// plant remembers a secret.
func (p *planted) plant(what, secret string) string {
	p.t.Helper()
	if len(secret) < 8 {
		p.t.Fatalf("%s is no secret: %q", what, secret)
	}
	p.secrets[what] = secret
	return secret
}

// call sends a request and returns status, cookies and body; a refusal is among
// what was told.
func (p *planted) call(method, path, body string, with ...string) (int, http.Header, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, strings.NewReader(body))
	must(p.t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(with); i += 2 {
		req.Header.Add(with[i], with[i+1])
	}
	res, err := p.client.Do(req)
	must(p.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(p.t, err)
	if res.StatusCode >= 400 {
		fmt.Fprintf(&p.told, "%d %v %s\n", res.StatusCode, res.Header, text)
	}
	return res.StatusCode, res.Header, string(text)
}

// commands runs commands whose words may be read by anybody who looks over a
// shoulder or into a terminal's history.
func (p *planted) commands(lines ...[]string) {
	p.t.Helper()
	for _, args := range lines {
		_, out, err := p.run(args...)
		fmt.Fprintf(&p.told, "%s\n%s%s\n", args[0], out, err)
	}
}

// find fails for every secret in a text. A secret may also stand there in base64.
func (p *planted) find(where string, text []byte, secrets map[string]string) {
	p.t.Helper()
	for what, s := range secrets {
		for form, word := range map[string]string{"": s, " in base64": base64.StdEncoding.EncodeToString([]byte(s))[:len(s)/3*4]} {
			if at := bytes.Index(text, []byte(word)); at >= 0 {
				p.t.Errorf("%s holds the %s%s: …%q…", where, what, form, text[max(0, at-120):min(len(text), at+40)])
			}
		}
	}
}

// parrot stands before a mail server, and when told to refuses every login by
// repeating what the client said.
type parrot struct {
	net.Listener
	backend string
	refuses atomic.Bool
	wg      sync.WaitGroup

	mu   sync.Mutex
	open []net.Conn
}

// refuse cuts who is there, and lets nobody in any more.
func (p *parrot) refuse() {
	p.refuses.Store(true)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		_ = c.Close()
	}
}

func newParrot(t testing.TB, backend string) *parrot {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &parrot{Listener: l, backend: backend}
	p.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { defer c.Close(); p.serve(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); p.wg.Wait() })
	return p
}

func (p *parrot) serve(c net.Conn) {
	if !p.refuses.Load() {
		b, err := net.Dial("tcp", p.backend)
		if err != nil {
			return
		}
		defer b.Close()
		p.mu.Lock()
		p.open = append(p.open, b)
		p.mu.Unlock()
		p.wg.Go(func() { _, _ = io.Copy(b, c); _ = b.Close() })
		_, _ = io.Copy(c, b)
		return
	}
	fmt.Fprint(c, "* OK [CAPABILITY IMAP4rev1] here\r\n")
	for lines := bufio.NewScanner(c); lines.Scan(); {
		tag, _, _ := strings.Cut(lines.Text(), " ")
		fmt.Fprintf(c, "%s NO [AUTHENTICATIONFAILED] what is %s?\r\n", tag, lines.Text())
	}
}

// refusingSMTP repeats what it refuses.
func refusingSMTP(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				fmt.Fprint(c, "220 here\r\n")
				for lines := bufio.NewScanner(c); lines.Scan(); {
					if strings.HasPrefix(lines.Text(), "EHLO") {
						fmt.Fprint(c, "250-here\r\n250 AUTH PLAIN XOAUTH2\r\n")
						continue
					}
					fmt.Fprintf(c, "535 5.7.8 what is %s?\r\n", lines.Text())
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return l.Addr().String()
}

// What is told of a mailbox whose sync fails, and where a handler panics.
const (
	stands = "mailbox is delayed"
	panics = "/a-handler-that-panics"
)

// open serves at the level of debug, with a handler that panics with whatever it
// is given.
func (p *planted) open() (stop func() (int, string)) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	var out buffer
	m := p.main(&out, &p.said, "serve", "--listen", "127.0.0.1:0", "--log-level", "debug",
		"--push-service-account", "push@p.iam.gserviceaccount.com", "--push-audience", "https://crm.example/push/gmail")
	m.Now = time.Now
	root := m.root()
	serve, _, err := root.Find([]string{"serve"})
	must(p.t, err)
	root.SetArgs(m.Args)
	serve.RunE = func(*cobra.Command, []string) error {
		return m.serve(ctx, plan{boot: &auth.BootstrapInput{Name: "Brightwell", Zone: "UTC", Locale: "en", Currency: "EUR", OwnDomains: []crm.Domain{"brightwell.example"}},
			ready: m.welcome, mount: func(r *running) {
				r.door.Mount("POST", panics, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					text, _ := io.ReadAll(r.Body)
					panic(fmt.Errorf("with %s and %v", text, r.Header))
				}))
			}})
	}
	code := make(chan int, 1)
	go func() {
		if err := root.ExecuteContext(ctx); err != nil {
			m.complain(err)
			code <- 1
			return
		}
		code <- 0
	}()
	for start := time.Now(); !strings.Contains(p.said.String(), "serves http"); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 3*time.Minute {
			p.t.Fatalf("the server does not start: %s", p.said.String())
		}
	}
	p.base = strings.TrimSuffix(regexp.MustCompile(`http://[0-9.:]+/`).FindString(p.said.String()), "/")
	return func() (int, string) { cancel(); return <-code, p.said.String() }
}

// TestSecretsStaySecret plays a day of a server at the level of debug with secrets
// of every sort, with right and with wrong words, and looks for each of them in
// logs, refusals, figures, dumps, files and the backup.
func TestSecretsStaySecret(t *testing.T) {
	s, g := gmailShell(t, 3)
	p := &planted{shell: s, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, secrets: map[string]string{}, content: map[string]string{}}
	p.plant("client secret", "word of the client")
	p.plant("refresh token", "1//refresh-")
	p.plant("access token", "ya29.access-")
	p.content["text of a mail"] = "quagga in the text"
	p.content["subject of a mail"] = "quagga in the subject"
	g.Add(gmailUser, gmailtest.Mail{Labels: []string{gmailtest.Inbox}, Raw: []byte("From: a@acme.example\r\nTo: " + gmailUser +
		"\r\nMessage-ID: <quagga@acme.example>\r\nSubject: quagga in the subject\r\n\r\nThere is a quagga in the text.\r\n")})
	stop := p.open()
	p.mailboxes(g)
	session := p.signIns()
	p.requests(session, g)
	p.dumps()
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	p.files()
	everything := map[string]string{}
	for _, m := range []map[string]string{p.secrets, p.content} {
		for what, s := range m {
			everything[what] = s
		}
	}
	p.find("the log", []byte(p.said.String()), everything)
	p.find("what was told", []byte(p.told.String()), everything)
	for where, text := range map[string]string{"the log": p.said.String(), "what was told": p.told.String()} {
		for _, proof := range map[string][]string{"the log": {"a handler panicked", stands, "[redacted]"},
			"what was told": {"refused login or password", "threadline_requests_total", "no longer takes the consent", "do not belong together", "not right"}}[where] {
			if !strings.Contains(text, proof) {
				t.Errorf("%s lacks %q: what should be looked through did not happen", where, proof)
			}
		}
	}
}

// mailboxes adds one of each kind, and makes each of them fail.
func (p *planted) mailboxes(g *gmailtest.Server) {
	t := p.t
	word := p.plant("mailbox password", "word-of-quagga-17")
	w := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 1)
	w.Mails = w.Mails[len(w.Mails)-5:]
	server, err := demo.ServeIMAP(context.Background(), w, "sales-login", word)
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	proxy := newParrot(t, server.Addr())
	file := filepath.Join(t.TempDir(), "password")
	must(t, os.WriteFile(file, []byte(word+"\n"), 0o600))
	p.ok("user", "add", gmailUser)
	add := []string{"mailbox", "add", "--owner", gmailUser, "--imap", proxy.Addr().String(), "--tls", "none", "--login", "sales-login", "--password-file", file}
	proxy.refuses.Store(true)
	p.commands(add)
	proxy.refuses.Store(false)
	p.ok(add...)
	if code, _, said := p.consents("mailbox", "add", "--gmail", "--send", "--owner", gmailUser); code != 0 {
		t.Fatal(said)
	}
	p.awaits("msg_", "--json", "why", "<quagga@acme.example>", "--as", gmailUser)
	p.ok("mailbox", "sync", "--wait", "30s")
	proxy.refuse()
	var list struct {
		Items []struct{ ID, Kind string }
	}
	must(t, json.Unmarshal([]byte(p.ok("mailbox", "list", "--json")), &list))
	box, google := list.Items[0].ID, list.Items[1].ID
	if list.Items[0].Kind == string(crm.KindGmail) {
		box, google = google, box
	}
	p.ok("mailbox", "edit", box, "--smtp", refusingSMTP(t), "--smtp-tls", "none")
	p.in = "A letter with a quagga in the text of it.\n"
	p.commands([]string{"send", box, "--as", gmailUser, "--to", "x@acme.example", "--subject", "quagga in the subject"},
		[]string{"send", google, "--as", gmailUser, "--to", "x@acme.example", "--subject", "quagga in the subject"})
	p.in = ""
	g.Revoke(gmailUser)
	p.run("mailbox", "sync", google)
	p.awaits("auth_required", "--json", "mailbox", "status", google)
	p.commands([]string{"mailbox", "sync", box, "--wait", "1s"}, []string{"mailbox", "sync", google, "--wait", "1s"},
		[]string{"mailbox", "status"}, []string{"--json", "mailbox", "status"})
	for start := time.Now(); !strings.Contains(p.said.String(), stands) && time.Since(start) < 3*time.Minute; {
		time.Sleep(20 * time.Millisecond)
	}
}

// signIns goes through the ways to sign in, wrongly and rightly, and returns the
// cookie of a session.
func (p *planted) signIns() string {
	t := p.t
	link := p.ok("user", "link", gmailUser)
	token := p.plant("sign-in link", regexp.MustCompile(`#(\S+)`).FindStringSubmatch(link)[1])
	p.call("POST", "/api/v1/session", `{"token":"`+token+`x"}`)
	p.call("POST", "/sign-in/"+token, `{"token":"`+token+`"}`)
	_, head, _ := p.call("POST", "/api/v1/session", `{"token":"`+token+`"}`)
	session := cookieOf(t, head)
	p.plant("first session", session)
	password := p.plant("password", "seven quaggas and a teapot")
	with := []string{"Cookie", "tl_session=" + session}
	p.call("PUT", "/api/v1/me/password", `{"password":["`+password+`"]}`, with...)
	p.call("PUT", "/api/v1/me/password", `{"password":"`+password+`","more":1}`, with...)
	if status, _, text := p.call("PUT", "/api/v1/me/password", `{"password":"`+password+`"}`, with...); status != 204 {
		t.Fatalf("the password: %d %s", status, text)
	}
	_, _, text := p.call("POST", "/api/v1/me/totp", "", with...)
	var offer struct{ Secret string }
	must(t, json.Unmarshal([]byte(text), &offer))
	p.plant("second factor", offer.Secret)
	code, err := totp.GenerateCode(offer.Secret, time.Now())
	must(t, err)
	_, _, text = p.call("POST", "/api/v1/me/totp/confirm", `{"code":"`+code+`"}`, with...)
	var given struct {
		Codes []string `json:"recovery_codes"`
	}
	must(t, json.Unmarshal([]byte(text), &given))
	for i, c := range given.Codes {
		p.plant(fmt.Sprintf("recovery code %d", i), c)
	}
	in := `{"email":"` + gmailUser + `","password":"` + password
	p.call("POST", "/api/v1/session/password", in+`?"}`)
	p.call("POST", "/api/v1/session/password", in) // no JSON
	p.call("POST", "/api/v1/session/password", in+`","and":"`+password+`"}`)
	_, head, _ = p.call("POST", "/api/v1/session/password", in+`"}`)
	half := p.plant("half sign-in", cookieOf(t, head))
	p.call("POST", "/api/v1/session/code", `{"code":"`+given.Codes[0]+`x"}`, "Cookie", "tl_session_half="+half)
	_, head, _ = p.call("POST", "/api/v1/session/code", `{"code":"`+given.Codes[0]+`"}`, "Cookie", "tl_session_half="+half)
	return p.plant("session", cookieOf(t, head))
}

func cookieOf(t testing.TB, head http.Header) string {
	t.Helper()
	for _, c := range (&http.Response{Header: head}).Cookies() {
		if c.MaxAge >= 0 && c.Value != "" {
			return c.Value
		}
	}
	t.Fatalf("no cookie: %v", head)
	return ""
}

// requests are those that carry secrets where they belong and where they do not.
func (p *planted) requests(session string, g *gmailtest.Server) {
	key := p.plant("API key", regexp.MustCompile(`tl_\S+`).FindString(p.ok("apikey", "add", gmailUser)))
	with := []string{"Cookie", "tl_session=" + session, "Authorization", "Bearer " + key}
	p.call("GET", "/api/v1/me?key="+key, "", "Authorization", "Bearer "+key+"x")
	p.call("GET", "/"+key+"/"+session, "", with...)
	p.call("GET", "/api/v1/contacts/"+key, "", "Authorization", "Basic "+key)
	p.call("POST", "/api/v1/contacts", `{"values":{"name":`+key+`}}`, with[2:]...)
	p.call("POST", "/api/v1/contacts?limit="+key, `{"values":{"name":7,"password":"`+key+`"}}`, with[2:]...)
	p.call("POST", panics, session+" "+key, with...)
	for _, audience := range []string{"https://crm.example/push/gmail", "https://other.example"} {
		token := g.Sign(map[string]any{"iss": "https://accounts.google.com", "aud": audience, "sub": "1", "email": "push@p.iam.gserviceaccount.com",
			"email_verified": true, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()})
		p.plant("push token for "+audience, token)
		p.call("POST", "/push/gmail", `{"message":{"data":"bm8ganNvbg=="}}`, "Authorization", "Bearer "+token)
		p.call("POST", "/addon/v1/event?t=home", `{"authorizationEventObject":{"userIdToken":"`+token+`"}}`, "Authorization", "Bearer "+token)
	}
	p.call("GET", "/auth/google/callback?code="+p.plant("code of a consent", "4/code-of-quagga")+"&state="+p.plant("state of a consent", "state-of-quagga"), "")
	p.call("GET", "/u/"+p.plant("token to leave", "quagga-leaves-here"), "")
	p.call("GET", "/t/c/"+p.plant("token of a link", "quagga-clicks-here")+"/x", "")
}

// dumps are what people send along when they ask for help.
func (p *planted) dumps() {
	_, _, text := p.call("GET", "/metrics", "")
	fmt.Fprintln(&p.told, text)
	must(p.t, pprof.Lookup("goroutine").WriteTo(&p.told, 2))
	p.commands([]string{"doctor"}, []string{"--json", "doctor"}, []string{"audit", "verify"}, []string{"verify"}, []string{"user", "list", "--json"},
		[]string{"apikey", "list", gmailUser, "--json"}, []string{"access", "explain", "<quagga@acme.example>", "--as", gmailUser}, []string{"changes", "--json"})
}

// files are what lies on the disk, and what is taken away.
func (p *planted) files() {
	t, dir := p.t, p.t.TempDir()
	raw, err := os.ReadFile(filepath.Join(p.data, "key"))
	must(t, err)
	p.plant("key of the file", string(regexp.MustCompile(`"key": "([^"]+)"`).FindSubmatch(raw)[1]))
	p.ok("backup", filepath.Join(dir, "backup.tar"))
	p.ok("export", "-o", filepath.Join(dir, "export"))
	p.ok("export", "--full", "-o", filepath.Join(dir, "export-full"))
	known := 0
	for _, at := range []string{p.data, dir} {
		must(t, filepath.WalkDir(at, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() == "key" || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			p.find(d.Name(), text, p.secrets)
			if bytes.Contains(text, []byte("sales-login")) {
				known++
			}
			return nil
		}))
	}
	if known < 3 { // database, backup, export: what is not sealed can be found in them
		t.Errorf("only %d files hold the login of a mailbox: they were not looked through", known)
	}
}
