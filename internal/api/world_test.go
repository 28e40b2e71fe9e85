package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"gocloud.dev/blob/memblob"

	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/dial"
	"threadline/internal/ledger"
	"threadline/internal/outbox"
	"threadline/internal/records"
	"threadline/internal/rooms"
	"threadline/internal/seal"
	"threadline/internal/search"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
	"threadline/sync/imap"
	"threadline/sync/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Words that only the owner of the mailbox may ever see.
const (
	canarySubject = "Kanarienvogel im Betreff"
	canaryBody    = "kanarek w środku listu"
	canaryFile    = "canari-joint.pdf"
	canaryRFC     = "canary-1@canary.example"
)

// world is a server on a temporary store: Nora has a mailbox with mail, Tom is
// her colleague, and another workspace lies in the same store.
type world struct {
	*Server
	t        testing.TB
	log      *lockedBuffer
	nora     crm.User
	keys     map[string]string // API keys by name
	foreign  map[string]string // ids of the other workspace by kind
	mailbox  crm.MailboxID
	message  crm.MessageID // the canary
	contact  crm.RecordID  // who wrote it
	follower *ledger.Follower
	imap     *demo.Server
	txt      map[string][]string // TXT records of the DNS
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newWorld makes an empty world.
func newWorld(t testing.TB) *world {
	t.Helper()
	list, err := store.ParseIndexes(manifests.Indexes)
	must(t, err)
	indexes := store.NewIndexes(list)
	driver, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), indexes, sqlite.Options{Now: time.Now})
	must(t, err)
	st, err := store.New(driver, store.Options{Indexes: indexes, Now: time.Now, Random: rand.Reader})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	people := auth.New(st, rand.Reader)
	ws, err := people.Bootstrap(t.Context(), auth.BootstrapInput{Name: "Brightwell", OwnDomains: []crm.Domain{"brightwell.example"}})
	must(t, err)
	w := &world{t: t, log: &lockedBuffer{}, keys: map[string]string{}, foreign: map[string]string{}, txt: map[string][]string{}}
	deps := w.rooms(st, people, ws)
	deps.Auth = deps.Auth.Sealing(deps.Seal)
	w.Server, err = New(Config{Listen: "127.0.0.1:8080", Version: "test", Syncs: func() bool { return false }}, deps)
	must(t, err)
	w.nora = w.user("nora", "nora@brightwell.example")
	w.user("tom", "tom@brightwell.example")
	w.other(st)
	return w
}

func (w *world) rooms(st *store.Store, people *auth.Service, ws crm.WorkspaceID) Deps {
	sp := st.In(ws)
	bodies, err := store.NewBodyCodec()
	must(w.t, err)
	bucket := memblob.OpenBucket(nil)
	w.t.Cleanup(func() { must(w.t, bucket.Close()) })
	blobs := store.NewBlobs(bucket)
	box, err := seal.Open(filepath.Join(w.t.TempDir(), "key"), true, rand.Reader)
	must(w.t, err)
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	newSource := func(m crm.Mailbox, password seal.Secret) (source.Source, error) {
		return imap.New(imap.Config{Server: m.Server, TLS: m.TLS, Login: m.Login, Password: imap.Secret(password.Reveal()), Timeout: 5 * time.Second}), nil
	}
	open := func(m crm.Mailbox) (source.Source, error) {
		password, err := box.Unseal(m.Password, string(m.ID), "password")
		if err != nil {
			return nil, err
		}
		return newSource(m, password)
	}
	index := search.NewTokens(sp)
	all := rooms.Open(rooms.Means{Space: sp, Bodies: bodies, Blobs: blobs, Index: index, Seal: box, Source: open, Dial: dial.New(nil, nil).Dial,
		Sender: func(context.Context, crm.Mailbox) (outbox.Sender, error) {
			return nil, crm.Errorf(crm.Unavailable, "api.world", "nothing is sent here")
		},
		TXT:   func(_ context.Context, name string) ([]string, error) { return w.txt[name], nil },
		Owner: "test", Random: rand.Reader, Jitter: func() float64 { return 0 }, Log: log})
	w.follower = all.Follower
	return Deps{Rooms: all, Auth: people, Seal: box, Search: finder(all), Source: newSource, Log: log,
		Web: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the app") }),
		Sidebar: func(w http.ResponseWriter, r *http.Request, user crm.UserID, locale string) {
			_, _ = io.WriteString(w, string(user))
		}}
}

// finder searches with an index that is brought up to date for each question.
func finder(all *rooms.Rooms) Finder {
	return Finder{Service: all.Finder, Rebuild: all.Indexer.Rebuild, Find: func(ctx context.Context, v access.Viewer, q search.Question) ([]search.Hit, error) {
		if err := all.Indexer.CatchUp(ctx); err != nil {
			return nil, err
		}
		return all.Finder.Find(ctx, v, q)
	}}
}

// user adds a person and keeps an API key of theirs.
func (w *world) user(name, email string) crm.User {
	w.t.Helper()
	u, _, err := w.deps.Auth.AddUser(w.t.Context(), w.deps.Space, crm.Address(email), name, "en")
	must(w.t, err)
	_, key, err := w.deps.Auth.AddKey(w.t.Context(), w.deps.Space, auth.KeyInput{User: u.ID, Name: "test"})
	must(w.t, err)
	w.keys[name] = key
	return u
}

// other puts a second workspace with a record, a batch and a mailbox into the
// same store.
func (w *world) other(st *store.Store) {
	w.t.Helper()
	ctx := w.t.Context()
	id, err := st.NewID(crm.PrefixWorkspace)
	must(w.t, err)
	sp := st.In(crm.WorkspaceID(id))
	b := sp.Batch()
	store.Workspaces.Create(b, &crm.Workspace{ID: crm.WorkspaceID(id), Name: "Elsewhere", IDKey: make(crm.IDKey, 32), Currency: "EUR", Zone: "UTC"})
	mailbox, err := st.NewID(crm.PrefixMailbox)
	must(w.t, err)
	store.Mailboxes.Create(b, &crm.Mailbox{ID: crm.MailboxID(mailbox), Owner: w.nora.ID, Kind: "imap", Address: "x@else.example"})
	message, err := st.NewID(crm.PrefixMessage)
	must(w.t, err)
	store.Messages.Create(b, &crm.Message{ID: crm.MessageID(message), Subject: "elsewhere", Owners: []crm.UserID{w.nora.ID}})
	must(w.t, b.Commit(ctx))
	made, err := records.New(sp).Create(ctx, records.By{Cause: crm.CauseCLI}, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "Elsewhere"}})
	must(w.t, err)
	w.foreign = map[string]string{"contact": string(made.Record.ID), "batch": made.Batch, "mailbox": mailbox, "message": message}
}

// withMail serves a small mailbox with the canary and syncs it.
func (w *world) withMail() *world {
	w.t.Helper()
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 1)
	d.Mails = d.Mails[len(d.Mails)-40:]
	var err error
	w.imap, err = demo.ServeIMAP(context.Background(), d, "nora", "secret-of-nora")
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, w.imap.Close()) })
	must(w.t, w.imap.Deliver(demo.Mail{Folder: demo.Inbox, Raw: canary(), Date: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}))
	res := w.do(call{method: "POST", path: "/api/v1/mailboxes", as: "nora", body: `{"server":"` + w.imap.Addr() + `","tls":"none","login":"nora","password":"secret-of-nora"}`})
	if res.Code != http.StatusCreated {
		w.t.Fatalf("the mailbox cannot be added: %s", res.Body)
	}
	var added struct{ ID crm.MailboxID }
	must(w.t, json.Unmarshal(res.Body.Bytes(), &added))
	w.mailbox = added.ID
	res = w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"Ada Canary","emails":["ada@canary.example"]}}`})
	var made struct{ ID crm.RecordID }
	must(w.t, json.Unmarshal(res.Body.Bytes(), &made))
	w.contact = made.ID
	w.sync()
	w.message = w.find(canaryRFC)
	return w
}

// sync runs the engine until the mailbox is synced.
func (w *world) sync() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = w.deps.Engine.Run(ctx) }) // its end is ours
	defer running.Wait()
	defer cancel()
	st, err := w.deps.Engine.Ready(ctx, w.mailbox, 30*time.Second)
	must(w.t, err)
	if !st.Synced {
		w.t.Fatalf("not synced: %+v", st)
	}
	must(w.t, w.follower.CatchUp(ctx))
}

func (w *world) find(id crm.RFCID) crm.MessageID {
	w.t.Helper()
	e, err := w.deps.Timeline.Why(w.t.Context(), access.Member(w.nora.ID), string(id))
	must(w.t, err)
	return e.Stored[0].ID
}

func canary() []byte {
	text := "From: Ada Canary <ada@canary.example>\nTo: nora@brightwell.example\nSubject: " + canarySubject +
		"\nMessage-ID: <" + canaryRFC + ">\nDate: Sat, 21 Nov 2026 12:00:00 +0000\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n" + canaryBody +
		"\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=" + canaryFile + "\n\nx\n--b--\n"
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}

// call is one request.
type call struct {
	method, path string
	as           string // name of a user; operator; operator:EMAIL; "" for nobody
	body         string
	header       map[string]string
	host         string
	from         string // address of the caller; "" is 192.0.2.1
}

func (w *world) do(c call) *httptest.ResponseRecorder {
	w.t.Helper()
	if c.method == "" {
		c.method = "GET"
	}
	var in io.Reader
	if c.body != "" {
		in = strings.NewReader(c.body)
	}
	r := httptest.NewRequestWithContext(w.t.Context(), c.method, c.path, in)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "192.0.2.1:1234"
	if c.from != "" {
		r.RemoteAddr = c.from
	}
	if c.host != "" {
		r.Host = c.host
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	h := w.Public()
	as, email, _ := strings.Cut(c.as, ":")
	switch {
	case as == "operator":
		h = w.Operator()
		if email != "" {
			r.Header.Set(asHeader, email)
		}
	case as != "":
		r.Header.Set("Authorization", "Bearer "+w.keys[as])
	}
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}

// decode reads an answer.
func decode[T any](t testing.TB, res *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(res.Body.Bytes(), &v); err != nil {
		t.Fatalf("%d %s: %v", res.Code, res.Body, err)
	}
	return v
}
