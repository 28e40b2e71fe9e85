package sequence

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/letter"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

// post is a mail system in memory.
type post struct {
	mu     sync.Mutex
	mails  map[crm.Address][][]byte
	kept   map[crm.RFCID]bool
	answer func(m outbox.Mail) error
}

func (p *post) Send(_ context.Context, m outbox.Mail) (outbox.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answer != nil {
		if err := p.answer(m); err != nil {
			return outbox.Receipt{}, err
		}
	}
	if p.kept == nil {
		p.kept = map[crm.RFCID]bool{}
	}
	p.kept[m.ID] = true
	p.mails[m.To[0]] = append(p.mails[m.To[0]], bytes.Clone(m.Raw))
	return outbox.Receipt{Remote: "q", Thread: "t-" + string(m.To[0])}, nil
}

func (p *post) Proves() bool { return false }

func (p *post) Find(_ context.Context, ids ...crm.RFCID) (map[crm.RFCID]outbox.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[crm.RFCID]outbox.Receipt{}
	for _, id := range ids {
		if p.kept[id] {
			out[id] = outbox.Receipt{Remote: "found"}
		}
	}
	return out, nil
}

// world is a workspace with contacts and a sequence of three letters.
type world struct {
	*tt.World
	t         testing.TB
	s         *Service
	campaigns *campaign.Service
	jobs      *job.Service
	post      *post
	now       time.Time
	anna      access.Viewer
	seq       crm.Sequence
	draft     Draft
	templates []string
	follower  *campaign.Follower
	told      int
}

func newWorld(t testing.TB, edit func(*Draft)) *world {
	t.Helper()
	w := &world{t: t, post: &post{mails: map[crm.Address][][]byte{}}, now: time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC), anna: access.Member(tt.Anna)} // a Wednesday
	var clock sync.Mutex
	w.World = tt.Open(t, t.TempDir()+"/data.db", func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		w.now = w.now.Add(time.Millisecond)
		return w.now
	})
	letters := letter.New(w.Space, w.Records)
	w.campaigns = campaign.New(w.Space, w.Records, letters, view.New(w.Space, w.Records))
	w.s = New(w.Space, w.Records, letters, w.campaigns)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.jobs = job.New(w.Space, job.Config{Owner: "test", Log: quiet}, w.s.Kind())
	w.follower = campaign.NewFollower(w.campaigns, w.Bodies, w.Blobs, quiet, w.s.Listener())
	for i := range 3 {
		saved, err := letters.Save(t.Context(), w.anna, w.info(), "", letter.Draft{Name: fmt.Sprint("Letter ", i), Subject: fmt.Sprintf("Subject %d for {{contact.first_name}}", i+1),
			HTML: fmt.Sprintf("<p>Letter %d, {{contact.first_name}}.</p>", i+1)}, 0)
		must(t, err)
		w.templates = append(w.templates, saved.Template.ID)
	}
	w.draft = Draft{Name: "After the fair", Mailbox: tt.AnnaMail, StopOnDeal: true, Pace: crm.Pace{PerDay: 1000, PerMinute: 1_000_000, From: 9 * 60, To: 17 * 60, Days: []int{1, 2, 3, 4, 5}},
		Steps: []crm.SequenceStep{{Template: w.templates[0]}, {Template: w.templates[1], Wait: 2}, {Template: w.templates[2], Wait: 3, New: true}}}
	if edit != nil {
		edit(&w.draft)
	}
	saved, err := w.s.Save(t.Context(), w.anna, w.info(), "", w.draft, 0)
	must(t, err)
	started, err := w.s.Start(t.Context(), w.anna, w.info(), saved.Sequence.ID)
	must(t, err)
	w.seq = started.Sequence
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) info() store.ChangeInfo {
	return store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI, Title: "test"}
}

func addressOf(i int) crm.Address { return crm.Address(fmt.Sprintf("p%d@people.example", i)) }

// contact makes one and puts them in.
func (w *world) contact(i int) Enrolled {
	w.t.Helper()
	id := w.Make(crm.KindContact, i, map[string]any{"name": fmt.Sprintf("Person%d Own", i), "emails": []any{string(addressOf(i))}})
	out, err := w.s.Enrol(w.t.Context(), w.anna, w.info(), w.seq.ID, One{Contact: id})
	must(w.t, err)
	return out
}

func (w *world) config() campaign.Config {
	return campaign.Config{Owner: "one", Lease: time.Minute, Group: 20, Parallel: 2, PublicURL: "https://crm.own.example", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		More: w.s.Errands, Budget: func(context.Context, *crm.Mailbox) (int, error) { return 1_000_000, nil },
		Open: func(context.Context, crm.Mailbox) (outbox.Sender, error) { return w.post, nil }}
}

// follow tells what came back and changed.
func (w *world) follow() {
	w.t.Helper()
	must(w.t, w.follower.CatchUp(w.t.Context()))
}

// work sends what is due.
func (w *world) work() {
	w.t.Helper()
	w.follow()
	must(w.t, w.campaigns.WorkOff(w.t.Context(), w.config()))
}

// until lets time pass. What stood still for more than an hour a person has to
// start again.
func (w *world) until(day, hour int) {
	w.t.Helper()
	end := time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC)
	for w.now.Before(end) {
		w.now = w.now.Add(8 * time.Hour)
		_, err := w.s.Pause(w.t.Context(), w.anna, w.info(), w.seq.ID)
		must(w.t, err)
		_, err = w.s.Start(w.t.Context(), w.anna, w.info(), w.seq.ID)
		must(w.t, err)
		w.work()
	}
}

// back stores a mail that came in.
func (w *world) back(m tt.Mail) {
	w.t.Helper()
	w.told++
	m.ID, m.Date, m.To = crm.RFCID(fmt.Sprintf("back%d@mx.example", w.told)), w.Space.Store().Now(), []crm.Address{tt.AnnaAtWork}
	w.Store(m)
	w.follow()
}

func (w *world) person(id string) Enrolled {
	w.t.Helper()
	out, err := w.s.Enrolment(w.t.Context(), w.anna, id)
	must(w.t, err)
	return out
}

// subjects are those of the letters that somebody got.
func (w *world) subjects(i int) []string {
	var out []string
	for _, raw := range w.post.mails[addressOf(i)] {
		out = append(out, mail.Parse(raw).Subject)
	}
	return out
}
