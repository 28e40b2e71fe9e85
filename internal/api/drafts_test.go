package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
)

// TestDrafts writes one draft in two places, signs, passes a mail on with what is
// attached to it, and asks to be told of its reading.
func TestDrafts(t *testing.T) {
	w := newWorld(t).withMail()
	ask := func(status int, c call) map[string]any {
		t.Helper()
		c.as, c.path, c.body = "nora", w.fill(c.path), w.fill(c.body)
		res := w.do(c)
		if res.Code != status {
			t.Fatalf("%s %s: %d, want %d: %s", c.method, c.path, res.Code, status, crm.Clip(res.Body.String(), 400))
		}
		if res.Body.Len() == 0 {
			return nil
		}
		return decode[map[string]any](t, res)
	}
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }

	ask(200, call{method: "PUT", path: "/api/v1/me/signature", body: `{"text":"-- \r\nNora \n"}`})
	if got := text(ask(200, call{path: "/api/v1/me"}), "signature"); got != "Nora" {
		t.Errorf("the signature is %q", got)
	}
	ask(413, call{method: "PUT", path: "/api/v1/me/signature", body: `{"text":"` + strings.Repeat("a", crm.MaxSignature+1) + `"}`})

	ask(200, call{method: "PUT", path: "/api/v1/me/signature", body: `{"html":"<p><b>Nora</b> <i onclick=\"x()\">Brightwell</i></p><script>y()</script>"}`})
	if me := ask(200, call{path: "/api/v1/me"}); text(me, "signature") != "Nora Brightwell" || text(me, "signature_html") != "<p><b>Nora</b> <i>Brightwell</i></p>" {
		t.Errorf("the formatted signature is %q, %q", text(me, "signature"), text(me, "signature_html"))
	}

	signed := ask(200, call{method: "PUT", path: "/api/v1/me/signature", body: `{"html":"<img src=\"https://logo.example/l.png\"><img src=\"http://logo.example/old.png\">"}`})
	if me := ask(200, call{path: "/api/v1/me"}); fmt.Sprint(signed["left"]) != "[insecure]" || text(me, "signature_html") != `<img src="https://logo.example/l.png">` {
		t.Errorf("signed with a logo alone: %v, then %q", signed, text(me, "signature_html"))
	}

	const drafts = "/api/v1/drafts"
	page := ask(201, call{method: "POST", path: drafts, body: `{"mailbox":"{mailbox}","html":"<p>Dear <b>Ada</b>,</p><ul><li>one</li><li>two</li></ul><script>x()</script><img src=\"https://logo.example/l.png\"><img src=\"https://canary.example/p.gif\" width=\"1\"><img src=\"data:image/png;base64,AAAA\">"}`})
	words := page["words"].(map[string]any)
	if got := text(words, "html"); !strings.Contains(got, "<b>Ada</b>") || strings.Contains(got, "script") || strings.Contains(got, "canary") || strings.Contains(got, "data:") || !strings.Contains(got, `src="https://logo.example/l.png"`) {
		t.Errorf("the formatted draft has the page %q", got)
	}
	if got := text(words, "text"); !strings.HasPrefix(got, "Dear Ada,\n") || !strings.Contains(got, "one\n") || strings.Contains(got, "x()") {
		t.Errorf("the formatted draft has the text %q", got)
	}
	if got := fmt.Sprint(page["left"]); got != "[hidden within]" {
		t.Errorf("left out and told: %s", got)
	}
	const pasted = `data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==`
	for _, c := range []call{{method: "POST", path: drafts}, {method: "PUT"}} { // as it is written, and as it is written on
		if c.method == "PUT" {
			c.path = drafts + "/" + text(page, "id")
		}
		c.body = `{"mailbox":"{mailbox}","html":"<p>See <img src=\"` + pasted + `\"></p>"}`
		page = ask(map[string]int{"POST": 201, "PUT": 200}[c.method], c)
		if got := text(page["words"].(map[string]any), "html"); !strings.Contains(got, pasted) || page["files"] != nil && len(page["files"].([]any)) > 0 || page["left"] != nil {
			t.Errorf("a draft with a pasted picture says %s, with files %v, without %v", got, page["files"], page["left"])
		}
	}
	foreign := strings.Repeat("0a", 32)
	ask(404, call{method: "POST", path: drafts, body: `{"mailbox":"{mailbox}","html":"<img src=\"cid:` + foreign + `@threadline\">"}`})
	ask(204, call{method: "DELETE", path: drafts + "/" + text(page, "id")})

	key := map[string]string{"Idempotency-Key": "k"}
	made := ask(201, call{method: "POST", path: drafts, header: key, body: `{"mailbox":"{mailbox}","text":"one"}`})
	again := ask(201, call{method: "POST", path: drafts, header: key, body: `{"mailbox":"{mailbox}","text":"other"}`})
	if again["id"] != made["id"] || again["version"] != made["version"] || again["words"].(map[string]any)["text"] != "one" {
		t.Errorf("made twice: %v, then %v", made, again)
	}
	mine := map[string]string{"Idempotency-Key": "mine"}
	post := call{method: "POST", path: "/api/v1/outgoing", header: mine, body: `{"mailbox":"{mailbox}","to":["ada@canary.example"],"text":"one"}`}
	if once, twice := ask(202, post), ask(202, post); once["id"] != twice["id"] {
		t.Errorf("sent twice: %v, then %v", once, twice)
	}
	other := post
	other.body = `{"mailbox":"{mailbox}","to":["ada@canary.example"],"text":"two"}`
	post.header = key // of the draft
	for _, c := range []call{other, post} {
		if p := ask(409, c); !strings.Contains(text(p, "hint"), "key of its own") {
			t.Errorf("another mail with the same key: %v", p)
		}
	}
	one, first := drafts+"/"+text(made, "id"), map[string]string{"If-Match": text(made, "version")}
	second := ask(200, call{method: "PUT", path: one, header: first, body: `{"mailbox":"{mailbox}","to":["ada@canary.example"],"text":"two"}`})
	for _, c := range []call{{method: "PUT", path: one, body: `{"mailbox":"{mailbox}","text":"three"}`}, {method: "POST", path: one + "/send"}} {
		c.header = first
		if p := ask(412, c); text(p, "field") != "version" {
			t.Errorf("%s of what was written meanwhile: %v", c.method, p)
		}
	}
	if got := ask(200, call{path: one}); got["version"] != second["version"] || got["words"].(map[string]any)["text"] != "two" {
		t.Errorf("the draft is %v", got)
	}
	ask(200, call{method: "PUT", path: one, body: `{"mailbox":"{mailbox}","to":["ada@canary.example"],"text":"two","track":"individual"}`})
	if p := ask(403, call{method: "POST", path: one + "/send"}); text(p, "field") != "track" {
		t.Errorf("tracking that nobody allowed: %v", p)
	}
	asked := call{path: "/api/v1/mailboxes/{mailbox}/tracking?to=ada@canary.example"}
	if got := ask(200, asked); got["most"] != "" {
		t.Errorf("before it is allowed: %v", got)
	}
	res := w.do(call{method: "PUT", path: "/api/v1/mailing", as: "operator", body: `{"postal":"Brightwell, Street 1","single_mails":"individual"}`})
	if res.Code != http.StatusOK {
		t.Fatal(res.Body)
	}
	if got := ask(200, asked); got["most"] != "individual" {
		t.Errorf("once it is allowed: %v", got)
	}
	sent := ask(202, call{method: "POST", path: one + "/send"})
	doc, err := w.deps.Outbox.Get(t.Context(), access.Member(w.nora.ID), text(sent, "id"))
	must(t, err)
	if p := mail.Parse(doc.Raw); doc.Track != crm.TrackIndividual || p.Text != "two" || !strings.Contains(p.HTML, "/t/") || p.RFCID != doc.RFCID {
		t.Errorf("sent %q, %q as %q", p.Text, p.HTML, doc.Track)
	}

	file := ask(201, call{method: "POST", path: "/api/v1/messages/{message}/attachments/0/keep"})
	if file["name"] != canaryFile || file["type"] != "application/pdf" {
		t.Errorf("kept %v", file)
	}
	ask(404, call{method: "POST", path: "/api/v1/messages/{message}/attachments/1/keep"})
	raw, err := json.Marshal(file["blob"])
	must(t, err)
	passed := ask(201, call{method: "POST", path: drafts, body: `{"mailbox":"{mailbox}","to":["tom@brightwell.example"],"text":"look","forward":"{message}","files":[{"blob":` + string(raw) + `}]}`})
	if doc, err = w.deps.Outbox.Get(t.Context(), access.Member(w.nora.ID), text(passed, "id")); err != nil || doc.Subject != "Fwd: "+canarySubject || doc.Answers != "" {
		t.Errorf("%+v, %v", doc, err)
	}
	if p := mail.Parse(doc.Raw); len(p.References) != 1 || p.References[0] != canaryRFC || len(p.InReplyTo) > 0 {
		t.Errorf("it refers to %v and answers %v", p.References, p.InReplyTo)
	}
	if p := ask(422, call{method: "POST", path: drafts, body: `{"mailbox":"{mailbox}","reply":"{message}","forward":"{message}"}`}); text(p, "field") != "forward" {
		t.Errorf("%v", p)
	}
	if p := ask(404, call{method: "POST", path: drafts, body: `{"mailbox":"{mailbox}","forward":"msg_aaaaaaaaaaaaaaaaaaaaaaaaaa"}`}); text(p, "field") != "forward" {
		t.Errorf("%v", p)
	}
}
