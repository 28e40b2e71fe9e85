package engine

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob/fileblob"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/testenv"
)

// Words that stand in mail that must never be stored, and in mail that is.
const (
	canary = "canaryquagga"
	parrot = "parrotquagga"
)

// written makes a mail that has the word wherever a mail can have one.
func written(word, from, subject string, head []string, body string) testenv.Mail {
	lines := append([]string{"From: " + word + " <" + from + ">", "To: <rep@ours.example>", "Subject: " + subject + " " + word,
		"Date: Mon, 02 Nov 2026 10:00:00 +0000", "X-Note: " + word, "MIME-Version: 1.0", `Content-Type: multipart/mixed; boundary="b"`}, head...)
	text := strings.Join(lines, "\r\n") + "\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello " + word + "\r\n" + body +
		"\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>" + word + "</p>\r\n--b\r\nContent-Type: application/pdf; name=\"" + word + ".pdf\"\r\n" +
		"Content-Disposition: attachment; filename=\"" + word + ".pdf\"\r\n\r\n" + word + "\r\n--b--\r\n"
	return testenv.Mail{Raw: []byte(text), Internal: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
}

// noise is text that does not compress to little: its body goes to the blobs.
func noise(n int) string {
	r := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "%x\r\n", r.Uint64())
	}
	return b.String()
}

// crowd is a header with so many people that the last is beyond those that a
// message keeps.
func crowd(last string) string {
	var b strings.Builder
	b.WriteString("Cc: ")
	for i := range crm.MaxIndexedParticipants + 50 {
		fmt.Fprintf(&b, "<p%d@crowd.example>,\r\n ", i)
	}
	return b.String() + "<" + last + ">"
}

// TestNeverStoredIsNowhere syncs mail that exclusions keep out by every pattern,
// with a word in it that must be in no file, document, body, blob, export or
// log afterwards; and mail beside it whose word must be found in all of these.
func TestNeverStoredIsNowhere(t *testing.T) {
	server := newFakeServer()
	server.create("Private/Doctor", "")
	w := fakeWorld(t, server)
	bucket, err := fileblob.OpenBucket(filepath.Join(w.dir, "blobs"), &fileblob.Options{CreateDir: true, Metadata: fileblob.MetadataDontWrite})
	must(t, err)
	t.Cleanup(func() { must(t, bucket.Close()) })
	var log bytes.Buffer
	w.cfg.Blobs, w.cfg.Log = store.NewBlobs(bucket), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, e := range []crm.Exclusion{
		{Pattern: "a:sister@home.example"}, {Pattern: "d:clinic.example", Owner: w.user.ID}, {Pattern: crm.SubjectToken("Salary of"), Mailbox: w.mailbox.ID},
		{Pattern: crm.HeaderToken("Sensitivity", "personal")}, {Pattern: crm.HeaderToken("X-Keep-Out", "")}, {Pattern: crm.LabelToken("private")},
	} {
		e.Effect = crm.NeverStore
		_, _, err := ledger.Exclude(t.Context(), w.sp, store.ChangeInfo{Cause: crm.CauseUI}, e)
		must(t, err)
	}
	big := noise(1 << 20)
	server.append("INBOX",
		written(canary, "sister@home.example", "Birthday", []string{"Message-ID: <1." + canary + "@x.example>"}, ""),
		written(canary, "sister@home.example", "Big", []string{"Message-ID: <2@x.example>"}, big),
		written(canary, "sister@home.example", "No id", nil, ""),
		written(canary, "dr@mail.clinic.example", "Results", []string{"Message-ID: <3@x.example>"}, ""),
		written(canary, "boss@acme.example", "The SALARY of", []string{"Message-ID: <4@x.example>"}, ""),
		written(canary, "x@acme.example", "Note", []string{"Message-ID: <5@x.example>", "Sensitivity: Personal"}, ""),
		written(canary, "x@acme.example", "Note", []string{"Message-ID: <6@x.example>", "X-Keep-Out: 1"}, ""),
		written(canary, "x@acme.example", "All hands", []string{"Message-ID: <7@x.example>", crowd("dr@clinic.example")}, ""),
		testenv.Mail{Raw: bytes.ReplaceAll(written(canary, "sister@home.example", "Broken", []string{"Message-ID: <8@x.example>"}, "").Raw, []byte("\r\n--b--"), nil),
			Internal: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)})
	server.append("Private/Doctor", written(canary, "x@acme.example", "Filed", []string{"Message-ID: <9@x.example>"}, ""))
	server.append("INBOX",
		written(canary, "x@acme.example", "Passed on", []string{"Message-ID: <c@x.example>", "Resent-From: Sister <sister@home.example>"}, ""),
		written(canary, "x@acme.example", "No address", []string{"Message-ID: <d@x.example>", `Cc: "dr who"@clinic.example`}, ""),
		written(canary, "x@acme.example", "Too long", []string{"Message-ID: <e@x.example>", "Cc: " + strings.Repeat("l", 100) + "@mail.clinic.example."}, ""))
	const kept, out = 2, 13
	server.append("INBOX",
		written(parrot, "anna@acme.example", "Order", []string{"Message-ID: <a@x.example>"}, ""),
		written(parrot, "anna@acme.example", "Big order", []string{"Message-ID: <b@x.example>"}, big))
	w.sync(kept + out)
	checkNever(t, w, &log, kept, out)
	server.renumber("INBOX") // everything comes again
	w.sync(kept + out)
	checkNever(t, w, &log, kept, out)
	w.verify()
}

// TestErasedStaysAway renumbers a folder after a person was erased: what they took
// part in is not stored again, what they send later is.
func TestErasedStaysAway(t *testing.T) {
	server := newFakeServer()
	w := fakeWorld(t, server)
	server.append("INBOX",
		written(canary, "ada@gone.example", "Old", []string{"Message-ID: <1@x.example>"}, ""),
		written(parrot, "anna@acme.example", "To both", []string{"Message-ID: <2@x.example>", "Cc: Ada <ada@gone.example>"}, ""),
		written(parrot, "anna@acme.example", "Order", []string{"Message-ID: <3@x.example>"}, ""))
	ws, err := store.Workspaces.Get(t.Context(), w.sp, string(w.sp.Workspace()))
	must(t, err)
	stone := crm.ErasedFrom(ws.Value.IDKey, "ada@gone.example", crm.At(time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)))
	_, err = w.sp.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(_ context.Context, tx *store.Tx) error {
		store.Exclusions.Create(tx, &stone)
		return nil
	})
	must(t, err)
	w.sync(3)
	again := written(parrot, "ada@gone.example", "Hello again", []string{"Message-ID: <4@x.example>"}, "")
	again.Raw = bytes.Replace(again.Raw, []byte("Mon, 02 Nov 2026"), []byte("Wed, 04 Nov 2026"), 1)
	again.Internal = again.Internal.Add(48 * time.Hour)
	server.append("INBOX", again)
	server.renumber("INBOX")
	w.sync(4)
	reasons := map[crm.SkipReason]int{}
	must(t, store.Copies.Each(t.Context(), w.sp, store.Query{}, func(d store.Doc[crm.Copy]) error {
		if c := d.Value; c.State == crm.CopySkipped {
			reasons[c.Skip]++
		}
		return nil
	}))
	if n := w.count(store.Messages.Name); n != 2 || reasons[crm.SkipErased] != 2 {
		t.Errorf("%d messages are stored, skipped %v", n, reasons)
	}
	w.verify()
}

func checkNever(t *testing.T, w *world, log *bytes.Buffer, kept, out int) {
	t.Helper()
	if n := w.count(store.Messages.Name); n != kept {
		t.Errorf("%d messages are stored, want %d", n, kept)
	}
	skipped := 0
	must(t, store.Copies.Each(t.Context(), w.sp, store.Query{}, func(d store.Doc[crm.Copy]) error {
		c := d.Value
		if c.State != crm.CopySkipped {
			return nil
		}
		skipped++
		if c.Skip != crm.SkipNeverStore || c.Hash == "" || c.Message != "" || len(c.Flags) > 0 || c.Detail != "" {
			t.Errorf("a never-stored copy keeps more than a hash and the reason: %+v", c)
		}
		return nil
	}))
	if skipped != out {
		t.Errorf("%d copies are kept out, want %d", skipped, out)
	}
	for where, text := range everywhere(t, w, log) {
		if bytes.Contains(bytes.ToLower(text), []byte(canary)) {
			t.Errorf("never stored, and yet in %s", where)
		}
		if what, _, _ := strings.Cut(where, " "); what != "file" && what != "log" && what != "blob" && !bytes.Contains(text, []byte(parrot)) {
			t.Errorf("the search is blind: nothing of stored mail in %s", where)
		}
	}
}

// everywhere is whatever the data folder holds, as it lies there and decoded, and
// what leaves it.
func everywhere(t *testing.T, w *world, log *bytes.Buffer) map[string][]byte {
	t.Helper()
	ctx := context.Background()
	out := map[string][]byte{"log": log.Bytes()}
	wal, blobs := false, 0
	must(t, filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		out["file "+path] = raw
		wal = wal || strings.HasSuffix(path, "-wal") && len(raw) > 0
		if strings.Contains(path, "blobs") {
			blobs++
			content, err := w.cfg.Bodies.Unpack(raw)
			must(t, err)
			out["blob "+path] = []byte(content.Text + content.HTML + asJSON(content.Headers))
		}
		return err
	}))
	if !wal || blobs != 1 {
		t.Errorf("the data folder has a log of writes: %v, and %d blobs, want one", wal, blobs)
	}
	var docs, bodies bytes.Buffer
	for _, c := range store.CollectionInfos() {
		must(t, w.sp.EachRaw(ctx, c.Name, func(d store.RawDoc) error { docs.Write(d.Data); return nil }))
	}
	must(t, w.sp.EachRaw(ctx, store.Bodies.Name, func(d store.RawDoc) error {
		c, err := w.cfg.Bodies.LoadBody(ctx, w.sp, w.cfg.Blobs, crm.MessageID(d.ID))
		if err == nil {
			fmt.Fprint(&bodies, c.Text, c.HTML, c.Headers, c.Participants)
		}
		return err
	}))
	for _, full := range []bool{false, true} {
		var b bytes.Buffer
		must(t, export.Write(ctx, w.sp, w.cfg.Bodies, w.cfg.Blobs, &b, export.Options{Full: full}))
		out[fmt.Sprintf("export, full %v", full)] = b.Bytes()
	}
	out["documents"], out["bodies"] = docs.Bytes(), bodies.Bytes()
	return out
}

// TestFolderKeepsMailAway: an exclusion of a folder hides its mail from others
// and off the timelines; moving the mail out shows it, in either order of what
// the server tells; deleting it does not.
func TestFolderKeepsMailAway(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.create("Private", "")
		_, _, err := ledger.Exclude(context.Background(), h.w.sp, store.ChangeInfo{Cause: crm.CauseUI},
			crm.Exclusion{Pattern: crm.LabelToken("Private"), Effect: crm.DropCopy, Owner: h.w.user.ID})
		must(t, err)
		keys := h.server.append("Private", h.letters[0], h.letters[3], h.letters[6])
		h.settle()
		h.dropped("in the folder", 3)
		h.server.move("Private", "INBOX", keys[0])
		h.settle()
		h.dropped("one moved out", 2)
		h.server.delete("Private", keys[1])
		h.settle()
		h.dropped("one deleted", 2)
		h.server.append("INBOX", h.letters[3])
		h.settle()
		h.dropped("the deleted one came again elsewhere", 1)
	})
}

// TestLabelKeepsMailAway: an exclusion of a label follows the flags that the server
// tells, and a folder with another name is decided on anew and not read anew.
func TestLabelKeepsMailAway(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.create("A", crm.RoleOther)
		exclude := func(label string) {
			_, _, err := ledger.Exclude(context.Background(), h.w.sp, store.ChangeInfo{Cause: crm.CauseUI},
				crm.Exclusion{Pattern: crm.LabelToken(label), Effect: crm.DropCopy, Owner: h.w.user.ID})
			must(t, err)
		}
		exclude("Private")
		exclude("B")
		private := []crm.Flag{crm.FlagSeen, crm.KeywordFlag("Private")}
		keys := h.server.append("INBOX", h.letters[0], h.letters[3], h.letters[6])
		h.server.append("A", h.letters[9], h.letters[10])
		h.server.setFlags("INBOX", private, keys[0])
		h.settle()
		h.dropped("labelled before it was read", 1)
		h.server.setFlags("INBOX", private, keys[1])
		h.settle()
		h.dropped("labelled later", 2)
		h.server.setFlags("INBOX", nil, keys[1])
		h.settle()
		h.dropped("the label was taken off", 1)
		h.server.delete("INBOX", keys[0])
		h.settle()
		h.dropped("deleted", 1)
		was, copies := h.box("A").ID, idsOf(copiesByPlace(t, h.w))
		h.server.fault(func(s *fakeServer) { s.folders["B"] = s.folders["A"]; delete(s.folders, "A") })
		time.Sleep(5 * time.Minute)
		h.settle()
		if now := idsOf(copiesByPlace(t, h.w)); h.box("B").ID != was || !maps.Equal(now, copies) {
			t.Errorf("the renamed folder was read anew: copies %v, before %v", now, copies)
		}
		must(t, ledger.NewFollower(h.w.sp, h.w.cfg.Log).CatchUp(context.Background()))
		h.dropped("the folder is called otherwise", 3)
	})
}

// dropped compares how many messages are kept away, which others must not see.
func (h *history) dropped(when string, want int) {
	h.t.Helper()
	n := 0
	must(h.t, store.Messages.Each(context.Background(), h.w.sp, store.Query{}, func(d store.Doc[crm.Message]) error {
		m := &d.Value
		away := m.Excluded == crm.DropCopy
		if away {
			n++
		}
		if seen := access.Message(access.Member("usr_other"), m) != access.None; seen == away || away && len(m.Links) > 0 {
			h.t.Errorf("%s: %s is kept away: %v, others see it: %v, links: %v", when, m.RFCID, away, seen, m.Links)
		}
		return nil
	}))
	if n != want {
		h.t.Errorf("%s: %d messages are kept away, want %d", when, n, want)
	}
}

// TestAnswerOutlivesStub: what people said of a message that was known by its
// header only holds when its text comes, and can still be undone.
func TestAnswerOutlivesStub(t *testing.T) {
	inBubble(t, func(h *history) {
		h.configure(func(m *crm.Mailbox) { m.HeadersOnly = true })
		h.server.append("INBOX", h.letters[0])
		h.settle()
		messages, _ := messagesOf(h.t, h.w)
		stub := messages[0]
		if !stub.Stub || len(stub.Links) == 0 {
			t.Fatalf("no linked stub: %+v", stub)
		}
		batch, err := ledger.Correct(context.Background(), h.w.sp, ledger.Correction{Message: stub.ID, Scope: crm.ScopeMessage,
			Effect: crm.EffectNever, Record: stub.Links[0].Record, By: h.w.user.ID, Cause: crm.CauseUI})
		must(t, err)
		_, err = ledger.Correct(context.Background(), h.w.sp, ledger.Correction{Message: stub.ID, Scope: crm.ScopeThread,
			Effect: crm.EffectPrivate, By: h.w.user.ID, Cause: crm.CauseUI})
		must(t, err)
		f := ledger.NewFollower(h.w.sp, h.w.cfg.Log)
		must(t, f.CatchUp(context.Background()))
		h.configure(func(m *crm.Mailbox) { m.HeadersOnly = false })
		h.server.renumber("INBOX")
		h.settle()
		messages, _ = messagesOf(h.t, h.w)
		if m := messages[0]; m.Stub || len(m.Links) != len(stub.Links)-1 || !m.Private {
			t.Fatalf("the text came, and what was said is lost: %+v", m)
		}
		_, err = h.w.records().Undo(context.Background(), byUI(h.w.user.ID), batch)
		must(t, err)
		must(t, f.CatchUp(context.Background()))
		messages, _ = messagesOf(h.t, h.w)
		if m := messages[0]; len(m.Links) != len(stub.Links) {
			t.Errorf("undone, and not linked again: %+v", m.Links)
		}
	})
}

func (w *world) records() *records.Service { return records.New(w.sp) }

func byUI(u crm.UserID) records.By { return records.By{Actor: u, Cause: crm.CauseUI} }
