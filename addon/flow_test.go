package addon

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"threadline/addon/card/cardtest"
	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/letter"
	"threadline/internal/search"
	"threadline/internal/store"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

type object = map[string]any

// player is a person before the sidebar: it plays events one after another as
// the host would, with the cards that lie on one another.
type player struct {
	t       testing.TB
	w       *tt.World
	h       *Handler
	user    crm.UserID
	message string // reference of the open message
	locale  string
	stack   []object
	notice  string
	last    object         // the last answer
	sent    map[string]any // the last event
	filled  map[string]any // inputs to send with the next click
	index   *search.Indexer
}

// newPlayer seats a person of a world before a sidebar over real rooms.
func newPlayer(t testing.TB, w *tt.World, user crm.UserID) *player {
	t.Helper()
	index, err := search.OpenFTS(t.Context(), filepath.Join(t.TempDir(), "search.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	tl := timeline.New(w.Space, w.Bodies, w.Blobs)
	follower := ledger.NewFollower(w.Space, slog.New(slog.DiscardHandler))
	p := &player{t: t, w: w, user: user, locale: "en", index: search.NewIndexer(w.Space, index, slog.New(slog.DiscardHandler))}
	viewer := func(ctx context.Context, u crm.UserID) access.Viewer {
		v, err := w.Records.Viewer(ctx, u)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	letters := letter.New(w.Space, w.Records)
	campaigns := campaign.New(w.Space, w.Records, letters, view.New(w.Space, w.Records))
	book := &Book{Records: w.Records, Timeline: tl, Search: search.New(w.Space, index, w.Records), Letters: letters, Space: w.Space,
		Followed:  func(ctx context.Context) { p.must(follower.CatchUp(ctx)) },
		Pause:     func(context.Context, crm.MailboxID, bool) error { return nil },
		SetLocale: func(context.Context, crm.UserID, string) error { return nil },
		Single: func(ctx context.Context, box crm.MailboxID, to []crm.Address) (crm.TrackMode, campaign.Dress, error) {
			return campaigns.Single(ctx, "https://crm.example", crm.TrackIndividual, box, to)
		},
		ReadNews:    func(context.Context, access.Viewer) error { return nil },
		MailboxPage: links(t).Home}
	deps := Deps{Log: slog.New(slog.DiscardHandler), Book: book,
		Lookup: func(ctx context.Context, u crm.UserID, ref Ref) (*timeline.Sheet, error) {
			return tl.Sheet(ctx, viewer(ctx, u), string(ref.ID))
		},
		Home: func(ctx context.Context, u crm.UserID) (*timeline.Home, error) { return tl.Home(ctx, viewer(ctx, u)) },
		UserBySubject: func(context.Context, string, string) (crm.UserID, string, error) {
			return "", "", crm.Errorf(crm.NotFound, "test", "nobody")
		}}
	p.h, err = New(Config{Links: links(t), StateKey: []byte("a key of the tests")}, deps)
	p.must(err)
	p.must(follower.CatchUp(t.Context()))
	return p
}

func (p *player) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// open opens a message.
func (p *player) open(id crm.MessageID) {
	p.t.Helper()
	p.message, p.stack = "tl-"+string(id), nil
	p.post("message", nil)
}

// trigger opens another entry point.
func (p *player) trigger(name string) {
	p.t.Helper()
	p.message, p.stack = "", nil
	p.post(name, nil)
}

// post sends an event as the page does and applies the answer.
func (p *player) post(trigger string, params object) {
	p.t.Helper()
	common := object{"hostApp": "GMAIL", "platform": "WEB", "userLocale": p.locale, "timeZone": object{"id": "Europe/Warsaw"}}
	if params != nil {
		common["parameters"], common["formInputs"] = params, p.inputs()
	}
	p.sent = object{"commonEventObject": common, "gmail": object{"messageId": p.message, "toRecipients": []string{"nora@nord.example"}}}
	p.filled = nil
	p.send(trigger, p.user, p.sent)
	p.apply()
}

// send posts an event for a user; every answer is judged.
func (p *player) send(trigger string, user crm.UserID, event any) {
	p.t.Helper()
	b, err := json.Marshal(event)
	p.must(err)
	p.sendRaw(trigger, user, string(b))
}

func (p *player) sendRaw(trigger string, user crm.UserID, body string) {
	p.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/addon/v1/event?t="+trigger, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	p.h.ServeSession(w, r, user, "en")
	if err := cardtest.Check(w.Body.Bytes()); err != nil {
		p.t.Errorf("%v\n%s", err, w.Body)
	}
	p.last = nil
	p.must(json.Unmarshal(w.Body.Bytes(), &p.last))
}

// apply moves the cards as the host would.
func (p *player) apply() {
	p.t.Helper()
	p.notice = ""
	steps, ok := p.last["action"].(object)
	if !ok {
		render, _ := p.last["renderActions"].(object)
		steps, _ = render["action"].(object)
	}
	if n, ok := steps["notification"].(object); ok {
		p.notice, _ = n["text"].(string)
	}
	navs, _ := steps["navigations"].([]any)
	for _, v := range navs {
		for name, arg := range v.(object) {
			switch name {
			case "pushCard":
				p.stack = append(p.stack, arg.(object))
			case "updateCard":
				p.stack[len(p.stack)-1] = arg.(object)
			case "pop":
				p.stack = p.stack[:len(p.stack)-1]
			case "popToRoot":
				p.stack = p.stack[:1]
			}
		}
	}
}

func (p *player) top() object {
	p.t.Helper()
	if len(p.stack) == 0 {
		p.t.Fatalf("no card lies there: %v", p.last)
	}
	return p.stack[len(p.stack)-1]
}

// text is everything that the card on top says.
func (p *player) text() string {
	p.t.Helper()
	b, err := json.Marshal(p.top())
	p.must(err)
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

func (p *player) sees(what ...string) {
	p.t.Helper()
	for _, s := range what {
		if !strings.Contains(p.text(), s) {
			p.t.Fatalf("the card does not show %q: %s", s, p.text())
		}
	}
}

func (p *player) seesNot(what string) {
	p.t.Helper()
	if strings.Contains(p.text(), what) {
		p.t.Fatalf("the card shows %q: %s", what, p.text())
	}
}

func (p *player) hears(notice string) {
	p.t.Helper()
	if p.notice != notice {
		p.t.Fatalf("the notice is %q, want %q; %v", p.notice, notice, p.last)
	}
}

// fill enters text into an input, or chooses an item.
func (p *player) fill(name, value string) {
	p.t.Helper()
	if !strings.Contains(p.text(), `"name":"`+name+`"`) {
		p.t.Fatalf("the card has no input %q: %s", name, p.text())
	}
	if p.filled == nil {
		p.filled = object{}
	}
	p.filled[name] = object{"stringInputs": object{"value": []string{value}}}
}

// pick chooses a date.
func (p *player) pick(name, day string) {
	p.t.Helper()
	t, err := time.Parse(time.DateOnly, day)
	p.must(err)
	p.fill(name, "")
	p.filled[name] = object{"dateInput": object{"msSinceEpoch": strconv.FormatInt(t.UnixMilli(), 10)}}
}

// inputs are the values of all inputs of the card on top.
func (p *player) inputs() object {
	out := object{}
	walk(p.top(), func(o object) {
		name, _ := o["name"].(string)
		if items, ok := o["items"].([]any); ok && name != "" {
			var chosen []string
			for _, it := range items {
				if it.(object)["selected"] == true {
					chosen = append(chosen, it.(object)["value"].(string))
				}
			}
			if len(chosen) > 0 {
				out[name] = object{"stringInputs": object{"value": chosen}}
			}
		} else if ms, ok := o["valueMsEpoch"].(string); ok {
			out[name] = object{"dateInput": object{"msSinceEpoch": ms}}
		} else if v, ok := o["value"].(string); ok && o["label"] != nil {
			out[name] = object{"stringInputs": object{"value": []string{v}}}
		}
	})
	for name, v := range p.filled {
		out[name] = v
	}
	return out
}

func walk(v any, f func(object)) {
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			walk(e, f)
		}
	case object:
		f(x)
		for _, e := range x {
			walk(e, f)
		}
	}
}

// action finds what is called by a text: a button, a menu entry, a row.
func (p *player) action(label string) object {
	p.t.Helper()
	var found object
	walk(p.top(), func(o object) {
		if o["text"] != label && o["actionLabel"] != label && o["text"] != "<b>"+label+"</b>" || found != nil {
			return
		}
		if click, ok := o["onClick"].(object); ok {
			found, _ = click["action"].(object)
		}
	})
	if found == nil {
		p.t.Fatalf("nothing that can be clicked is called %q: %s", label, p.text())
	}
	return found
}

// button finds the button in the first row of a text.
func (p *player) button(row string) object {
	p.t.Helper()
	var found object
	walk(p.top(), func(o object) {
		if text, _ := o["text"].(string); found != nil || text != row && text != "<b>"+row+"</b>" {
			return
		}
		if b, ok := o["button"].(object); ok {
			found, _ = b["onClick"].(object)["action"].(object)
		}
	})
	if found == nil {
		p.t.Fatalf("no button stands beside %q: %s", row, p.text())
	}
	return found
}

// run calls an action.
func (p *player) run(a object) {
	p.t.Helper()
	params := object{}
	list, _ := a["parameters"].([]any)
	for _, v := range list {
		params[v.(object)["key"].(string)] = v.(object)["value"]
	}
	p.post("", params)
}

func (p *player) click(label string) { p.t.Helper(); p.run(p.action(label)) }
func (p *player) press(row string)   { p.t.Helper(); p.run(p.button(row)) }

// change chooses in a dropdown that acts at once.
func (p *player) change(name, value string) {
	p.t.Helper()
	p.fill(name, value)
	var a object
	walk(p.top(), func(o object) {
		if o["name"] == name {
			a, _ = o["onChangeAction"].(object)
		}
	})
	if a == nil {
		p.t.Fatalf("%q does not act at once", name)
	}
	p.run(a)
}

// record reads a record as it is stored.
func (p *player) record(id crm.RecordID) *crm.Record {
	p.t.Helper()
	d, err := p.w.Records.Get(p.t.Context(), p.w.Viewer(tt.Anna), id)
	p.must(err)
	return &d.Value
}

// activities are the stored activities of a kind.
func (p *player) activities(k crm.Kind) []crm.Record {
	p.t.Helper()
	page, err := store.Activities.Query(p.t.Context(), p.w.Space, store.Query{Where: []store.Filter{store.Is("kind", k)}, Order: "created_at"})
	p.must(err)
	return page.Values()
}

// template stores a template for everybody.
func (p *player) template(name, subject, html string) {
	p.t.Helper()
	v, err := p.w.Records.Viewer(p.t.Context(), tt.Anna)
	p.must(err)
	_, err = p.h.deps.Book.Letters.Save(p.t.Context(), v, store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI}, "", letter.Draft{Kind: crm.TemplateMail, Name: name, Subject: subject, HTML: html}, 0)
	p.must(err)
}
