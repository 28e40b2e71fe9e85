package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
)

// code is what the app of a second factor shows, whose secret an answer told.
func (w *doing) code(res *httptest.ResponseRecorder) string {
	w.t.Helper()
	secret := decode[struct{ Secret string }](w.t, res).Secret
	out, err := totp.GenerateCode(secret, time.Now())
	must(w.t, err)
	return out
}

// second gives Vera a second factor, in a browser that stays signed in, and answers
// a code for a sign-in without it.
func (w *doing) second(browser map[string]string) string {
	w.t.Helper()
	send := func(path, body string) *httptest.ResponseRecorder {
		return w.ask(call{method: "POST", path: "/api/v1/me" + path, header: browser, body: body}, "application/json")
	}
	res := send("/totp/confirm", `{"code":"`+w.code(send("/totp", ""))+`"}`)
	codes := decode[struct {
		Codes []string `json:"recovery_codes"`
	}](w.t, res).Codes
	if len(codes) == 0 {
		w.t.Fatalf("no recovery codes: %d %s", res.Code, res.Body)
	}
	return codes[0]
}

// probes asks for what somebody else has, who is not to be named.
func (w *doing) probes() {
	w.t.Helper()
	w.nora("POST", "/api/v1/fields", `{"kind":"contact","key":"badge","type":"text","unique":true}`)
	theirs := w.nora("POST", "/api/v1/contacts", `{"values":{"name":"`+hiddenRecord+` taken","emails":["taken@hidden.example"],"phones":["+48600100200"],"badge":"B7"}}`)
	w.does("POST", "/api/v1/contacts", `{"values":{"name":"Own","badge":"B8"}}`)
	for body, want := range map[string]int{
		`{"values":{"name":"Mole","emails":["taken@hidden.example"]}}`: http.StatusCreated, `{"values":{"name":"Mole","phones":["+48600100200"]}}`: http.StatusCreated,
		`{"values":{"name":"Mole","badge":"B7"}}`: http.StatusConflict, `{"values":{"name":"Mole","badge":"B8"}}`: http.StatusConflict,
	} {
		res := w.by("vera", "POST", "/api/v1/contacts", body)
		if text := res.Body.String(); res.Code != want || strings.Contains(text, theirs) {
			w.t.Errorf("%s is answered %d %s", body, res.Code, text)
		}
	}
}

// refused makes the letter to somebody in a campaign one that was refused.
func (w *doing) refused(campaign string) {
	w.t.Helper()
	w.became(campaign, func(r *crm.Recipient) { r.State = crm.RecipientFailed })
}

// doubtful makes it unknown whether somebody got a letter.
func (w *doing) doubtful(campaign string) {
	w.t.Helper()
	w.became(campaign, func(r *crm.Recipient) { r.State, r.Looked = crm.RecipientUnknown, 3 })
}

// became changes the letter to somebody who waits for it.
func (w *doing) became(campaign string, change func(*crm.Recipient)) {
	w.t.Helper()
	docs, err := store.Recipients.All(w.t.Context(), w.deps.Space, store.Query{Where: []store.Filter{store.Is("campaign", campaign), store.Is("state", crm.RecipientQueued)}, Order: "due"})
	must(w.t, err)
	if len(docs) == 0 {
		w.t.Fatal("nobody gets the letter")
	}
	r := docs[0].Value
	change(&r)
	b := w.deps.Space.Batch()
	store.Recipients.Put(b, &r)
	must(w.t, b.Commit(w.t.Context()))
}

// reset takes password and second factor from Vera.
func (w *doing) reset() {
	w.t.Helper()
	w.idOf("POST", "reset", w.ask(call{method: "POST", path: "/api/v1/users/" + string(w.vera.ID) + "/reset", as: "operator"}, ""))
}

// spare is a mailbox of Vera's that nothing else is done with.
func (w *doing) spare() crm.MailboxID {
	w.t.Helper()
	doc, err := store.Mailboxes.Get(w.t.Context(), w.deps.Space, string(w.box))
	must(w.t, err)
	id, err := w.deps.Space.Store().NewID(crm.PrefixMailbox)
	must(w.t, err)
	m := doc.Value
	m.ID = crm.MailboxID(id)
	b := w.deps.Space.Batch()
	store.Mailboxes.Create(b, &m)
	must(w.t, b.Commit(w.t.Context()))
	return m.ID
}

// dead is a copy in a mailbox that was given up.
func (w *doing) dead(mailbox string) string {
	w.t.Helper()
	id, err := w.deps.Space.Store().NewID(crm.PrefixCopy)
	must(w.t, err)
	docs, err := store.Boxes.All(w.t.Context(), w.deps.Space, store.Query{})
	must(w.t, err)
	box := docs[0].Value
	b := w.deps.Space.Batch()
	store.Copies.Create(b, &crm.Copy{ID: crm.CopyID(id), Mailbox: crm.MailboxID(mailbox), Box: box.ID, Epoch: box.Epoch, Key: 900, State: crm.CopyDead, Dead: crm.DeadFetch})
	must(w.t, b.Commit(w.t.Context()))
	return id
}

// failed makes a mail that waits one that was refused.
func (w *doing) failed(id string) string {
	w.t.Helper()
	doc, err := store.Outgoing.Get(w.t.Context(), w.deps.Space, id)
	must(w.t, err)
	doc.Value.State, doc.Value.Trouble = crm.OutFailed, "refused"
	b := w.deps.Space.Batch()
	store.Outgoing.Put(b, &doc.Value)
	must(w.t, b.Commit(w.t.Context()))
	return id
}

// elsewhere is a second workspace.
func (w *doing) elsewhere() *store.Space {
	w.t.Helper()
	seat, err := w.deps.Auth.Found(w.t.Context(), w.deps.Space, nil, auth.BootstrapInput{Name: "Second"})
	must(w.t, err)
	return w.deps.Space.Store().In(seat.Workspace.ID)
}

// google connects the server with a Google that consents at once.
func (w *doing) google() {
	w.t.Helper()
	g := gmailtest.New(gmailtest.Options{})
	g.AddUser("vera@brightwell.example")
	w.deps.Gmail = gmail.NewProject(gmail.ProjectConfig{ClientID: "id", ClientSecret: "secret", URL: g.Start(w.t)})
}

// consented is the end of a consent to read a Gmail account, in the browser that
// began it.
func (w *doing) consented() call {
	w.t.Helper()
	c := w.inBrowser(call{method: "POST", path: "/api/v1/mailboxes/gmail/consent", body: `{}`})
	page := decode[consentView](w.t, w.ask(c, "application/json"))
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(page.URL)
	must(w.t, err)
	must(w.t, res.Body.Close())
	back, err := url.Parse(res.Header.Get("Location"))
	must(w.t, err)
	q := back.Query()
	return call{as: "browser", header: c.header, body: `{"state":"` + q.Get("state") + `","code":"` + q.Get("code") + `"}`}
}

// anyway is how a step goes on although a check advises against it.
func (w *doing) anyway(step string) string {
	if strings.HasPrefix(step, "start") {
		return "?anyway=true"
	}
	return ""
}
