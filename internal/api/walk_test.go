package api

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Words that stand in what only Nora may see.
const (
	hiddenRecord = "zanzibarrecord"
	hiddenField  = "zanzibarfield"
)

// walk is a world with people of every role, who may see nothing of what Nora
// has, and a walk over every route that the OpenAPI document names. A route that
// is added is walked by itself; one whose addresses mean something new fails
// until it is said here what they mean.
type walk struct {
	*world
	hidden map[string]string // by the part of the path before an id: an id of Nora's
	absent map[string]string // ids of the same form that are nobody's
}

// forbidden are the words that a person may meet nowhere.
func forbidden(who string) []string {
	out := []string{canarySubject, canaryBody, canaryFile}
	switch who {
	case "mia":
		return append(out, hiddenRecord+" ws")
	case "operator":
		return out
	case "bea":
		return append(out, hiddenField)
	}
	return append(out, hiddenRecord, hiddenField)
}

// strangers have a role that reaches nothing of Nora's.
var strangers = []string{"una", "tom", "ted", "bill"}

func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{world: newWorld(t).withMail(), hidden: map[string]string{}, absent: map[string]string{}}
	for _, name := range []string{"una", "ted", "bill", "bea", "mia"} {
		w.user(name, name+"@brightwell.example")
	}
	w.fill()
	w.roles()
	must(t, w.follower.CatchUp(t.Context())) // what checks everything waits for it
	return w
}

// fill makes what is hidden.
func (w *walk) fill() {
	w.t.Helper()
	company := ""
	for _, n := range crm.Nouns() {
		values := map[string]any{}
		for _, f := range n.Fields {
			switch {
			case f.System || f.Type.Derived() || f.Key == "pipeline" || f.Key == "stage":
			case f.Type == crm.FieldText || f.Type == crm.FieldLongText:
				values[f.Key] = hiddenRecord + " " + f.Key
			case f.Key == "emails":
				values[f.Key] = []string{hiddenRecord + "." + string(n.Kind) + "@hidden.example"}
			case f.Key == "started":
				values[f.Key] = "2026-11-20T10:00:00Z"
			case f.Key == "records" && company != "":
				values[f.Key] = []string{company}
			}
		}
		if n.Kind == crm.KindContact || n.Kind == crm.KindCompany {
			values["about"] = hiddenField
		}
		for key := range values {
			if f, _ := n.Field(key); f.Choices != nil {
				values[key] = f.Choices[0]
			}
		}
		body, err := json.Marshal(map[string]any{"values": values})
		must(w.t, err)
		res := w.do(call{method: "POST", path: "/api/v1/" + n.Plural, as: "nora", body: string(body)})
		if res.Code != http.StatusCreated {
			w.t.Fatalf("a hidden %s cannot be made: %s", n.Kind, res.Body)
		}
		made := decode[struct{ ID, Batch string }](w.t, res)
		if n.Kind == crm.KindCompany {
			company = made.ID
			w.knows("files", made.ID)
		}
		w.knows(n.Plural, made.ID)
		w.knows("changes", made.Batch)
	}
	must(w.t, w.follower.CatchUp(w.t.Context()))
	w.knows("messages", string(w.message))
	w.knows("threads", string(w.message))
	w.knows("mailboxes", string(w.mailbox))
	w.knows("users", string(w.nora.ID))
	w.others()
}

// others makes one of each of the rest.
func (w *walk) others() {
	w.t.Helper()
	id := func(c call) string {
		w.t.Helper()
		res := w.do(c)
		if res.Code >= 300 {
			w.t.Fatalf("%s %s: %s", c.method, c.path, res.Body)
		}
		out := decode[struct {
			ID   string
			Item struct{ ID string }
			Key  struct{ ID string }
		}](w.t, res)
		return out.ID + out.Item.ID + out.Key.ID
	}
	rule := `{"pattern":"` + hiddenRecord + `@hidden.example","effect":"link","record":"` + w.hidden["contacts"] + `"}`
	w.knows("rules", id(call{method: "POST", path: "/api/v1/rules", as: "nora", body: rule}))
	w.knows("exclusions", id(call{method: "POST", path: "/api/v1/exclusions", as: "nora", body: `{"pattern":"` + hiddenRecord + `@hidden.example","effect":"drop_copy","mine":true}`}))
	file := w.ask(call{method: "POST", path: "/api/v1/imports?folder=contacts&name=" + hiddenRecord + ".csv", as: "nora", body: "name\n" + hiddenRecord + "\n"}, "text/csv")
	job := decode[struct{ ID string }](w.t, file).ID
	w.knows("imports", job)
	w.knows("jobs", job)
	w.knows("bulk", id(call{method: "POST", path: "/api/v1/bulk", as: "nora", body: `{"query":"contacts where name = \"` + hiddenRecord + `\"","set":{"title":"x"}}`}))
	w.knows("exports", id(call{method: "POST", path: "/api/v1/exports", as: "nora", body: `{"format":"csv","query":"contacts where name = \"` + hiddenRecord + `\""}`}))
	w.knows("undos", id(call{method: "POST", path: "/api/v1/undos", as: "nora", body: `{"batch":"` + w.hidden["changes"] + `"}`}))
	w.knows("requests", w.asked())
	w.knows("erasures", job)
	seat, err := w.deps.Auth.Found(w.t.Context(), w.deps.Space, &w.nora, auth.BootstrapInput{Name: hiddenRecord + " ws"})
	must(w.t, err)
	w.knows("workspaces", string(seat.Workspace.ID))
	w.knows("persons", w.hidden["contacts"])
	w.knows("drafts", "out_"+strings.Repeat("a", 26))
	w.knows("outgoing", "out_"+strings.Repeat("a", 26))  // nothing sends here: all are nobody's
	for _, list := range []string{"views", "segments"} { // private ones
		body := `{"name":"` + hiddenRecord + `","kind":"contact","query":"contacts where name = \"` + hiddenRecord + `\""}`
		w.knows(list, id(call{method: "POST", path: "/api/v1/" + list, as: "nora", body: body}))
	}
	keys := decode[struct{ Items []struct{ ID string } }](w.t, w.do(call{path: "/api/v1/apikeys", as: "nora"}))
	w.knows("apikeys", keys.Items[0].ID)
}

// asked is a request of mia's to read what Nora hides.
func (w *walk) asked() string {
	w.t.Helper()
	res := w.do(call{method: "POST", path: "/api/v1/messages/" + string(w.message) + "/request", as: "mia", body: `{"note":"` + hiddenRecord + `"}`})
	out := decode[struct{ Items []struct{ ID string } }](w.t, res)
	if len(out.Items) != 1 {
		w.t.Fatalf("nobody was asked: %s", res.Body)
	}
	return out.Items[0].ID
}

func (w *walk) knows(segment, id string) {
	if id == "" {
		w.t.Fatalf("nothing was made of %s", segment)
	}
	w.hidden[segment] = id
	if i := strings.IndexByte(id, '_'); i >= 0 {
		w.absent[segment] = id[:i+1] + strings.Repeat("z", len(id)-i-1)
	} else {
		w.absent[segment] = strings.Repeat("z", len(id))
	}
}

// roles gives everybody a role that hides something.
func (w *walk) roles() {
	w.t.Helper()
	op := records.By{Cause: crm.CauseCLI}
	same := func(r crm.Reach) crm.FolderRights { return crm.FolderRights{Create: r, Read: r, Update: r, Delete: r} }
	rights := []crm.Right{crm.RightImport, crm.RightExport, crm.RightBulkEdit, crm.RightCampaigns, crm.RightReports, crm.RightWorkflows, crm.RightTasks}
	for _, r := range []crm.MemberRole{
		{Key: "none", Name: "None"},
		{Key: "own", Name: "Own", Others: same(crm.ReachOwn), Rights: rights},
		{Key: "team", Name: "Team", Others: same(crm.ReachSubtree), Rights: rights},
		{Key: "blind", Name: "Blind", Others: crm.AllRights(), Rights: rights, Fields: []crm.FieldRule{
			{Kind: crm.KindContact, Field: "about", Effect: crm.FieldHidden}, {Kind: crm.KindCompany, Field: "about", Effect: crm.FieldHidden}}},
	} {
		_, err := w.deps.Records.SetRole(w.t.Context(), op, r)
		must(w.t, err)
	}
	_, err := w.deps.Records.SetTeam(w.t.Context(), op, crm.Team{Key: "south", Name: "South"})
	must(w.t, err)
	for who, m := range map[string]crm.Membership{"una": {Role: "none"}, "tom": {Role: "own"}, "ted": {Role: "team", Teams: []string{"south"}},
		"bill": {Role: crm.RoleBilling}, "bea": {Role: "blind"}, "nora": {Role: crm.RoleMember}} {
		u, err := w.deps.Auth.UserByEmail(w.t.Context(), w.deps.Space, crm.Address(who+"@brightwell.example"))
		must(w.t, err)
		m.User = u.ID
		_, err = w.deps.Records.SetMembership(w.t.Context(), op, m)
		must(w.t, err)
	}
}

// operation is one operation of the document.
type operation struct {
	method, path string
	*huma.Operation
}

func (w *walk) operations() []operation {
	var out []operation
	for path, item := range w.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op != nil {
				out = append(out, operation{method, path, op})
			}
		}
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

// plain are path parameters that name nothing secret.
var plain = map[string]string{
	"/folders/{folder}": "partner", "/fields/{kind}": "deal", "/fields/{kind}/{key}": "seats", "/records/{folder}": "partners",
	"/mailboxes/{id}/dead/{copy}":    "cpy_aaaaaaaaaaaaaaaaaaaaaaaaaa",
	"/campaigns/{id}":                "cmp_aaaaaaaaaaaaaaaaaaaaaaaaaa", // so do those whose role may send them
	"/messages/{id}/attachments/{n}": "0", "/messages/{id}/pictures/{n}": "0",
	"/files/{id}/{field}":           "about",
	"/erasures/addresses/{address}": "nobody@nowhere.example",
	"/sequences/{id}":               "seq_aaaaaaaaaaaaaaaaaaaaaaaaaa",
	"/enrolments/{id}":              "enr_aaaaaaaaaaaaaaaaaaaaaaaaaa",
	"/signers/{domain}":             "nowhere.example",
	"/suppressions/{address}":       "nobody@nowhere.example",
	"/consents/{address}":           "nobody@nowhere.example",
	"/sessions/{id}":                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", // nobody has opened one here
	"/templates/{id}":               "tpl_aaaaaaaaaaaaaaaaaaaaaaaaaa",   // colleagues share them
	"/pipelines/{key}":              "sales", "/roles/{key}": "own", "/teams/{key}": "south", "/territories/{key}": "nowhere", "/memberships/{user}": "tom@brightwell.example",
}

var braces = regexp.MustCompile(`\{(\w+)\}`)

// fillPath puts ids into a path; secret tells whether any of them is hidden.
func (w *walk) fillPath(path string, ids map[string]string) (out string, secret bool) {
	w.t.Helper()
	out = path
	for _, m := range braces.FindAllStringSubmatchIndex(path, -1) {
		upTo := strings.TrimPrefix(path[:m[1]], "/api/v1")
		name := path[m[0]:m[1]]
		if v, ok := plain[upTo]; ok {
			out = strings.Replace(out, name, v, 1)
			continue
		}
		before := strings.Split(strings.Trim(path[:m[0]], "/"), "/")
		segment := before[len(before)-1]
		if strings.HasPrefix(segment, "{") { // below a folder that the workspace made
			segment = "contacts"
		}
		id, ok := ids[segment]
		if !ok {
			w.t.Errorf("the walk does not know what %s names in %s: make one in fill or others, or say in plain that it is no secret", name, path)
			id = "x"
		}
		secret = secret || ok
		out = strings.Replace(out, name, url.PathEscape(id), 1)
	}
	return out, secret
}

// queries are the ways to ask for a path: as it is, and with whatever could
// bring up what is hidden.
func (w *walk) queries(op operation, ids map[string]string) []string {
	base := url.Values{}
	var more []string
	for _, p := range op.Parameters {
		if p.In != "query" {
			continue
		}
		switch p.Name {
		case "q":
			for _, q := range []string{"zanz", `name ~ "zanz"`, "order by about", `about ~ "zanz"`, `name ~ "zanz" order by name`, "Kanarien"} {
				more = append(more, "q="+url.QueryEscape(q))
			}
		case "record":
			more = append(more, "record="+ids["contacts"])
		case "mailbox":
			more = append(more, "mailbox="+ids["mailboxes"])
		case "stay": // a stream that ends
			base.Set(p.Name, "0")
		case "id":
			more = append(more, "id="+ids["contacts"]+","+ids["companies"])
		case "derived", "explain", "full", "names":
			more = append(more, p.Name+"=true")
		default:
			if p.Required {
				base.Set(p.Name, fmt.Sprint(w.sample(p.Schema, p.Name, ids)))
			}
		}
	}
	out := []string{base.Encode()}
	for _, m := range more {
		b := base.Encode()
		if b != "" {
			b += "&"
		}
		out = append(out, b+m)
	}
	return out
}

// sample makes a value of a schema, with hidden ids where ids may stand.
func (w *walk) sample(s *huma.Schema, name string, ids map[string]string) any {
	if s == nil {
		return map[string]any{}
	}
	if s.Ref != "" {
		s = w.api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	switch s.Type {
	case "object":
		out := map[string]any{}
		for key, p := range s.Properties {
			if slices.Contains(s.Required, key) || idFor(key, ids) != "" {
				out[key] = w.sample(p, key, ids)
			}
		}
		delete(out, "$schema")
		return out
	case "array":
		return []any{w.sample(s.Items, strings.TrimSuffix(name, "s"), ids)}
	case "integer", "number":
		return 1
	case "boolean":
		return false
	}
	if id := idFor(name, ids); id != "" {
		return id
	}
	return "x"
}

// idFor is the id that a field of the name may hold.
func idFor(name string, ids map[string]string) string {
	return ids[map[string]string{"record": "contacts", "contact": "contacts", "company": "companies", "deal": "deals", "message": "messages",
		"message_id": "messages", "mailbox": "mailboxes", "thread": "threads", "lead": "leads", "batch": "changes", "into": "contacts", "survivor": "contacts"}[name]]
}

// body is what to send with an operation, and as what.
func (w *walk) body(op operation, ids map[string]string, more string) (string, string) {
	if op.RequestBody == nil {
		return "", ""
	}
	media, ok := op.RequestBody.Content["application/json"]
	if !ok {
		for kind := range op.RequestBody.Content {
			return "name\nx\n", kind
		}
		return "name\nx\n", "text/csv"
	}
	v := w.sample(media.Schema, "", ids)
	m, ok := v.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	if more != "" {
		m[more] = 1
	}
	b, err := json.Marshal(m)
	must(w.t, err)
	return string(b), "application/json"
}

// ask sends a request that ends.
func (w *walk) ask(c call, kind string) *httptest.ResponseRecorder {
	w.t.Helper()
	if kind != "" {
		if c.header == nil {
			c.header = map[string]string{}
		}
		c.header["Content-Type"] = kind
	}
	done := make(chan *httptest.ResponseRecorder, 1)
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	go func() { done <- w.doIn(ctx, c) }()
	return <-done
}

func (w *walk) doIn(ctx context.Context, c call) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, c.method, c.path, strings.NewReader(c.body))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "192.0.2.1:1234"
	h := w.Public()
	switch {
	case c.as == "operator":
		h = w.Operator()
	case c.as != "":
		r.Header.Set("Authorization", "Bearer "+w.keys[c.as])
	}
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}

// picture is every document that a person's request could change.
func (w *walk) picture() map[string]uint64 {
	w.t.Helper()
	out := map[string]uint64{}
	for _, c := range store.CollectionInfos() {
		switch c.Name {
		case "session", "apikey", "lease", "search": // last use, who works, and a projection that follows by itself
			continue
		}
		must(w.t, w.deps.Space.EachRaw(w.t.Context(), c.Name, func(d store.RawDoc) error {
			if d.ID == "job_search" { // how far the projection has come
				return nil
			}
			h := fnv.New64a()
			_, _ = io.WriteString(h, string(d.Data))
			out[c.Name+"/"+d.ID] = h.Sum64()
			return nil
		}))
	}
	return out
}

func (w *walk) unchanged(what string, before map[string]uint64) map[string]uint64 {
	w.t.Helper()
	now := w.picture()
	if _, kept := before["counter/ticket_number"]; !kept {
		delete(now, "counter/ticket_number")
	}
	if !maps.Equal(before, now) {
		var which []string
		for key, sum := range now {
			if before[key] != sum {
				which = append(which, key)
			}
		}
		w.t.Errorf("%s changed %s", what, strings.Join(which, ", "))
	}
	return now
}

// silent fails when an answer holds a word that the person may not see.
func (w *walk) silent(who string, c call, res *httptest.ResponseRecorder) {
	w.t.Helper()
	text := res.Body.String() + fmt.Sprint(res.Header())
	for _, word := range forbidden(who) {
		if strings.Contains(text, word) {
			w.t.Errorf("%s %s shows %s %q: %s", c.method, c.path, who, word, crm.Clip(around(text, word), 300))
		}
	}
}

func around(text, word string) string {
	i := strings.Index(text, word)
	return text[max(0, i-120):min(len(text), i+120)]
}

// TestWalkReads asks every route that reads, as every role, for what is hidden.
func TestWalkReads(t *testing.T) {
	w := newWalk(t)
	before := w.picture()
	for _, op := range w.operations() {
		if op.method != http.MethodGet || op.path == "/api/v1/export" {
			continue
		}
		all := append([]string{"mia", "bea", "operator"}, strangers...)
		if n, ok := nounOf(op); ok && n.Kind != crm.KindContact && n.Kind != crm.KindDeal {
			all = []string{"bea", "una", "ted"} // one handler serves every folder
		}
		for _, who := range all {
			path, _ := w.fillPath(op.path, w.hidden)
			for _, q := range w.queries(op, w.hidden) {
				c := call{method: op.method, path: path + "?" + q, as: who}
				w.silent(who, c, w.ask(c, ""))
			}
		}
		for _, who := range strangers {
			w.sameAsAbsent(op, who)
		}
	}
	w.unchanged("reading", before)
	w.quietLog()
}

// nounOf is the folder that an operation belongs to.
func nounOf(op operation) (crm.Noun, bool) {
	i := slices.IndexFunc(crm.Nouns(), func(n crm.Noun) bool { return n.Plural == op.Tags[0] })
	if i < 0 {
		return crm.Noun{}, false
	}
	return crm.Nouns()[i], true
}

// sameAsAbsent asks for what is hidden and for what does not exist: the answers
// are the same.
func (w *walk) sameAsAbsent(op operation, who string) {
	w.t.Helper()
	hidden, secret := w.fillPath(op.path, w.hidden)
	absent, _ := w.fillPath(op.path, w.absent)
	if !secret || strings.Contains(op.path, "/users/") { // colleagues know of each other
		return
	}
	a, b := w.answerOf(op, who, hidden, w.hidden), w.answerOf(op, who, absent, w.absent)
	if strings.Contains(op.path, "/messages/") || strings.Contains(op.path, "/threads/") {
		return // its metadata is known
	}
	if a != b {
		w.t.Errorf("%s %s tells %s that something is there:\n%s\n%s", op.method, op.path, who, crm.Clip(a, 300), crm.Clip(b, 300))
	}
}

var changing = regexp.MustCompile(`[0-9a-f]{16}`)

func (w *walk) answerOf(op operation, who, path string, ids map[string]string) string {
	body, kind := w.body(op, ids, "")
	res := w.ask(call{method: op.method, path: path + "?" + w.queries(op, ids)[0], as: who, body: body}, kind)
	text := res.Body.String()
	for _, id := range ids {
		text = strings.ReplaceAll(text, id, "ID")
	}
	return fmt.Sprint(res.Code, " ", changing.ReplaceAllString(text, ""))
}

// TestWalkWrites sends every route that writes what a stranger could send: with
// hidden ids in address and body nothing changes, and nothing is told.
func TestWalkWrites(t *testing.T) {
	w := newWalk(t)
	before := w.picture()
	for _, op := range w.operations() {
		if op.method == http.MethodGet {
			continue
		}
		wrote := false
		for _, who := range strangers {
			path, secret := w.fillPath(op.path, w.hidden)
			body, kind := w.body(op, w.hidden, "")
			c := call{method: op.method, path: path + "?" + w.queries(op, w.hidden)[0], as: who, body: body, header: map[string]string{"If-Match": "1"}}
			res := w.ask(c, kind)
			w.silent(who, c, res)
			mail := strings.Contains(op.path, "/messages/") || strings.Contains(op.path, "/threads/")
			if res.Code == http.StatusUnprocessableEntity { // a ticket that could not be made used up its number
				delete(before, "counter/ticket_number")
			}
			if wrote = wrote || res.Code < 400; res.Code < 400 && secret && !mail {
				t.Errorf("%s %s as %s, with a hidden id: %d %s", c.method, c.path, who, res.Code, crm.Clip(res.Body.String(), 200))
			}
			w.sameAsAbsent(op, who)
		}
		if wrote {
			before = w.picture()
		} else {
			before = w.unchanged("the refusals of "+op.method+" "+op.path, before)
		}
	}
	w.quietLog()
}

// TestWalkUnknownFields sends every route a field that there is not.
func TestWalkUnknownFields(t *testing.T) {
	w := newWalk(t)
	for _, op := range w.operations() {
		if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
			continue
		}
		path, _ := w.fillPath(op.path, w.hidden)
		body, kind := w.body(op, w.hidden, "zzz_unknown")
		before := w.picture()
		res := w.ask(call{method: op.method, path: path, as: "nora", body: body}, kind)
		if res.Code < 400 && !strings.Contains(res.Body.String(), `"ok":false`) { // a check says what is wrong, and is right to
			t.Errorf("%s %s takes an unknown field: %d", op.method, op.path, res.Code)
		}
		w.unchanged(op.method+" "+op.path, before)
	}
}

// TestWalkCrossSite sends every route what a page of another site would make the
// browser of somebody signed in send.
func TestWalkCrossSite(t *testing.T) {
	w := newWalk(t)
	link, err := w.deps.Auth.NewLink(t.Context(), w.deps.Space, w.nora.ID)
	must(t, err)
	begun, err := w.deps.Auth.Redeem(t.Context(), w.deps.Space, link, auth.Visit{})
	must(t, err)
	before := w.picture()
	for _, op := range w.operations() {
		if op.method == http.MethodGet {
			continue
		}
		path, _ := w.fillPath(op.path, w.hidden)
		body, kind := w.body(op, w.hidden, "")
		for _, from := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}} {
			h := map[string]string{"Cookie": plainCookie + "=" + begun.Secret}
			maps.Copy(h, from)
			res := w.ask(call{method: op.method, path: path, body: body, header: h}, kind)
			if res.Code != http.StatusForbidden {
				t.Errorf("%s %s from %v: %d", op.method, op.path, from, res.Code)
			}
		}
	}
	w.unchanged("requests from other sites", before)
}

// quietLog fails when the log holds what somebody may not see.
func (w *walk) quietLog() {
	w.t.Helper()
	for _, word := range []string{canarySubject, canaryBody, canaryFile, hiddenRecord, hiddenField} {
		if log := w.log.String(); strings.Contains(log, word) {
			w.t.Errorf("the log holds %q: %s", word, around(log, word))
		}
	}
}
