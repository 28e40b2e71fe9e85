package export_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	mathrand "math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob/memblob"

	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/store"
	"threadline/internal/store/firestore"
	"threadline/internal/store/sqlite"
	"threadline/internal/testenv"
	tt "threadline/internal/timeline/timelinetest"
)

// home is a place to move to.
type home struct {
	st    *store.Store
	blobs *store.Blobs
}

func newHome(t *testing.T, open func(*store.Indexes) (store.Driver, error)) *home {
	t.Helper()
	x := store.NewIndexes(store.Shapes())
	d, err := open(x)
	must(t, err)
	st, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
	must(t, err)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { must(t, st.Close()); must(t, bucket.Close()) })
	return &home{st: st, blobs: store.NewBlobs(bucket)}
}

func sqliteHome(t *testing.T) *home {
	return newHome(t, func(x *store.Indexes) (store.Driver, error) {
		return sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), x, sqlite.Options{Now: time.Now})
	})
}

func firestoreHome(t *testing.T, addr string) *home {
	b := make([]byte, 6)
	_, err := rand.Read(b)
	must(t, err)
	return newHome(t, func(x *store.Indexes) (store.Driver, error) {
		return firestore.Open(t.Context(), x, firestore.Options{Project: "demo-" + hex.EncodeToString(b), Emulator: addr,
			Jitter: mathrand.Float64, Random: rand.Reader, Now: time.Now})
	})
}

// moveIn reads an export and writes what came of it.
func (h *home) moveIn(t *testing.T, w *tt.World, full string) (short, again string) {
	t.Helper()
	ws, sum, err := export.Read(t.Context(), h.st, w.Bodies, h.blobs, strings.NewReader(full), nil)
	must(t, err)
	if sum.Files != 1 || sum.Lacks != 2 || sum.Missing[1].What != "the file lost.pdf" || sum.Documents < 40 {
		t.Errorf("it says of itself: %+v", sum)
	}
	var out [2]strings.Builder
	for i := range out {
		must(t, export.Write(t.Context(), h.st.In(ws), w.Bodies, h.blobs, &out[i], export.Options{Full: i == 1}))
	}
	return out[0].String(), out[1].String()
}

// furnished is a world with everything that an export can hold: records of all
// kinds with a history, mail with large and raw bodies, lost names, exceptions.
func furnished(t *testing.T) *tt.World {
	t.Helper()
	w := tt.New(t)
	people(w)
	ids := w.Store(letters(12)...)
	raw, err := w.Blobs.Put(t.Context(), tt.Workspace, []byte("raw bytes\x00 of a mail"))
	must(t, err)
	body, err := store.Bodies.Get(t.Context(), w.Space, string(ids[0]))
	must(t, err)
	body.Value.Raw = raw
	b := w.Space.Batch()
	store.Bodies.Put(b, &body.Value)
	kept, err := w.Blobs.Put(t.Context(), tt.Workspace, []byte(offer))
	must(t, err)
	lost := store.BlobName([]byte("nobody has it"))
	store.Files.Create(b, &crm.StoredFile{ID: crm.FileID(kept), Blob: kept, Name: "offer.pdf", Type: "application/pdf", Size: int64(len(offer)), At: crm.At(tt.Start)})
	store.Files.Create(b, &crm.StoredFile{ID: crm.FileID(lost), Blob: lost, Name: "lost.pdf", Type: "application/pdf", Size: 13, At: crm.At(tt.Start)})
	store.Bodies.Put(b, &crm.Body{ID: ids[2], Blob: lost})
	store.Queue.Create(b, &crm.Queued{ID: "que_1", Mailbox: tt.AnnaMail, Box: "box_1", Key: 7, NextAt: crm.At(tt.Start)})
	must(t, b.Commit(t.Context()))
	_, err = w.Space.Change(t.Context(), store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI, Title: "odd"}, func(_ context.Context, tx *store.Tx) error {
		store.Records.Create(tx, &crm.Record{ID: "con_odd", Kind: crm.KindContact, CreatedAt: crm.At(tt.Start), Values: map[string]any{
			"name": "2026-11-20T09:00:00.000000Z", "a/b*~": crm.At(tt.Start), "half": 0.5, "whole": 2.0, "many": int64(1) << 60, "bytes": []byte{0, 255}}})
		return nil
	})
	must(t, err)
	return w
}

const offer = "what we offer\x00\xff"

// contents are the blobs that the documents of a home name; bodies are in the
// export.
func (h *home) contents(t *testing.T) map[string]string {
	t.Helper()
	sp, out := h.st.In(tt.Workspace), map[string]string{}
	get := func(ref string) error {
		if ref == "" {
			return nil
		}
		data, err := h.blobs.Get(t.Context(), tt.Workspace, ref)
		if out[ref] = string(data); crm.IsKind(err, crm.NotFound) {
			out[ref], err = "lost", nil
		}
		return err
	}
	must(t, store.Files.Each(t.Context(), sp, store.Query{}, func(d store.Doc[crm.StoredFile]) error { return get(d.Value.Blob) }))
	must(t, store.Bodies.Each(t.Context(), sp, store.Query{}, func(d store.Doc[crm.Body]) error { return get(d.Value.Raw) }))
	return out
}

// TestMoveHouse carries a workspace from SQLite to Firestore and back: the
// canonical export is the same bytes in each home, the full one too, every blob
// is there that was, one that was lost is told by name, and what was a time, a
// text or a float is one still.
func TestMoveHouse(t *testing.T) {
	w := furnished(t)
	short, full := write(t, w, false), write(t, w, true)
	blobs := (&home{st: w.Space.Store(), blobs: w.Blobs}).contents(t)
	if len(blobs) != 3 {
		t.Fatalf("only %d blobs", len(blobs))
	}
	homes := []*home{sqliteHome(t), firestoreHome(t, testenv.Firestore(t).Addr), sqliteHome(t)}
	for i, h := range homes {
		gotShort, gotFull := h.moveIn(t, w, full)
		if d := cmp.Diff(strings.Split(short, "\n"), strings.Split(gotShort, "\n")); d != "" {
			t.Errorf("home %d has another canonical export:\n%s", i, d)
		}
		if d := cmp.Diff(strings.Split(full, "\n"), strings.Split(gotFull, "\n")); d != "" {
			t.Errorf("home %d has another full export:\n%s", i, d)
		}
		full = gotFull
		if d := cmp.Diff(blobs, h.contents(t)); d != "" {
			t.Errorf("home %d has other blobs:\n%s", i, d)
		}
		odd, err := store.Records.Get(t.Context(), h.st.In(tt.Workspace), "con_odd")
		must(t, err)
		want := map[string]any{"name": "2026-11-20T09:00:00.000000Z", "a/b*~": crm.At(tt.Start), "half": 0.5, "whole": 2.0, "many": int64(1) << 60, "bytes": []byte{0, 255}}
		if d := cmp.Diff(want, odd.Value.Values); d != "" {
			t.Errorf("home %d changed types:\n%s", i, d)
		}
	}
}

// TestMoveHouseRefuses: nothing moves into a workspace that is there, from what
// is no full export, or from a part of one; a cut import can be repeated.
func TestMoveHouseRefuses(t *testing.T) {
	w := furnished(t)
	short, full := write(t, w, false), write(t, w, true)
	h := sqliteHome(t)
	read := func(text string) error {
		_, _, err := export.Read(t.Context(), h.st, w.Bodies, h.blobs, strings.NewReader(text), nil)
		return err
	}
	lines := strings.SplitAfter(full, "\n")
	for name, c := range map[string]struct {
		text string
		says string
	}{
		"nothing":           {"", "no export"},
		"something else":    {"{\"a\":1}\n", "no export"},
		"a short one":       {short, "not a full one"},
		"of another form":   {strings.Replace(full, "\"format\":2", "\"format\":9", 1), "this version reads"},
		"cut in a line":     {full[:len(full)/2], "damaged or cut"},
		"without its end":   {strings.Join(lines[:len(lines)-2], ""), "last line is missing"},
		"without a line":    {lines[0] + strings.Join(lines[2:], ""), "says that it holds"},
		"of other content":  {strings.Replace(full, base64.StdEncoding.EncodeToString([]byte(offer)), "AAAA", 1), "not the one that it names"},
		"cut between lines": {strings.Join(lines[:len(lines)/2], ""), "holds no workspace"},
		"an unknown room":   {lines[0] + "{\"collection\":\"x\",\"id\":\"y\",\"doc\":{\"a\":1}}\n" + strings.Join(lines[1:], ""), "no collection"},
		"a bad time":        {strings.Replace(full, "T09:00:00.000000Z\"", "T09:00\"", 1), "cannot be read"},
	} {
		if err := read(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v does not say %q", name, err, c.says)
		}
	}
	must(t, read(full))
	if err := read(full); !crm.IsKind(err, crm.Exists) {
		t.Errorf("moving in twice: %v", err)
	}
}
