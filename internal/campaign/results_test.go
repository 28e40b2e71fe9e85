package campaign

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/track"
)

func TestResults(t *testing.T) {
	w := newWorld(t, 6, func(d *Draft) { d.Track, d.Marketing = crm.TrackIndividual, true })
	buyer := w.Make(crm.KindContact, 20, map[string]any{"name": "Buyer One", "emails": []any{"buyer@people.example"}})
	w.prepare()
	if _, err := w.s.Start(t.Context(), w.anna, w.info("start"), w.campaign.ID); err == nil || !strings.Contains(err.Error(), "postal") {
		t.Fatalf("marketing without a postal address: %v", err)
	}
	admin := w.anna
	_, err := w.s.SetMailing(t.Context(), admin, w.info("mailing"), crm.Mailing{Postal: "Acme <1> Main\nStreet", Consent: true})
	must(t, err)
	_, err = w.s.Agree(t.Context(), w.anna, w.info("consent"), crm.Consent{Address: addressOf(0), Source: "form"})
	must(t, err)
	w.start()
	w.post.answer = func(_ int, m outbox.Mail) (bool, error) {
		if m.To[0] == addressOf(5) {
			return false, crm.E(crm.Invalid, "test", "", errors.New("550 5.7.1 blocked"))
		}
		return true, nil
	}
	must(t, w.work())
	w.marketing()
	deal := w.Make(crm.KindDeal, 0, map[string]any{"name": "Racks", "pipeline": "sales", "stage": "proposal", "amount": int64(500), "currency": "EUR", "contacts": []any{string(buyer)}})
	w.pass(time.Hour)
	_, err = w.Space.Change(t.Context(), w.info("win"), func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Records.Get(ctx, tx, string(deal))
		if err == nil {
			doc.Value.Values["stage_kind"], doc.Value.Values["closed_at"] = string(crm.StageWon), w.Space.Store().Now()
			store.Records.Put(tx, &doc.Value)
		}
		return err
	})
	must(t, err)
	w.back(tt.Mail{From: addressOf(0), Refs: []crm.RFCID{w.line(0).RFCID}}, failed(crm.Report{Kind: crm.ReportFailed, Of: w.line(1).RFCID, Status: "5.1.1"}))
	b := w.Space.Batch()
	store.HitChunks.Create(b, &crm.HitChunk{ID: tt.ID(crm.PrefixHits, 1), At: 1, Hits: []crm.Hit{
		{Kind: crm.HitOpen, Campaign: w.campaign.ID, Recipient: w.line(0).ID, At: w.Space.Store().Now(), Verdict: crm.VerdictHuman},
		{Kind: crm.HitOpen, Campaign: w.campaign.ID, At: w.Space.Store().Now(), Verdict: crm.VerdictMachine}}})
	must(t, b.Commit(t.Context()))
	must(t, track.NewFolder(w.Space, quiet()).CatchUp(t.Context()))
	got, err := w.s.Results(t.Context(), w.anna, w.campaign.ID)
	must(t, err)
	want := "sent 6 delivered 5 replied 1 bounced map[hard:1 policy:1 soft:0] opens {1 1 0} openers 1 won [{EUR 500 1}] finish 0"
	if have := fmt.Sprint("sent ", got.Recipients[crm.RecipientSent], " delivered ", got.Delivered, " replied ", got.Replied, " bounced ", got.Bounced,
		" opens ", got.Opens, " openers ", got.Openers, " won ", got.Won, " finish ", int64(got.Finish)); have != want {
		t.Errorf("%s\nwant %s", have, want)
	}
	w.post.answer = nil
	again, err := w.s.Retry(t.Context(), w.anna, w.info("retry"), w.campaign.ID)
	must(t, err)
	if again.Again != 1 {
		t.Errorf("%d are tried again", again.Again)
	}
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 7 || w.status() != crm.CampaignDone {
		t.Errorf("tried again: %v, %s", f, w.status())
	}
}

// marketing looks at the mails: who agreed is tracked by name, the others are
// only counted; postal address and a way to leave stand in both parts.
func (w *world) marketing() {
	w.t.Helper()
	for _, raw := range w.post.raw {
		m := mail.Parse(raw)
		named := strings.Contains(m.HTML, track.OpenPath+"a.rcp_")
		if agreed := slices.ContainsFunc(m.Participants, func(p crm.Participant) bool { return p.Address == addressOf(0) }); named != agreed || !strings.Contains(m.HTML, track.OpenPath+"a.") {
			w.t.Errorf("%v is tracked by name: %t", m.Participants, named)
		}
		for _, part := range []string{m.HTML, m.Text} {
			if !strings.Contains(part, "Main Street") || !strings.Contains(part, "https://crm.own.example/u/rcp_") {
				w.t.Errorf("no postal address or no way to leave: %s", part)
			}
		}
	}
}

func TestEstimate(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	must(t, err)
	p := crm.Pace{PerDay: 100, PerMinute: 10, Days: []int{1, 2, 3, 4, 5}, From: 9 * 60, To: 17 * 60}
	friday := time.Date(2026, 11, 27, 16, 55, 0, 0, zone)
	for n, want := range map[int64]string{10: "2026-11-27 16:56", 100: "2026-11-30 09:05", 250: "2026-12-01 09:10"} {
		if got := estimate(friday, n, p, p.Hours(crm.Calendar{}, zone, ""), room{left: 100}, 100).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	all := crm.Pace{PerDay: 1000, PerMinute: 10}
	spent := room{free: crm.At(friday.Add(20 * time.Hour))}
	if got := estimate(friday, 20, all, all.Hours(crm.Calendar{}, zone, ""), spent, 500); got.Before(spent.free.Std()) || got.After(spent.free.Std().Add(time.Hour)) {
		t.Errorf("without budget until %s it is through at %s", spent.free.Std(), got)
	}
}

// TestBudgetSpent: a mailbox that has sent what it may says so, and when it goes on;
// before it begins it says when it will be through.
func TestBudgetSpent(t *testing.T) {
	w := newWorld(t, 9, nil)
	budget := func(context.Context, *crm.Mailbox) (outbox.Budget, error) { return outbox.Budget{Limit: 4}, nil }
	w.s.Counting(budget)
	w.prepare()
	before, err := w.s.Results(t.Context(), w.anna, w.campaign.ID)
	must(t, err)
	if before.Finish.Std().Before(w.now.Add(24*time.Hour)) || before.Trouble != nil {
		t.Errorf("nine mails by four a day end %s, trouble %v", before.Finish.Std(), before.Trouble)
	}
	w.start()
	cfg := w.config()
	cfg.Budget = func(context.Context, *crm.Mailbox) (int, error) { return 4, nil }
	must(t, w.s.send(t.Context(), cfg, w.errand()))
	got, err := w.s.Results(t.Context(), w.anna, w.campaign.ID)
	must(t, err)
	if got.Recipients[crm.RecipientSent] != 4 || got.Trouble == nil || !strings.Contains(got.Trouble.Reason, "24 hours") {
		t.Fatalf("%v, %v", got.Recipients, got.Trouble)
	}
	if next := got.Trouble.Next.Std(); next.Before(w.now.Add(23*time.Hour)) || next.After(w.now.Add(26*time.Hour)) || got.Finish < got.Trouble.Next {
		t.Errorf("it goes on at %s and ends at %s", next, got.Finish.Std())
	}
	for w.now.Before(got.Trouble.Next.Std()) { // it looks again and again
		w.pass(min(50*time.Minute, got.Trouble.Next.Std().Sub(w.now)))
		must(t, w.s.send(t.Context(), cfg, w.errand()))
	}
	if f := w.figures(); f[crm.RecipientSent] <= 4 {
		t.Errorf("at the time that it named: %v", f)
	}
}

// TestNoBounceWithoutServer: what we do not hand over at all, nobody sent back.
func TestNoBounceWithoutServer(t *testing.T) {
	own := crm.Errorf(crm.Invalid, "x", "The server takes no addresses with letters beyond ASCII.")
	if r := judged(outbox.Receipt{}, own); r.verdict != refused || r.bounce != "" {
		t.Errorf("%+v", r)
	}
	if r := judged(outbox.Receipt{}, crm.E(crm.Invalid, "x", "The server refuses the recipient.", errors.New("SMTP 550 5.1.1 no such user"))); r.bounce != crm.BounceHard {
		t.Errorf("%+v", r)
	}
}

// TestNobodyNamedWhoLeft: a single mail to somebody who wants no campaigns goes,
// and nobody is told that it was they who opened it.
func TestNobodyNamedWhoLeft(t *testing.T) {
	w := newWorld(t, 1, func(*Draft) {})
	_, err := w.s.SetMailing(t.Context(), w.anna, w.info("mailing"), crm.Mailing{Single: crm.TrackIndividual})
	must(t, err)
	for a, why := range map[crm.Address]crm.SuppressionReason{"left@people.example": crm.SuppressedUnsubscribed, "full@people.example": crm.SuppressedBounced} {
		_, err := w.s.Suppress(t.Context(), w.info("suppress"), a, why, "")
		must(t, err)
	}
	for a, want := range map[crm.Address]crm.TrackMode{"left@people.example": crm.TrackAggregate, "full@people.example": crm.TrackIndividual, "p@people.example": crm.TrackIndividual} {
		got, _, err := w.s.Single(t.Context(), "https://crm.own.example", crm.TrackIndividual, tt.AnnaMail, []crm.Address{a})
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", a, got, err)
		}
	}
}

// TestCopyTellsNothing: the copy among the sent mail is the letter without what
// tracks it, for its sender opens it, too.
func TestCopyTellsNothing(t *testing.T) {
	w := newWorld(t, 1, func(d *Draft) { d.Track = crm.TrackIndividual })
	w.prepare()
	w.start()
	n := 0
	w.post.answer = func(_ int, m outbox.Mail) (bool, error) {
		n++
		if !strings.Contains(mail.Parse(m.Raw).HTML, track.OpenPath) {
			t.Errorf("not tracked: %s", m.Raw)
		}
		kept, sent := mail.Parse(m.Copy()), mail.Parse(m.Raw)
		if strings.Contains(kept.HTML, track.OpenPath) || kept.Text != sent.Text || kept.RFCID != sent.RFCID {
			t.Errorf("kept: %s", m.Copy())
		}
		return true, nil
	}
	must(t, w.work())
	if n != 1 {
		t.Errorf("%d mails went out", n)
	}
}
