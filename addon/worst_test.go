package addon

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"threadline/addon/card"
	"threadline/addon/card/cardtest"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// worstSheet has more of everything than a card holds, and the longest names
// that are stored, written so that JSON and HTML blow them up.
func worstSheet() *timeline.Sheet {
	s := contactSheet()
	long := strings.Repeat(`<Żółć & "Söhne">`, 40)
	s.Message.Subject, s.Message.Split = long, true
	s.Person.Name, s.Person.Title, s.Person.Owner = long, long, long
	s.Company.Name = long
	s.More = 40
	s.Others, s.Deals, s.Tasks, s.Touches, s.Because = nil, nil, nil, nil, nil
	var stages []timeline.SheetStage
	for i := range 100 {
		stages = append(stages, timeline.SheetStage{Key: fmt.Sprint("stage_", i), Name: long[:200], Kind: crm.StageOpen})
	}
	for i := range 100 {
		s.Others = append(s.Others, timeline.SheetPerson{Name: long, Address: crm.Address(strings.Repeat("a", 60) + fmt.Sprint(i) + "@nord.example"), Role: crm.RoleCc})
		s.Deals = append(s.Deals, timeline.SheetDeal{ID: crm.RecordID(fmt.Sprint("dea_", i)), Name: long, Stage: long, Key: "stage_0", Kind: crm.StageOpen,
			Amount: crm.Money{Minor: 1 << 50, Currency: "PLN"}, Next: long, Linked: true, Stages: stages})
		s.Tasks = append(s.Tasks, timeline.SheetTask{ID: crm.RecordID(fmt.Sprint("tas_", i)), Title: long, Assignee: long})
		s.Touches = append(s.Touches, timeline.SheetTouch{Kind: timeline.TouchMail, ID: fmt.Sprint("msg_", i), Date: s.AsOf, Direction: crm.Inbound, Title: long})
		s.Because = append(s.Because, because(crm.KindDeal, long, crm.ByOnlyDeal, 70, crm.Evidence{Via: "con_1"}))
	}
	return s
}

// TestWorstCard: however much there is to show, a card keeps within what hosts
// take, is one that Google's types know, begins with the message and whom it is
// from, and says how much it leaves out.
func TestWorstCard(t *testing.T) {
	for _, l := range i18n.Langs() {
		v := newDesk(t).view(l)
		for name, c := range map[string]card.Card{"message": MessageCard(worstSheet(), v), "home": HomeCard(worstHome(), v)} {
			b, err := json.Marshal(c)
			if err != nil || len(b) > card.MaxBytes {
				t.Errorf("%s %s: %d bytes, %v", l, name, len(b), err)
			}
			answer, err := json.Marshal(card.Push(c))
			if err != nil {
				t.Fatal(err)
			}
			if err := cardtest.Check(answer); err != nil {
				t.Errorf("%s %s: %v", l, name, err)
			}
			if n := left(l, string(b)); n < 50 {
				t.Errorf("%s %s leaves out much and tells of %d", l, name, n)
			}
		}
	}
}

// left adds up what a card says that it leaves out.
func left(l i18n.Lang, body string) int {
	sum := 0
	for n := 1; n <= 200; n++ {
		for _, key := range []i18n.Key{i18n.MorePeople, i18n.MoreItems} {
			sum += n * strings.Count(body, `"`+l.T(key, n)+`"`)
		}
	}
	return sum
}

func worstHome() *timeline.Home {
	h := homeSheet()
	for i := range 100 {
		mail := timeline.HomeMail{ID: crm.MessageID(fmt.Sprint("msg_", i)), Subject: strings.Repeat("é&", 500), From: timeline.Person{Name: strings.Repeat("Ü", 300), Address: "a@b.example"}, Days: i}
		h.Waiting, h.Answers = append(h.Waiting, mail), append(h.Answers, mail)
	}
	return h
}

// view is that of somebody who may change all of it, with sealed actions.
func (d *desk) view(l i18n.Lang) View {
	return View{Lang: l, Links: d.cfg.Links, Books: true, stamp: &stamp{mac: hmac.New(sha256.New, d.cfg.StateKey), user: "usr_42", until: 1 << 40, nonce: "123456789"}}
}
