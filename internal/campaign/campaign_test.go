package campaign

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func TestPrepareSaysWhy(t *testing.T) {
	w := newWorld(t, 3, func(d *Draft) { d.Spare = crm.CampaignSpare{OpenDeals: true, Days: 30} })
	w.Make(crm.KindContact, 10, map[string]any{"name": "Without Address"})
	w.Make(crm.KindContact, 11, map[string]any{"name": "Again Number0", "emails": []any{string(addressOf(0))}})
	w.Make(crm.KindContact, 12, map[string]any{"name": "Colleague Here", "emails": []any{"x@" + string(tt.OwnDomain)}})
	w.Make(crm.KindContact, 13, map[string]any{"emails": []any{"nameless@people.example"}})
	busy := w.Make(crm.KindContact, 14, map[string]any{"name": "Busy Buyer", "emails": []any{"busy@people.example"}})
	w.Make(crm.KindDeal, 0, map[string]any{"name": "Racks", "pipeline": "sales", "stage": "proposal", "contacts": []any{string(busy)}})
	w.Make(crm.KindContact, 15, map[string]any{"name": "Left Us", "emails": []any{"left@people.example"}})
	if _, err := w.s.Suppress(t.Context(), w.info("suppress"), "left@people.example", crm.SuppressedUnsubscribed, ""); err != nil {
		t.Fatal(err)
	}
	w.prepare()
	page, err := w.s.Ledger(t.Context(), w.anna, w.campaign.ID, "", 100, "")
	must(t, err)
	got := map[string]int{}
	for _, r := range page.Values() {
		got[string(r.State)+" "+r.Reason]++
		if (r.State == crm.RecipientQueued) != (r.RFCID != "") {
			t.Errorf("%s is %s with the Message-ID %q", r.Address, r.State, r.RFCID)
		}
	}
	for want, n := range map[string]int{"queued ": 3, "excluded no_address": 1, "excluded duplicate": 1, "excluded internal": 1,
		"excluded missing: contact.first_name, contact.name": 1, "excluded open_deal": 1, "excluded unsubscribed": 1} {
		if got[want] != n {
			t.Errorf("%d are %q, want %d: %v", got[want], want, n, got)
		}
	}
	before := page.Values()
	w.prepare() // again: nothing is doubled
	again, err := w.s.Ledger(t.Context(), w.anna, w.campaign.ID, "", 100, "")
	must(t, err)
	if len(again.Items) != len(before) {
		t.Errorf("prepared again there are %d lines, were %d", len(again.Items), len(before))
	}
}

// TestPreparedAtOnce leaves work on record only where the campaign names it:
// whoever waits for work may begin it before anything else is written.
func TestPreparedAtOnce(t *testing.T) {
	w := newWorld(t, 1, nil)
	var done atomic.Int64
	var people sync.WaitGroup
	for range 8 {
		people.Go(func() {
			if _, err := w.s.Prepare(t.Context(), w.anna, w.info("prepare"), w.jobs, w.campaign.ID); err == nil {
				done.Add(1)
			} else if !crm.IsKind(err, crm.Conflict) {
				t.Error(err)
			}
		})
	}
	people.Wait()
	list, _, err := w.jobs.List(t.Context(), w.anna, PrepareKind, 100, "")
	must(t, err)
	if n := done.Load(); n == 0 || int64(len(list)) != n {
		t.Errorf("%d preparations were begun, and %d jobs are on record", n, len(list))
	}
	must(t, w.jobs.WorkOff(t.Context()))
	if got := w.status(); got != crm.CampaignReady {
		t.Errorf("the campaign is %s", got)
	}
}

func TestEverybodyOnce(t *testing.T) {
	w := newWorld(t, 13, nil)
	w.prepare()
	w.start()
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 13 || w.status() != crm.CampaignDone {
		t.Errorf("%v, the campaign is %s", f, w.status())
	}
	m := mail.Parse(w.post.raw[0])
	head := map[string]string{}
	for _, h := range m.Headers {
		head[strings.ToLower(h.Name)] = h.Value
	}
	if !strings.HasPrefix(m.Subject, "Offer for Person") || !strings.Contains(m.Text, "Dear Person, żółć & more.") || len(m.Marks) != 0 {
		t.Errorf("subject %q, text %q, marks %v", m.Subject, m.Text, m.Marks)
	}
	if head["list-unsubscribe-post"] != "List-Unsubscribe=One-Click" || !strings.HasPrefix(head["list-unsubscribe"], "<https://crm.own.example/u/rcp_") {
		t.Errorf("header %v", head)
	}
	if _, err := w.s.Start(t.Context(), w.anna, w.info("start"), w.campaign.ID); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("a campaign that is over starts again: %v", err)
	}
}

func TestLeaving(t *testing.T) {
	w := newWorld(t, 6, nil)
	w.prepare()
	w.start()
	w.post.answer = func(n int, m outbox.Mail) (bool, error) {
		if n == 0 { // the first group is under way when two others leave
			for _, i := range []int{4, 5} {
				r, err := store.Recipients.Get(t.Context(), w.Space, crm.RecipientID(w.Key, w.campaign.ID, addressOf(i)))
				must(t, err)
				if r.Value.State != crm.RecipientQueued {
					continue // in the first group
				}
				link := token(w.Key, purposeLeave, r.Value.ID)
				for range 2 {
					_, err = w.s.Leave(t.Context(), link)
					must(t, err)
				}
			}
		}
		return true, nil
	}
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientExcluded] == 0 || f[crm.RecipientExcluded]+f[crm.RecipientSent] != 6 {
		t.Errorf("%v", f)
	}
	for name, link := range map[string]string{"cut": "rcp_x", "forged": crm.RecipientID(w.Key, w.campaign.ID, addressOf(0)) + ".AAAAAAAAAAAAAAAAAAAAAA",
		"other purpose": token(w.Key, "open", crm.RecipientID(w.Key, w.campaign.ID, addressOf(0))), "nothing": ""} {
		if _, err := w.s.Leave(t.Context(), link); !crm.IsKind(err, crm.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPauseWithinAGroup(t *testing.T) {
	w := newWorld(t, 20, nil)
	w.prepare()
	w.start()
	w.post.answer = func(n int, _ outbox.Mail) (bool, error) {
		if n == 1 {
			_, err := w.s.Pause(t.Context(), w.anna, w.info("pause"), w.campaign.ID)
			return true, err
		}
		return true, nil
	}
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientSent] != 4 || f[crm.RecipientQueued] != 16 {
		t.Errorf("after the pause: %v", f)
	}
	w.post.answer = nil
	w.start()
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 20 {
		t.Errorf("after going on: %v", f)
	}
}

func TestAnswersOfTheMailSystem(t *testing.T) {
	w := newWorld(t, 4, nil)
	w.prepare()
	w.start()
	odd := errors.New("connection reset")
	w.post.answer = func(_ int, m outbox.Mail) (bool, error) {
		switch m.To[0] {
		case addressOf(0):
			return false, crm.E(crm.Invalid, "test", "", errors.New("550 no such user"))
		case addressOf(1):
			return false, crm.Errorf(crm.Throttled, "test", "421 later").WithAfter(10 * time.Minute)
		case addressOf(2):
			return true, outbox.NotKnown("test", odd) // it went out
		}
		return false, outbox.NotKnown("test", odd) // it did not
	}
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientFailed] != 1 || f[crm.RecipientQueued] != 1 || f[crm.RecipientUnknown] != 2 || w.status() != crm.CampaignSending {
		t.Fatalf("%v, %s", f, w.status())
	}
	came, err := w.s.Results(t.Context(), w.anna, w.campaign.ID)
	must(t, err)
	if x := came.Trouble; x == nil || !strings.Contains(x.Reason, "421 later") || x.Next.Sub(crm.At(w.now)) < 9*time.Minute {
		t.Errorf("why one waits: %+v", x)
	}
	w.post.answer = nil
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientSent] != 0 {
		t.Errorf("something was tried again at once: %v", f)
	}
	w.pass(11 * time.Minute)
	must(t, w.work())
	for range looks {
		w.pass(grace + time.Second)
		must(t, w.work())
	}
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 2 || f[crm.RecipientUnknown] != 1 || f[crm.RecipientFailed] != 1 {
		t.Errorf("%v, %s", f, w.status())
	}
}

func TestRefusedLoginPauses(t *testing.T) {
	w := newWorld(t, 9, nil)
	w.prepare()
	w.start()
	w.post.answer = func(int, outbox.Mail) (bool, error) { return false, crm.Errorf(crm.Unauthorized, "test", "535 no") }
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientQueued] != 9 || w.status() != crm.CampaignPaused || len(w.post.raw) > 4 {
		t.Errorf("%v, %s, %d mails were tried", f, w.status(), len(w.post.raw))
	}
}

// TestMailSystemThatIsAway: a mail system that is not reached costs nobody a try,
// however long it is away, and the campaign says why it waits.
func TestMailSystemThatIsAway(t *testing.T) {
	w := newWorld(t, 9, nil)
	w.prepare()
	w.start()
	asked := 0
	w.post.answer = func(int, outbox.Mail) (bool, error) {
		asked++
		return false, outbox.NotReached(crm.Errorf(crm.Unavailable, "test", "nobody is there"))
	}
	for range 3 * tries {
		must(t, w.work())
		w.pass(2 * time.Minute)
	}
	came, err := w.s.Results(t.Context(), w.anna, w.campaign.ID)
	must(t, err)
	if f := w.figures(); f[crm.RecipientQueued] != 9 || w.status() != crm.CampaignSending || came.Trouble != nil || asked > 3*tries*w.config().Parallel {
		t.Errorf("%v, %s, asked %d times, %+v", f, w.status(), asked, came.Trouble)
	}
	must(t, w.work())
	if came, err = w.s.Results(t.Context(), w.anna, w.campaign.ID); err != nil || came.Trouble == nil || !strings.Contains(came.Trouble.Reason, "nobody is there") {
		t.Errorf("why it waits: %+v, %v", came.Trouble, err)
	}
	w.post.answer = nil
	w.pass(2 * time.Minute)
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 9 {
		t.Errorf("when it was there again: %v", f)
	}
}

func TestMailboxThatCannotSendPauses(t *testing.T) {
	w := newWorld(t, 3, nil)
	w.prepare()
	w.start()
	cfg := w.config()
	cfg.Open = func(context.Context, crm.Mailbox) (outbox.Sender, error) {
		return nil, crm.Errorf(crm.Denied, "sender", "this mailbox has no server to send through").WithHint("give it one")
	}
	must(t, w.s.send(t.Context(), cfg, w.errand()))
	doc, err := store.Campaigns.Get(t.Context(), w.Space, w.campaign.ID)
	must(t, err)
	if c := doc.Value; c.Status != crm.CampaignPaused || !strings.Contains(c.Why, "no server to send through — give it one") {
		t.Errorf("the campaign is %s: %s", c.Status, c.Why)
	}
	w.start()
	must(t, w.work()) // mended, it goes on
	if got := w.status(); got != crm.CampaignDone {
		t.Errorf("mended, the campaign is %s", got)
	}
}

func TestUnknownStaysKnownByName(t *testing.T) {
	w := newWorld(t, 2, nil)
	w.prepare()
	w.start()
	w.post.lost = true
	w.post.answer = func(int, outbox.Mail) (bool, error) { return true, outbox.NotKnown("test", errors.New("cut")) }
	must(t, w.work())
	for range looks {
		w.pass(grace + time.Minute)
		must(t, w.work())
	}
	w.once()
	if f := w.figures(); f[crm.RecipientUnknown] != 2 || w.status() != crm.CampaignDone {
		t.Errorf("%v, %s", f, w.status())
	}
}

func TestOrderlyStopLeavesNothingUnknown(t *testing.T) {
	w := newWorld(t, 12, nil)
	w.prepare()
	w.start()
	ctx, stop := context.WithCancel(t.Context())
	w.post.answer = func(int, outbox.Mail) (bool, error) { stop(); return true, nil }
	must(t, w.s.send(ctx, w.config(), w.errand()))
	f := w.figures()
	if f[crm.RecipientUnknown]+f[crm.RecipientClaimed] != 0 || f[crm.RecipientSent] == 0 || f[crm.RecipientSent]+f[crm.RecipientQueued] != 12 {
		t.Errorf("%v", f)
	}
	w.post.answer = nil
	must(t, w.work())
	w.once()
}

func TestHoursAndBudget(t *testing.T) {
	w := newWorld(t, 10, func(d *Draft) {
		d.Pace = crm.Pace{PerDay: 4, PerMinute: 1_000_000, Zone: "Europe/Warsaw", Days: []int{1, 2, 3, 4, 5}, From: 9 * 60, To: 17 * 60}
	})
	w.prepare()
	zone, err := time.LoadLocation("Europe/Warsaw")
	must(t, err)
	w.now = time.Date(2027, 3, 27, 12, 0, 0, 0, zone) // a Saturday, before the clock changes
	w.start()
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientSent] != 0 {
		t.Errorf("sent on a Saturday: %v", f)
	}
	for day := range 3 {
		w.now = time.Date(2027, 3, 29+day, 9+2*day, 30, 0, 0, zone) // an hour that was used counts whole
		_, err := w.s.Pause(t.Context(), w.anna, w.info("pause"), w.campaign.ID)
		must(t, err)
		w.start()
		must(t, w.work())
		w.pass(2 * time.Hour) // what the lease stood still
		if f, want := w.figures(), min(10, 4*int64(day+1)); f[crm.RecipientSent] != want {
			t.Errorf("on day %d %d are sent, want %d", day+1, f[crm.RecipientSent], want)
		}
	}
	w.once()
}

func TestStoodStill(t *testing.T) {
	w := newWorld(t, 8, nil)
	w.prepare()
	w.start()
	ctx, stop := context.WithCancel(t.Context())
	w.post.answer = func(int, outbox.Mail) (bool, error) { stop(); return true, nil }
	must(t, w.s.send(ctx, w.config(), w.errand()))
	had := len(w.post.raw)
	w.pass(3 * time.Hour)
	must(t, w.work())
	if w.status() != crm.CampaignPaused || len(w.post.raw) != had {
		t.Errorf("a campaign that stood still is %s and sent %d more", w.status(), len(w.post.raw)-had)
	}
	w.post.answer, w.post.proves = nil, true // it may be an older copy of the data
	w.start()
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientUnknown] != 8-int64(had) || len(w.post.raw) != had {
		t.Errorf("before anything is looked up: %v, %d mails", f, len(w.post.raw))
	}
	w.pass(grace)
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 8 || w.status() != crm.CampaignDone {
		t.Errorf("started again: %v, it is %s", f, w.status())
	}
}

// TestTwoWorkers lets a worker stand still in the middle of a mail for longer
// than its lease and its claims: whom it has not begun with is not its any more.
func TestTwoWorkers(t *testing.T) {
	w := newWorld(t, 6, nil)
	w.prepare()
	w.start()
	first := true
	w.post.proves = true
	w.post.answer = func(int, outbox.Mail) (bool, error) {
		if !first {
			return true, nil
		}
		first = false
		w.now = w.now.Add(hold + time.Minute)
		other := w.config()
		other.Owner = "two"
		w.post.mu.Unlock()
		defer w.post.mu.Lock()
		return true, w.s.send(t.Context(), other, w.errand())
	}
	cfg := w.config()
	cfg.Parallel = 1
	must(t, w.s.send(t.Context(), cfg, w.errand()))
	w.once()
	if n := len(w.post.raw); n != 3 {
		t.Errorf("%d mails went out, want the one under way and the two that were nobody's", n)
	}
	for range looks { // the sent mail proves that the others did not go out
		w.pass(grace + time.Minute)
		must(t, w.work())
	}
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 6 {
		t.Errorf("%v", f)
	}
}

// TestSlowMailSystem takes so long for each mail that a group is not through
// while it is claimed: who was not begun in time is given back, and nobody is in
// doubt.
func TestSlowMailSystem(t *testing.T) {
	w := newWorld(t, 9, nil)
	w.prepare()
	w.start()
	w.post.answer = func(int, outbox.Mail) (bool, error) {
		w.pass(longest / 6)
		return true, nil
	}
	cfg := w.config()
	cfg.Group, cfg.Parallel = 9, 1
	must(t, w.s.send(t.Context(), cfg, w.errand()))
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 9 || w.status() != crm.CampaignDone {
		t.Errorf("%v, the campaign is %s", f, w.status())
	}
}

func TestRefusedCampaigns(t *testing.T) {
	w := newWorld(t, 1, nil)
	good := Draft{Name: "x", Template: w.campaign.Template, Audience: "contacts", Mailbox: tt.AnnaMail, Pace: crm.Pace{PerDay: 1, PerMinute: 1}}
	for field, edit := range map[string]func(*Draft){
		"name":            func(d *Draft) { d.Name = " " },
		"template":        func(d *Draft) { d.Template = "tpl_aaaaaaaaaaaaaaaaaaaaaaaaaa" },
		"audience":        func(d *Draft) { d.Audience = "deals" },
		"mailbox":         func(d *Draft) { d.Mailbox = tt.BobMail },
		"pace.per_day":    func(d *Draft) { d.Pace.PerDay = 0 },
		"pace.per_minute": func(d *Draft) { d.Pace.PerMinute = -1 },
		"pace.zone":       func(d *Draft) { d.Pace.Zone = "Mars" },
		"pace.days":       func(d *Draft) { d.Pace.Days = []int{7} },
		"pace.to":         func(d *Draft) { d.Pace.From, d.Pace.To = 600, 500 },
	} {
		d := good
		edit(&d)
		if _, err := w.s.Create(t.Context(), w.anna, w.info("x"), d); err == nil || !strings.Contains(err.Error(), "(field "+field+")") {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := w.s.Start(t.Context(), w.anna, w.info("start"), w.campaign.ID); !crm.IsKind(err, crm.Conflict) || !strings.Contains(err.Error(), "prepare") {
		t.Errorf("a campaign without recipients starts: %v", err)
	}
}

// TestNobodyGetsIt: a campaign for nobody is refused, and does not look as if it
// had been sent.
func TestNobodyGetsIt(t *testing.T) {
	w := newWorld(t, 2, func(d *Draft) { d.Audience = "contacts where name = Nobody" })
	w.prepare()
	if _, err := w.s.Start(t.Context(), w.anna, w.info("start"), w.campaign.ID); !crm.IsKind(err, crm.Conflict) || !strings.Contains(err.Error(), "nobody gets this letter") {
		t.Errorf("a campaign for nobody starts: %v", err)
	}
	if got := w.status(); got != crm.CampaignReady {
		t.Errorf("it is %s", got)
	}
}

// TestFromTheCommandLine makes and prepares a campaign as the person at the command
// line, who is no user: whose mailbox sends it answers for it.
func TestFromTheCommandLine(t *testing.T) {
	w := newWorld(t, 3, nil)
	operator := access.Operator()
	made, err := w.s.Create(t.Context(), operator, w.info("campaign"), Draft{Name: "Spring", Template: w.campaign.Template, Audience: "contacts",
		Mailbox: tt.AnnaMail, Pace: crm.Pace{PerDay: 100, PerMinute: 100}})
	must(t, err)
	if made.Campaign.Owner != tt.Anna {
		t.Errorf("its owner is %q", made.Campaign.Owner)
	}
	w.campaign = made.Campaign
	_, err = w.s.Prepare(t.Context(), operator, w.info("prepare"), w.jobs, w.campaign.ID)
	must(t, err)
	must(t, w.jobs.WorkOff(t.Context()))
	if got := w.figures(); got[crm.RecipientQueued] != 3 || w.status() != crm.CampaignReady {
		t.Errorf("prepared, it is %s: %v", w.status(), got)
	}
}
