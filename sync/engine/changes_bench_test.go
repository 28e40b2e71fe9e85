package engine

import (
	"context"
	"fmt"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/lease"
	"threadline/internal/store"
	"threadline/internal/testenv"
)

// benchRun is a mailbox of w in the hands of the benchmark, signed in.
func benchRun(b *testing.B, w *world) (r *run, end func()) {
	ctx := b.Context()
	l, err := lease.Acquire(ctx, w.sp, string(w.mailbox.ID), "bench", leaseLength)
	must(b, err)
	doc, err := store.Mailboxes.Get(ctx, w.sp, string(w.mailbox.ID))
	must(b, err)
	ws, err := store.Workspaces.Get(ctx, w.sp, string(w.sp.Workspace()))
	must(b, err)
	cfg := New(w.sp, w.cfg).cfg // with the size of groups that it chooses
	cfg.Poll = time.Hour
	m := doc.Value
	r = &run{sp: w.sp, cfg: &cfg, lease: l, mailbox: &m, log: cfg.Log, size: groupMails, zone: time.UTC,
		wake: make(chan struct{}, 1), noticed: make(chan notice, 1),
		build: &builder{key: ws.Value.IDKey, mailbox: &m, bodies: cfg.Bodies}}
	m.AuditedAt = w.st.Now()
	_, err = r.connect(ctx)
	must(b, err)
	r.watcher.stop() // its notices would make the run look again and again
	r.watcher = nil
	return r, func() {
		r.disconnect()
		must(b, l.Release(context.WithoutCancel(ctx)))
	}
}

// BenchmarkChanges measures the time until 100 new mails, 50 flag changes and
// 20 deletions in a big mailbox are seen, stored and counted, in milliseconds.
// Run it once (-benchtime 1x): the figure is the median of its rounds.
func BenchmarkChanges(b *testing.B) {
	const rounds, fresh, flagged, deleted = 5, 100, 50, 20
	server, n := bigServer(b, 5000)
	w := newWorld(b, "rep@ours.example", "ours.example")
	w.addMailbox("rep@ours.example", dovecotSource(server))
	w.sync(n)
	r, end := benchRun(b, w)
	defer end()
	admin := server.Admin("rep")
	var all, looked []float64
	for b.Loop() {
		for round := range rounds {
			_, err := admin.Append("INBOX", newMail(round, fresh)...)
			must(b, err)
			must(b, admin.SetFlags("INBOX", []crm.Flag{crm.FlagSeen, crm.FlagFlagged}, keysFrom(1+200*round, flagged)...))
			must(b, admin.Delete("INBOX", keysFrom(101+200*round, deleted)...))
			n += fresh - deleted
			start := time.Now()
			must(b, r.look(b.Context(), r.session))
			looked = append(looked, time.Since(start).Seconds()*1e3)
			for kind := Advanced; kind == Advanced; {
				kind, err = r.work(b.Context())
				must(b, err)
			}
			all = append(all, time.Since(start).Seconds()*1e3)
			if st, err := StatusOf(b.Context(), w.sp, &w.mailbox); err != nil || !st.Synced || st.Total != int64(n) {
				b.Fatalf("round %d: %v %s; want %d copies", round, err, asJSON(st), n)
			}
		}
	}
	b.ReportMetric(median(all), "changes-ms")
	b.ReportMetric(median(looked), "look-ms")
}

func keysFrom(first, n int) []crm.Key {
	var out []crm.Key
	for i := range n {
		out = append(out, crm.Key(first+i))
	}
	return out
}

func newMail(round, n int) []testenv.Mail {
	var out []testenv.Mail
	for i := range n {
		raw := fmt.Sprintf("From: Ann <ann@client.example>\r\nTo: rep@ours.example\r\nSubject: Round %d, %d\r\nDate: %s\r\nMessage-ID: <change-%d-%d@client.example>\r\n\r\nThere is news, number %d.\r\n",
			round, i, time.Now().Format(time.RFC1123Z), round, i, i)
		out = append(out, testenv.Mail{Raw: []byte(raw), Internal: time.Now()})
	}
	return out
}
