package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"threadline/internal/demo"
	"threadline/internal/mail"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
)

const gmailUser = "nora@brightwell.example"

// gmailShell is a program whose installation is a client of a test server with
// one account that holds some mails.
func gmailShell(t testing.TB, mails int) (*shell, *gmailtest.Server) {
	t.Helper()
	g := gmailtest.New(gmailtest.Options{ClientID: "client", Secret: "word of the client"})
	g.AddUser(gmailUser, "sales@brightwell.example")
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 1)
	for _, m := range d.Mails[len(d.Mails)-mails:] {
		g.Add(gmailUser, gmailtest.Mail{Raw: m.Raw, Internal: m.Date, Labels: []string{gmailtest.Inbox}})
	}
	file := filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(file, []byte("word of the client\n"), 0o600))
	s := newShell(t)
	s.env = map[string]string{"THREADLINE_GOOGLE_CLIENT_ID": "client", "THREADLINE_GOOGLE_CLIENT_SECRET_FILE": file,
		"THREADLINE_GOOGLE_URL": g.Start(t), "THREADLINE_GMAIL_POLL": "100ms"}
	return s, g
}

var consentPage = regexp.MustCompile(`http://\S+/o/oauth2/v2/auth\S+`)

// consents runs a command that prints a page at Google, opens it as a browser
// would, and returns what the command said at its end.
func (s *shell) consents(args ...string) (code int, out, said string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 4*time.Minute)
	defer cancel()
	var stdout, stderr buffer
	done := make(chan int, 1)
	go func() { done <- s.main(&stdout, &stderr, args...).Run(ctx) }()
	opened := false
	for {
		select {
		case code := <-done:
			return code, stdout.String(), stderr.String()
		case <-time.After(10 * time.Millisecond):
		}
		if page := consentPage.FindString(stderr.String()); page != "" && !opened {
			opened = true
			must(s.t, visit(ctx, page))
		}
	}
}

func visit(ctx context.Context, page string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the browser ends at %s with %s", res.Request.URL, res.Status)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// tight is JSON without the blanks after its colons.
func tight(out string) string { return strings.ReplaceAll(out, "\": ", "\":") }

// awaits runs a command until it says the words.
func (s *shell) awaits(word string, args ...string) string {
	s.t.Helper()
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		code, out, err := s.run(args...)
		out = tight(out)
		if code == 0 && strings.Contains(out, word) {
			return out
		}
		if time.Since(start) > 3*time.Minute {
			s.t.Fatalf("%v never says %q:\n%s%s", args, word, out, err)
		}
	}
}

// TestGmailAccount connects an account from the terminal, syncs it, loses the
// consent, and connects it again.
func TestGmailAccount(t *testing.T) {
	s, g := gmailShell(t, 40)
	var served buffer
	stop := s.serveTo(&served)
	s.ok("user", "add", gmailUser)
	code, out, said := s.consents("mailbox", "add", "--gmail", "--owner", gmailUser)
	if code != 0 || !strings.Contains(out, gmailUser+" is connected") {
		t.Fatalf("exit %d: %s%s", code, out, said)
	}
	status := []string{"--json", "mailbox", "status", gmailUser}
	s.awaits(`"synced":true`, status...)
	s.ok("mailbox", "edit", gmailUser, "--alias", "old@brightwell.example") // not one that Google knows
	g.Revoke(gmailUser)
	s.run("mailbox", "sync", gmailUser) // looks now; it need not wait for the end
	out = s.awaits("auth_required", status...)
	if !strings.Contains(out, "revoked") || !strings.Contains(out, "/google/connect?mailbox=mbx_") {
		t.Errorf("the status does not say why and how to repair it: %s", out)
	}
	base := regexp.MustCompile(`serves (http://\S+)/`).FindStringSubmatch(served.String())[1]
	s.opensDoor(base + regexp.MustCompile(`/google/connect\?mailbox=mbx_[a-z2-7]+`).FindString(out))
	g.Add(gmailUser, gmailtest.Mail{Raw: []byte("From: a@acme.example\r\nTo: " + gmailUser + "\r\nMessage-ID: <late@acme.example>\r\nSubject: Late\r\n\r\nWhile nobody could look.\r\n")})
	g.Reset()
	if code, out, said = s.consents("mailbox", "add", "--gmail", "--again", gmailUser); code != 0 {
		t.Fatalf("exit %d: %s%s", code, out, said)
	}
	s.awaits(`"total":41`, status...)
	s.awaits("msg_", "--json", "why", "<late@acme.example>", "--as", gmailUser)
	if out := s.ok("--json", "mailbox", "status", gmailUser); !strings.Contains(out, "old@brightwell.example") || !strings.Contains(out, "sales@brightwell.example") {
		t.Errorf("after the repair the addresses are %s", out)
	}
	if n := g.Calls()["messages.get"]; n != 1 {
		t.Errorf("%d mails were fetched after the repair, want the one that is new", n)
	}
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
}

// opensDoor opens the link of a repair in a browser in which nobody is signed in:
// it must come to the door, which leads back there.
func (s *shell) opensDoor(link string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, link, nil)
	must(s.t, err)
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	must(s.t, err)
	must(s.t, res.Body.Close())
	to, err := res.Location()
	if err != nil || to.Path != "/sign-in" || to.Query().Get("then") != r.URL.RequestURI() {
		s.t.Errorf("the link of a repair leads to %v with %s", to, res.Status)
	}
}

// TestGmailRefusals: no consent, half a consent, and no client.
func TestGmailRefusals(t *testing.T) {
	s, g := gmailShell(t, 1)
	stop := s.serve()
	defer stop()
	s.ok("user", "add", gmailUser)
	add := []string{"mailbox", "add", "--gmail", "--owner", gmailUser}
	g.Refuse(true)
	if code, _, said := s.consents(add...); code == 0 || !strings.Contains(said, "not allowed") {
		t.Errorf("exit %d without a consent: %s", code, said)
	}
	g.Refuse(false)
	g.Narrow(gmail.ScopeSend)
	if code, _, said := s.consents(add...); code == 0 || !strings.Contains(said, "to read mail was left out") {
		t.Errorf("exit %d with half a consent: %s", code, said)
	}
	if out := s.ok("mailbox", "list"); strings.Contains(out, gmailUser) {
		t.Errorf("a mailbox was stored: %s", out)
	}
	other := newShell(t)
	other.data = s.data
	other.fails([]string{"--owner is missing"}, "mailbox", "add", "--gmail")
}

// TestGmailSends sends a mail and a reply from an account, and wants the copies
// that come back to be the same messages.
func TestGmailSends(t *testing.T) {
	s, g := gmailShell(t, 1)
	stop := s.serve()
	defer stop()
	s.ok("user", "add", gmailUser)
	g.AddUser("anna@acme.example")
	if code, _, said := s.consents("mailbox", "add", "--gmail", "--owner", gmailUser); code != 0 {
		t.Fatal(said)
	}
	send := []string{"--json", "send", gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--subject", "The offer"}
	s.in = "Dear Anna,\n\nhere it is.\n"
	if out := tight(s.ok(send...)); !strings.Contains(out, "does not cover sending") {
		t.Errorf("without the permission: %s", out)
	}
	if code, _, said := s.consents("mailbox", "add", "--gmail", "--send", "--again", gmailUser); code != 0 {
		t.Fatal(said)
	}
	out := tight(s.ok(append(send, "--bcc", "sales@brightwell.example")...))
	if !strings.Contains(out, `"state":"sent"`) {
		t.Fatalf("not sent: %s", out)
	}
	id := regexp.MustCompile(`"rfc_id":"([^"]+)"`).FindStringSubmatch(out)[1]
	why := s.awaits("msg_", "--json", "why", id, "--as", gmailUser)
	message := regexp.MustCompile(`msg_[a-z2-7]+`).FindString(why)
	if got := g.Messages("anna@acme.example", gmailtest.Inbox); len(got) != 1 || strings.Contains(string(got[0]), "Bcc") {
		t.Errorf("Anna has %d mails: %s", len(got), got)
	}
	s.in = "And one thing more.\n"
	out = tight(s.ok("--json", "send", gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--reply", message))
	if !strings.Contains(out, `"state":"sent"`) || !strings.Contains(out, `"subject":"Re: The offer"`) {
		t.Fatalf("the reply: %s", out)
	}
	if n := g.Threads(gmailUser, gmailtest.Sent); n != 1 {
		t.Errorf("mail and reply lie in %d conversations at Gmail", n)
	}
	s.formatsAndForwards(g, message)
	g.Fail(gmailtest.Fault{Method: "messages.send", Count: 1, Lose: true})
	s.in = "Did this one go out?\n"
	out = s.ok("--json", "send", gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--subject", "Lost answer")
	ref := regexp.MustCompile(`out_[a-z2-7]+`).FindString(out)
	s.awaits(`"state":"sent"`, "--json", "sent", ref, "--as", gmailUser)
	if n := len(g.Messages("anna@acme.example", gmailtest.Inbox)); n != 6 {
		t.Errorf("Anna has %d mails, want each of the 6 once", n)
	}
	s.enclosesAndDrafts(g)
	s.ok("mailbox", "edit", gmailUser, "--budget", "5")
	s.in = "One too many.\n"
	out = tight(s.ok(send...))
	if !strings.Contains(out, `"state":"queued"`) || !strings.Contains(out, "budget of the last 24 hours") {
		t.Errorf("a mail over the budget: %s", out)
	}
}

// formatsAndForwards keeps a formatted draft that nobody else may overwrite, and
// passes a mail on below it.
func (s *shell) formatsAndForwards(g *gmailtest.Server, message string) {
	t := s.t
	page := filepath.Join(t.TempDir(), "page.html")
	must(t, os.WriteFile(page, []byte("<p>Please <b>read</b> this.</p><script>x()</script>"), 0o600))
	to := []string{gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--html", page, "--forward", message}
	said := s.ok(append([]string{"draft", "save"}, to...)...)
	parts := regexp.MustCompile(`(out_[a-z2-7]+) is kept, version (\S+)`).FindStringSubmatch(said)
	if parts == nil {
		t.Fatalf("the draft has no version: %s", said)
	}
	edit := append(append([]string{"draft", "edit", parts[1]}, to...), "--version", parts[2])
	s.ok(append(edit, "--bcc", "sales@brightwell.example")...)
	s.fails([]string{"about: version"}, edit...)
	if out := tight(s.ok("--json", "draft", "send", parts[1], "--as", gmailUser)); !strings.Contains(out, `"state":"sent"`) || !strings.Contains(out, `"subject":"Fwd: The offer"`) {
		t.Fatalf("the forward: %s", out)
	}
	got := g.Messages("anna@acme.example", gmailtest.Inbox)
	last := string(got[len(got)-1])
	for _, want := range []string{"text/html", "<b>read</b>", "Please read this.", "Forwarded message", "here it is."} {
		if !strings.Contains(last, want) {
			t.Errorf("the forward lacks %q: %s", want, last)
		}
	}
	if strings.Contains(last, "x()") {
		t.Errorf("a script went out: %s", last)
	}
	s.quotes(g, page)
}

// quotes answers a formatted mail below which it stands as it came, less what would
// tell a third party that it is read.
func (s *shell) quotes(g *gmailtest.Server, page string) {
	t := s.t
	g.Add(gmailUser, gmailtest.Mail{Raw: []byte("From: Anna Lind <anna@acme.example>\r\nTo: " + gmailUser + "\r\nMessage-ID: <formed@acme.example>\r\nSubject: In form\r\n" +
		"Content-Type: text/html; charset=utf-8\r\n\r\n<table bgcolor=\"#eeeeee\"><tr><td>Two <b>racks</b></table><img src=\"https://acme.example/logo.png\"><img src=\"https://t.example/open.gif\" width=\"1\">\r\n")})
	message := regexp.MustCompile(`msg_[a-z2-7]+`).FindString(s.awaits("msg_", "--json", "why", "<formed@acme.example>", "--as", gmailUser))
	out := s.ok("--json", "send", gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--html", page, "--reply", message, "--quote")
	if !strings.Contains(tight(out), `"state":"sent"`) {
		t.Fatalf("the answer: %s", out)
	}
	got := g.Messages("anna@acme.example", gmailtest.Inbox)
	p := mail.Parse(got[len(got)-1])
	for _, want := range []string{"<b>read</b>", "Anna Lind wrote:", `bgcolor="#eeeeee"`, "https://acme.example/logo.png"} {
		if !strings.Contains(p.HTML, want) {
			t.Errorf("the answer lacks %q: %s", want, p.HTML)
		}
	}
	if strings.Contains(p.HTML, "t.example") || !strings.Contains(p.Text, "> Two racks") || p.Quoted == 0 {
		t.Errorf("the answer is %q, %q", p.HTML, p.Text)
	}
	must(t, os.WriteFile(page, []byte(`<p>Look: <img alt="plan" src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="></p>`), 0o600))
	s.ok("send", gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--html", page, "--reply", message, "--quote")
	got = g.Messages("anna@acme.example", gmailtest.Inbox)
	last := string(got[len(got)-1])
	named := regexp.MustCompile(`cid:([0-9a-f]{64}@threadline)`).FindStringSubmatch(mail.Parse(got[len(got)-1]).HTML)
	if named == nil || !strings.Contains(last, "Content-ID: <"+named[1]+">\r\n") || !strings.Contains(last, "multipart/related") || !strings.Contains(last, "iVBORw0KGgoAAAANSUhEUg==") {
		t.Errorf("the picture is no part of the mail: %s", last)
	}
	s.fails([]string{"--reply ID"}, "send", gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--html", page, "--quote")
}

// enclosesAndDrafts writes a draft with a file, changes it, and sends it.
func (s *shell) enclosesAndDrafts(g *gmailtest.Server) {
	t := s.t
	file := filepath.Join(t.TempDir(), "Angebot für Anna.pdf")
	must(t, os.WriteFile(file, []byte("%PDF-offer"), 0o600))
	s.in = "First words.\n"
	save := []string{gmailUser, "--as", gmailUser, "--to", "anna@acme.example", "--bcc", "sales@brightwell.example", "--subject", "With a file", "--attach", file}
	out := tight(s.ok(append([]string{"--json", "draft", "save"}, save...)...))
	if !strings.Contains(out, "kept here alone") || !strings.Contains(out, "--drafts") {
		t.Errorf("without the permission: %s", out)
	}
	if code, _, said := s.consents("mailbox", "add", "--gmail", "--drafts", "--again", gmailUser); code != 0 {
		t.Fatal(said)
	}
	id := regexp.MustCompile(`out_[a-z2-7]+`).FindString(out)
	for _, words := range []string{"Second words.", "Third words."} {
		s.in = words + "\n"
		if out := tight(s.ok(append([]string{"--json", "draft", "edit", id}, save...)...)); strings.Contains(out, "trouble") {
			t.Errorf("with the permission: %s", out)
		}
		if got := g.Drafts(gmailUser); len(got) != 1 || !strings.Contains(string(got[0]), words) || !strings.Contains(string(got[0]), "JVBERi1vZmZlcg") {
			t.Errorf("%d drafts at Gmail: %s", len(got), got)
		}
	}
	if out := s.ok("draft", "show", id, "--as", gmailUser); !strings.Contains(out, "Third words.") || !strings.Contains(out, "bcc: sales@") || !strings.Contains(out, "Angebot für Anna.pdf (10 bytes)") {
		t.Errorf("the draft: %s", out)
	}
	before := len(g.Messages("anna@acme.example", gmailtest.Inbox))
	if out := tight(s.ok("--json", "draft", "send", id, "--as", gmailUser)); !strings.Contains(out, `"state":"sent"`) {
		t.Errorf("not sent: %s", out)
	}
	got := g.Messages("anna@acme.example", gmailtest.Inbox)
	if len(got) != before+1 || len(g.Drafts(gmailUser)) != 0 || !strings.Contains(string(got[len(got)-1]), "filename*=utf-8''Angebot%20f%C3%BCr%20Anna.pdf") {
		t.Errorf("%d mails more, %d drafts left: %s", len(got)-before, len(g.Drafts(gmailUser)), got[len(got)-1])
	}
	s.fails([]string{"no such draft"}, "draft", "send", id, "--as", gmailUser)
	for _, to := range []string{"a@acme.example\r\nBcc: b@firm.example", "a@acme.example, nobody"} {
		s.fails([]string{"is not a mail address", "about: to"}, "send", gmailUser, "--as", gmailUser, "--to", to)
	}
	s.fails([]string{"cannot be opened", "about: attach"}, "send", gmailUser, "--as", gmailUser, "--to", "a@acme.example", "--attach", file+"x")
	must(t, os.WriteFile(file, make([]byte, 19<<20), 0o600))
	s.fails([]string{"18 MB together", "about: files"}, "send", gmailUser, "--as", gmailUser, "--to", "a@acme.example", "--attach", file)
	s.in = ""
	out = tight(s.ok("--json", "draft", "save", gmailUser, "--as", gmailUser))
	id = regexp.MustCompile(`out_[a-z2-7]+`).FindString(out)
	s.fails([]string{"goes to nobody"}, "draft", "send", id, "--as", gmailUser)
	s.ok("draft", "drop", id, "--as", gmailUser)
	if n := len(g.Drafts(gmailUser)); n != 0 {
		t.Errorf("%d drafts after it was dropped", n)
	}
}

// TestGmailPush lets a signed notice bring a new mail at once, and nobody else's.
func TestGmailPush(t *testing.T) {
	s, g := gmailShell(t, 1)
	s.env["THREADLINE_GMAIL_POLL"] = "1h"
	var said buffer
	stop := s.serveTo(&said, "--push-service-account", "push@p.iam.gserviceaccount.com", "--push-audience", "https://crm.example/push/gmail",
		"--gmail-topic", "projects/p/topics/t")
	defer stop()
	base := regexp.MustCompile(`serves (http://\S+)`).FindStringSubmatch(said.String())[1]
	s.ok("user", "add", gmailUser)
	if code, _, said := s.consents("mailbox", "add", "--gmail", "--owner", gmailUser); code != 0 {
		t.Fatal(said)
	}
	s.awaits(`"synced":true`, "--json", "mailbox", "status", gmailUser)
	g.Add(gmailUser, gmailtest.Mail{Raw: []byte("From: a@acme.example\r\nTo: " + gmailUser + "\r\nMessage-ID: <news@acme.example>\r\nSubject: News\r\n\r\nHello.\r\n")})
	post := func(audience, account string) int {
		status, err := g.Push(t.Context(), strings.TrimSuffix(base, "/")+"/push/gmail", audience, account, gmailUser)
		must(t, err)
		return status
	}
	if status := post("https://other.example/", "push@p.iam.gserviceaccount.com"); status != http.StatusUnauthorized {
		t.Errorf("a notice for another audience: %d", status)
	}
	if status := post("https://crm.example/push/gmail", "stranger@p.iam.gserviceaccount.com"); status != http.StatusUnauthorized {
		t.Errorf("a notice of a stranger: %d", status)
	}
	for range 20 { // a burst
		if status := post("https://crm.example/push/gmail", "push@p.iam.gserviceaccount.com"); status != http.StatusNoContent {
			t.Fatalf("a notice is answered %d", status)
		}
	}
	s.awaits("msg_", "--json", "why", "<news@acme.example>", "--as", gmailUser)
	if n := g.Calls()["history.list"]; n > 8 {
		t.Errorf("20 notices at once made %d looks", n)
	}
}

// TestGmailKnownOnly connects an account for the old mail of known people alone:
// it is counted until its people are contacts, and comes then.
func TestGmailKnownOnly(t *testing.T) {
	s, g := gmailShell(t, 1)
	old := func(id, from string) gmailtest.Mail {
		return gmailtest.Mail{Internal: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Labels: []string{gmailtest.Inbox},
			Raw: []byte("From: " + from + "\r\nTo: " + gmailUser + "\r\nMessage-ID: <" + id + "@acme.example>\r\nSubject: Old\r\n\r\nHello.\r\n")}
	}
	g.Add(gmailUser, old("a1", "ann@acme.example"), old("a2", "ann@acme.example"), old("b1", "bob@acme.example"))
	stop := s.serve()
	defer stop()
	s.ok("user", "add", gmailUser)
	if code, _, said := s.consents("mailbox", "add", "--gmail", "--known-only", "--owner", gmailUser); code != 0 {
		t.Fatal(said)
	}
	status := []string{"--json", "mailbox", "status", gmailUser}
	s.awaits(`"nobody_known":4`, status...)
	if out := s.ok("mailbox", "status", gmailUser); !strings.Contains(out, "of known people and companies only") || !strings.Contains(out, "4 nobody_known") {
		t.Errorf("the status: %s", out)
	}
	file := filepath.Join(t.TempDir(), "people.csv")
	must(t, os.WriteFile(file, []byte("Name,Email\nAnn,ann@acme.example\n"), 0o600))
	s.ok("import", file, "--folder", "contacts", "--as", gmailUser)
	s.awaits(`"nobody_known":2`, status...)
	s.awaits("msg_", "--json", "why", "<a2@acme.example>", "--as", gmailUser)
	s.ok("mailbox", "edit", gmailUser, "--known-only=false")
	if out := s.awaits(`"stored":4`, status...); strings.Contains(out, "nobody_known") {
		t.Errorf("strangers are still left out: %s", out)
	}
	s.ok("verify")
}
