package notify

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type rig struct {
	*tt.World
	now    time.Time
	mailed []string
}

func newRig(t *testing.T) *rig {
	r := &rig{now: tt.Start}
	r.World = tt.Open(t, t.TempDir()+"/data.db", func() time.Time { r.now = r.now.Add(time.Millisecond); return r.now })
	r.catchUp(t)
	return r
}

// catchUp is what a process does that was started just now.
func (r *rig) catchUp(t *testing.T) {
	t.Helper()
	mail := func(_ context.Context, l Letter) error {
		for _, it := range l.Items {
			r.mailed = append(r.mailed, string(l.User.Email)+" "+string(it.Kind)+" "+it.Title)
		}
		return nil
	}
	n := NewNotifier(r.Space, r.Records, mail, slog.New(slog.DiscardHandler))
	must(t, n.CatchUp(t.Context()))
	must(t, n.CatchUp(t.Context()))
}

func (r *rig) told(t *testing.T, u crm.UserID) []string {
	t.Helper()
	p, err := New(r.Space, r.Records).List(t.Context(), access.Member(u), false, "", 50)
	must(t, err)
	var out []string
	for _, it := range p.Items {
		out = append(out, string(it.Kind)+" "+it.Title)
	}
	return out
}

// TestToldOnce: reminders and due days across restarts, assignments, mentions.
func TestToldOnce(t *testing.T) {
	r := newRig(t)
	remind := crm.At(r.now.Add(time.Hour))
	r.Make(crm.KindTask, 1, map[string]any{"title": "Call Ewa", "remind_at": remind.String()})
	r.Make(crm.KindTask, 2, map[string]any{"title": "Write", "due": "2026-11-21", "assignee": string(tt.Bob)})
	r.Make(crm.KindTask, 3, map[string]any{"title": "Done", "remind_at": remind.String(), "status": "done"})
	r.Make(crm.KindTask, 4, map[string]any{"title": "Waits", "remind_at": remind.String(), "until_reply": true})
	r.Make(crm.KindComment, 1, map[string]any{"text": "Look at this, Bob", "mentions": []string{string(tt.Bob), string(tt.Anna)}})
	r.catchUp(t)
	if got := r.told(t, tt.Anna); got != nil {
		t.Errorf("before its time Anna is told %v", got)
	}
	if d := cmp.Diff([]string{"mention Look at this, Bob", "assigned Write"}, r.told(t, tt.Bob)); d != "" {
		t.Error(d)
	}
	r.now = r.now.Add(26 * time.Hour)
	r.catchUp(t)
	r.catchUp(t)
	if d := cmp.Diff([]string{"reminder Call Ewa"}, r.told(t, tt.Anna)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"due Write", "mention Look at this, Bob", "assigned Write"}, r.told(t, tt.Bob)); d != "" {
		t.Error(d)
	}
	s := New(r.Space, r.Records)
	must(t, s.Read(t.Context(), access.Member(tt.Bob), nil, true))
	p, err := s.List(t.Context(), access.Member(tt.Bob), true, "", 50)
	must(t, err)
	if len(p.Items) != 0 || p.Unread != 0 {
		t.Errorf("after reading all, %d are unread", p.Unread)
	}
	r.now = r.now.Add(30 * 24 * time.Hour)
	r.Make(crm.KindTask, 9, map[string]any{"title": "Long ago", "remind_at": crm.At(r.now.Add(-10 * 24 * time.Hour)).String()})
	r.catchUp(t)
	if got := r.told(t, tt.Anna); len(got) != 1 {
		t.Errorf("a reminder of ten days ago is told: %v", got)
	}
}

// TestUntilReply lets a task sleep until its contact writes, and undoes it.
func TestUntilReply(t *testing.T) {
	r := newRig(t)
	ewa := r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{"ewa@far.example"}})
	task := r.Make(crm.KindTask, 1, map[string]any{"title": "Follow up", "until_reply": true, "assignee": string(tt.Bob), "records": []string{string(ewa)}})
	r.catchUp(t)
	r.Store(tt.Mail{ID: "out@x", From: tt.AnnaAtWork, To: []crm.Address{"ewa@far.example"}, Subject: "ours", Date: crm.At(r.now)})
	r.catchUp(t)
	waits := func() bool {
		d, err := store.Activities.Get(t.Context(), r.Space, string(task))
		must(t, err)
		is, _ := d.Value.Values["until_reply"].(bool)
		return is
	}
	if !waits() {
		t.Error("our own mail ended the waiting")
	}
	r.Store(tt.Mail{ID: "in@x", From: "ewa@far.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "theirs", Date: crm.At(r.now)})
	r.catchUp(t)
	if waits() {
		t.Error("the reply did not end the waiting")
	}
	if d := cmp.Diff([]string{"reply Follow up", "assigned Follow up"}, r.told(t, tt.Bob)); d != "" {
		t.Error(d)
	}
}

// TestChoices: muted, mailed at once, mailed with the digest.
func TestChoices(t *testing.T) {
	r := newRig(t)
	s := New(r.Space, r.Records)
	bob := access.Member(tt.Bob)
	by := records.By{Actor: tt.Bob, Cause: crm.CauseUI}
	_, err := s.Choose(t.Context(), bob, by, crm.NoticeChoices{Muted: []crm.NoticeKind{crm.NoticeDue}, Hour: 8,
		Mail: map[crm.NoticeKind]crm.MailChoice{crm.NoticeAssigned: crm.MailNow, crm.NoticeMention: crm.MailDigest}})
	must(t, err)
	for _, bad := range []crm.NoticeChoices{{Hour: 24}, {Muted: []crm.NoticeKind{"x"}}, {Mail: map[crm.NoticeKind]crm.MailChoice{crm.NoticeDue: "soon"}}} {
		if _, err := s.Choose(t.Context(), bob, by, bad); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	r.Make(crm.KindTask, 1, map[string]any{"title": "Write", "due": r.now.Format(time.DateOnly), "assignee": string(tt.Bob)})
	r.Make(crm.KindComment, 1, map[string]any{"text": "Bob!", "mentions": []string{string(tt.Bob)}})
	r.catchUp(t)
	if d := cmp.Diff([]string{"bob@own.example assigned Write"}, r.mailed); d != "" {
		t.Error(d)
	}
	r.now = r.now.Add(24 * time.Hour)
	r.catchUp(t)
	if d := cmp.Diff([]string{"bob@own.example assigned Write", "bob@own.example mention Bob!"}, r.mailed); d != "" {
		t.Error(d)
	}
}

// TestSnooze: a task that was put out of sight is told of when it is back, once.
func TestSnooze(t *testing.T) {
	r := newRig(t)
	until := crm.At(r.now.Add(time.Hour))
	r.Make(crm.KindTask, 1, map[string]any{"title": "Later", "due": r.now.Format(time.DateOnly), "snoozed_until": until.String()})
	r.catchUp(t)
	if got := r.told(t, tt.Anna); got != nil {
		t.Errorf("before: %v", got)
	}
	r.now = r.now.Add(61 * time.Minute)
	r.catchUp(t)
	r.catchUp(t)
	if d := cmp.Diff([]string{"reminder Later"}, r.told(t, tt.Anna)); d != "" {
		t.Error(d)
	}
}

// TestDueWhereTheyLive: the day of a task comes for each where they live.
func TestDueWhereTheyLive(t *testing.T) {
	r := newRig(t)
	_, err := r.Records.SetClock(t.Context(), records.By{Actor: tt.Bob}, "Pacific/Auckland")
	must(t, err)
	r.now = time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC) // the first in Warsaw, the second in Auckland
	r.Make(crm.KindTask, 1, map[string]any{"title": "Bob", "due": "2026-12-02", "assignee": string(tt.Bob)})
	r.Make(crm.KindTask, 2, map[string]any{"title": "Anna", "due": "2026-12-02", "assignee": string(tt.Anna)})
	r.catchUp(t)
	if d := cmp.Diff([]string{"due Bob", "assigned Bob"}, r.told(t, tt.Bob)); d != "" {
		t.Error(d)
	}
	if got := r.told(t, tt.Anna); len(got) != 0 {
		t.Errorf("Anna, whose day has not come: %v", got)
	}
}
