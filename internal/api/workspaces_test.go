package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/track"
)

// town is a server with two workspaces behind one entrance.
type town struct {
	*world
	front *Front
	other *Server

	trouble error // of a store that does not say which workspaces there are
}

func newTown(t *testing.T) *town {
	w := newWorld(t)
	seat, err := w.deps.Auth.Found(t.Context(), w.deps.Space, nil, auth.BootstrapInput{Name: "Second"})
	must(t, err)
	deps := w.rooms(w.deps.Space.Store(), w.deps.Auth, seat.Workspace.ID)
	deps.Seal = w.deps.Seal
	other, err := New(Config{Listen: "127.0.0.1:8080", Version: "test", Syncs: func() bool { return false }, Beside: w.Server}, deps)
	must(t, err)
	tw := &town{world: w, other: other}
	tw.front = NewFront(w.Server, tw)
	return tw
}

// Doors implements Town.
func (w *town) Doors(context.Context) ([]*Server, error) {
	return []*Server{w.Server, w.other}, w.trouble
}

// Door implements Town.
func (w *town) Door(_ context.Context, ws crm.WorkspaceID) (*Server, error) {
	if s := w.find(ws); s != nil {
		return s, nil
	}
	return nil, crm.Errorf(crm.NotFound, "town.Door", "there is none")
}

func (w *town) find(ws crm.WorkspaceID) *Server {
	for _, s := range []*Server{w.Server, w.other} {
		if s.deps.Space.Workspace() == ws {
			return s
		}
	}
	return nil
}

// ask sends what a browser with the jar, or a program with a key, sends.
func (w *town) ask(j jar, key, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "192.0.2.1:1234"
	r.Header.Set("Content-Type", "application/json")
	for name, v := range j {
		r.AddCookie(&http.Cookie{Name: name, Value: v})
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	out := httptest.NewRecorder()
	w.front.Public().ServeHTTP(out, r)
	for _, c := range out.Result().Cookies() {
		j[c.Name] = c.Value
	}
	return out
}

// TestWorkspaces leads a person through two workspaces: invited, joined, moved,
// with the records and keys of each kept apart.
func TestWorkspaces(t *testing.T) {
	w := newTown(t)
	second := w.other.deps.Space
	link, err := w.deps.Auth.NewLink(t.Context(), w.deps.Space, w.nora.ID)
	must(t, err)
	j := jar{}
	want := func(code int, res *httptest.ResponseRecorder, holds ...string) {
		t.Helper()
		if res.Code != code {
			t.Fatalf("%d, want %d: %s", res.Code, code, res.Body)
		}
		for _, text := range holds {
			if !strings.Contains(res.Body.String(), text) {
				t.Errorf("the answer lacks %q: %s", text, res.Body)
			}
		}
	}
	want(204, w.ask(j, "", "POST", "/api/v1/session", `{"token":"`+auth.Named(w.deps.Space.Workspace(), link)+`"}`))
	old := jar{plainCookie: j[plainCookie]}
	to := "/api/v1/workspaces/" + string(second.Workspace()) + "/switch"
	want(404, w.ask(j, "", "POST", to, "")) // not a member yet
	guest, invitation, err := w.deps.Auth.AddUser(t.Context(), second, "nora@second.example", "Nora", "en")
	must(t, err)
	named := auth.Named(second.Workspace(), invitation)
	want(401, w.ask(j, "", "POST", "/api/v1/workspaces/join", `{"token":"`+named+`x"}`))
	want(200, w.ask(j, "", "POST", "/api/v1/workspaces/join", `{"token":"`+named+`"}`), "Second", "nora@second.example")
	want(401, w.ask(j, "", "POST", "/api/v1/workspaces/join", `{"token":"`+named+`"}`)) // it is used up
	want(401, w.ask(jar{}, "", "POST", "/api/v1/session", `{"token":"`+named+`"}`))
	want(201, w.ask(j, "", "POST", "/api/v1/contacts", `{"values":{"name":"Only here"}}`))
	want(200, w.ask(j, "", "GET", "/api/v1/workspaces", ""), "Brightwell", "Second", `"current":true`)
	want(200, w.ask(j, "", "POST", to, ""), "Second")
	if ws, _ := auth.Unnamed(j[plainCookie]); ws != second.Workspace() {
		t.Errorf("the session names %s", ws)
	}
	want(401, w.ask(old, "", "GET", "/api/v1/me", "")) // what was left is over
	want(200, w.ask(j, "", "GET", "/api/v1/me", ""), string(guest.ID), `"fresh":true`)
	if res := w.ask(j, "", "GET", "/api/v1/contacts", ""); strings.Contains(res.Body.String(), "Only here") {
		t.Errorf("the records of the other workspace: %s", res.Body)
	}
	_, secret := auth.Unnamed(j[plainCookie]) // a session opens nothing in another workspace
	want(401, w.ask(jar{plainCookie: auth.Named(w.deps.Space.Workspace(), secret)}, "", "GET", "/api/v1/me", ""))
	w.keysApart(guest)
	want(200, w.ask(j, "", "POST", "/api/v1/workspaces/"+string(w.deps.Space.Workspace())+"/switch", ""), "Brightwell")
	want(200, w.ask(j, "", "GET", "/api/v1/contacts", ""), "Only here")
	must(t, w.deps.Auth.Leave(t.Context(), second, guest.ID))
	want(404, w.ask(j, "", "POST", to, ""))
	if res := w.ask(j, "", "GET", "/api/v1/workspaces", ""); strings.Contains(res.Body.String(), "Second") {
		t.Errorf("a workspace that was left is still listed: %s", res.Body)
	}
}

// TestSidebarOfSecond: the events of somebody's mail go to the workspace that they
// chose for them, at once, and to the one where they sign in when they have no seat
// there any more. Nobody chooses one that is not theirs.
func TestSidebarOfSecond(t *testing.T) {
	w := newTown(t)
	ctx, people, first, second := t.Context(), w.deps.Auth, w.deps.Space, w.other.deps.Space
	who := auth.Identity{Issuer: crm.GoogleIssuer, Subject: "1234", Verified: w.nora.Email}
	_, err := people.UserByIdentity(ctx, first, who)
	must(t, err)
	token := "Bearer x." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"1234","email":"`+string(w.nora.Email)+`"}`)) + ".x"
	shows := func(want *Server) {
		t.Helper()
		r := httptest.NewRequest("POST", "/addon/v1/event?t=home", strings.NewReader(`{}`))
		r.Header.Set("Authorization", token)
		if got, err := w.front.door(r); got != want || err != nil {
			t.Errorf("the event goes to the wrong workspace: %v", err)
		}
	}
	refused := func(sp *store.Space, id crm.UserID, ws crm.WorkspaceID) {
		t.Helper()
		if err := people.Show(ctx, sp, id, ws); !crm.IsKind(err, crm.NotFound) {
			t.Errorf("a workspace was chosen that is not theirs: %v", err)
		}
	}
	shows(w.Server)
	refused(first, w.nora.ID, second.Workspace())
	if list, err := people.Places(ctx, first, w.nora.ID); err != nil || len(list) != 0 {
		t.Errorf("somebody with one workspace chooses among %v, %v", list, err)
	}
	seat, err := people.Found(ctx, first, &w.nora, auth.BootstrapInput{Name: "Third"})
	must(t, err)
	guest, invitation, err := people.AddUser(ctx, second, "nora@second.example", "Nora", "en")
	must(t, err)
	u, err := people.Active(ctx, first, w.nora.ID)
	must(t, err)
	_, err = people.Join(ctx, first, auth.Proof{User: u}, second, invitation)
	must(t, err)
	must(t, people.Show(ctx, first, w.nora.ID, second.Workspace()))
	shows(w.other)
	if there, err := people.UserByIdentity(ctx, second, who); err != nil || there.ID != guest.ID || there.Subject != "" {
		t.Errorf("there they are %+v, %v", there, err)
	}
	list, err := people.Places(ctx, second, guest.ID)
	if err != nil || len(list) != 3 || !list[1].Shown && !list[2].Shown || list[0].Shown {
		t.Errorf("to choose among: %+v, %v", list, err)
	}
	refused(second, guest.ID, "wsp_zzzzzzzzzzzzzzzzzzzzzzzzzz")
	must(t, people.Show(ctx, second, guest.ID, first.Workspace()))
	shows(w.Server)
	must(t, people.Show(ctx, first, w.nora.ID, second.Workspace()))
	must(t, people.Leave(ctx, second, guest.ID))
	refused(first, w.nora.ID, second.Workspace())
	must(t, people.Show(ctx, first, w.nora.ID, seat.Workspace.ID)) // forgets what was remembered
	must(t, people.Show(ctx, first, w.nora.ID, first.Workspace()))
	shows(w.Server)
	if _, err := people.UserByIdentity(ctx, second, who); !crm.IsKind(err, crm.Denied) {
		t.Errorf("somebody who left is still there: %v", err)
	}
}

// keysApart looks that a key opens its own workspace alone.
func (w *town) keysApart(guest crm.User) {
	w.t.Helper()
	_, key, err := w.deps.Auth.AddKey(w.t.Context(), w.other.deps.Space, auth.KeyInput{User: guest.ID, Name: "k"})
	must(w.t, err)
	made, err := records.New(w.other.deps.Space).Create(w.t.Context(), records.By{Cause: crm.CauseCLI}, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "Only there"}})
	must(w.t, err)
	for who, code := range map[string]int{key: 200, w.keys["nora"]: 404} {
		if res := w.ask(jar{}, who, "GET", "/api/v1/contacts/"+string(made.Record.ID), ""); res.Code != code {
			w.t.Errorf("a key got %d: %s", res.Code, res.Body)
		}
	}
	if res := w.ask(jar{}, key, "POST", "/api/v1/workspaces/"+string(w.deps.Space.Workspace())+"/switch", ""); res.Code != 403 {
		w.t.Errorf("a key moved: %d %s", res.Code, res.Body)
	}
}

// TestVisitorsOfSecond: links, pictures and the page to leave, none of which need a
// sign-in, lead to the workspace whose letter or mail they stand in, and forged ones
// to none of its secrets. Metrics tell of both here, and from afar of one's own.
func TestVisitorsOfSecond(t *testing.T) {
	w := newTown(t)
	sp := w.other.deps.Space
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for _, s := range []*Server{w.Server, w.other} {
		running.Go(func() { _ = s.deps.Track.Run(ctx) }) // its end is ours
	}
	defer running.Wait()
	defer cancel()
	const line, address, mail = "rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa", crm.Address("reader@people.example"), crm.MessageID("msg_bbbbbbbbbbbbbbbbbbbbbbbbbb")
	b := sp.Batch()
	store.Recipients.Create(b, &crm.Recipient{ID: line, Campaign: "cam_aaaaaaaaaaaaaaaaaaaaaaaaaa", Address: address, State: crm.RecipientSent})
	store.Messages.Create(b, &crm.Message{ID: mail})
	must(t, b.Commit(ctx))
	leave, err := w.other.deps.Campaigns.LeaveLink(ctx, line)
	must(t, err)
	links, err := w.other.deps.Campaigns.Links(ctx, "http://127.0.0.1:8080/")
	must(t, err)
	about := track.About{Campaign: "cam_aaaaaaaaaaaaaaaaaaaaaaaaaa", Recipient: line}
	open := strings.TrimPrefix(links.Open(about), "http://127.0.0.1:8080")
	click := strings.TrimPrefix(links.Click(about, 1, "https://shop.example/"), "http://127.0.0.1:8080")
	picture := "/api/v1/messages/" + string(mail) + "/pictures/0"
	for path, to := range map[string]*Server{leave: w.other, open: w.other, click: w.other, picture: w.other,
		leave + "x": w.Server, open + "x": w.Server, strings.Replace(click, "/t/c/", "/t/c/x", 1): w.Server, "/api/v1/messages/msg_x/pictures/0": w.Server, "/u/": w.Server} {
		if got, err := w.front.door(httptest.NewRequest("GET", path, nil)); got != to || err != nil {
			t.Errorf("%s is answered by the wrong workspace", path)
		}
	}
	if res := w.ask(jar{}, "", "GET", click, ""); res.Code != 302 || res.Header().Get("Location") != "https://shop.example/" {
		t.Errorf("the link: %d %s", res.Code, res.Body)
	}
	if res := w.ask(jar{}, "", "GET", open, ""); res.Code != 200 || res.Header().Get("Content-Type") != "image/gif" {
		t.Errorf("the picture that tells: %d", res.Code)
	}
	hits := func(s *Server) int {
		docs, err := store.HitChunks.All(ctx, s.deps.Space, store.Query{})
		must(t, err)
		return len(docs)
	}
	if here, there := hits(w.Server), hits(w.other); here != 0 || there == 0 {
		t.Errorf("%d documents of events here, %d there", here, there)
	}
	if res := w.ask(jar{}, "", "POST", leave, ""); res.Code != 200 || !strings.Contains(res.Body.String(), string(address)) {
		t.Errorf("leaving: %d %s", res.Code, res.Body)
	}
	if res := w.ask(jar{}, w.keys["nora"], "GET", picture, ""); res.Code < 400 || strings.Contains(res.Body.String(), string(mail)) {
		t.Errorf("a picture without its signature: %d %s", res.Code, res.Body)
	}
	near := httptest.NewRequest("GET", "/metrics", nil)
	near.Host, near.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:5"
	both, own := httptest.NewRecorder(), w.ask(jar{}, w.keys["nora"], "GET", "/metrics", "")
	w.front.Public().ServeHTTP(both, near)
	second := `workspace="` + string(sp.Workspace()) + `"`
	if both.Code != 200 || !strings.Contains(both.Body.String(), second) || !strings.Contains(both.Body.String(), "threadline_gate{") {
		t.Errorf("the metrics of both: %d %s", both.Code, both.Body)
	}
	if own.Code != 200 || strings.Contains(own.Body.String(), second) {
		t.Errorf("from afar the metrics of another workspace: %d", own.Code)
	}
}

// TestEntranceInDoubt takes nobody for a stranger while the store does not say
// whose they are, and does not keep that in mind.
func TestEntranceInDoubt(t *testing.T) {
	w := newTown(t)
	ask := func(ctx context.Context, path, key string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(ctx, "GET", path, nil)
		r.Host, r.RemoteAddr = "127.0.0.1:8080", "192.0.2.1:1234"
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
		out := httptest.NewRecorder()
		w.front.Public().ServeHTTP(out, r)
		return out
	}
	u, _, err := w.deps.Auth.AddUser(t.Context(), w.other.deps.Space, "olga@second.example", "Olga", "en")
	must(t, err)
	_, key, err := w.deps.Auth.AddKey(t.Context(), w.other.deps.Space, auth.KeyInput{User: u.ID, Name: "script"})
	must(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel() // the store answers nobody
	if res := ask(gone, "/api/v1/me", key); res.Code < 500 {
		t.Errorf("a key that nobody could look up: %d %s", res.Code, res.Body)
	}
	if res := ask(t.Context(), "/api/v1/me", key); res.Code != 200 || !strings.Contains(res.Body.String(), "Olga") {
		t.Errorf("the same key, later: %d %s", res.Code, res.Body)
	}
	w.trouble = crm.Errorf(crm.Unavailable, "town.Doors", "the store is away")
	if res := ask(t.Context(), "/u/abc", ""); res.Code != 503 || res.Header().Get("Retry-After") == "" {
		t.Errorf("a link of a letter: %d %s", res.Code, res.Body)
	}
	if res := ask(t.Context(), "/", ""); res.Code >= 500 {
		t.Errorf("what names no workspace: %d %s", res.Code, res.Body)
	}
}

// TestJoinOwnWay refuses to take over somebody who signs in to a workspace by
// themselves, and signs people in where they are.
func TestJoinOwnWay(t *testing.T) {
	w := newTown(t)
	second := w.other.deps.Space
	own, first, err := w.deps.Auth.AddUser(t.Context(), second, "olga@second.example", "Olga", "en")
	must(t, err)
	_, err = w.deps.Auth.Redeem(t.Context(), second, first, auth.Visit{})
	must(t, err)
	again, err := w.deps.Auth.NewLink(t.Context(), second, own.ID)
	must(t, err)
	link, err := w.deps.Auth.NewLink(t.Context(), w.deps.Space, w.nora.ID)
	must(t, err)
	j := jar{}
	w.ask(j, "", "POST", "/api/v1/session", `{"token":"`+link+`"}`) // a link from before there were several
	if res := w.ask(j, "", "POST", "/api/v1/workspaces/join", `{"token":"`+auth.Named(second.Workspace(), again)+`"}`); res.Code != 409 {
		t.Errorf("somebody was taken over: %d %s", res.Code, res.Body)
	}
	begun, err := w.deps.Auth.Redeem(t.Context(), second, again, auth.Visit{})
	must(t, err)
	o := jar{plainCookie: auth.Named(second.Workspace(), begun.Secret)}
	if res := w.ask(o, "", "PUT", "/api/v1/me/password", `{"password":"`+goodPassword+`"}`); res.Code >= 300 {
		t.Fatal(res.Code, res.Body)
	}
	in := jar{}
	if res := w.ask(in, "", "POST", "/api/v1/session/password", `{"email":"olga@second.example","password":"`+goodPassword+`"}`); res.Code != 200 {
		t.Fatal(res.Code, res.Body)
	}
	if res := w.ask(in, "", "GET", "/api/v1/me", ""); !strings.Contains(res.Body.String(), "Second") {
		t.Errorf("signed in to %s", res.Body)
	}
}
