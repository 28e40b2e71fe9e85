package addon

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// office is a world with a company, a contact, two deals and mail of a stranger.
type office struct {
	*player
	nora, nord crm.RecordID
	deal       crm.RecordID
	ask, hello crm.MessageID
}

func newOffice(t testing.TB) *office {
	t.Helper()
	w := tt.New(t)
	x := &office{}
	ago := func(d time.Duration) crm.Time { return crm.At(tt.Start.Add(-d)) }
	x.nord = w.Make(crm.KindCompany, 0, map[string]any{"name": "Nord", "domains": []any{"nord.example"}})
	x.nora = w.Make(crm.KindContact, 0, map[string]any{"name": "Nora Lind", "emails": []any{"nora@nord.example"}, "company": string(x.nord)})
	deal := func(n int, name string) crm.RecordID {
		return w.Make(crm.KindDeal, n, map[string]any{"name": name, "pipeline": "sales", "stage": "qualified", "amount": int64(4800000), "currency": "PLN",
			"company": string(x.nord), "contacts": []any{string(x.nora)}, "created": ago(20 * 24 * time.Hour).String(), "owner": string(tt.Anna)})
	}
	x.deal = deal(0, "Pallet racks")
	ids := w.Store(
		tt.Mail{ID: "ask@nord.example", From: "nora@nord.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Pallet racks", Text: "How much?", Date: ago(72 * time.Hour)},
		tt.Mail{ID: "hello@sud.example", From: "marco.rossi@sud.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Ciao", Date: ago(6 * time.Hour),
			Text: "We would like to see you.\n\nBest regards\nMarco Rossi\nHead of Purchasing\nSud Trasporti S.r.l.\n+39 06 1234567\n"},
	)
	x.ask, x.hello = ids[0], ids[1]
	x.player = newPlayer(t, w, tt.Anna)
	return x
}

// TestAmountShown: an amount stands in its input as the language writes it, and a
// save that does not touch it leaves it alone, whatever decimals its currency has.
func TestAmountShown(t *testing.T) {
	for currency, want := range map[crm.Currency]string{"PLN": "48000,50", "KWD": "4800,050", "JPY": "4800050"} {
		x := newOffice(t)
		x.locale = "pl-PL"
		w := x.w
		_, err := w.Records.Update(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, x.deal,
			records.Patch{Values: map[string]any{"amount": int64(4800050), "currency": string(currency)}})
		x.must(err)
		x.open(x.ask)
		x.press("Pallet racks")
		x.sees(`"` + want + `"`)
		x.fill("next", "Call")
		x.click("Zapisz")
		if r := x.record(x.deal); r.Int("amount") != 4800050 || r.Text("next_step") != "Call" {
			t.Errorf("%s: saved %v", currency, r.Values)
		}
	}
}

// TestFlowDeal: open, move by the dropdown, amount and owner, win, reopen, lose
// with a reason.
func TestFlowDeal(t *testing.T) {
	x := newOffice(t)
	x.open(x.ask)
	x.sees("Nora Lind", "Pallet racks", "Qualified", `"name":"stage"`)
	x.change("stage", "negotiation")
	x.hears("Stage saved: Negotiation")
	x.sees(`"selected":true,"text":"Negotiation"`)
	if got := x.record(x.deal).Text("stage"); got != "negotiation" || x.last["stateChanged"] != true {
		t.Errorf("the deal is %s, %v", got, x.last["stateChanged"])
	}
	x.press("Stage saved: Negotiation") // undo
	x.hears("Taken back.")
	if got := x.record(x.deal).Text("stage"); got != "qualified" {
		t.Errorf("taken back, the deal is %s", got)
	}
	x.change("stage", "negotiation")
	x.press("Pallet racks")
	x.sees("Expected close", "48000.00", "Anna Own")
	x.fill("amount", "50 000,50")
	x.fill("owner", string(tt.Bob))
	x.fill("next", "Send the offer")
	x.pick("close", "2026-12-24")
	x.click("Save")
	x.hears("Saved.")
	x.sees("Next step: Send the offer", "PLN", "Expected close: 24 Dec")
	if r := x.record(x.deal); r.Int("amount") != 5000050 || r.Text("expected_close") != "2026-12-24" || r.Text("owner") != string(tt.Bob) || r.Text("next_step") != "Send the offer" {
		t.Errorf("saved %v", r.Values)
	}
	x.press("Pallet racks")
	x.fill("amount", "much")
	x.click("Save")
	x.hears("Please check: Amount")
	x.click("Won")
	x.hears("Won: Pallet racks")
	x.press("Pallet racks")
	x.click("Reopen")
	x.hears("Open again: Pallet racks")
	x.press("Pallet racks")
	x.click("Lost")
	x.sees("Why was it lost?", `"requiredWidgets":["reason"]`)
	x.click("Lost")
	x.hears("Please check: Reason for losing")
	x.fill("reason", "Too dear")
	x.click("Lost")
	x.hears("Lost: Pallet racks")
	if r := x.record(x.deal); r.Text("stage_kind") != "lost" || r.Text("lost_reason") != "Too dear" {
		t.Errorf("lost %v", r.Values)
	}
}

// TestFlowLostByDropdown: the dropdown asks for the reason as well.
func TestFlowLostByDropdown(t *testing.T) {
	x := newOffice(t)
	x.open(x.ask)
	x.change("stage", "lost")
	x.sees("Why was it lost?")
	if got := x.record(x.deal).Text("stage"); got != "qualified" {
		t.Errorf("moved to %s before the reason was known", got)
	}
	x.fill("reason", "No budget")
	x.click("Lost")
	if got := x.record(x.deal).Text("stage"); got != "lost" {
		t.Errorf("it is %s", got)
	}
}

// TestFlowActivities: a note, a call, tasks by one click and by form, and a task
// that is done.
func TestFlowActivities(t *testing.T) {
	x := newOffice(t)
	x.h.cfg.Now = func() time.Time { return tt.Start }
	x.open(x.ask)
	x.click("Note")
	x.fill("text", "Likes <blue>\nand green")
	x.click("Save")
	x.hears("Note saved.")
	x.click("Call")
	x.fill("direction", "inbound")
	x.fill("outcome", "Wants a visit")
	x.click("Save")
	x.hears("Call saved.")
	x.click("In 3 days")
	x.hears("Task saved.")
	x.sees("Open tasks", "Follow up: Nora Lind")
	x.click("Other date…")
	x.fill("title", "Send samples")
	x.click("Save")
	x.sees("Send samples")
	notes, calls, tasks := x.activities(crm.KindNote), x.activities(crm.KindCall), x.activities(crm.KindTask)
	if len(notes) != 1 || notes[0].Text("text") != "Likes <blue>\nand green" || len(notes[0].Records("records")) != 2 {
		t.Errorf("notes %+v", notes)
	}
	if len(calls) != 1 || calls[0].Text("direction") != "inbound" || calls[0].Text("outcome") != "Wants a visit" {
		t.Errorf("calls %+v", calls)
	}
	if len(tasks) != 2 || tasks[0].Text("due") != "2026-11-23" || tasks[0].Text("assignee") != string(tt.Anna) || tasks[0].Text("due") == "" || tasks[1].Text("title") != "Send samples" {
		t.Errorf("tasks %+v", tasks)
	}
	x.click("Send samples")
	x.sees("Put it off until:", "21 Nov")
	x.click("Next week")
	x.hears("Due 27 Nov.")
	x.click("When they reply")
	x.hears("The task comes back when they write.")
	x.sees("Waits for a reply")
	x.press("Send samples")
	x.hears("Task done.")
	x.seesNot("Send samples\",\"bottomLabel")
	if got := x.activities(crm.KindTask)[1].Text("status"); got != "done" {
		t.Errorf("the task is %s", got)
	}
}

// TestFlowSnooze: a task that waits for a reply is not in the day, until it is
// put off to a date instead.
func TestFlowSnooze(t *testing.T) {
	x := newOffice(t)
	x.h.cfg.Now = func() time.Time { return tt.Start }
	task := x.w.Make(crm.KindTask, 3, map[string]any{"title": "Call back", "due": "2026-11-19", "assignee": string(tt.Anna), "records": []any{string(x.nora)}})
	x.trigger("home")
	x.click("Call back")
	x.click("When they reply")
	x.hears("The task comes back when they write.")
	x.seesNot("Call back")
	if is, _ := x.record(task).Values["until_reply"].(bool); !is {
		t.Error("the task does not wait")
	}
	x.open(x.ask)
	x.sees("Waits for a reply")
	x.click("Call back")
	x.seesNot("When they reply")
	x.click("Tomorrow")
	x.hears("Due 21 Nov.")
	if r := x.record(task); r.Text("due") != "2026-11-21" || r.Values["until_reply"] != nil {
		t.Errorf("put off: %v", r.Values)
	}
}

// TestFlowStranger: what the mail says is proposed; contact, company and deal
// are made in one step and taken back by one click.
func TestFlowStranger(t *testing.T) {
	x := newOffice(t)
	x.open(x.hello)
	x.sees("Not a contact yet")
	x.press("Mr marco.rossi")
	x.sees("Mr marco.rossi", "Head of Purchasing", "Sud Trasporti", "sud.example", "+39061234567")
	x.fill("kind", "deal")
	x.fill("name", "Marco Rossi")
	x.fill("deal", "Cold store")
	x.click("Create")
	x.hears("Created.")
	x.sees("Marco Rossi", "Cold store", "Sud Trasporti", "Undo")
	m, err := store.Messages.Get(t.Context(), x.w.Space, string(x.hello))
	x.must(err)
	if len(m.Value.Links) < 2 {
		t.Errorf("the mail is linked to %+v", m.Value.Links)
	}
	x.press("Created.")
	x.hears("Taken back.")
	x.sees("Not a contact yet")
}

// TestFlowDuplicate: somebody of that name is there; the address goes to them.
func TestFlowDuplicate(t *testing.T) {
	x := newOffice(t)
	marco := x.w.Make(crm.KindContact, 7, map[string]any{"name": "marco rossi", "emails": []any{"m.rossi@home.example"}})
	x.open(x.hello)
	x.press("Mr marco.rossi")
	x.fill("name", "Marco Rossi")
	x.click("Create")
	x.sees("Is it one of these?", "marco rossi", "Create anyway")
	before := slices.Clone(x.stack)
	x.press("marco rossi")
	x.hears("The address now belongs to marco rossi.")
	if got := x.record(marco).List("emails"); len(got) != 2 || got[1] != "marco.rossi@sud.example" {
		t.Errorf("addresses %v", got)
	}
	x.press("The address now belongs to marco rossi.") // undo
	x.stack = before
	x.click("Create anyway")
	x.hears("Created.")
	x.sees("Sud Trasporti")
}

// TestFlowLead: a lead is one record without a company.
func TestFlowLead(t *testing.T) {
	x := newOffice(t)
	x.open(x.hello)
	x.press("Mr marco.rossi")
	x.fill("kind", "lead")
	x.click("Create")
	x.hears("Created.")
	page, err := store.Records.Query(t.Context(), x.w.Space, store.Query{Where: []store.Filter{store.Is("kind", crm.KindLead)}, Order: "created_at"})
	x.must(err)
	if len(page.Items) != 1 || page.Items[0].Value.Text("company_name") == "" {
		t.Errorf("leads %+v", page.Items)
	}
}

// TestFlowCompany: a company alone is made; the next stranger from there is put
// into one of that name that there is.
func TestFlowCompany(t *testing.T) {
	x := newOffice(t)
	x.open(x.hello)
	x.press("Mr marco.rossi")
	x.fill("kind", "company")
	x.click("Create")
	x.hears("Created.")
	x.sees("Not a contact yet", "Sud Trasporti", "is a domain of this company")
	x.press("Created.")
	sud := x.w.Make(crm.KindCompany, 8, map[string]any{"name": "Sud Trasporti S.r.l."})
	x.press("Mr marco.rossi")
	x.fill("kind", "company")
	x.click("Create")
	x.sees("Is it one of these?", "Sud Trasporti", "Create anyway")
	x.open(x.hello)
	x.press("Mr marco.rossi")
	x.fill("name", "Marco Rossi")
	x.click("Create")
	x.press("Sud Trasporti S.r.l.")
	x.hears("Created.")
	if marco := x.contact("marco.rossi@sud.example"); marco.Text("company") != string(sud) || marco.Text("title") != "Head of Purchasing" {
		t.Errorf("made %v", marco.Values)
	}
}

// contact is who holds an address.
func (x *office) contact(a crm.Address) *crm.Record {
	x.t.Helper()
	id, err := x.h.deps.Book.Timeline.Holder(x.t.Context(), x.w.Viewer(tt.Anna), a)
	x.must(err)
	return x.record(id)
}

// TestFlowRepair: a mailbox that wants its consent anew has the way to give it on
// the day and in the settings; one that runs is stopped and goes on.
func TestFlowRepair(t *testing.T) {
	x := newOffice(t)
	var paused []bool
	x.h.deps.Book.Pause = func(_ context.Context, _ crm.MailboxID, pause bool) error {
		paused = append(paused, pause)
		x.mailbox(func(m *crm.Mailbox) {
			m.State = crm.StateLive
			if pause {
				m.State = crm.StatePaused
			}
		})
		return nil
	}
	x.trigger("settings")
	x.press("anna@own.example")
	x.sees("Go on")
	x.press("anna@own.example")
	if len(paused) != 2 || !paused[0] || paused[1] {
		t.Errorf("asked to pause %v", paused)
	}
	x.change("level_0", "full")
	x.hears("Saved.")
	x.sees(`"selected":true,"text":"The whole message"`)
	v, err := x.w.Records.Viewer(t.Context(), tt.Anna)
	x.must(err)
	if s, err := x.w.Records.Sharing(t.Context(), v); err != nil || len(s.Mailboxes) != 1 {
		t.Errorf("shared %v, %v", s, err)
	}
	x.fill("level_0", "more")
	x.op(opShare)
	if b := asText(x.last); !strings.Contains(b, "could not be understood") {
		t.Errorf("a level that there is not: %s", b)
	}
	x.mailbox(func(m *crm.Mailbox) { m.State = crm.StateAuthRequired })
	x.trigger("settings")
	x.sees("Repair", `"openLink"`, `"onClose":"RELOAD"`)
	x.trigger("home")
	x.sees("anna@own.example", "enter it again")
}

// mailbox changes the person's mailbox as it is stored.
func (x *office) mailbox(change func(*crm.Mailbox)) {
	x.t.Helper()
	docs, err := store.Mailboxes.All(x.t.Context(), x.w.Space, store.Query{Where: []store.Filter{store.Is("owner", x.user)}})
	x.must(err)
	m := docs[0].Value
	change(&m)
	b := x.w.Space.Batch()
	store.Mailboxes.Put(b, &m)
	x.must(b.Commit(x.t.Context()))
}

// TestFlowSearch: completion, a search, a record's card, and a conversation that
// is put on a record and taken off.
func TestFlowSearch(t *testing.T) {
	x := newOffice(t)
	x.must(x.index.CatchUp(t.Context()))
	x.open(x.hello)
	x.click("Search")
	x.fill("q", "nor")
	params := object{}
	walk(x.top(), func(o object) {
		if a, ok := o["autoCompleteAction"].(object); ok {
			for _, v := range a["parameters"].([]any) {
				params[v.(object)["key"].(string)] = v.(object)["value"]
			}
		}
	})
	x.post("", params)
	if b := asText(x.last); !strings.Contains(b, `"autoComplete"`) || !strings.Contains(b, "Nora Lind") || !strings.Contains(b, `"Nord"`) {
		t.Fatalf("completes to %s", b)
	}
	x.fill("q", "Nord")
	x.click("Find")
	x.sees("Nord", "Company")
	x.click("Nord")
	x.sees("nord.example", "Nora Lind", "Log this conversation here")
	x.seesNot("Take it off here")
	x.click("Log this conversation here")
	x.hears("The conversation is logged at Nord.")
	x.sees("Nord", "put here by")
	x.click("Search")
	x.fill("q", "no such thing")
	x.click("Find")
	x.sees("Nothing was found.")
	x.fill("q", "nord")
	x.click("Find")
	x.click("Nord")
	x.sees("This message is logged here")
	x.seesNot("Log this conversation here")
	x.click("Take it off here")
	x.hears("The conversation is off Nord.")
	x.seesNot("put here by")
	find := func() {
		t.Helper()
		x.click("Search")
		x.fill("q", "pallet")
		x.click("Find")
		x.click("Pallet racks")
	}
	find() // a deal's card has it too
	x.click("Log this conversation here")
	x.hears("The conversation is logged at Pallet racks.")
	find()
	x.click("Take it off here")
	x.hears("The conversation is off Pallet racks.")
	find()
	x.sees("Log this conversation here")
}

func asText(v any) string {
	var b strings.Builder
	walkText(v, &b)
	return b.String()
}

func walkText(v any, b *strings.Builder) {
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			walkText(e, b)
		}
	case object:
		for k, e := range x {
			b.WriteString(`"` + k + `" `)
			walkText(e, b)
		}
	case string:
		b.WriteString(`"` + x + `" `)
	}
}

// TestFlowHome: the day, a task done there, the settings with the list of what
// is never logged.
func TestFlowHome(t *testing.T) {
	x := newOffice(t)
	x.w.Make(crm.KindTask, 3, map[string]any{"title": "Call back", "due": "2026-11-19", "assignee": string(tt.Anna), "records": []any{string(x.nora)}})
	x.trigger("home")
	x.sees("My day", "Call back", "Pallet racks")
	x.press("Call back")
	x.hears("Task done.")
	x.seesNot("Call back")
	x.click("Settings")
	x.sees("Settings", "anna@own.example", "Never log")
	x.fill("pattern", "bank.example")
	x.click("Add")
	x.hears("Saved.")
	x.sees("bank.example", "Never store it")
	x.fill("pattern", "own.example")
	x.click("Add")
	x.hears("Please check: Address or domain")
	x.press("bank.example")
	x.seesNot(">bank.example<")
	x.change("locale", "fr")
	x.sees("Paramètres")
	x.trigger("settings")
	x.sees("Settings")
}

// TestFlowCompose: a template is filled for the recipient, what has no value is
// said before, and it goes into the draft.
func TestFlowCompose(t *testing.T) {
	x := newOffice(t)
	x.trigger("compose")
	x.sees("There are no templates yet.")
	x.template("Offer", "Offer for {{company.name}}", "<p>Dear {{contact.name}}, your job is {{contact.title}}.</p>")
	x.trigger("compose")
	x.sees("Offer", "nora@nord.example")
	x.click("Offer")
	x.sees("Offer for Nord", "Dear Nora Lind", "No value for", "contact.title")
	x.seesNot(`"name":"from"`) // there is one address only
	x.click("Insert")
	b := asText(x.last)
	if !strings.Contains(b, "updateDraftActionMarkup") || !strings.Contains(b, "Dear Nora Lind") || !strings.Contains(b, "Offer for Nord") {
		t.Errorf("inserts %s", b)
	}
	x.alias("sales@own.example")
	x.template("Signed", "Hello", "<p>{{sender.email}}</p>")
	for from, want := range map[string]string{"sales@own.example": "sales@own.example", "ceo@own.example": string(tt.AnnaAtWork)} {
		x.trigger("compose")
		x.click("Signed")
		x.fill("from", from)
		x.click("Insert")
		if b := asText(x.last); !strings.Contains(b, want) {
			t.Errorf("as %s it inserts %s", from, b)
		}
	}
}

// TestForeignState: a state that was made for another person, for another
// record, or by nobody is refused, and nothing is written.
func TestForeignState(t *testing.T) {
	x := newOffice(t)
	x.open(x.ask)
	a := x.action("In 3 days")
	params := object{}
	for _, v := range a["parameters"].([]any) {
		params[v.(object)["key"].(string)] = v.(object)["value"]
	}
	event := func(change func(object)) object {
		p := maps.Clone(params)
		change(p)
		return object{"commonEventObject": object{"hostApp": "GMAIL", "userLocale": "en", "parameters": p}, "gmail": object{"messageId": x.message}}
	}
	for name, c := range map[string]struct {
		user   crm.UserID
		change func(object)
	}{
		"AnotherUser": {tt.Bob, func(object) {}},
		"NoState":     {tt.Anna, func(p object) { delete(p, stateParam) }},
		"Garbage":     {tt.Anna, func(p object) { p[stateParam] = "AAAA" }},
		"OtherRecord": {tt.Anna, func(p object) { p[recordsParam] = string(x.nord) }},
		"OtherOp":     {tt.Anna, func(p object) { p[opParam] = opTaskDone }},
		"MoreDays":    {tt.Anna, func(p object) { p[daysParam] = "30" }},
		"OneMore":     {tt.Anna, func(p object) { p["more"] = "1" }},
	} {
		x.send("", c.user, event(c.change))
		if b := asText(x.last); !strings.Contains(b, "You are not allowed to do this.") {
			t.Errorf("%s: %s", name, b)
		}
	}
	if n := len(x.activities(crm.KindTask)); n != 0 {
		t.Fatalf("%d tasks were made", n)
	}
	for range 3 { // the same click again makes nothing twice
		x.send("", tt.Anna, event(func(object) {}))
	}
	if n := len(x.activities(crm.KindTask)); n != 1 {
		t.Errorf("a click that came three times made %d tasks", n)
	}
	x.h.cfg.Now = func() time.Time { return time.Now().Add(2 * stateLife) }
	x.send("", tt.Anna, event(func(object) {}))
	if b := asText(x.last); !strings.Contains(b, "Refresh and try again") {
		t.Errorf("an old card: %s", b)
	}
}

// TestStaleDeal: a card that shows what is not so any more changes nothing.
func TestStaleDeal(t *testing.T) {
	x := newOffice(t)
	x.open(x.ask)
	old := slices.Clone(x.stack)
	x.change("stage", "proposal")
	x.stack = old
	x.change("stage", "won")
	if b := asText(x.last); !strings.Contains(b, "Somebody changed this in the meantime") {
		t.Errorf("a replayed click: %s", b)
	}
	if got := x.record(x.deal).Text("stage"); got != "proposal" {
		t.Errorf("the deal is %s", got)
	}
}
