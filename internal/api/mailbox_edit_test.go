package api

import (
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/store"
)

// TestEditIsWhole: a change of a mailbox of which a part is refused leaves all of
// it as it was, the password that works included.
func TestEditIsWhole(t *testing.T) {
	w := newWorld(t).withMail()
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 1)
	d.Mails = nil
	server, err := demo.ServeIMAP(t.Context(), d, "nora", "secret of nora")
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	made := w.do(call{method: "POST", path: "/api/v1/mailboxes", as: "operator", body: `{"owner":"nora@brightwell.example","address":"nora@brightwell.example",
		"server":"` + server.Addr() + `","tls":"none","login":"nora","password":"secret of nora"}`})
	id := decode[struct{ ID crm.MailboxID }](t, made).ID
	kept := func() crm.Mailbox {
		t.Helper()
		doc, err := store.Mailboxes.Get(t.Context(), w.deps.Space, string(id))
		must(t, err)
		return doc.Value
	}
	patch := func(body string) int {
		t.Helper()
		return w.do(call{method: "PATCH", path: "/api/v1/mailboxes/" + string(id), as: "nora", body: body}).Code
	}
	before := kept()
	for _, c := range []struct {
		refused string
		status  int
	}{
		{`"aliases":["tom@brightwell.example"]`, 403},
		{`"smtp":"127.0.0.1:25"`, 403},
		{`"known_only":true`, 422},
		{`"folders":["Nowhere"]`, 422},
	} {
		if got := patch(`{"password":"secret of nora","since":"2026-01-01T00:00:00Z","budget":7,"paused":true,` + c.refused + `}`); got != c.status {
			t.Errorf("with %s: %d", c.refused, got)
		}
		if now := kept(); now.Password != before.Password || now.Since != 0 || now.Budget != 0 || now.State != before.State {
			t.Errorf("%s was refused, and of the rest something was kept: since %v, budget %d, %s, another password %v", c.refused, now.Since, now.Budget, now.State, now.Password != before.Password)
		}
	}
	if got := patch(`{"password":"wrong","since":"2026-01-01T00:00:00Z"}`); got != 422 || kept().Since != 0 {
		t.Errorf("a wrong password: %d, since %v", got, kept().Since)
	}
	if got := patch(`{"password":"secret of nora","since":"2026-01-01T00:00:00Z","budget":7,"aliases":["nora@home.example"],"folders":["INBOX"],"paused":true}`); got != 200 {
		t.Errorf("what is allowed: %d", got)
	}
	if now := kept(); now.Password == before.Password || now.Since == 0 || now.Budget != 7 || len(now.Aliases) != 1 || len(now.Folders) != 1 || now.State != crm.StatePaused {
		t.Errorf("what was allowed is not kept: %+v", now)
	}
}
