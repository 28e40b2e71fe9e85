package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/letter"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

// post is a mail system in memory that counts what it takes, and whose answers
// a test decides.
type post struct {
	mu     sync.Mutex
	took   map[crm.Address]int
	ids    map[crm.RFCID]bool
	raw    [][]byte
	answer func(n int, m outbox.Mail) (takes bool, err error)
	proves bool
	lost   bool // it cannot be asked now

	keepsNone bool // nothing that it took is kept
}

func newPost() *post { return &post{took: map[crm.Address]int{}, ids: map[crm.RFCID]bool{}} }

func (p *post) Send(_ context.Context, m outbox.Mail) (outbox.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	takes, err := true, error(nil)
	if p.answer != nil {
		takes, err = p.answer(len(p.raw), m)
	}
	p.raw = append(p.raw, bytes.Clone(m.Raw))
	if takes {
		p.took[m.To[0]]++
		p.ids[m.ID] = true
	}
	return outbox.Receipt{Remote: "q1"}, err
}

func (p *post) Proves() bool { return p.proves }

func (p *post) Find(_ context.Context, ids ...crm.RFCID) (map[crm.RFCID]outbox.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.lost:
		return nil, errors.New("it cannot be asked now")
	case p.keepsNone:
		return nil, outbox.NotKept("test")
	}
	out := map[crm.RFCID]outbox.Receipt{}
	for _, id := range ids {
		if p.ids[id] {
			out[id] = outbox.Receipt{Remote: "found"}
		}
	}
	return out, nil
}

// world is a workspace with contacts, a letter and a campaign for all of them.
type world struct {
	*tt.World
	t        testing.TB
	path     string
	s        *Service
	jobs     *job.Service
	post     *post
	now      time.Time
	anna     access.Viewer
	campaign crm.Campaign
	people   int64
	lives    int
	lanes    int
}

func newWorld(t testing.TB, contacts int, edit func(*Draft)) *world {
	t.Helper()
	w := &world{t: t, path: t.TempDir() + "/data.db", people: int64(contacts), post: newPost(), now: tt.Start, anna: access.Member(tt.Anna)}
	var clock sync.Mutex
	w.World = tt.Open(t, w.path, func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		w.now = w.now.Add(time.Millisecond)
		return w.now
	})
	letters := letter.New(w.Space, w.Records)
	w.s = New(w.Space, w.Records, letters, view.New(w.Space, w.Records))
	w.jobs = job.New(w.Space, job.Config{Owner: "test", Log: quiet()}, w.s.Kind())
	for i := range contacts {
		w.Make(crm.KindContact, i, map[string]any{"name": fmt.Sprintf("Person Number%d", i), "emails": []any{string(addressOf(i))}})
	}
	saved, err := letters.Save(t.Context(), w.anna, w.info("template"), "", letter.Draft{Name: "Offer", Subject: "Offer for {{contact.name}}",
		HTML: "<p>Dear {{contact.first_name}}, żółć &amp; more.</p>"}, 0)
	must(t, err)
	d := Draft{Name: "Autumn", Template: saved.Template.ID, Audience: "contacts", Mailbox: tt.AnnaMail, Pace: crm.Pace{PerDay: 100_000, PerMinute: 1_000_000}}
	if edit != nil {
		edit(&d)
	}
	made, err := w.s.Create(t.Context(), w.anna, w.info("campaign"), d)
	must(t, err)
	w.campaign = made.Campaign
	return w
}

func addressOf(i int) crm.Address { return crm.Address(fmt.Sprintf("p%d@people.example", i)) }

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) info(title string) store.ChangeInfo {
	return store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI, Title: title}
}

func (w *world) prepare() {
	w.t.Helper()
	_, err := w.s.Prepare(w.t.Context(), w.anna, w.info("prepare"), w.jobs, w.campaign.ID)
	must(w.t, err)
	must(w.t, w.jobs.WorkOff(w.t.Context()))
	if got := w.status(); got != crm.CampaignReady {
		w.t.Fatalf("prepared, the campaign is %s", got)
	}
}

func (w *world) status() crm.CampaignStatus {
	w.t.Helper()
	doc, err := store.Campaigns.Get(w.t.Context(), w.Space, w.campaign.ID)
	must(w.t, err)
	return doc.Value.Status
}

func (w *world) start() {
	w.t.Helper()
	_, err := w.s.Start(w.t.Context(), w.anna, w.info("start"), w.campaign.ID)
	must(w.t, err)
}

func (w *world) config() Config {
	return Config{Owner: "one", Lease: time.Minute, Group: 4, Parallel: 2, PublicURL: "https://crm.own.example", Log: quiet(),
		Budget: func(context.Context, *crm.Mailbox) (int, error) { return 1_000_000, nil },
		Open:   func(context.Context, crm.Mailbox) (outbox.Sender, error) { return w.post, nil }}
}

// work sends until nothing is due.
func (w *world) work() error { return w.s.send(w.t.Context(), w.config(), w.errand()) }

// errand is the campaign as it is now.
func (w *world) errand() Errand {
	w.t.Helper()
	doc, err := store.Campaigns.Get(context.WithoutCancel(w.t.Context()), w.Space, w.campaign.ID)
	must(w.t, err)
	return &mailing{s: w.s, c: doc.Value}
}

func (w *world) figures() map[crm.RecipientState]int64 {
	w.t.Helper()
	out, err := w.s.Figures(w.t.Context(), w.anna, w.campaign.ID)
	must(w.t, err)
	return out
}

func (w *world) pass(d time.Duration) { w.now = w.now.Add(d) }

// once fails when somebody got a mail twice, or is counted as sent without one.
func (w *world) once() {
	w.t.Helper()
	for a, n := range w.post.took {
		if n > 1 {
			w.t.Errorf("%s got it %d times", a, n)
		}
	}
	page, err := w.s.Ledger(w.t.Context(), w.anna, w.campaign.ID, "", 1000, "")
	must(w.t, err)
	for _, r := range page.Values() {
		if n := w.post.took[r.Address]; (r.State == crm.RecipientSent) != (n == 1) && r.State != crm.RecipientUnknown && r.State != crm.RecipientClaimed {
			w.t.Errorf("%s is %s (%s) and got %d mails", r.Address, r.State, r.Reason, n)
		}
	}
}
