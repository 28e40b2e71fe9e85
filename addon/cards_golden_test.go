package addon

import (
	"regexp"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	tt "threadline/internal/timeline/timelinetest"
)

// TestGoldenAnswers plays one after another every card that looks records up or
// changes them, over real rooms, and keeps what the host is sent.
func TestGoldenAnswers(t *testing.T) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			x := newOffice(t)
			x.locale, x.h.cfg.Now = string(lang), func() time.Time { return tt.Start }
			x.dealCards(x.keep)
			x.activityCards(x.keep)
			x.meetingCards(x.keep)
			x.searchCards(x.keep)
			x.strangerCards(x.keep)
			x.otherCards(x.keep)
		})
	}
}

func (x *office) dealCards(keep func(string)) {
	x.open(x.ask)
	keep("book_message")
	x.op(opDealOpen)
	keep("deal")
	x.fill(amountInput, "much")
	x.op(opDealSave)
	keep("deal_wrong")
	x.op(opDealLose)
	keep("lose")
	x.fill(reasonInput, "Too dear")
	x.op(opDealLost)
	keep("deal_lost")
	x.op(opDealOpen)
	keep("deal_closed")
	x.op(opDealReopen)
	keep("deal_reopened")
}

func (x *office) activityCards(keep func(string)) {
	x.open(x.ask)
	x.op(opNote)
	keep("note")
	x.open(x.ask)
	x.op(opCall)
	keep("call")
	x.open(x.ask)
	x.op(opTask)
	keep("task")
	x.open(x.ask)
	x.op(opTaskReply)
	keep("task_waits")
	x.op(opTaskOpen)
	keep("task_open")
	x.op(opTaskMove)
	keep("task_moved")
}

func (x *office) meetingCards(keep func(string)) {
	start := crm.At(tt.Start.Add(48 * time.Hour))
	first, counter := proposed("Visit", start, "")
	x.meets(1, x.nora, first, counter)
	all, whole := proposed("Weekly", start, "FREQ=WEEKLY")
	x.meets(2, x.nora, all, whole)
	one := whole
	one.UID, all.UID, all.Title, one.Planned = "Daily", "Daily", "Daily", all.Start
	x.meets(3, x.nora, all, one)
	x.open(x.ask)
	keep("meetings")
	x.op(opMeetingAccept)
	keep("meeting_moved")
}

func (x *office) searchCards(keep func(string)) {
	x.must(x.index.CatchUp(x.t.Context()))
	x.open(x.hello)
	x.op(opSearch)
	keep("search")
	x.fill(queryInput, "nothing like it")
	x.op(opFind)
	keep("search_nothing")
	x.fill(queryInput, "nord")
	x.op(opSuggest)
	keep("search_suggest")
	x.fill(queryInput, "nord")
	x.op(opFind)
	keep("search_found")
	x.op(opRecord)
	keep("record")
	x.op(opLink)
	keep("record_linked")
}

func (x *office) strangerCards(keep func(string)) {
	x.w.Make(crm.KindContact, 7, map[string]any{"name": "marco rossi", "emails": []any{"m.rossi@home.example"}})
	x.open(x.hello)
	x.op(opPerson)
	keep("person")
	x.fill(nameInput, "Marco Rossi")
	x.op(opPersonMake)
	keep("person_alike")
	x.op(opPersonMake)
	keep("person_made")
}

func (x *office) otherCards(keep func(string)) {
	x.trigger(triggerHome)
	keep("book_home")
	x.trigger(triggerCompose)
	keep("compose_none")
	x.alias("sales@own.example")
	x.template("Offer", "Offer for {{company.name}}", "<p>Dear {{contact.name}}, your job is {{contact.title}}.</p>")
	x.trigger(triggerCompose)
	keep("compose")
	x.op(opLetter)
	keep("letter")
	x.op(opInsert)
	keep("letter_inserted")
	x.open(x.ask)
	x.op(opMail)
	keep("newmail")
	x.op(opLetter)
	keep("newmail_letter")
	x.trigger(triggerSet)
	keep("settings")
	x.fill(patternInput, "bank.example")
	x.op(opNeverAdd)
	keep("settings_never")
	x.open(x.ask)
	x.post("", object{opParam: opDealOpen})
	keep("raised")
}

// alias gives the person's mailbox another address.
func (x *office) alias(a crm.Address) {
	x.t.Helper()
	x.mailbox(func(m *crm.Mailbox) { m.Aliases = []crm.Address{a} })
}

// op runs the first action of the card on top that asks for an operation.
func (p *player) op(op string) {
	p.t.Helper()
	var found object
	walk(p.top(), func(o object) {
		list, _ := o["parameters"].([]any)
		for _, v := range list {
			if kv := v.(object); found == nil && kv["key"] == opParam && kv["value"] == op {
				found = o
			}
		}
	})
	if found == nil {
		p.t.Fatalf("the card does not ask for %s: %s", op, p.text())
	}
	p.run(found)
}

// changing is what is another at each run: proofs of cards, ids of what is made,
// the number by which an error is found in the log, and versions, which tell how
// often rooms have read the clock.
var changing = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`"value": "[A-Za-z0-9_-]{44}"`), `"value": "state"`},
	{regexp.MustCompile(`\b([a-tv-z][a-z]{2})_[a-z2-7]{26}\b`), "${1}_1"},
	{regexp.MustCompile(`\b[0-9a-f]{8}\b`), "7f3a0001"},
	{regexp.MustCompile(`"value": "1[0-9]{15}"`), `"value": "1"`},
}

// keep compares the last answer with its golden file.
func (p *player) keep(name string) {
	p.t.Helper()
	compare(p.t, name, i18n.Lang(p.locale), p.last)
}
