package content

import (
	"bytes"
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/dial"
	"threadline/internal/mail"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
)

const (
	ola = crm.UserID("usr_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	jan = crm.UserID("usr_bbbbbbbbbbbbbbbbbbbbbbbbbb")
	one = crm.MessageID("msg_aaaaaaaaaaaaaaaaaaaaaaaaaa")
)

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

// world holds one message of ola's, which she shows to jan if asked.
type world struct {
	*Service
	sp      *store.Space
	records *records.Service
	fetched int
	now     time.Time
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newWorld(t *testing.T, html string, dial Dial) *world {
	t.Helper()
	list, err := store.ParseIndexes(manifests.Indexes)
	must(t, err)
	w := &world{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.now }
	indexes := store.NewIndexes(list)
	driver, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), indexes, sqlite.Options{Now: now})
	must(t, err)
	st, err := store.New(driver, store.Options{Indexes: indexes, Now: now, Random: rand.Reader})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	w.sp = st.In("wsp_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	bodies, err := store.NewBodyCodec()
	must(t, err)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { must(t, bucket.Close()) })
	raw := "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-ID: <one@x>\r\n\r\n" + png +
		"\r\n--b\r\nContent-Type: image/png; name=b.png\r\n\r\n<svg onload=x>\r\n--b--\r\n"
	fetch := func(context.Context, *crm.Copy, int64) (*mail.Parsed, error) {
		w.fetched++
		return mail.Parse([]byte(raw)), nil
	}
	w.Service, w.records = New(w.sp, bodies, store.NewBlobs(bucket), fetch, dial), records.New(w.sp)
	packed, err := bodies.Pack(&crm.BodyContent{Text: "words", HTML: html})
	must(t, err)
	b := w.sp.Batch()
	store.Workspaces.Create(b, &crm.Workspace{ID: w.sp.Workspace(), IDKey: make(crm.IDKey, 32), Currency: "EUR", Zone: "UTC"})
	for id, at := range map[crm.UserID]crm.Address{ola: "ola@us.example", jan: "jan@us.example"} {
		store.Users.Create(b, &crm.User{ID: id, Email: at, Status: crm.UserActive})
	}
	store.Copies.Create(b, &crm.Copy{ID: "cpy_aaaaaaaaaaaaaaaaaaaaaaaaaa", Message: one, State: crm.CopyStored})
	store.Messages.Create(b, &crm.Message{ID: one, Subject: "Offer", Date: 1, Direction: crm.Inbound, Owners: []crm.UserID{ola}, Attachments: mail.Parse([]byte(raw)).Attachments,
		Copies: []crm.CopyRef{{Copy: "cpy_aaaaaaaaaaaaaaaaaaaaaaaaaa"}}})
	store.Bodies.Create(b, &crm.Body{ID: one, Data: packed})
	must(t, b.Commit(t.Context()))
	return w
}

func (w *world) viewer(t *testing.T, u crm.UserID) access.Viewer {
	t.Helper()
	v, err := w.records.Viewer(t.Context(), u)
	must(t, err)
	return v
}

func src(n int) string {
	return "/api/v1/messages/" + string(one) + "/pictures/" + string(rune('0'+n)) + "?x=1"
}

// TestAsk: a colleague asks for a mail, is refused, asks again and is let in;
// the owner sees that it was opened, and takes it back.
func TestAsk(t *testing.T) {
	w := newWorld(t, "", nil)
	ctx, hers, his := t.Context(), w.viewer(t, ola), w.viewer(t, jan)
	if _, err := w.Page(ctx, his, one, false, src); !crm.IsKind(err, crm.Denied) {
		t.Fatalf("a colleague opens it unasked: %v", err)
	}
	if _, err := w.Ask(ctx, hers, one, access.Full, ""); !crm.IsKind(err, crm.Exists) {
		t.Errorf("she asks herself: %v", err)
	}
	asked, err := w.Ask(ctx, his, one, access.Full, "I take over")
	must(t, err)
	if again, err := w.Ask(ctx, his, one, access.Full, ""); err != nil || again[0].Note != "I take over" {
		t.Errorf("asked twice: %+v, %v", again, err)
	}
	if _, _, err := w.Answer(ctx, w.records, records.By{Actor: jan}, asked[0].ID, true); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("he answers himself: %v", err)
	}
	_, _, err = w.Answer(ctx, w.records, records.By{Actor: ola}, asked[0].ID, false)
	must(t, err)
	if _, err := w.Ask(ctx, his, one, access.Full, ""); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("he asks again at once: %v", err)
	}
	w.now = w.now.Add(8 * 24 * time.Hour)
	_, err = w.Ask(ctx, his, one, access.Full, "")
	must(t, err)
	_, batch, err := w.Answer(ctx, w.records, records.By{Actor: ola}, asked[0].ID, true)
	must(t, err)
	his = w.viewer(t, jan)
	for range 2 {
		page, err := w.Page(ctx, his, one, false, src)
		must(t, err)
		if !strings.Contains(page.HTML, "words") {
			t.Errorf("the page is %q", page.HTML)
		}
	}
	_, err = w.Attachment(ctx, his, one, 0)
	must(t, err)
	_, err = w.Page(ctx, hers, one, false, src)
	must(t, err)
	seen, err := w.Openings(ctx, hers, "", "", 10)
	must(t, err)
	if len(seen.Items) != 1 || seen.Items[0].By != jan || len(seen.Items[0].Ways) != 2 {
		t.Errorf("she is told of %+v", seen.Items)
	}
	if his, err := w.Openings(ctx, his, one, "", 10); err != nil || len(his.Items) != 0 {
		t.Errorf("he is told of %+v, %v", his.Items, err)
	}
	told, err := store.Notices.All(ctx, w.sp, store.Query{})
	must(t, err)
	if len(told) != 4 {
		t.Errorf("%d notices: she was asked twice, he refused and let in", len(told))
	}
	_, err = w.records.Undo(ctx, records.By{Actor: ola}, batch)
	must(t, err)
	if _, err := w.Page(ctx, w.viewer(t, jan), one, false, src); !crm.IsKind(err, crm.Denied) {
		t.Errorf("what was taken back still opens: %v", err)
	}
}

// TestFiles hands out what is attached, by its bytes.
func TestFiles(t *testing.T) {
	w := newWorld(t, `<img src="cid:one@x"><img src="cid:two@x">`, nil)
	ctx, v := t.Context(), w.viewer(t, ola)
	f, err := w.Attachment(ctx, v, one, 0)
	must(t, err)
	if f.Type != "image/png" || !f.Inline || string(f.Data) != png || f.Name != "a.png" {
		t.Errorf("%+v", f)
	}
	if f, err = w.Attachment(ctx, v, one, 1); err != nil || f.Inline || f.Type != "application/octet-stream" {
		t.Errorf("what calls itself a picture: %+v, %v", f, err)
	}
	if _, err := w.Attachment(ctx, v, one, 2); !crm.IsKind(err, crm.NotFound) {
		t.Error(err)
	}
	if f, err = w.Picture(ctx, v, one, 0, false); err != nil || f.Type != "image/png" {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := w.Picture(ctx, v, one, 1, false); !crm.IsKind(err, crm.NotFound) {
		t.Error(err)
	}
	if w.fetched != 1 {
		t.Errorf("fetched %d times", w.fetched)
	}
	w.now = w.now.Add(shelfLife)
	_, err = w.Attachment(ctx, v, one, 0)
	must(t, err)
	if w.fetched != 2 {
		t.Error("it was kept for too long")
	}
}

// TestRemote fetches pictures from elsewhere when they are asked for, and what
// is none of them never.
func TestRemote(t *testing.T) {
	var asked []string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		for _, h := range []string{"Cookie", "Referer", "Authorization"} {
			if r.Header.Get(h) != "" {
				t.Errorf("it is told %s", h)
			}
		}
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/svg":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte("<svg xmlns='x'>"))
		case "/large":
			_, _ = w.Write(append([]byte(png), make([]byte, maxPicture)...))
		case "/zipped":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte(png))
		default:
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(png))
		}
	}))
	t.Cleanup(web.Close)
	var html bytes.Buffer
	paths := []string{"ok", "redirect", "svg", "large", "zipped"}
	for _, p := range paths {
		html.WriteString(`<img src="http://pictures.example/` + p + `">`)
	}
	html.WriteString(`<img src="http://pictures.example:8080/port"><img src="http://u:p@pictures.example/user"><img src="ftp://pictures.example/x">`)
	open := dial.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, nil)
	w := newWorld(t, html.String(), func(ctx context.Context, network, _ string) (net.Conn, error) {
		return open.Dial(ctx, network, web.Listener.Addr().String())
	})
	ctx, v := t.Context(), w.viewer(t, ola)
	page, err := w.Page(ctx, v, one, false, src)
	must(t, err)
	if page.Blocked != 8 || len(asked) != 0 || strings.Contains(page.HTML, "pictures") {
		t.Fatalf("unasked: %d blocked, fetched %q: %s", page.Blocked, asked, page.HTML)
	}
	if page, err = w.Page(ctx, v, one, true, src); err != nil || page.Blocked != 3 || len(asked) != 0 {
		t.Fatalf("asked: %d blocked, fetched %q, %v", page.Blocked, asked, err)
	}
	for n := range 9 {
		f, err := w.Picture(ctx, v, one, n, true)
		if n == 0 && (err != nil || f.Type != "image/png") || n > 0 && !crm.IsKind(err, crm.NotFound) {
			t.Errorf("picture %d: %+v, %v", n, f.Type, err)
		}
	}
	if _, err := w.Picture(ctx, v, one, 0, false); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("nobody asked for it: %v", err)
	}
	if len(asked) != 5 {
		t.Errorf("fetched %q", asked)
	}
	w.web = browser(dial.New(nil, nil).Dial)
	if _, err := w.load(ctx, web.URL+"/ok"); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("it reaches this machine: %v", err)
	}
}

func TestSign(t *testing.T) {
	w := newWorld(t, "", nil)
	s, err := w.Signer(t.Context())
	must(t, err)
	until := w.now.Unix() + 60
	sign := s.Sign(ola, one, true, until)
	now := crm.At(w.now)
	if !s.Holds(sign, ola, one, true, until, now) {
		t.Error("a good one is refused")
	}
	if s.Holds(sign, jan, one, true, until, now) || s.Holds(sign, ola, one, false, until, now) || s.Holds(sign, ola, one, true, until+1, now) || s.Holds(sign, ola, one, true, until, now.Add(time.Minute)) {
		t.Error("it holds for something else")
	}
}
