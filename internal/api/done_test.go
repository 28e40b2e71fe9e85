package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/keys"
	"threadline/internal/records"
)

// doing is a walk over the writes that succeed. Vera does each: her role has every
// right, reaches her own records alone, and hides all of their texts but their
// titles, and what deals are worth. What is hidden holds canaries; her colleagues
// have records and mail that do.
type doing struct {
	*walk
	vera   crm.User
	box    crm.MailboxID // hers
	letter crm.MessageID // in it, with a file and a signature
	serial int
	told   map[string]string     // ids that she was told, by the part of the path before an id
	hides  map[crm.Kind][]string // what the role hides
}

// example makes what a route needs in order to succeed, and what to send it.
type example func(w *doing) call

func newDoing(t *testing.T) *doing {
	w := &doing{walk: newWalk(t), told: map[string]string{}, hides: map[crm.Kind][]string{}}
	w.vera = w.user("vera", "vera@brightwell.example")
	w.hide()
	w.herMail()
	w.google()
	w.cfg.Syncs = func() bool { return true }
	w.deps.Rotate = func(ctx context.Context) (keys.Rotated, error) {
		return keys.Rotate(ctx, w.deps.Space.Store(), w.deps.Seal, rand.Reader)
	}
	must(t, w.follower.CatchUp(t.Context()))
	return w
}

// veil are the fields of a folder that are hidden from Vera.
func veil(n crm.Noun) []string {
	var out []string
	for _, f := range n.Fields {
		texts := f.Type == crm.FieldText || f.Type == crm.FieldLongText
		works := slices.Contains([]string{"pipeline", "stage", "lost_reason", "company_name"}, f.Key) // without these some routes do nothing
		if texts && !works && f.Choices == nil && !f.System && !f.Required && !f.Many && f.Key != n.Title || f.Key == "amount" {
			out = append(out, f.Key)
		}
	}
	return out
}

// hide makes a folder and fields of the workspace, and the role.
func (w *doing) hide() {
	w.t.Helper()
	w.nora("POST", "/api/v1/folders", `{"key":"partner","plural":"partners","staged":true}`)
	for _, kind := range []string{"contact", "company", "deal", "x-partner"} {
		w.nora("POST", "/api/v1/fields", `{"kind":"`+kind+`","key":"secret","type":"text","default":"`+hiddenField+`"}`)
	}
	w.nora("POST", "/api/v1/fields", `{"kind":"deal","key":"twice","type":"formula","expr":"amount * 2"}`)
	schema, err := w.deps.Records.Schema(w.t.Context(), access.Operator())
	must(w.t, err)
	own := crm.FolderRights{Create: crm.ReachOwn, Read: crm.ReachOwn, Update: crm.ReachOwn, Delete: crm.ReachOwn}
	role := crm.MemberRole{Key: "veil", Name: "Veil", Others: own,
		Rights: slices.DeleteFunc(crm.Rights(), func(r crm.Right) bool { return r == crm.RightBilling })}
	for _, n := range schema.Nouns() {
		w.hides[n.Kind] = veil(n)
		for _, key := range veil(n) {
			role.Fields = append(role.Fields, crm.FieldRule{Kind: n.Kind, Field: key, Effect: crm.FieldHidden})
		}
	}
	op := records.By{Cause: crm.CauseCLI}
	_, err = w.deps.Records.SetRole(w.t.Context(), op, role)
	must(w.t, err)
	_, err = w.deps.Records.SetMembership(w.t.Context(), op, crm.Membership{User: w.vera.ID, Role: "veil"})
	must(w.t, err)
}

// herMail gives Vera a mailbox with a letter.
func (w *doing) herMail() {
	w.t.Helper()
	server := w.serve()
	must(w.t, server.Deliver(demo.Mail{Folder: demo.Inbox, Raw: signed(), Date: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}))
	w.box = crm.MailboxID(w.does("POST", "/api/v1/mailboxes", `{"server":"`+server.Addr()+`","tls":"none","login":"vera","password":"secret-of-vera"}`))
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = w.deps.Engine.Run(ctx) }) // its end is ours
	defer running.Wait()
	defer cancel()
	_, err := w.deps.Engine.Ready(ctx, w.box, 30*time.Second)
	must(w.t, err)
	must(w.t, w.follower.CatchUp(ctx))
	found := decode[struct{ Stored []struct{ ID crm.MessageID } }](w.t, w.by("vera", "GET", "/api/v1/messages/letter@signer.example/why", ""))
	if len(found.Stored) != 1 {
		w.t.Fatalf("Vera's letter is not stored: %+v", found)
	}
	w.letter = found.Stored[0].ID
}

// serve is a mail server with an empty mailbox of Vera's.
func (w *doing) serve() *demo.Server {
	w.t.Helper()
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 1)
	d.Mails = nil
	server, err := demo.ServeIMAP(context.Background(), d, "vera", "secret-of-vera")
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, server.Close()) })
	return server
}

func signed() []byte {
	text := "From: Bo Signer <bo@signer.example>\nTo: vera@brightwell.example\nSubject: Hello\nMessage-ID: <letter@signer.example>\n" +
		"Date: Sat, 21 Nov 2026 12:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" +
		"Content-Type: text/plain; charset=utf-8\n\nSee you.\n\n-- \nBo Signer\nHead of Sales\nSigner Ltd\n+48 600 100 900\nhttps://signer.example\n" +
		"--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=plan.pdf\n\nx\n--b--\n"
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}

// nora does something that has to succeed.
func (w *doing) nora(method, path, body string) string {
	w.t.Helper()
	return w.idOf(method, path, w.by("nora", method, path, body))
}

// does is what Vera does on the way to an example.
func (w *doing) does(method, path, body string) string {
	w.t.Helper()
	return w.idOf(method, path, w.by("vera", method, path, body))
}

// by asks as somebody; as Vera with a browser in which she has just signed in.
func (w *doing) by(who, method, path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	c := call{method: method, path: path, as: who, body: body}
	kind := ""
	if body != "" {
		kind = "application/json"
	}
	if who != "vera" {
		return w.ask(c, kind)
	}
	res := w.ask(w.inBrowser(c), kind)
	w.quiet(c, res)
	return res
}

// inBrowser is the call as it comes from a browser in which Vera signed in now:
// to some things no key has a say.
func (w *doing) inBrowser(c call) call {
	w.t.Helper()
	link, err := w.deps.Auth.NewLink(w.t.Context(), w.deps.Space, w.vera.ID)
	must(w.t, err)
	begun, err := w.deps.Auth.Redeem(w.t.Context(), w.deps.Space, link, auth.Visit{})
	must(w.t, err)
	h := map[string]string{"Cookie": plainCookie + "=" + begun.Secret, "Sec-Fetch-Site": "same-origin"}
	for k, v := range c.header {
		h[k] = v
	}
	c.as, c.header = "", h
	return c
}

// idOf is the id in an answer that has to be one of success.
func (w *doing) idOf(method, path string, res *httptest.ResponseRecorder) string {
	w.t.Helper()
	if res.Code >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, res.Code, res.Body)
	}
	return idIn(res)
}

func idIn(res *httptest.ResponseRecorder) string {
	var out struct {
		ID   string
		Item struct{ ID string }
		Key  struct{ ID string }
	}
	_ = json.Unmarshal(res.Body.Bytes(), &out) // an answer without one has none
	return out.ID + out.Item.ID + out.Key.ID
}

// record makes a record of Vera's in which others have put what she does not see.
func (w *doing) record(plural, values string) string {
	w.t.Helper()
	n := w.noun(plural)
	path := "/api/v1/" + plural
	if n.Kind.Custom() {
		path = "/api/v1/records/" + plural
	}
	if values == "" {
		values = w.values(n)
	}
	id := w.does("POST", path, `{"values":`+values+`}`)
	hidden := map[string]any{}
	for _, key := range w.hides[n.Kind] {
		if hidden[key] = hiddenField; key == "amount" {
			hidden[key] = json.Number(veiledAmount)
		}
	}
	body, err := json.Marshal(map[string]any{"values": hidden})
	must(w.t, err)
	if len(hidden) > 0 {
		w.nora("PATCH", path+"/"+id, string(body))
	}
	w.told[plural] = id
	return id
}

// noun is the folder of a plural.
func (w *doing) noun(plural string) crm.Noun {
	w.t.Helper()
	schema, err := w.deps.Records.Schema(w.t.Context(), access.Operator())
	must(w.t, err)
	list := schema.Nouns()
	i := slices.IndexFunc(list, func(n crm.Noun) bool { return n.Plural == plural })
	if i < 0 {
		w.t.Fatalf("there is no folder %s", plural)
	}
	return list[i]
}

// values are what a record of Vera's needs.
func (w *doing) values(n crm.Noun) string {
	w.serial++
	out := map[string]any{}
	for _, f := range n.Fields {
		switch {
		case f.Key == "assignee":
			out[f.Key] = string(w.vera.ID)
		case f.System || f.Type.Derived() || f.Choices != nil:
		case f.Key == "started":
			out[f.Key] = "2026-11-20T10:00:00Z"
		case f.Key == n.Title || f.Required && f.Type == crm.FieldLongText:
			out[f.Key] = fmt.Sprintf("Harbour %d", w.serial)
		}
	}
	b, err := json.Marshal(out)
	must(w.t, err)
	return string(b)
}

// quiet fails when an answer to Vera holds a canary.
func (w *doing) quiet(c call, res *httptest.ResponseRecorder) {
	w.t.Helper()
	w.silent("vera", c, res)
	for _, word := range []string{veiledAmount, "76543.00", "76,543", "15308600"} {
		if text := res.Body.String(); strings.Contains(text, word) {
			w.t.Errorf("%s %s shows Vera %q: %s", c.method, c.path, word, around(text, word))
		}
	}
}

// try does what a route does, then sends the same once more with an old version,
// and looks at what Vera is told by the way.
func (w *doing) try(op operation, ex example) {
	w.t.Helper()
	w.reset()
	c := ex(w)
	c.method = op.method
	if c.path == "" {
		c.path = op.path
	}
	kind := ""
	if op.RequestBody != nil {
		for kind = range op.RequestBody.Content {
			break
		}
	}
	res := w.send(c, kind)
	if res.Code >= 400 {
		w.t.Errorf("the example of %s %s fails: %s: %d %s", op.method, op.path, c.body, res.Code, crm.Clip(res.Body.String(), 400))
		return
	}
	w.remember(op.path, idIn(res))
	w.settle()
	old := c
	old.header = map[string]string{"If-Match": "1"}
	if !strings.Contains(op.path, "/session") && op.path != "/api/v1/me/password" {
		w.send(old, kind)
	}
	w.reset() // a second factor of hers would be asked for
	w.read(slices.Values([]string{"/api/v1/notifications", "/api/v1/jobs?limit=5", "/api/v1/changes?limit=5"}))
}

// read reads pages as Vera, in one browser: nothing that is read ends a session.
func (w *doing) read(paths iter.Seq[string]) {
	w.t.Helper()
	browser := w.inBrowser(call{method: "GET"})
	for path := range paths {
		browser.path = path
		res := w.ask(browser, "")
		w.quiet(browser, res)
		if res.Code == http.StatusUnauthorized {
			w.t.Errorf("GET %s: Vera is signed out: %s", path, res.Body)
		}
	}
}

// settle lets everything be done that follows a write.
func (w *doing) settle() {
	w.t.Helper()
	must(w.t, w.follower.CatchUp(w.t.Context()))
	must(w.t, w.deps.Jobs.WorkOff(w.t.Context()))
	must(w.t, w.follower.CatchUp(w.t.Context()))
}

func (w *doing) send(c call, kind string) *httptest.ResponseRecorder {
	w.t.Helper()
	switch c.as {
	case "":
		c = w.inBrowser(c)
	case "nobody", "browser": // the call says itself who it is
		c.as = ""
	}
	res := w.ask(c, kind)
	w.quiet(c, res)
	return res
}

// remember keeps an id for the reads at the end.
func (w *doing) remember(path, id string) {
	parts := strings.Split(strings.TrimPrefix(path, "/api/v1/"), "/")
	if id != "" && parts[0] != "records" {
		w.told[parts[0]] = id
	}
}

// TestWalkDone does everything that can be done, with success, as somebody who
// does not see everything: no answer, error, job, notification or log tells what
// is hidden. A new route needs an example here.
func TestWalkDone(t *testing.T) {
	w := newDoing(t)
	w.probes()
	all := examples()
	for _, op := range w.operations() {
		if op.method == http.MethodGet {
			continue
		}
		ex, ok := all[op.method+" "+strings.TrimPrefix(op.path, "/api/v1")]
		if n, is := nounOf(op); !ok && is {
			ex, ok = ofFolder(op, n.Plural, "/api/v1/"+n.Plural)
		}
		if !ok {
			t.Errorf("%s %s: say in examples how it succeeds", op.method, op.path)
			continue
		}
		t.Run(op.method+" "+op.path, func(inner *testing.T) {
			w.t = inner
			defer func() { w.t = t }()
			w.try(op, ex)
		})
		delete(all, op.method+" "+strings.TrimPrefix(op.path, "/api/v1"))
	}
	for key := range all {
		t.Errorf("the example of %s is of no route", key)
	}
	w.lookAround()
	w.quietLog()
}

// lookAround reads whatever Vera can, of hers and of what she is not to know.
func (w *doing) lookAround() {
	w.t.Helper()
	w.reset()
	w.read(func(yield func(string) bool) {
		for _, op := range w.operations() {
			if op.method != http.MethodGet || op.path == "/api/v1/export" {
				continue
			}
			for _, path := range w.pages(op) {
				if !yield(path) {
					return
				}
			}
		}
	})
}

// pages are what an operation can be asked for, by ids of either kind.
func (w *doing) pages(op operation) (out []string) {
	for _, ids := range []map[string]string{w.hidden, w.told} {
		path, ok := w.readPath(op.path, ids)
		if !ok {
			continue
		}
		for _, q := range w.queries(op, ids) {
			out = append(out, path+"?"+q)
		}
	}
	return out
}

// readPath fills a path in with ids, where there are any.
func (w *doing) readPath(path string, ids map[string]string) (string, bool) {
	for _, m := range braces.FindAllStringSubmatch(path, -1) {
		head, _, _ := strings.Cut(path, "/"+m[0])
		segment := head[strings.LastIndexByte(head, '/')+1:]
		id, ok := ids[segment]
		if p, known := plain[strings.TrimPrefix(head, "/api/v1")+"/"+m[0]]; !ok && known {
			id, ok = p, true
		}
		if !ok {
			return "", false
		}
		path = strings.Replace(path, m[0], url.PathEscape(id), 1)
	}
	return path, true
}
