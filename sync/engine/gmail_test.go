package engine

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/store"
	"threadline/internal/testenv"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
)

const gmailRep = "rep@ours.example"

// inProcess answers requests without a socket, so that time may be virtual.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (res *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil {
			err = crm.Errorf(crm.Unavailable, "test", "connection cut")
		}
	}()
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// gmailSource reads the rep's account of a test server; base is its address.
func gmailSource(base, refresh string, client *http.Client) *gmail.Source {
	oauth := &oauth2.Config{ClientID: "client", ClientSecret: "secret", Endpoint: oauth2.Endpoint{TokenURL: base + "/token", AuthStyle: oauth2.AuthStyleInParams}}
	poll := 100 * time.Millisecond
	if client != nil { // in virtual time, of which hours pass
		poll = 5 * time.Second
	}
	return gmail.New(gmail.Config{Address: gmailRep, Base: base, Client: client, Poll: poll,
		Tokens: gmail.NewTokens(oauth, client, refresh, "connect again")})
}

func gmailMails(mails []testenv.Mail) []gmailtest.Mail {
	var out []gmailtest.Mail
	for _, m := range mails {
		out = append(out, gmailtest.Mail{Raw: m.Raw, Internal: m.Internal, Labels: []string{gmailtest.Inbox, gmailtest.Unread}})
	}
	return out
}

// gmailWorld is fakeWorld with a Gmail account.
func gmailWorld(t testing.TB, s *gmailtest.Server) *world {
	w := fakeWorld(t, newFakeServer())
	client := &http.Client{Transport: inProcess{s}}
	src := gmailSource("http://gmail.test", s.Grant(gmailRep, gmailtest.ScopeReadonly), client)
	w.withSource(src)
	return w
}

// TestGmailMailbox follows one account through what happens to mail there.
func TestGmailMailbox(t *testing.T) {
	s := gmailtest.New(gmailtest.Options{Page: 7})
	s.AddUser(gmailRep)
	all := letters()
	ids := s.Add(gmailRep, gmailMails(all)...)
	s.Label(gmailRep, []string{gmailtest.Spam}, nil, ids[0])
	s.Add(gmailRep, gmailtest.Mail{Raw: all[0].Raw, Labels: []string{gmailtest.Draft}}, gmailtest.Mail{Raw: all[0].Raw, Labels: []string{gmailtest.Chat}})
	w := gmailWorld(t, s)
	w.sync(len(all) + 2)
	w.verify()
	before := w.count(store.Messages.Name)
	s.Reset()
	e := New(w.sp, w.cfg)
	for key, want := range map[crm.Key]string{crm.Key(ids[3]): WhereStored, 1 << 62: WhereNeverSeen} {
		got, message, err := e.Known(t.Context(), &w.mailbox, key)
		must(t, err)
		if got.State != want || (message != "") != (want == WhereStored) {
			t.Errorf("%d is %+v, the message %q; want %s", key, got, message, want)
		}
	}
	if n := s.Calls(); len(n) != 0 {
		t.Errorf("the server was asked: %v", n)
	}
	s.Label(gmailRep, []string{gmailtest.Trash}, []string{gmailtest.Inbox}, ids[3], ids[4]) // gone from All Mail
	s.Label(gmailRep, nil, []string{gmailtest.Spam}, ids[0])                                // and come to it
	s.Label(gmailRep, []string{gmailtest.Starred}, []string{gmailtest.Unread}, ids[5])
	s.Remove(gmailRep, ids[6])
	w.syncFolder(gmail.AllMail, len(all)-3)
	w.verify()
	if after := w.count(store.Messages.Name); after != before+1 {
		t.Errorf("%d messages, %d before; want the one that was spam, and none lost", after, before)
	}
	if n := s.Calls()["messages.get"]; n != 1 {
		t.Errorf("%d messages were fetched, want the one that was spam", n)
	}
	if flags := w.flags(crm.Key(ids[5])); !slices.Equal(flags, []crm.Flag{crm.FlagFlagged, crm.FlagSeen}) {
		t.Errorf("flags %v of the starred mail", flags)
	}
}

// TestGmailHistoryExpires lets things happen while the history is lost, and wants
// each of them found, without fetching what is known.
func TestGmailHistoryExpires(t *testing.T) {
	s := gmailtest.New(gmailtest.Options{})
	s.AddUser(gmailRep)
	all := letters()
	ids := s.Add(gmailRep, gmailMails(all[:20])...)
	w := gmailWorld(t, s)
	w.syncFolder(gmail.AllMail, 20)
	s.Remove(gmailRep, ids[2])
	s.Label(gmailRep, nil, []string{gmailtest.Unread}, ids[7])
	s.Add(gmailRep, gmailMails(all[20:22])...)
	s.Expire(gmailRep)
	s.Reset()
	w.syncFolder(gmail.AllMail, 21)
	w.verify()
	if n := s.Calls()["messages.get"]; n != 2 {
		t.Errorf("%d messages were fetched after the history expired, want the 2 new ones", n)
	}
	if flags := w.flags(crm.Key(ids[7])); !slices.Equal(flags, []crm.Flag{crm.FlagSeen}) {
		t.Errorf("flags %v of the mail that was read meanwhile", flags)
	}
}

// lateMail lets something happen once, before the next request to a path.
type lateMail struct {
	inProcess
	path   string
	before func() // a sync.OnceFunc: listings ask side by side
}

func (l *lateMail) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, l.path) {
		l.before()
	}
	return l.inProcess.RoundTrip(r)
}

// TestGmailTellsTwice lets mail arrive between the cursor and the listing: the
// history tells again what the listing showed, which is counted once.
func TestGmailTellsTwice(t *testing.T) {
	s := gmailtest.New(gmailtest.Options{})
	s.AddUser(gmailRep)
	all := letters()
	s.Add(gmailRep, gmailMails(all[:4])...)
	w := gmailWorld(t, s)
	w.syncFolder(gmail.AllMail, 4)
	var ids []uint64
	late := &lateMail{inProcess: inProcess{s}, path: "/messages"}
	late.before = sync.OnceFunc(func() { ids = s.Add(gmailRep, gmailMails(all[4:10])...) })
	w.withSource(gmailSource("http://gmail.test", s.Grant(gmailRep, gmailtest.ScopeReadonly), &http.Client{Transport: late}))
	s.Expire(gmailRep)
	w.syncFolder(gmail.AllMail, 10)
	s.Label(gmailRep, nil, []string{gmailtest.Unread}, ids[0])
	s.Add(gmailRep, gmailMails(all[10:11])...)
	w.syncFolder(gmail.AllMail, 11)
	w.verify()
	if flags := w.flags(crm.Key(ids[0])); !slices.Equal(flags, []crm.Flag{crm.FlagSeen}) {
		t.Errorf("flags %v of a mail that was told twice and read", flags)
	}
}

// TestGmailAgreesWithIMAP gives one workspace the same mails from two mail
// systems: every message is there once, with two copies.
func TestGmailAgreesWithIMAP(t *testing.T) {
	s := gmailtest.New(gmailtest.Options{})
	s.AddUser(gmailRep)
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 1)
	var mails []testenv.Mail
	for _, m := range d.Mails[:120] {
		mails = append(mails, testenv.Mail{Raw: m.Raw, Internal: m.Date})
	}
	s.Add(gmailRep, gmailMails(mails)...)
	w := gmailWorld(t, s)
	w.syncFolder(gmail.AllMail, len(mails))
	before := w.count(store.Messages.Name)
	fake := newFakeServer()
	fake.append("INBOX", mails...)
	w.withSource(fakeSource{server: fake})
	must(t, w.reset())
	w.syncFolder("INBOX", len(mails))
	if after := w.count(store.Messages.Name); after != before {
		t.Errorf("%d messages from Gmail, %d after the same mails came over IMAP", before, after)
	}
}

// TestGmailHistories is TestHistories on an account.
func TestGmailHistories(t *testing.T) {
	usual := 8
	if raceDetector {
		usual = 6
	}
	checks(t, usual, 500)
	kinds := []string{"add", "add", "add", "remove", "trash", "untrash", "spam", "star", "read", "draft", "autosave", "senddraft",
		"expire", "busy", "down", "cut", "lose", "oldtoken", "kill", "kill", "pass", "pass", "pass"}
	one := rapid.Custom(func(rt *rapid.T) step {
		return step{What: rapid.SampledFrom(kinds).Draw(rt, "what"), N: rapid.IntRange(0, 9).Draw(rt, "n"), Key: rapid.IntRange(0, 29).Draw(rt, "key")}
	})
	rapid.Check(t, func(rt *rapid.T) {
		list := rapid.SliceOfN(one, 5, 60).Draw(rt, "steps")
		var trouble []string
		synctest.Test(t, func(t *testing.T) { trouble = runGmailHistory(t, list) })
		if len(trouble) > 0 {
			rt.Fatalf("%s", strings.Join(trouble, "\n"))
		}
	})
}

func runGmailHistory(t *testing.T, list []step) []string {
	s := gmailtest.New(gmailtest.Options{Page: 4})
	s.AddUser(gmailRep)
	g := &gmailHistory{history: history{t: t, letters: letters(), w: gmailWorld(t, s)}, s: s, mailer: newMailer(s)}
	g.start()
	for _, step := range list {
		g.do(step)
	}
	g.settleGmail()
	g.stop()
	fresh := gmailWorld(t, s)
	again := &gmailHistory{history: history{t: t, w: fresh}, s: s}
	again.start()
	again.settleGmail()
	again.stop()
	trouble := append(g.trouble, again.trouble...)
	return append(trouble, unlike(t, g.w, fresh)...)
}

type gmailHistory struct {
	history
	s      *gmailtest.Server
	ids    []uint64
	mailer *mailer
}

func (g *gmailHistory) do(st step) {
	id := func() []uint64 {
		if len(g.ids) == 0 {
			return nil
		}
		return []uint64{g.ids[st.Key%len(g.ids)]}
	}
	switch st.What {
	case "add":
		for range 1 + st.N {
			g.ids = append(g.ids, g.s.Add(gmailRep, gmailMails([]testenv.Mail{g.letter()})...)...)
		}
	case "remove":
		g.s.Remove(gmailRep, id()...)
	case "trash":
		g.s.Label(gmailRep, []string{gmailtest.Trash}, []string{gmailtest.Inbox}, id()...)
	case "untrash":
		g.s.Label(gmailRep, nil, []string{gmailtest.Trash, gmailtest.Spam}, id()...)
	case "spam":
		g.s.Label(gmailRep, []string{gmailtest.Spam}, []string{gmailtest.Inbox}, id()...)
	case "star":
		g.s.Label(gmailRep, []string{gmailtest.Starred}, nil, id()...)
	case "read":
		g.s.Label(gmailRep, nil, []string{gmailtest.Unread}, id()...)
	case "draft", "autosave", "senddraft":
		g.mailer.draft(st.What, g.letter().Raw)
	case "expire":
		g.s.Expire(gmailRep)
	case "kill":
		g.stop()
		g.start()
	case "pass":
		time.Sleep([]time.Duration{1, 7, 40, 300, 2000, 60_000, 1_200_000}[st.N%7] * time.Millisecond)
	default:
		g.trip(st)
	}
}

// trip makes the server misbehave.
func (g *gmailHistory) trip(st step) {
	n := 1 + st.N%4
	switch st.What {
	case "busy":
		g.s.Fail(gmailtest.Fault{Count: n, Status: 429, Reason: "rateLimitExceeded", RetryAfter: fmt.Sprint(st.N * 20)})
	case "down":
		g.s.Fail(gmailtest.Fault{Count: n, Status: 503, Reason: "backendError"})
	case "cut":
		g.s.Fail(gmailtest.Fault{Count: n, Cut: true})
	case "lose":
		g.s.Fail(gmailtest.Fault{Count: n, Lose: true})
	case "oldtoken":
		g.s.ExpireTokens()
	}
}

// settleGmail waits until the folder holds what the account does.
func (g *gmailHistory) settleGmail() {
	var st Status
	// What is only counted is counted now and then; flags of which the history
	// tells nothing, because a mail has no labels left, wait for the sweep.
	time.Sleep(flagSweep + 10*time.Minute)
	for range 300 {
		time.Sleep(time.Minute)
		doc, err := store.Mailboxes.Get(context.Background(), g.w.sp, string(g.w.mailbox.ID))
		must(g.t, err)
		st, err = StatusOf(context.Background(), g.w.sp, &doc.Value)
		must(g.t, err)
		if st.State == crm.StateLive && st.Synced && boxNamed(st, gmail.AllMail).Server == g.expected() {
			return
		}
	}
	g.trouble = append(g.trouble, fmt.Sprintf("not settled: the account has %d mails for timelines: %s", g.expected(), asJSON(st)))
}

func (g *gmailHistory) expected() (n int64) {
	for _, labels := range g.s.AllLabels(gmailRep) {
		off := func(l string) bool {
			return slices.Contains([]string{gmailtest.Spam, gmailtest.Trash, gmailtest.Draft, gmailtest.Chat}, l)
		}
		if !slices.ContainsFunc(labels, off) {
			n++
		}
	}
	return n
}

func boxNamed(st Status, name string) BoxStatus {
	for _, b := range st.Boxes {
		if b.Name == name {
			return b
		}
	}
	return BoxStatus{Server: -1}
}

// TestGmailCrash kills the syncing process at points of the store and wants the
// state of an undisturbed run.
func TestGmailCrash(t *testing.T) {
	s := gmailtest.New(gmailtest.Options{Page: 10})
	s.AddUser(gmailRep)
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 3)
	var mails []testenv.Mail
	for _, m := range d.Mails[len(d.Mails)-crashMails:] {
		mails = append(mails, testenv.Mail{Raw: m.Raw, Internal: m.Date})
	}
	s.Add(gmailRep, gmailMails(mails)...)
	c := newCrash(t, d, s.Start(t)+" "+s.Grant(gmailRep, gmailtest.ScopeReadonly), crashMails, crashGroup)
	want, step := c.undisturbed(), 1997
	if os.Getenv("THREADLINE_SOAK") != "" {
		step = 7
	}
	for at := 5; ; at += step {
		dir := c.fresh()
		killed := c.run(dir, at)
		if killed {
			c.run(dir, 0)
		}
		if diff := cmp.Diff(want, c.dump(dir)); diff != "" {
			t.Fatalf("killed at point %d, the end state differs:\n%s", at, diff)
		}
		must(t, os.RemoveAll(dir))
		if !killed {
			return
		}
	}
}
