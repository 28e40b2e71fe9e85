package campaign

import (
	"context"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// sendSome sends until so many mails more went out, and stops in good order.
func (w *world) sendSome(n int) {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	defer stop()
	w.post.answer = func(int, outbox.Mail) (bool, error) {
		if n--; n <= 0 {
			stop()
		}
		return true, nil
	}
	must(w.t, w.s.send(ctx, w.config(), w.errand()))
	w.post.answer = nil
}

// into makes the world go on with the data of a file.
func (w *world) into(file string) {
	w.t.Helper()
	w.t.Cleanup(w.open(file, 0, func(d store.Driver) store.Driver { return d }))
}

// restored does to the campaign what a restore does.
func (w *world) restored() {
	w.t.Helper()
	_, err := w.Space.Change(w.t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Campaigns.Get(ctx, tx, w.campaign.ID)
		if doc.Value.Status == crm.CampaignSending {
			doc.Value.Status = crm.CampaignPaused
		}
		doc.Value.Restored = w.Space.Store().Now()
		store.Campaigns.Put(tx, &doc.Value)
		return err
	})
	must(w.t, err)
}

// prepareIn prepares the campaign in the data that the world went into.
func (w *world) prepareIn() {
	w.t.Helper()
	w.jobs = job.New(w.Space, job.Config{Owner: "test", Log: quiet()}, w.s.Kind())
	w.prepare()
}

func (w *world) settle(how Settling) (int, error) {
	saved, err := w.s.Settle(w.t.Context(), w.anna, w.info("settle"), w.campaign.ID, how)
	return saved.Again, err
}

// TestRestoredInTheMiddle sends some letters, backs up, sends more, and goes back to
// the backup: whatever the mail system keeps, nobody gets the letter twice, and
// who may have it is known by name.
func TestRestoredInTheMiddle(t *testing.T) {
	const people, before, after = 30, 7, 11
	for name, c := range map[string]struct {
		set     func(*post)
		unknown func(atBackup, sent int64) int64 // left to a person's word
	}{
		"it proves what it sent":  {func(p *post) { p.proves = true }, func(int64, int64) int64 { return 0 }},
		"copies lie in a mailbox": {func(*post) {}, func(_, sent int64) int64 { return people - sent }},
		"it keeps nothing":        {func(p *post) { p.keepsNone = true }, func(atBackup, _ int64) int64 { return people - atBackup }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, people, nil)
			c.set(w.post)
			w.prepare()
			w.start()
			w.sendSome(before)
			saved, atBackup := t.TempDir()+"/saved.db", len(w.post.took)
			w.copyTo(saved)
			w.sendSome(after)
			lost := len(w.post.took) - atBackup
			w.pass(26 * time.Hour)
			w.into(saved)
			w.restored()
			if got := w.figures()[crm.RecipientQueued]; lost == 0 || got != int64(people-atBackup) {
				t.Fatalf("%d letters were lost, and %d wait", lost, got)
			}
			if _, err := w.settle(Settling{Send: true}); !crm.IsKind(err, crm.Conflict) {
				t.Errorf("before anything is looked up a word is taken: %v", err)
			}
			w.start()
			must(t, w.work())
			w.pass(grace)
			must(t, w.work())
			must(t, w.work())
			w.once()
			want := c.unknown(int64(atBackup), int64(atBackup+lost))
			if f := w.figures(); f[crm.RecipientUnknown] != want || f[crm.RecipientSent] != people-want || w.status() != crm.CampaignDone {
				t.Fatalf("%v, %s; want %d left to a person", f, w.status(), want)
			}
			if want > 0 {
				w.takesAWord(want)
			}
			w.once()
			if f := w.figures(); f[crm.RecipientSent] != people || len(w.post.took) != people || w.status() != crm.CampaignDone {
				t.Errorf("%v, %s, %d have it", f, w.status(), len(w.post.took))
			}
		})
	}
}

// takesAWord says of those who have the letter that they do, and sends it to the
// others.
func (w *world) takesAWord(all int64) {
	w.t.Helper()
	page, err := w.s.Ledger(w.t.Context(), w.anna, w.campaign.ID, crm.RecipientUnknown, 1000, "")
	must(w.t, err)
	have := Settling{To: []crm.Address{}}
	for _, r := range page.Values() {
		if r.Reason != reasonRestored {
			w.t.Errorf("%s is unknown as %q", r.Address, r.Reason)
		}
		if w.post.took[r.Address] > 0 {
			have.To = append(have.To, r.Address)
		}
	}
	if n, err := w.settle(have); n != len(have.To) || (err != nil) != (n == 0) {
		w.t.Errorf("%d of %d count as sent: %v", n, len(have.To), err)
	}
	n, err := w.settle(Settling{Send: true})
	must(w.t, err)
	if n != int(all)-len(have.To) {
		w.t.Errorf("%d are sent to, of %d", n, int(all)-len(have.To))
	}
	must(w.t, w.work())
}

// TestRestoredBefore: a campaign that the backup calls ready, or a draft, may have
// been sent since.
func TestRestoredBefore(t *testing.T) {
	for _, prepared := range []bool{true, false} {
		w := newWorld(t, 9, nil)
		w.post.proves = true
		if prepared {
			w.prepare()
		}
		saved := t.TempDir() + "/saved.db"
		w.copyTo(saved)
		if !prepared {
			w.prepare()
		}
		w.start()
		w.sendSome(4)
		w.pass(time.Hour)
		w.into(saved)
		w.restored()
		if !prepared {
			w.prepareIn()
		}
		w.start()
		must(t, w.work())
		w.pass(grace)
		must(t, w.work())
		w.once()
		if f := w.figures(); f[crm.RecipientSent] != 9 || len(w.post.took) != 9 {
			t.Errorf("prepared %v: %v, %d have it", prepared, f, len(w.post.took))
		}
	}
}

// TestRestoredWithoutRoom: who may have the letter is told although the budget is
// used up and the hours are shut.
func TestRestoredWithoutRoom(t *testing.T) {
	w := newWorld(t, 7, func(d *Draft) { d.Pace.Days, d.Pace.PerDay = []int{0}, 1 })
	w.prepare()
	w.start()
	w.restored()
	w.start()
	cfg := w.config()
	cfg.Budget = func(context.Context, *crm.Mailbox) (int, error) { return 0, nil }
	must(t, w.s.send(t.Context(), cfg, w.errand()))
	if f := w.figures(); f[crm.RecipientUnknown] != 7 || len(w.post.raw) > 0 {
		t.Errorf("%v", f)
	}
}

// TestRestoredFailure: who failed in the backup may have been tried again since.
func TestRestoredFailure(t *testing.T) {
	w := newWorld(t, 3, nil)
	w.prepare()
	w.start()
	w.post.proves = true
	w.post.answer = func(int, outbox.Mail) (bool, error) { return false, crm.Errorf(crm.Invalid, "test", "552 too large") }
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientFailed] != 3 {
		t.Fatal(f)
	}
	w.post.answer = nil
	saved := t.TempDir() + "/saved.db"
	w.copyTo(saved)
	retry := func() {
		_, err := w.s.Retry(t.Context(), w.anna, w.info("retry"), w.campaign.ID)
		must(t, err)
		must(t, w.work())
	}
	retry()
	w.pass(time.Hour)
	w.into(saved)
	w.restored()
	retry()
	w.pass(grace)
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 3 {
		t.Errorf("%v", f)
	}
}

// TestOwnMailComesBack: a letter that the sync finds among the sent mail went out,
// whatever a restored ledger says.
func TestOwnMailComesBack(t *testing.T) {
	r := crm.Recipient{State: crm.RecipientQueued, At: 5}
	if !proved(&r) || r.State != crm.RecipientSent || r.Sent != 5 {
		t.Errorf("%+v", r)
	}
	for _, s := range []crm.RecipientState{crm.RecipientClaimed, crm.RecipientFailed, crm.RecipientExcluded, crm.RecipientSent} {
		if r := (crm.Recipient{State: s}); proved(&r) {
			t.Errorf("%s becomes %s", s, r.State)
		}
	}
}

// TestUnreachedAfterRestore: a mail system that cannot be asked says nothing of who
// has the letter, however often.
func TestUnreachedAfterRestore(t *testing.T) {
	w := newWorld(t, 4, nil)
	w.prepare()
	w.start()
	w.post.proves, w.post.lost = true, true
	w.restored()
	w.start()
	must(t, w.work())
	w.pass(grace)
	must(t, w.work())
	if f := w.figures(); f[crm.RecipientUnknown] != 4 || w.status() != crm.CampaignSending {
		t.Errorf("%v, %s", f, w.status())
	}
	w.post.lost = false
	w.pass(grace + time.Second)
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 4 {
		t.Errorf("%v", f)
	}
}

func TestWordsOnDoubt(t *testing.T) {
	now := crm.At(tt.Start)
	unknown := crm.Recipient{State: crm.RecipientUnknown, Reason: reasonRestored, At: now - 9, Looked: looks, Tries: 3}
	if r, ok := settled(unknown, true, now); !ok || r.State != crm.RecipientQueued || r.Due != now || r.Looked+r.Tries != 0 || r.Reason != "" {
		t.Errorf("sent again: %+v", r)
	}
	unknown.Until = now - 99
	if r, ok := settled(unknown, false, now); !ok || r.State != crm.RecipientSent || r.Sent != now-99 || r.Reason != reasonToldSent || r.Until != 0 {
		t.Errorf("counted as sent: %+v", r)
	}
	looking := unknown
	looking.Looked = looks - 1
	for _, s := range []crm.RecipientState{crm.RecipientQueued, crm.RecipientClaimed, crm.RecipientSent, crm.RecipientFailed, crm.RecipientExcluded} {
		if _, ok := settled(crm.Recipient{State: s, Looked: looks}, true, now); ok {
			t.Errorf("a word is taken on who is %s", s)
		}
	}
	if _, ok := settled(looking, true, now); ok {
		t.Error("a word is taken on who is being looked up")
	}
	queued := crm.Recipient{State: crm.RecipientQueued, Due: now - 1}
	if _, ok := claim(queued, 1, now, now); ok {
		t.Error("who was due before a restore is claimed")
	}
	if _, ok := doubted(crm.Recipient{State: crm.RecipientQueued, Due: now}, now, now); ok {
		t.Error("who is due after a restore is doubted")
	}
}
