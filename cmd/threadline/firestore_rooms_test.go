package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/internal/demo"
)

// caller asks a server in the name of a user.
type caller struct {
	t         *testing.T
	base, key string
	client    *http.Client
}

// answer is what a test looks at in answers.
type answer struct {
	ID, Batch, State, Status, Stage, Deal, Contact, Blob string
	Version                                              string
	Counts                                               map[string]int64
	Values                                               map[string]any
	Items                                                []answer
}

// ask sends a body and wants a status, 200 standing for every success.
func (c *caller) ask(status int, method, path string, body any) answer {
	c.t.Helper()
	var in io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case []byte:
		in, kind = bytes.NewReader(b), "application/octet-stream"
	default:
		raw, err := json.Marshal(b)
		must(c.t, err)
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+"api/v1/"+path, in)
	must(c.t, err)
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", kind)
	res, err := c.client.Do(req)
	must(c.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(c.t, err)
	if res.StatusCode != status && (status != 200 || res.StatusCode/100 != 2) {
		c.t.Fatalf("%s %s: %s, want %d\n%s", method, path, res.Status, status, raw)
	}
	var out answer
	if len(raw) > 0 && res.StatusCode < 300 {
		must(c.t, json.Unmarshal(raw, &out))
	}
	return out
}

type fields map[string]any

func (c *caller) make(folder string, values fields) string {
	c.t.Helper()
	return c.ask(200, "POST", folder, fields{"values": values}).ID
}

// ids are those of a list, sorted.
func (c *caller) ids(path string) string {
	c.t.Helper()
	var out []string
	for _, i := range c.ask(200, "GET", path, nil).Items {
		out = append(out, i.ID)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (c *caller) until(what string, is func() bool) {
	c.t.Helper()
	for start := time.Now(); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Since(start) > 4*time.Minute {
			c.t.Fatalf("not %s after four minutes", what)
		}
	}
}

// job waits until a job stands at a state.
func (c *caller) job(id, state string) {
	c.t.Helper()
	c.until(state, func() bool { return c.ask(200, "GET", "jobs/"+id, nil).State == state })
}

// TestRoomsOnFirestore goes through what people do beside mail, on the other
// engine, with the real program; in the end every promise holds.
func TestRoomsOnFirestore(t *testing.T) {
	s := newShell(t).onFirestore()
	imap, password := s.mail()
	post, err := demo.ServeSMTP(context.Background())
	must(t, err)
	defer func() { must(t, post.Close()) }()
	stop, base := s.serveAt("--run", "web,send")
	const nora = "nora@brightwell.example"
	s.ok("user", "add", nora)
	s.ok("role", "give", nora, "admin")
	s.ok("user", "add", "tom@brightwell.example")
	c := &caller{t: t, base: base, client: &http.Client{Transport: &http.Transport{}}}
	defer c.client.CloseIdleConnections()
	var key struct{ Key string }
	must(t, json.Unmarshal([]byte(s.ok("apikey", "add", nora, "--json")), &key))
	c.key = key.Key
	var box answer
	must(t, json.Unmarshal([]byte(s.ok("mailbox", "add", "--owner", nora, "--imap", imap, "--tls", "none", "--login", "nora", "--password-file", password,
		"--smtp", post.Addr(), "--smtp-tls", "none", "--json")), &box))
	people := c.records()
	c.lists(people)
	c.letters(box.ID, post)
	c.lead()
	if out := s.ok("verify"); !strings.Contains(out, " 0 findings") {
		t.Errorf("verify: %s", out)
	}
	if out := s.ok("audit", "verify"); strings.Contains(out, "broken") {
		t.Errorf("audit: %s", out)
	}
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
}

// records makes contacts, puts a file into a field, edits many at once, merges
// two, and takes both back.
func (c *caller) records() []string {
	t := c.t
	var people []string
	for i := range 3 {
		people = append(people, c.make("contacts", fields{"name": fmt.Sprintf("Person %d", i), "emails": []string{fmt.Sprintf("p%d@people.example", i)}}))
	}
	c.ask(200, "POST", "fields", fields{"kind": "contact", "key": "paper", "type": "file"})
	kept := c.ask(200, "POST", "files?name=paper.txt", []byte("what is in it"))
	c.ask(200, "PATCH", "contacts/"+people[0], fields{"values": fields{"paper": fields{"blob": kept.Blob, "name": "paper.txt"}}})

	edit := c.ask(200, "POST", "bulk", fields{"query": "contacts where name ~ Person", "set": fields{"title": "Buyer"}})
	c.job(edit.ID, "waiting")
	c.ask(200, "POST", "bulk/"+edit.ID+"/apply", nil)
	c.job(edit.ID, "done")
	if got := c.ids("contacts?q=title+%3D+Buyer"); got != strings.Join(sorted(people), " ") {
		t.Errorf("edited: %s", got)
	}
	merged := c.ask(200, "POST", "merges", fields{"into": people[1], "from": []string{people[2]}})
	c.ask(404, "GET", "contacts/"+people[2], nil)
	c.ask(200, "POST", "changes/"+merged.Batch+"/undo", nil)
	if c.ask(200, "GET", "contacts/"+people[2], nil).ID != people[2] {
		t.Error("the undo of a merge gives nobody back")
	}
	undo := c.ask(200, "POST", "undos", fields{"batch": edit.Batch})
	c.until("taken back", func() bool { return c.ids("contacts?q=title+%3D+Buyer") == "" })
	c.job(undo.ID, "done")
	return people
}

func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

// lists keeps views and segments, and is told of a task.
func (c *caller) lists(people []string) {
	t := c.t
	view := c.ask(200, "POST", "views", fields{"kind": "contact", "name": "All of them", "query": "contacts where name ~ Person", "columns": []string{"name", "emails"}, "sharing": "workspace"})
	if got := c.ids("views/" + view.ID + "/records"); got != strings.Join(sorted(people), " ") {
		t.Errorf("the view shows %s", got)
	}
	lost := c.ask(200, "POST", "segments", fields{"kind": "contact", "name": "Not these", "mode": "static"})
	c.ask(200, "POST", "segments/"+lost.ID+"/members", fields{"add": people[2:]})
	seg := c.ask(200, "POST", "segments", fields{"kind": "contact", "name": "Those", "mode": "dynamic", "query": "contacts where name ~ Person", "exclude": []string{lost.ID}})
	if got := c.ids("segments/" + seg.ID + "/records"); got != strings.Join(sorted(people[:2]), " ") {
		t.Errorf("the segment holds %s", got)
	}
	c.make("tasks", fields{"title": "Call them", "due": time.Now().UTC().Format(time.DateOnly), "assignee": c.ask(200, "GET", "me", nil).ID, "records": people[:1]})
}

// letters sends a campaign and a sequence, each to those who agreed and are
// not suppressed.
func (c *caller) letters(box string, post *demo.Sink) {
	t := c.t
	c.ask(200, "PUT", "mailing", fields{"postal": "Brightwell, 1 Main Street"})
	c.ask(200, "POST", "consents", fields{"address": "p0@people.example", "source": "a form"})
	c.ask(200, "POST", "suppressions", fields{"address": "p1@people.example"})
	letter := c.ask(200, "POST", "templates", fields{"name": "Offer", "subject": "For {{contact.name}}", "html": "<p>Dear {{contact.name}}</p>"}).ID
	pace := fields{"per_day": 1000, "per_minute": 600, "from": 0, "to": 1440, "days": []int{0, 1, 2, 3, 4, 5, 6}, "on_holidays": true}

	camp := c.ask(200, "POST", "campaigns", fields{"name": "Autumn", "template": letter, "audience": "contacts where name ~ Person", "mailbox": box, "pace": pace}).ID
	c.ask(200, "POST", "campaigns/"+camp+"/prepare", nil)
	c.until("ready", func() bool { return c.ask(200, "GET", "campaigns/"+camp, nil).Status == "ready" })
	c.ask(200, "POST", "campaigns/"+camp+"/start?anyway=true", nil)
	c.until("sent", func() bool { return c.ask(200, "GET", "campaigns/"+camp, nil).Status == "done" })
	if n := post.Taken().Mails; n != 2 {
		t.Errorf("%d mails of the campaign", n)
	}

	seq := c.ask(200, "POST", "sequences", fields{"name": "After the fair", "mailbox": box, "pace": pace, "steps": []fields{{"template": letter}, {"template": letter, "wait": 2}}}).ID
	c.ask(200, "POST", "sequences/"+seq+"/start?anyway=true", nil)
	crowd := c.ask(200, "POST", "sequences/"+seq+"/enrol", fields{"audience": "contacts where name ~ Person"})
	c.job(crowd.ID, "done")
	c.until("sent", func() bool { return post.Taken().Mails >= 4 })
	if n := len(c.ask(200, "GET", "sequences/"+seq+"/enrolments", nil).Items); n != 3 {
		t.Errorf("%d people in the sequence", n)
	}
	c.ask(200, "POST", "sequences/"+seq+"/pause", nil)
}

// lead becomes a contact with a deal, the deal is won, and all is taken back.
func (c *caller) lead() {
	t := c.t
	lead := c.make("leads", fields{"name": "Ada", "company_name": "Canary Ltd", "emails": []string{"ada@canary.example"}})
	done := c.ask(200, "POST", "leads/"+lead+"/convert", fields{})
	won := c.ask(200, "POST", "deals/"+done.Deal+"/win", fields{})
	if got := c.ids("deals?q=stage+%3D+Won"); got != done.Deal {
		t.Errorf("won: %s", got)
	}
	c.ask(200, "POST", "changes/"+won.Batch+"/undo", nil)
	c.ask(200, "POST", "changes/"+done.Batch+"/undo", nil)
	c.ask(404, "GET", "contacts/"+done.Contact, nil)
	if got := c.ids("leads"); got != lead {
		t.Errorf("leads after the undo: %s", got)
	}
	c.until("told", func() bool { return len(c.ask(200, "GET", "notifications", nil).Items) > 0 })
}
