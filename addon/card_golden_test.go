package addon

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/addon/card"
	"threadline/addon/card/cardtest"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

var update = flag.Bool("update", false, "write the golden files anew")

const base = "https://crm.example"

func links(t testing.TB) URLs {
	t.Helper()
	u, err := card.ParseURL(base)
	if err != nil {
		t.Fatal(err)
	}
	return URLs{
		Event:   u.Path("addon", "v1", "event"),
		Home:    u.Path("/"),
		Message: func(id crm.MessageID) card.URL { return u.Path("messages", string(id)) },
		Record:  func(id crm.RecordID) card.URL { return u.Path("records", string(id)) },
	}
}

func at(s string) crm.Time {
	v, err := crm.ParseTime(s)
	if err != nil {
		panic(err)
	}
	return v
}

func because(kind crm.Kind, name string, rule crm.RuleName, sure int, e crm.Evidence) timeline.Because {
	return timeline.Because{Link: crm.Link{Record: crm.RecordID(kind + "_1"), Rule: rule, Evidence: e, Confidence: sure}, Kind: kind, Name: name}
}

func contactSheet() *timeline.Sheet {
	viaAnna := because(crm.KindCompany, "Nord & Söhne", crm.ByContact, 100, crm.Evidence{Via: "con_1"})
	viaAnna.Via = "Anna Nowak"
	only := because(crm.KindDeal, "Pallet racks, phase 2", crm.ByOnlyDeal, 70, crm.Evidence{Via: "con_1"})
	only.Via = "Anna Nowak"
	return &timeline.Sheet{
		Message: timeline.SheetMessage{ID: "msg_1", Subject: "Re: racks <urgent> & late", Date: at("2026-11-19T13:02:00Z"),
			Direction: crm.Inbound, Class: crm.ClassPerson, Access: timeline.SheetFull},
		Person: &timeline.SheetPerson{Contact: "con_1", Name: "Anna Nowak", Title: "Head of Purchasing", Address: "anna@nord.example",
			Phone: "+48600000000", Role: crm.RoleFrom, Owner: "Piotr Kos"},
		Others: []timeline.SheetPerson{
			{Contact: "con_2", Name: "Jan Lis", Address: "jan@nord.example", Role: crm.RoleCc},
			{Name: "M. Rossi", Address: "rossi@trasporti.example", Role: crm.RoleTo},
			{Address: "info@nord.example", Role: crm.RoleCc},
		},
		More:    5,
		Company: &timeline.SheetCompany{ID: "com_1", Name: "Nord & Söhne", Domain: "nord.example"},
		Deals: []timeline.SheetDeal{
			{ID: "dea_1", Name: "Pallet racks, phase 2", Stage: "Proposal", Key: "proposal", Kind: crm.StageOpen, Amount: crm.Money{Minor: 4800000, Currency: "PLN"}, Expected: at("2026-12-15"), Linked: true},
			{ID: "dea_2", Name: "Pallet racks", Stage: "Won", Key: "won", Kind: crm.StageWon, Amount: crm.Money{Minor: 1250050, Currency: "EUR"}, Expected: at("2025-11-01")},
			{ID: "dea_3", Name: "Service contract", Stage: "Gave up", Kind: crm.StageLost},
		},
		Touches: []timeline.SheetTouch{
			{Kind: timeline.TouchCall, ID: "cal_1", Date: at("2026-11-18T09:30:00Z"), Direction: crm.Outbound, Title: "Delivery dates"},
			{Kind: timeline.TouchMail, ID: "msg_2", Date: at("2026-11-17T22:59:00Z"), Direction: crm.Outbound, Title: "Racks"},
			{Kind: timeline.TouchMail, ID: "msg_3", Date: at("2025-12-31T23:30:00Z"), Direction: crm.Inbound, Hidden: true},
			{Kind: timeline.TouchMail, ID: "msg_4", Date: at("2025-06-01T08:00:00Z"), Direction: crm.Within},
			{Kind: timeline.TouchNote, ID: "not_1", Date: at("2025-05-01T08:00:00Z"), Title: "Likes blue"},
			{Kind: timeline.TouchTask, ID: "tas_1", Date: at("2025-04-01T08:00:00Z"), Title: "Send samples"},
		},
		Because: []timeline.Because{
			because(crm.KindContact, "Anna Nowak", crm.ByAddress, 100, crm.Evidence{Role: crm.RoleFrom, Address: "anna@nord.example"}),
			viaAnna, only,
		},
		AsOf: at("2026-11-21T10:00:00Z"), Zone: "Europe/Warsaw",
	}
}

// rulesSheet has a link of every rule, with and without the names that a
// sentence would like to have.
func rulesSheet() *timeline.Sheet {
	s := contactSheet()
	s.Others, s.More, s.Deals, s.Touches = nil, 0, nil, nil
	rule := because(crm.KindCompany, "Nord", crm.ByUserRule, 100, crm.Evidence{Domain: "nord.example", By: "rul_1"})
	rule.User = "Piotr Kos"
	answer := because(crm.KindDeal, "Racks", crm.ByAnswer, 100, crm.Evidence{By: "ans_1"})
	answer.User = "Piotr Kos"
	s.Because = []timeline.Because{
		because(crm.KindCompany, "Nord", crm.ByDomain, 90, crm.Evidence{Domain: "nord.example"}),
		because(crm.KindDeal, "Racks", crm.ByThread, 95, crm.Evidence{Message: "msg_0"}),
		because(crm.KindDeal, "Racks", crm.ByOnlyDeal, 70, crm.Evidence{}),
		rule, answer,
		because(crm.KindContact, "Anna", crm.ByUserRule, 100, crm.Evidence{}),
		because(crm.KindContact, "Anna", crm.ByAnswer, 100, crm.Evidence{}),
		because(crm.KindContact, "Anna", crm.ByAddress, 100, crm.Evidence{}),
		because(crm.KindContact, "Anna", "by_moon_phase", 0, crm.Evidence{}),
	}
	return s
}

// questionSheet is a message to which several deals fit.
func questionSheet() *timeline.Sheet {
	s := contactSheet()
	s.Others, s.More, s.Touches = nil, 0, nil
	named := because(crm.KindDeal, "Pallet racks, phase 2", crm.ByDealWords, 74, crm.Evidence{Quote: "racks, 48000"})
	by := because(crm.KindDeal, "Scanner rental", crm.ByDealPeople, 21, crm.Evidence{Via: "con_1"})
	by.Via = "Anna Nowak"
	s.Asked = []timeline.Because{named, by, because(crm.KindDeal, "Training", crm.ByDealPeople, 5, crm.Evidence{})}
	next := because(crm.KindDeal, "Service 2026", crm.ByDealNext, 85, crm.Evidence{Via: "dea_9"})
	next.Via = "Service 2025"
	s.Because = []timeline.Because{next, named, by,
		because(crm.KindDeal, "Racks", crm.ByDealThread, 90, crm.Evidence{Message: "msg_0"}),
		because(crm.KindDeal, "Racks", crm.ByDealWords, 90, crm.Evidence{})}
	return s
}

// homeSheet is a day with everything in it.
func homeSheet() *timeline.Home {
	mail := timeline.HomeMail{ID: "msg_1", Thread: "msg_1", Subject: "Re: racks <urgent> & late", From: timeline.Person{Name: "Anna Nowak", Address: "anna@nord.example"},
		Date: at("2026-11-16T13:02:00Z"), Days: 4}
	bare := timeline.HomeMail{ID: "msg_2", Thread: "msg_2", From: timeline.Person{Address: "jan@nord.example"}, Date: at("2026-11-21T08:00:00Z")}
	deals := contactSheet().Deals
	return &timeline.Home{
		Waiting: []timeline.HomeMail{mail, bare}, Answers: []timeline.HomeMail{bare},
		Tasks: []timeline.HomeTask{{ID: "tas_1", Title: "Send samples", Due: at("2026-11-16"), Late: 5}, {ID: "tas_2", Title: "Call Anna", Due: at("2026-11-21")}},
		Idle:  deals[:1],
		Notices: []timeline.HomeNotice{{ID: "ntc_1", Kind: crm.NoticeAssigned, About: "tas_2", Title: "Call Anna", At: at("2026-11-21T08:00:00Z")},
			{ID: "ntc_2", Kind: crm.NoticeMention, About: "cmt_1", Title: "Look <here>", At: at("2026-11-20T08:00:00Z")}},
		Mailings: []timeline.HomeMailing{
			{ID: "cam_1", Name: "Autumn <offer>", Status: crm.CampaignSending, People: 400, Sent: 120, Replied: 12, PerMinute: 18, Finish: at("2026-11-21T10:30:00Z"), Trouble: "The SMTP server cannot be reached."},
			{ID: "cam_2", Name: "Summer", Status: crm.CampaignDone, People: 90, Sent: 88, Replied: 7},
		},
		Mailboxes: []timeline.HomeMailbox{
			{ID: "mbx_1", Address: "piotr@crm.example", State: crm.StateLive, Server: 1200, Stored: 1100, Skipped: 90, Queued: 9, Dead: 1},
			{ID: "mbx_2", Address: "sales@crm.example", State: crm.StateAuthRequired, Trouble: crm.Unauthorized, Server: 10, Stored: 8},
		},
		More: timeline.HomeMore{Waiting: true}, AsOf: at("2026-11-21T10:00:00Z"), Zone: "Europe/Warsaw",
	}
}

// turnSheet is a message that waits, was passed on, changes the subject, shares
// its Message-ID and has a signature.
func turnSheet() *timeline.Sheet {
	s := contactSheet()
	s.Message.State = timeline.State{Turn: crm.TurnOurs, Since: at("2026-11-19T13:02:00Z"), Decides: "msg_1"}
	s.Message.Origin, s.Message.Split, s.Message.Marks = "msg_0", true, []crm.Mark{crm.MarkSameID}
	s.Updates = []timeline.Update{
		{Record: "con_1", Field: timeline.UpdatePhone, Value: "+48600000009", Line: "tel. <kom.> +48 600 000 009", Message: "msg_1"},
		{Record: "com_1", Field: timeline.UpdateWebsite, Value: "www.nord.example", Line: "www.nord.example", Message: "msg_1"},
	}
	return s
}

const secret = "Quarterly layoffs"

// metadataSheet carries words of the mail where none may get out, as if the
// reader of timelines had forgotten to take them away.
func metadataSheet() *timeline.Sheet {
	s := contactSheet()
	s.Message.Access, s.Message.Owner, s.Message.Subject = timeline.SheetMetadata, "Ewa Wilk", secret
	s.Touches = []timeline.SheetTouch{{Kind: timeline.TouchMail, ID: "msg_3", Date: at("2026-11-01T08:00:00Z"), Direction: crm.Inbound, Hidden: true, Title: secret}}
	s.Because[2].Evidence.Quote = secret
	return s
}

func unknownSheet() *timeline.Sheet {
	return &timeline.Sheet{
		Message: timeline.SheetMessage{ID: "msg_9", Date: at("2026-11-19T13:02:00Z"), Direction: crm.Inbound, Class: crm.ClassBulk, Access: timeline.SheetFull},
		Person:  &timeline.SheetPerson{Name: "Shop News", Address: "news@shop.example", Role: crm.RoleFrom},
		Not:     timeline.NotBulk, AsOf: at("2026-11-21T10:00:00Z"),
	}
}

func internalSheet() *timeline.Sheet {
	return &timeline.Sheet{
		Message: timeline.SheetMessage{ID: "msg_8", Subject: "Lunch", Date: at("2026-11-19T13:02:00Z"), Direction: crm.Within, Class: crm.ClassPerson, Access: timeline.SheetMetadata},
		Not:     timeline.NotOutside, AsOf: at("2026-11-21T10:00:00Z"),
	}
}

func TestGoldenCards(t *testing.T) {
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	for name, draw := range map[string]func(View) card.Card{
		"contact":  func(v View) card.Card { return MessageCard(contactSheet(), v) },
		"rules":    func(v View) card.Card { return MessageCard(rulesSheet(), v) },
		"metadata": func(v View) card.Card { return MessageCard(metadataSheet(), v) },
		"unknown":  func(v View) card.Card { return MessageCard(unknownSheet(), v) },
		"internal": func(v View) card.Card { return MessageCard(internalSheet(), v) },
		"waiting":  func(v View) card.Card { return MessageCard(&timeline.Sheet{Missing: timeline.MissingWaiting}, v) },
		"unseen":   func(v View) card.Card { return MessageCard(&timeline.Sheet{Missing: timeline.MissingUnseen}, v) },
		"skipped": func(v View) card.Card {
			return MessageCard(&timeline.Sheet{Missing: timeline.MissingSkipped, Skip: crm.SkipSince}, v)
		},
		"unstored": func(v View) card.Card {
			s := contactSheet()
			v.Books, s.Message, s.Because, s.Missing = true, timeline.SheetMessage{}, nil, timeline.MissingUnseen
			return MessageCard(s, v)
		},
		"correctable": func(v View) card.Card { v.Books = true; return MessageCard(contactSheet(), v) },
		"corrected": func(v View) card.Card {
			v.Books = true
			return ChangedCard(contactSheet(), v.Lang.T(i18n.CorrectDone), "bat_1", v)
		},
		"ask":      func(v View) card.Card { return AskCard(wrongDeal(), contactSheet(), v) },
		"foretell": func(v View) card.Card { return ForetellCard(wrongDeal(), foretold(), at("2026-11-21T10:00:00Z"), v) },
		"user":     func(v View) card.Card { return UnknownUserCard("piotr@crm.example", v) },
		"home":     func(v View) card.Card { return HomeCard(homeSheet(), v) },
		"quiet":    func(v View) card.Card { return HomeCard(&timeline.Home{AsOf: at("2026-11-21T10:00:00Z")}, v) },
		"turn":     func(v View) card.Card { v.Books = true; return MessageCard(turnSheet(), v) },
		"question": func(v View) card.Card { v.Books = true; return MessageCard(questionSheet(), v) },
		"error":    func(v View) card.Card { return ErrorCard(crm.Errorf(crm.Throttled, "x", "slow down"), "7f3a0001", v) },
	} {
		for _, l := range i18n.Langs() {
			t.Run(name+"/"+string(l), func(t *testing.T) {
				v := View{Lang: l, Zone: warsaw, Links: links(t)}
				golden(t, name, l, card.Push(draw(v)))
			})
		}
	}
}

func wrongDeal() ledger.Correction {
	return ledger.Correction{Message: "msg_1", Record: "dea_1", Instead: "dea_2", Effect: crm.EffectNever, Scope: crm.ScopeAddress}
}

func foretold() timeline.Preview {
	return timeline.Preview{Changed: 22, Hidden: 1, Records: []ledger.Shift{{Record: "dea_1", Name: "Pallet racks, phase 2", Lost: 22}, {Record: "dea_2", Name: "Pallet racks", Gained: 22}},
		Sample: []timeline.Move{
			{Message: "msg_2", Date: at("2026-11-17T22:59:00Z"), From: "anna@nord.example", Subject: "Racks <15 & up>",
				Gained: []timeline.Logged{{Record: "dea_2", Name: "Pallet racks"}}, Lost: []timeline.Logged{{Record: "dea_1", Name: "Pallet racks, phase 2"}}},
			{Message: "msg_3", Date: at("2026-11-16T08:00:00Z"), From: "anna@nord.example"},
		}}
}

func golden(t *testing.T, name string, l i18n.Lang, r card.Response) {
	t.Helper()
	if err := cardtest.Check(body(t, r)); err != nil {
		t.Error(err)
	}
	compare(t, name, l, r)
}

// compare holds an answer to its golden file: all of it in English, its words in
// the other languages.
func compare(t testing.TB, name string, l i18n.Lang, answer any) {
	t.Helper()
	b, err := json.MarshalIndent(answer, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b)) + "\n"
	for _, c := range changing {
		got = c.what.ReplaceAllString(got, c.by)
	}
	file := "testdata/" + name + ".golden.json"
	if l != i18n.English {
		file, got = "testdata/"+name+"."+string(l)+".words.txt", wordsOf(got)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s in %s -want +got:\n%s", name, l, d)
	}
}

var shownLine = regexp.MustCompile(`(?m)^\s*"(?:actionLabel|altText|bottomLabel|content|header|hintText|label|subject|subtitle|text|title|topLabel)": (".*"),?$`)

// wordsOf are what a person reads of an answer, a line each.
func wordsOf(indented string) string {
	var b strings.Builder
	for _, m := range shownLine.FindAllStringSubmatch(indented, -1) {
		b.WriteString(m[1] + "\n")
	}
	return b.String()
}

func body(t testing.TB, r card.Response) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEveryCardIsValid draws every card in every language.
func TestEveryCardIsValid(t *testing.T) {
	sheets := []*timeline.Sheet{contactSheet(), rulesSheet(), metadataSheet(), unknownSheet(), internalSheet(), turnSheet(), questionSheet(), {}}
	for _, k := range []timeline.NotLogged{timeline.NotMatched, timeline.NotBulk, timeline.NotRobot, timeline.NotOutside, timeline.NotExcluded, timeline.NotFolder, timeline.NotAnswered} {
		s := internalSheet()
		s.Not = k
		sheets = append(sheets, s)
	}
	for _, l := range i18n.Langs() {
		v := View{Lang: l, Links: links(t)}
		for i, s := range sheets {
			if err := cardtest.Check(body(t, card.Push(MessageCard(s, v)))); err != nil {
				t.Errorf("%s sheet %d: %v", l, i, err)
			}
		}
	}
	if err := cardtest.Check(body(t, card.Push(MessageCard(contactSheet(), View{})))); err != nil {
		t.Errorf("without language and links: %v", err)
	}
}

func TestHiddenStaysHidden(t *testing.T) {
	for _, l := range i18n.Langs() {
		b := string(body(t, card.Push(MessageCard(metadataSheet(), View{Lang: l, Links: links(t)}))))
		if strings.Contains(b, secret) {
			t.Errorf("%s: words of the mail got out: %s", l, b)
		}
	}
}

// TestErrorCardTellsKindOnly: the words of an error may name what the viewer
// must not know.
func TestErrorCardTellsKindOnly(t *testing.T) {
	seen := map[string]crm.ErrorKind{}
	for _, k := range []crm.ErrorKind{crm.Invalid, crm.NotFound, crm.Exists, crm.Conflict, crm.Denied, crm.Unauthorized, crm.Throttled, crm.Unavailable, crm.MissingIndex, crm.TooLarge, crm.Internal, "new_kind"} {
		err := crm.Errorf(k, "op", "%s", secret).WithHint(secret).WithField(secret)
		b := string(body(t, card.Push(ErrorCard(err, "", View{Lang: i18n.Polish, Links: links(t)}))))
		if strings.Contains(b, secret) {
			t.Errorf("%s: %s", k, b)
		}
		if other, dup := seen[b]; dup && k != crm.Internal && k != "new_kind" {
			t.Errorf("%s and %s have the same card", k, other)
		}
		seen[b] = k
	}
}

// TestWordsOfEveryEnumeration: a stored value without a word would be shown raw.
func TestWordsOfEveryEnumeration(t *testing.T) {
	families := map[string][]string{
		"role":       {string(crm.RoleFrom), string(crm.RoleSender), string(crm.RoleReplyTo), string(crm.RoleTo), string(crm.RoleCc), string(crm.RoleBcc)},
		"mail":       {string(crm.Inbound), string(crm.Outbound), string(crm.Within)},
		"call":       {string(crm.Inbound), string(crm.Outbound)},
		"class":      {string(crm.ClassPerson), string(crm.ClassBulk), string(crm.ClassAutoReply), string(crm.ClassBounce), string(crm.ClassCalendar), string(crm.ClassNotification)},
		"stage":      {string(crm.StageOpen), string(crm.StageWon), string(crm.StageLost)},
		"missing":    {string(timeline.MissingWaiting), string(timeline.MissingUnseen), string(timeline.MissingSkipped)},
		"skip":       {string(crm.SkipSince), string(crm.SkipNeverStore), string(crm.SkipErased), string(crm.SkipDrafts), string(crm.SkipTrash), string(crm.SkipJunk), string(crm.SkipFolder), string(crm.SkipDraft), string(crm.SkipDuplicate)},
		"not_logged": {string(timeline.NotMatched), string(timeline.NotBulk), string(timeline.NotRobot), string(timeline.NotOutside), string(timeline.NotExcluded), string(timeline.NotFolder), string(timeline.NotAnswered)},
	}
	for _, n := range crm.Nouns() {
		families["kind"] = append(families["kind"], string(n.Kind))
	}
	for family, values := range families {
		for _, value := range values {
			if !i18n.Has(i18n.Key(family + "." + value)) {
				t.Errorf("the catalogue has no word for %s.%s", family, value)
			}
		}
	}
}

// TestBuiltStages: what new workspaces begin with is told in every language.
func TestBuiltStages(t *testing.T) {
	for _, p := range []crm.Pipeline{crm.DefaultPipeline(), crm.BuiltPipeline(crm.KindTicket), crm.BuiltPipeline("fld_x")} {
		named := map[string]string{}
		if p.Kind == "" || p.Kind == crm.KindTicket {
			named[p.Key] = p.Name
		}
		for _, st := range p.Stages {
			named[st.Key] = st.Name
		}
		for key, name := range named {
			for _, l := range []i18n.Lang{i18n.French, i18n.Italian, i18n.Polish} {
				if l.Built(key, name) == name {
					t.Errorf("%s has no word for the stage or pipeline %q", l, name)
				}
			}
		}
	}
}

// TestLongTimelines: the card stays within its budget and says what is hidden.
func TestLongTimelines(t *testing.T) {
	s := contactSheet()
	for range 300 {
		s.Touches = append(s.Touches, s.Touches[0])
		s.Others = append(s.Others, s.Others[1])
		s.Because = append(s.Because, s.Because[0])
	}
	b := body(t, card.Push(MessageCard(s, View{Lang: i18n.English, Links: links(t)})))
	if err := cardtest.Check(b); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(b), "306 more entries") || !strings.Contains(string(b), `"Anna Nowak"`) {
		t.Errorf("does not say what it leaves out: %s", b)
	}
}

func BenchmarkMessageCard(b *testing.B) {
	v := View{Lang: i18n.Polish, Links: links(b)}
	for b.Loop() {
		body(b, card.Push(MessageCard(contactSheet(), v)))
	}
}
