// Package timelinetest makes small workspaces with mail for the tests of rooms
// that read: two users with a mailbox each, records made through package
// records, mail linked through package ledger as the engine does it.
package timelinetest

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
)

// People and times of every world.
const (
	Anna       = crm.UserID("usr_annaaaaaaaaaaaaaaaaaaaaaaa")
	Bob        = crm.UserID("usr_bobbbbbbbbbbbbbbbbbbbbbbbb")
	AnnaMail   = crm.MailboxID("mbx_annaaaaaaaaaaaaaaaaaaaaaaa")
	BobMail    = crm.MailboxID("mbx_bobbbbbbbbbbbbbbbbbbbbbbbb")
	Workspace  = crm.WorkspaceID("wsp_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	OwnDomain  = crm.Domain("own.example")
	AnnaAtWork = crm.Address("anna@own.example")
	BobAtWork  = crm.Address("bob@own.example")
)

// Start is the clock's time when a world is made; it moves by a second with
// every look at it.
var Start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// World is a workspace in a temporary folder.
type World struct {
	T       testing.TB
	Space   *store.Space
	Bodies  *store.BodyCodec
	Blobs   *store.Blobs
	Key     crm.IDKey
	Records *records.Service
	house   *store.Store
	bucket  *blob.Bucket
	uids    map[crm.BoxID]crm.Key
}

// New makes a world; it is gone with the test.
func New(t testing.TB) *World {
	t.Helper()
	var asked atomic.Int64
	now := func() time.Time { return Start.Add(time.Duration(asked.Add(1)) * time.Second) }
	return Open(t, filepath.Join(t.TempDir(), "data.db"), now)
}

// Open makes a world in a file with a clock.
func Open(t testing.TB, path string, now func() time.Time) *World {
	t.Helper()
	x := store.NewIndexes(store.Shapes())
	d, err := sqlite.Open(t.Context(), path, x, sqlite.Options{Now: now})
	must(t, err)
	s, err := store.New(d, store.Options{Indexes: x, Now: now, Random: rand.NewChaCha8([32]byte{7})})
	must(t, err)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() {
		must(t, s.Close())
		must(t, bucket.Close())
	})
	bodies, err := store.NewBodyCodec()
	must(t, err)
	sp := s.In(Workspace)
	w := &World{T: t, Space: sp, Bodies: bodies, Blobs: store.NewBlobs(bucket), Key: crm.IDKey("0123456789abcdef0123456789abcdef"),
		Records: records.New(sp), house: s, bucket: bucket, uids: map[crm.BoxID]crm.Key{}}
	w.furnish()
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// furnish makes workspace, users, mailboxes and the default pipeline, unless
// the file has them.
func (w *World) furnish() {
	w.T.Helper()
	docs, err := store.Workspaces.GetMany(w.T.Context(), w.Space, []string{string(Workspace)})
	must(w.T, err)
	if docs[0].Exists() {
		return
	}
	b := w.Space.Batch()
	at := crm.At(Start)
	store.Workspaces.Create(b, &crm.Workspace{ID: Workspace, Name: "Own", OwnDomains: []crm.Domain{OwnDomain}, Currency: "EUR",
		Zone: "Europe/Warsaw", Locale: "en", IDKey: w.Key, CreatedAt: at})
	for _, u := range []struct {
		id      crm.UserID
		name    string
		email   crm.Address
		mailbox crm.MailboxID
	}{{Anna, "Anna Own", AnnaAtWork, AnnaMail}, {Bob, "Bob Own", BobAtWork, BobMail}} {
		store.Users.Create(b, &crm.User{ID: u.id, Email: u.email, Name: u.name, Status: crm.UserActive, CreatedAt: at})
		store.Mailboxes.Create(b, &crm.Mailbox{ID: u.mailbox, Owner: u.id, Kind: "imap", Address: u.email, Server: "imap.own.example:993",
			TLS: crm.TLSImplicit, Login: string(u.email), Password: "sealed", CreatedAt: at, State: crm.StateLive, LastOK: at})
	}
	must(w.T, b.Commit(w.T.Context()))
	_, err = w.Space.Change(w.T.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
		s := crm.PipelineSetting(crm.DefaultPipeline())
		store.Settings.Create(tx, &s)
		return nil
	})
	must(w.T, err)
}

// Viewer of a user.
func (w *World) Viewer(u crm.UserID) access.Viewer { return access.Member(u) }

// ID makes a readable id with a prefix, padded to full length: n counts from 0.
func ID(prefix string, n int) string {
	digits := strconv.FormatInt(int64(n), 26)
	tail := []byte("aaaaaaaaaaaaaaaaaaaaaaaaaa")
	for i := range digits {
		c := digits[i]
		if c <= '9' {
			c = c - '0' + 'a'
		} else {
			c = c - 'a' + 'a' + 10
		}
		tail[len(tail)-len(digits)+i] = c
	}
	return prefix + "_" + string(tail)
}

// Make creates a record under a given id.
func (w *World) Make(kind crm.Kind, n int, values map[string]any) crm.RecordID {
	w.T.Helper()
	noun, _ := crm.NounOf(kind)
	by := records.By{Actor: Anna, Cause: crm.CauseUI}
	saved, err := w.Records.Create(w.T.Context(), by, records.Draft{ID: crm.RecordID(ID(noun.Prefix, n)), Kind: kind, Values: values})
	must(w.T, err)
	return saved.Record.ID
}

// Next is another workspace in the same file, with nothing in it but a pipeline.
func (w *World) Next() *store.Space {
	w.T.Helper()
	const id = crm.WorkspaceID("wsp_bbbbbbbbbbbbbbbbbbbbbbbbbb")
	sp := w.house.In(id)
	b := sp.Batch()
	store.Workspaces.Create(b, &crm.Workspace{ID: id, Name: "Next", Currency: "EUR", Zone: "Europe/Warsaw", Locale: "en", IDKey: w.Key, CreatedAt: crm.At(Start)})
	must(w.T, b.Commit(w.T.Context()))
	_, err := sp.Change(w.T.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
		s := crm.PipelineSetting(crm.DefaultPipeline())
		store.Settings.Create(tx, &s)
		return nil
	})
	must(w.T, err)
	return sp
}

// Tamper changes the blob that holds the body of a message behind the program's
// back.
func (w *World) Tamper(message string) {
	w.T.Helper()
	doc, err := store.Bodies.Get(w.T.Context(), w.Space, message)
	must(w.T, err)
	ref := doc.Value.Blob
	must(w.T, w.bucket.WriteAll(w.T.Context(), string(Workspace)+"/"+ref[:2]+"/"+ref, []byte("changed"), nil))
}
