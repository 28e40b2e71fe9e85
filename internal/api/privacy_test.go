package api

import (
	"net/http"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// TestColleagueSeesNoWords asks every address of the API that reads, as a
// colleague and as the operator without a name: who took part may be known,
// what was written may not.
func TestColleagueSeesNoWords(t *testing.T) {
	w := newWorld(t).withMail()
	ids := map[string]string{"messages": string(w.message), "contacts": string(w.contact), "mailboxes": string(w.mailbox)}
	seen := 0
	for _, r := range w.gin.Routes() {
		if r.Method != http.MethodGet || !strings.HasPrefix(r.Path, "/api/v1/") {
			continue
		}
		plural := strings.Split(r.Path, "/")[3]
		path := strings.NewReplacer(":id", ids[plural], ":batch", "bat_aaaaaaaaaaaaaaaaaaaaaaaaaa").Replace(r.Path)
		if plural == "live" {
			path += "?stay=0" // a stream that ends
		}
		variants := []string{path}
		if plural == "messages" {
			variants = append(variants, strings.Replace(path, string(w.message), canaryRFC, 1), path+"?record="+string(w.contact))
		}
		for _, p := range variants {
			for _, as := range []string{"tom", "operator", "operator:tom@brightwell.example"} {
				if as == "operator" && (p == "/api/v1/export" || p == "/api/v1/backup") {
					continue // whoever moves house takes everything
				}
				seen++
				res := w.do(call{path: p, as: as})
				for _, word := range []string{canarySubject, canaryBody, canaryFile, "kanarek", "secret-of-nora"} {
					if strings.Contains(res.Body.String(), word) {
						t.Errorf("%s as %s holds %q", p, as, word)
					}
				}
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d requests were made: the test looks in the wrong place", seen)
	}
	w.run(t, []scenario{
		{name: "the colleague knows of the message", call: call{path: "/api/v1/messages/{message}", as: "tom"}, status: 200, has: `"level":"metadata"`},
		{name: "and of it on the timeline", call: call{path: "/api/v1/contacts/{contact}/timeline", as: "tom"}, status: 200, has: `"level":"metadata"`},
		{name: "the owner reads the timeline", call: call{path: "/api/v1/contacts/{contact}/timeline", as: "nora"}, status: 200, has: canarySubject},
		{name: "the owner sees the file", call: call{path: "/api/v1/messages/{message}", as: "nora"}, status: 200, has: canaryFile},
		{name: "a colleague sees no mailbox", call: call{path: "/api/v1/mailboxes", as: "tom"}, status: 200, has: `"items":[]`},
		{name: "the mailbox shows no password", call: call{path: "/api/v1/mailboxes/{mailbox}", as: "nora"}, status: 200, has: `"login":"nora"`},
	})
	measured := w.do(call{path: "/metrics", as: "operator"}).Body.String()
	if !strings.Contains(measured, `threadline_mailbox_copies{mailbox="`+string(w.mailbox)+`",state="stored",workspace="`+string(w.deps.Space.Workspace())+`"}`) || strings.Contains(measured, "@") {
		t.Errorf("measures of the mailbox:\n%s", measured)
	}
	log := w.log.String()
	for _, word := range []string{canarySubject, canaryBody, canaryFile, canaryRFC, "secret-of-nora"} {
		if strings.Contains(log, word) {
			t.Errorf("the log holds %q", word)
		}
	}
}

// TestCorrectionOfColleague: who may know of a message may say where it
// belongs, and the answer tells nothing of its words.
func TestCorrectionMovesMail(t *testing.T) {
	w := newWorld(t).withMail()
	res := w.do(call{method: "POST", path: "/api/v1/companies", as: "nora", body: `{"values":{"name":"Canary Ltd"}}`})
	company := decode[recordView](t, res).ID
	link := func(effect string) string {
		res := w.do(call{method: "POST", path: "/api/v1/messages/" + string(w.message) + "/links", as: "nora",
			body: `{"record":"` + string(company) + `","effect":"` + effect + `","scope":"message"}`})
		must(t, w.follower.CatchUp(t.Context()))
		return decode[batched](t, res).Batch
	}
	on := func() bool {
		res := w.do(call{path: "/api/v1/messages/" + string(w.message) + "/why", as: "nora"})
		return strings.Contains(res.Body.String(), string(company))
	}
	if on() {
		t.Fatal("linked before anybody said so")
	}
	batch := link("link")
	if batch == "" || !on() {
		t.Fatal("the correction did not link")
	}
	if link("never"); on() {
		t.Error("the later answer does not win")
	}
	res = w.do(call{method: "POST", path: "/api/v1/changes/" + batch + "/undo", as: "nora"})
	if p := decode[Problem](t, res); res.Code != http.StatusConflict || p.Code != crm.Conflict {
		t.Errorf("an older answer was undone under a later one: %d %s", res.Code, res.Body)
	}
}
