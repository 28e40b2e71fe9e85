package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"threadline/addon"
	"threadline/addon/card"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/timeline"
	"threadline/internal/track"
)

// optedOut is the address of somebody in a campaign whose contact is hidden.
const optedOut = crm.Address(hiddenRecord + "@people.example")

// beside are the doors outside of the OpenAPI document, as the router writes them,
// and what goes through each. nil: what is told there is the same for everybody.
func beside() map[string]func(w *doing) []call {
	nobody := func(method string, path func(w *doing) string) func(w *doing) []call {
		return func(w *doing) []call {
			return []call{{method: method, path: path(w), as: "nobody", header: map[string]string{"User-Agent": "Mozilla/5.0"}}}
		}
	}
	open := func(w *doing) string { return w.local(w.tracks().Open(w.letterTo())) }
	click := func(w *doing) string { return w.local(w.tracks().Click(w.letterTo(), 1, "https://shop.example/")) }
	return map[string]func(w *doing) []call{
		"GET /healthz": nil, "GET /readyz": nil, "GET /metrics": nil, "GET /openapi.json": nil,
		"GET " + googleStart: nil, "GET " + googleCallback: nil, "GET " + callback: nil, "GET " + connectPath: nil,
		"POST /push/gmail":         func(*doing) []call { return []call{{method: "POST", path: "/push/gmail", as: "nobody", body: `{}`}} },
		"GET /u/:token":            nobody("GET", (*doing).leaveLink),
		"HEAD /u/:token":           nobody("HEAD", (*doing).leaveLink),
		"POST /u/:token":           partings,
		"GET /t/o/:token":          nobody("GET", open),
		"HEAD /t/o/:token":         nobody("HEAD", open),
		"GET /t/c/:token/:target":  nobody("GET", click),
		"HEAD /t/c/:token/:target": nobody("HEAD", click),
		"POST /addon/v1/event":     nil, // see clicks
	}
}

// partings leave one purpose, all of them by one click, and comes back.
func partings(w *doing) []call {
	var out []call
	for _, form := range []string{"choice=save&keep=news", "List-Unsubscribe=One-Click", "choice=save&keep=news&keep=offers"} {
		out = append(out, call{method: "POST", path: w.leaveLink(), as: "nobody", body: form, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
	}
	return out
}

// letterTo is a letter that they got.
func (w *doing) letterTo() track.About {
	w.t.Helper()
	const id = "rcp_dddddddddddddddddddddddddd"
	docs, err := store.Recipients.GetMany(w.t.Context(), w.deps.Space, []string{id})
	must(w.t, err)
	about := track.About{Campaign: "cam_dddddddddddddddddddddddddd", Recipient: id}
	if docs[0].Exists() {
		return about
	}
	b := w.deps.Space.Batch()
	store.Recipients.Create(b, &crm.Recipient{ID: id, Campaign: about.Campaign, Address: optedOut, Contact: crm.RecordID(w.hidden["contacts"]), State: crm.RecipientSent})
	must(w.t, b.Commit(w.t.Context()))
	return about
}

func (w *doing) leaveLink() string {
	w.t.Helper()
	link, err := w.deps.Campaigns.LeaveLink(w.t.Context(), w.letterTo().Recipient)
	must(w.t, err)
	return link
}

func (w *doing) tracks() track.Links {
	w.t.Helper()
	links, err := w.deps.Campaigns.Links(w.t.Context(), "http://127.0.0.1:8080/")
	must(w.t, err)
	w.deps.Links = links
	return links
}

func (w *doing) local(address string) string {
	return strings.TrimPrefix(address, "http://127.0.0.1:8080")
}

// TestWalkBeside goes through every door that the OpenAPI document does not name:
// pages to leave, pictures and links that tell, notices, and every action of the
// sidebar that Vera comes by. What strangers are told there, and what Vera reads
// of it afterwards, holds nothing that is hidden. A new door needs a line in beside.
func TestWalkBeside(t *testing.T) {
	w := newDoing(t)
	mailing := `{"purposes":[{"key":"news","name":"News"},{"key":"offers","name":"Offers"}]}`
	w.idOf("PUT", "/api/v1/mailing", w.ask(call{method: "PUT", path: "/api/v1/mailing", as: "operator", body: mailing}, "application/json"))
	w.collecting()
	all := beside()
	for _, r := range w.gin.Routes() {
		if strings.HasPrefix(r.Path, "/api/") {
			continue
		}
		through, ok := all[r.Method+" "+r.Path]
		if !ok {
			t.Errorf("%s %s: say in beside what goes through it", r.Method, r.Path)
			continue
		}
		delete(all, r.Method+" "+r.Path)
		if through == nil {
			continue
		}
		for _, c := range through(w) {
			res := w.ask(call{method: c.method, path: c.path, body: c.body, header: c.header}, "")
			res.Body = bytes.NewBuffer(bytes.ReplaceAll(res.Body.Bytes(), []byte(optedOut), nil)) // who may know their own
			w.quiet(c, res)
			if res.Code >= 400 && r.Path != "/push/gmail" { // no notices are taken here
				t.Errorf("%s %s: %d %s", c.method, c.path, res.Code, res.Body)
			}
			w.afterwards()
		}
	}
	for key := range all {
		t.Errorf("%s is no door", key)
	}
	w.clicks()
	w.lookAround()
	w.quietLog()
}

// collecting writes down what pictures and links tell, until the test ends.
func (w *doing) collecting() {
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = w.deps.Track.Run(ctx) }) // its end is ours
	w.t.Cleanup(func() { cancel(); running.Wait() })
}

// afterwards reads what Vera is told of what has happened.
func (w *doing) afterwards() {
	w.t.Helper()
	w.settle()
	w.read(slices.Values([]string{"/api/v1/notifications", "/api/v1/jobs?limit=5", "/api/v1/changes?limit=5", "/api/v1/campaigns", "/api/v1/suppressions"}))
}

// sidebar puts the real sidebar behind its door.
func (w *doing) sidebar() {
	w.t.Helper()
	home, err := card.ParseURL("http://127.0.0.1/")
	must(w.t, err)
	at := addon.URLs{Event: home.Path("addon", "v1", "event"), Home: home,
		Message: func(id crm.MessageID) card.URL { return home.Path("messages", string(id)) },
		Record:  func(id crm.RecordID) card.URL { return home.Path("records", string(id)) }}
	all := w.deps.Rooms
	book := &addon.Book{Records: all.Records, Timeline: all.Timeline, Search: all.Finder, Letters: all.Letters, Space: w.deps.Space, MailboxPage: home,
		Followed:  func(ctx context.Context) { must(w.t, w.follower.CatchUp(ctx)) },
		Pause:     func(context.Context, crm.MailboxID, bool) error { return nil },
		SetLocale: func(context.Context, crm.UserID, string) error { return nil },
		Single: func(ctx context.Context, box crm.MailboxID, to []crm.Address) (crm.TrackMode, campaign.Dress, error) {
			return all.Campaigns.Single(ctx, "http://127.0.0.1/", crm.TrackIndividual, box, to)
		}}
	deps := addon.Deps{Log: w.deps.Log, Book: book,
		Lookup: func(ctx context.Context, u crm.UserID, ref addon.Ref) (*timeline.Sheet, error) {
			v, err := all.Records.Viewer(ctx, u)
			must(w.t, err)
			return all.Timeline.Sheet(ctx, v, string(ref.ID))
		},
		Home: func(ctx context.Context, u crm.UserID) (*timeline.Home, error) {
			v, err := all.Records.Viewer(ctx, u)
			must(w.t, err)
			return all.Timeline.Home(ctx, v)
		},
		UserBySubject: func(context.Context, string, string) (crm.UserID, string, error) {
			return "", "", crm.Errorf(crm.NotFound, "api.test", "nobody")
		}}
	h, err := addon.New(addon.Config{Links: at, StateKey: []byte("a key of the tests"), Now: time.Now}, deps)
	must(w.t, err)
	w.deps.Sidebar = h.ServeSession
}

// clicks opens every card as Vera, beside a letter of hers from a contact of hers
// with a deal, and clicks on whatever the cards offer, each action once.
func (w *doing) clicks() {
	w.t.Helper()
	w.sidebar()
	contact := w.record("contacts", `{"name":"Bo Signer","emails":["bo@signer.example"]}`)
	w.record("deals", `{"name":"Harbour","pipeline":"sales","stage":"qualified","contacts":["`+contact+`"]}`)
	w.does("POST", "/api/v1/templates", `{"name":"Offer","subject":"Offer","html":"<p>Dear {{contact.name}}</p>"}`)
	w.settle()
	must(w.t, w.deps.Indexer.CatchUp(w.t.Context()))
	done := map[string]bool{}
	var next []map[string]string
	for _, t := range []string{"message", "home", "compose", "settings"} {
		next = append(next, w.sends(t, nil)...)
	}
	for len(next) > 0 {
		p := next[0]
		next = next[1:]
		if op := p["op"]; !done[op] {
			done[op] = true
			next = append(next, w.sends("", p)...)
			w.read(slices.Values([]string{"/api/v1/notifications", "/api/v1/changes?limit=5"}))
		}
	}
	for _, op := range []string{"deal.stage", "deal.save", "note.save", "task.save", "search.run", "record.open", "thread.done", "correct.apply"} {
		if !done[op] {
			w.t.Errorf("no card led to %s: %v", op, done)
		}
	}
}

// sends is one event of the sidebar, and returns the actions of the answer.
func (w *doing) sends(t string, params map[string]string) []map[string]string {
	w.t.Helper()
	common := map[string]any{"hostApp": "GMAIL", "platform": "WEB", "userLocale": "en", "timeZone": map[string]any{"id": "Europe/Warsaw"}}
	if params != nil {
		inputs := map[string]any{}
		for key, v := range map[string]string{"reason": "x", "stage": "proposal", "text": "x", "title": "x", "q": "Harbour", "name": "Eve", "kind": "contact", "amount": "1", "pattern": "y.example", "locale": "pl"} {
			inputs[key] = map[string]any{"stringInputs": map[string]any{"value": []string{v}}}
		}
		common["parameters"], common["formInputs"] = params, inputs
	}
	body, err := json.Marshal(map[string]any{"commonEventObject": common, "gmail": map[string]any{"messageId": "tl-" + string(w.letter), "toRecipients": []string{"bo@signer.example"}}})
	must(w.t, err)
	c := w.inBrowser(call{method: "POST", path: "/addon/v1/event?t=" + t, body: string(body)})
	res := w.ask(c, "application/json")
	w.quiet(c, res)
	return actions(w.t, res)
}

// actions are the parameters of what can be clicked in an answer.
func actions(t testing.TB, res *httptest.ResponseRecorder) (out []map[string]string) {
	t.Helper()
	if res.Code != http.StatusOK {
		t.Fatalf("%d %s", res.Code, res.Body)
	}
	var look func(v any)
	look = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, e := range x {
				look(e)
			}
		case map[string]any:
			if list, ok := x["parameters"].([]any); ok {
				one := map[string]string{}
				for _, p := range list {
					kv, _ := p.(map[string]any)
					one[fmt.Sprint(kv["key"])] = fmt.Sprint(kv["value"])
				}
				out = append(out, one)
			}
			for _, e := range x {
				look(e)
			}
		}
	}
	var answer any
	must(t, json.Unmarshal(res.Body.Bytes(), &answer))
	look(answer)
	return out
}
