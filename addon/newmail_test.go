package addon

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"threadline/addon/card"
	"threadline/addon/card/cardtest"
	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// TestFlowNewMail: a mail begins with a template, filled for the person, over the
// signature, and opens among the drafts of our own page; none is sent.
func TestFlowNewMail(t *testing.T) {
	x := newOffice(t)
	x.template("Offer", "Offer for {{company.name}}", "<p>Dear {{contact.name}}, your job is {{contact.title}}.</p>")
	x.signature(`<p><b>Anna</b></p><img src="https://own.example/logo.png" alt="Own">`)
	var begun []NewMail
	x.h.deps.Book.Draft = func(_ context.Context, u crm.UserID, m NewMail) (card.URL, error) {
		if u != tt.Anna {
			t.Errorf("the draft is kept for %s", u)
		}
		begun = append(begun, m)
		return links(t).Home.Path("inbox", "drafts", "out_1"), nil
	}
	x.open(x.ask)
	x.click("New mail")
	x.sees("New mail", "nora@nord.example", "Without a template", "Offer")
	x.click("Offer")
	x.sees("Offer for Nord", "Dear Nora Lind", "No value for", "contact.title")
	x.seesNot(`"Insert"`)
	x.click("Open as a draft")
	if link := asText(x.last); !strings.Contains(link, "/inbox/drafts/out_1") {
		t.Errorf("it opens %s", link)
	}
	x.click("Open as a draft")
	m := begun[0]
	if len(begun) != 2 || begun[1].Key != m.Key || m.Mailbox != tt.AnnaMail || m.From != tt.AnnaAtWork || len(m.To) != 1 || m.To[0].Address != "nora@nord.example" || m.Subject != "Offer for Nord" {
		t.Errorf("begun %+v", begun)
	}
	if !strings.Contains(m.HTML, "Dear Nora Lind") || !strings.HasSuffix(m.HTML, `alt="Own">`) || !strings.Contains(m.Text, "Dear Nora Lind") || !strings.Contains(m.Text, "Anna") {
		t.Errorf("it says %q, %q", m.HTML, m.Text)
	}
	x.open(x.ask)
	x.click("New mail")
	x.click("Without a template")
	if m := begun[len(begun)-1]; m.Subject != "" || !strings.HasPrefix(m.HTML, "<p><br></p><p>-- </p>") {
		t.Errorf("without a template: %+v", m)
	}
	x.h.deps.Book.Draft = nil
	x.open(x.ask)
	x.click("New mail")
	x.click("Without a template")
	x.hears("Connect your mailbox first: mail goes out from there.")
}

// TestDraftInGmail: in Gmail the draft is made with both tokens of the event and
// opened there; without the scope that is asked for.
func TestDraftInGmail(t *testing.T) {
	x := newOffice(t)
	x.template("Offer", "Offer for {{company.name}}", "<p>Dear {{contact.name}}</p>")
	var asked []*http.Request
	var raw string
	status := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		var in struct{ Message struct{ Raw string } }
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &in)
		raw = in.Message.Raw
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"id":"r-77","message":{"id":"15e9fa","threadId":"15e9fa622c"}}`)
	}))
	t.Cleanup(srv.Close)
	x.h.deps.Draft = GmailDrafts(srv.Client(), srv.URL)
	post := func(scopes ...string) string {
		t.Helper()
		return x.drafts(t.Context(), x.offered(), scopes...)
	}
	if got := post(scopeEmail); !strings.Contains(got, "requesting_google_scopes") || !strings.Contains(got, scopeCompose) || len(asked) != 0 {
		t.Errorf("without the scope: %s, asked %d times", got, len(asked))
	}
	if got, want := post(scopeEmail, scopeCompose), `{"renderActions":{"hostAppAction":{"gmailAction":{"openCreatedDraftActionMarkup":{"draftId":"r-77","draftThreadId":"15e9fa622c"}}}}}`; got != want {
		t.Errorf("answers %s", got)
	}
	if r := asked[0]; r.Method != http.MethodPost || r.URL.Path != "/gmail/v1/users/me/drafts" || r.Header.Get("Authorization") != "Bearer ya29.user" || r.Header.Get("X-Goog-Gmail-Access-Token") != "for-one-message" {
		t.Errorf("asked %s %s, %v", r.Method, r.URL, r.Header)
	}
	bytes, err := base64.URLEncoding.DecodeString(raw)
	x.must(err)
	if p := mail.Parse(bytes); p.Subject != "Offer for Nord" || !strings.Contains(p.HTML, "Dear Nora Lind") || p.Text != "Dear Nora Lind" || len(p.Participants) != 2 {
		t.Errorf("the draft is %q, %q, %q, %v", p.Subject, p.HTML, p.Text, p.Participants)
	}
	for code, want := range map[int]string{http.StatusForbidden: "requesting_google_scopes", http.StatusBadGateway: "pushCard"} {
		if status = code; !strings.Contains(post(scopeEmail, scopeCompose), want) {
			t.Errorf("Gmail answers %d, and the sidebar no %s", code, want)
		}
	}
}

// offered are the parameters of the button that opens a new mail with the offer.
func (x *office) offered() map[string]string {
	x.t.Helper()
	x.open(x.ask)
	x.click("New mail")
	x.click("Offer")
	params := map[string]string{}
	for _, p := range x.action("Open as a draft")["parameters"].([]any) {
		params[p.(object)["key"].(string)] = p.(object)["value"].(string)
	}
	return params
}

// drafts clicks that button in Gmail.
func (x *office) drafts(ctx context.Context, params map[string]string, scopes ...string) string {
	x.t.Helper()
	ev := Event{Host: "GMAIL", Params: params, Inputs: Inputs{}, UserToken: "ya29.user", MessageAccess: "for-one-message", Scopes: scopes}
	b, err := x.h.answer(ctx, "", ev, tt.Anna, "en").MarshalJSON()
	x.must(err)
	if err := cardtest.Check(b); err != nil {
		x.t.Errorf("%v\n%s", err, b)
	}
	return string(b)
}

// TestDraftOnce: a click that comes twice opens the one draft that it made, also when
// the second comes before Gmail has answered the first, and whoever made the first has
// hung up. What failed is tried again, and after a minute another one is meant.
func TestDraftOnce(t *testing.T) {
	x := newOffice(t)
	x.template("Offer", "Offer for {{company.name}}", "<p>Dear {{contact.name}}</p>")
	var calls atomic.Int32
	asked, answer := make(chan struct{}, 1), make(chan error)
	x.h.deps.Draft = func(ctx context.Context, _ Event, _ []byte) (GmailDraft, error) {
		n := calls.Add(1)
		asked <- struct{}{}
		return GmailDraft{fmt.Sprintf("r-%d", n), "15e9fa"}, cmp.Or(<-answer, ctx.Err())
	}
	now := x.h.now()
	x.h.cfg.Now = func() time.Time { return now }
	params := x.offered()
	click := func(ctx context.Context) <-chan string {
		said := make(chan string, 1)
		go func() { said <- x.drafts(ctx, params, scopeEmail, scopeCompose) }()
		return said
	}
	impatient, hangUp := context.WithCancel(t.Context())
	first := click(impatient)
	<-asked
	hangUp()
	second := click(t.Context())
	answer <- nil
	for _, said := range []string{<-first, <-second, <-click(t.Context())} {
		if !strings.Contains(said, `"draftId":"r-1"`) {
			t.Errorf("a click of the same card opens %s", said)
		}
	}
	now = now.Add(draftSettles + time.Second)
	later := click(t.Context())
	<-asked
	answer <- crm.Errorf(crm.Unavailable, "test", "Gmail is away")
	if said := <-later; strings.Contains(said, "draftId") {
		t.Errorf("a failure opens %s", said)
	}
	again := click(t.Context())
	<-asked
	answer <- nil
	if said := <-again; !strings.Contains(said, `"draftId":"r-3"`) || calls.Load() != 3 {
		t.Errorf("after a failure it opens %s, asked %d times", said, calls.Load())
	}
}

// signature gives the person one.
func (x *office) signature(page string) {
	x.t.Helper()
	_, _, err := x.h.deps.Book.Letters.Sign(x.t.Context(), access.Member(tt.Anna), store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI}, "", page)
	x.must(err)
}

// TestDraftOnceBetweenInstances: whichever instance gets the second click, there is one
// draft. An instance that dies over it leaves clicks waiting, for fifteen seconds.
func TestDraftOnceBetweenInstances(t *testing.T) {
	x := newOffice(t)
	x.template("Offer", "Offer for {{company.name}}", "<p>Dear {{contact.name}}</p>")
	var calls atomic.Int32
	asked, answer := make(chan struct{}), make(chan struct{})
	here := x.h
	here.deps.Draft = func(context.Context, Event, []byte) (GmailDraft, error) {
		n := calls.Add(1)
		asked <- struct{}{}
		<-answer
		return GmailDraft{fmt.Sprintf("r-%d", n), "15e9fa"}, nil
	}
	begun := here.now()
	var later atomic.Int64
	here.cfg.Now = func() time.Time { return begun.Add(time.Duration(later.Load())) }
	there, err := New(here.cfg, here.deps)
	x.must(err)
	var params map[string]string
	click := func(ctx context.Context, h *Handler) <-chan string {
		said := make(chan string, 1)
		ev := Event{Host: "GMAIL", Params: params, Inputs: Inputs{}, UserToken: "ya29.user", Scopes: []string{scopeEmail, scopeCompose}}
		go func() {
			b, err := h.answer(ctx, "", ev, tt.Anna, "en").MarshalJSON()
			said <- cmp.Or(string(b), fmt.Sprint(err))
		}()
		return said
	}
	params = x.offered()
	first := click(t.Context(), here)
	<-asked
	second := click(t.Context(), there)
	answer <- struct{}{}
	for _, said := range []string{<-first, <-second, <-click(t.Context(), there)} {
		if !strings.Contains(said, `"draftId":"r-1"`) {
			t.Errorf("a click of the same card opens %s", said)
		}
	}

	params = x.offered()
	dead := click(t.Context(), here)
	<-asked
	brief, cancel := context.WithTimeout(t.Context(), 3*draftLook)
	defer cancel()
	if said := <-click(brief, there); strings.Contains(said, "draftId") || calls.Load() != 2 {
		t.Errorf("while another may make it: %s, asked %d times", said, calls.Load())
	}
	later.Store(int64(draftTakes + time.Second))
	third := click(t.Context(), there)
	<-asked
	answer <- struct{}{}
	answer <- struct{}{}
	said := []string{<-dead, <-third}
	if !strings.Contains(said[1], `"draftId":"r-3"`) || calls.Load() != 3 {
		t.Errorf("when nobody makes it any more: %s, asked %d times", said, calls.Load())
	}
}
