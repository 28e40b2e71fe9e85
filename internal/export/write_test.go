package export_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ago(d time.Duration) crm.Time { return crm.At(tt.Start.Add(-d)) }

// letters are mails of a few threads, some in two mailboxes.
func letters(n int) []tt.Mail {
	var out []tt.Mail
	for i := range n {
		m := tt.Mail{ID: crm.RFCID(tt.ID("m", i)) + "@nord.example", From: "nora@nord.example", To: []crm.Address{tt.AnnaAtWork, tt.BobAtWork},
			Subject: "About <racks> & more", Text: strings.Repeat("line\n", i), Date: ago(time.Duration(i+1) * time.Hour), Key: crm.Key(i + 1),
			Flags: []crm.Flag{crm.FlagSeen}, Blob: i%7 == 3}
		if i >= 3 {
			m.Refs = []crm.RFCID{crm.RFCID(tt.ID("m", i%3)) + "@nord.example"}
		}
		if i == n-1 { // joins two threads that were apart
			m.Refs = append(m.Refs, crm.RFCID(tt.ID("m", 1))+"@nord.example", crm.RFCID(tt.ID("m", 2))+"@nord.example")
		}
		out = append(out, m)
		if i%4 == 0 {
			m.Mailbox, m.Flags = tt.BobMail, []crm.Flag{crm.FlagFlagged}
			out = append(out, m)
		}
	}
	return out
}

// people makes the records that the letters are about.
func people(w *tt.World) {
	nord := w.Make(crm.KindCompany, 0, map[string]any{"name": "Nord", "domains": []any{"nord.example"}})
	nora := w.Make(crm.KindContact, 0, map[string]any{"name": "Nora", "emails": []any{"nora@nord.example"}, "company": string(nord)})
	w.Make(crm.KindDeal, 0, map[string]any{"name": "Racks", "pipeline": "sales", "stage": "proposal", "contacts": []any{string(nora)},
		"created": ago(240 * time.Hour).String(), "amount": int64(100), "currency": "EUR"})
	w.Make(crm.KindNote, 0, map[string]any{"text": "Likes blue", "records": []any{string(nora)}})
}

func write(t testing.TB, w *tt.World, full bool) string {
	t.Helper()
	var b bytes.Buffer
	must(t, export.Write(t.Context(), w.Space, w.Bodies, w.Blobs, &b, export.Options{Full: full}))
	return b.String()
}

func TestSameStateSameBytes(t *testing.T) {
	world := func(seed uint64) *tt.World {
		w := tt.New(t)
		people(w)
		mails := letters(20)
		if seed > 0 {
			r := rand.New(rand.NewPCG(seed, 1))
			r.Shuffle(len(mails), func(i, j int) { mails[i], mails[j] = mails[j], mails[i] })
		}
		for chunk := range slices.Chunk(mails, int(1+seed*3)) {
			w.Store(chunk...)
		}
		return w
	}
	first := world(0)
	want := write(t, first, false)
	if again := write(t, first, false); again != want {
		t.Error("the same store gives other bytes")
	}
	if n := strings.Count(want, "\n"); n < 60 {
		t.Fatalf("only %d lines", n)
	}
	for seed := range uint64(3) {
		if got := write(t, world(seed+1), false); got != want {
			t.Errorf("order %d:\n%s", seed+1, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
		}
	}
}

func TestWhatIsInAnExport(t *testing.T) {
	w := tt.New(t)
	people(w)
	ids := w.Store(letters(8)...)
	b := w.Space.Batch()
	store.Sessions.Create(b, &crm.Session{ID: "ses_secret", User: tt.Anna})
	store.APIKeys.Create(b, &crm.APIKey{ID: "key_1", User: tt.Anna, Hash: "hashofkey"})
	store.Copies.Create(b, &crm.Copy{ID: "cpy_dead", Mailbox: tt.AnnaMail, Box: "box_1", State: crm.CopyDead, Dead: crm.DeadFetch, Detail: "server said"})
	must(t, b.Commit(t.Context()))

	short, full := write(t, w, false), write(t, w, true)
	for _, secret := range []string{"sealed", "ses_secret", "hashofkey"} {
		if strings.Contains(short, secret) || strings.Contains(full, secret) {
			t.Errorf("%q is in the export", secret)
		}
	}
	for _, word := range []string{`"collection":"change"`, `"collection":"box"`, `"id_key"`, "server said"} {
		if strings.Contains(short, word) || !strings.Contains(full, word) {
			t.Errorf("%s: in the short one %t, in the full one %t", word, strings.Contains(short, word), strings.Contains(full, word))
		}
	}
	for _, word := range []string{`"collection":"arrival"`, `"answered"`, `"last_ok"`, `"in_reply_to":[]`, "null"} {
		if strings.Contains(full, word) {
			t.Errorf("%s is in the export", word)
		}
	}
	for _, word := range []string{`"subject":"About <racks> & more"`, `"text":"line\nline\n`, `"date":"2026-11-20T08:00:00.000000Z"`, string(ids[0])} {
		if !strings.Contains(short, word) {
			t.Errorf("%s is not in the export", word)
		}
	}
}

func TestExportIsSortedJSON(t *testing.T) {
	w := tt.New(t)
	people(w)
	w.Store(letters(8)...)
	last := ""
	for i, lines := 0, bufio.NewScanner(strings.NewReader(write(t, w, true))); lines.Scan(); i++ {
		var line struct {
			Collection, ID string
			Doc            map[string]any
		}
		must(t, json.Unmarshal(lines.Bytes(), &line))
		if i == 0 || line.Collection == "" {
			continue // the first and the last say what it is
		}
		if at := line.Collection + " " + line.ID; at <= last || len(line.Doc) == 0 {
			t.Errorf("%q comes after %q", at, last)
		} else {
			last = at
		}
	}
}

func TestExportSaysThatABodyIsMissing(t *testing.T) {
	w := tt.New(t)
	ids := w.Store(letters(1)...)
	b := w.Space.Batch()
	store.Bodies.Put(b, &crm.Body{ID: ids[0], Blob: strings.Repeat("0", 64)})
	must(t, b.Commit(t.Context()))
	if got := write(t, w, false); !strings.Contains(got, `"doc":{"missing":"blob"}`) {
		t.Error("it does not say so")
	}
}

func TestExportStopsAndReportsProgress(t *testing.T) {
	w := tt.New(t)
	w.Store(letters(8)...)
	ctx, cancel := context.WithCancel(t.Context())
	var last, total int64
	o := export.Options{Progress: func(d, n int64) {
		if d != last+1 || d > n {
			t.Errorf("%d of %d after %d", d, n, last)
		}
		last, total = d, n
	}}
	var out bytes.Buffer
	must(t, export.Write(ctx, w.Space, w.Bodies, w.Blobs, &out, o))
	if last != total || last < 20 {
		t.Errorf("%d of %d", last, total)
	}
	o.Progress = func(int64, int64) { cancel() }
	if err := export.Write(ctx, w.Space, w.Bodies, w.Blobs, &out, o); err == nil {
		t.Error("it goes on after it was cancelled")
	}
}
