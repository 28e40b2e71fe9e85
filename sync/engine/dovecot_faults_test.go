package engine

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/testenv"
)

// TestDovecotFolderFaults changes the folders of a real server under a running
// engine: a mail moved in either order, a folder renamed, deleted, made anew
// under its name and with another UIDVALIDITY. Timelines stay as they were.
func TestDovecotFolderFaults(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	admin := server.Admin("rep")
	must(t, admin.CreateFolder("Work"))
	must(t, admin.CreateFolder("Area"))
	inbox, err := admin.Append("INBOX", realMail(6)...)
	must(t, err)
	work, err := admin.Append("Work", letters()[6:12]...)
	must(t, err)
	l := runLive(t, server.Addr, testenv.Password, nil)
	l.synced(12)
	h := &history{t: t, w: l.world}
	was, arrivals := h.entries()
	step := func(what string, copies int, do func()) {
		t.Helper()
		do()
		l.engine.Wake(l.mailbox.ID)
		l.synced(copies)
		l.until(what+": the folders are those of the server", func(st Status) bool { return l.sameFolders(st, server) })
		if now, fired := h.entries(); len(now) != len(was) || fired != arrivals {
			t.Errorf("%s: %d messages and %d arrivals, before %d and %d", what, len(now), fired, len(was), arrivals)
		}
	}
	step("moved out of INBOX", 12, func() { must(t, admin.Move("INBOX", "Area", inbox[:3]...)) })
	step("moved into INBOX", 12, func() { must(t, admin.Move("Work", "INBOX", work[:2]...)) })
	before := h.box("Work")
	step("renamed", 12, func() { must(t, admin.RenameFolder("Work", "Done")) })
	if after := h.box("Done"); after.ID != before.ID || after.Counts.Stored != before.Counts.Stored {
		t.Errorf("a renamed folder is another one: %s, before %s", asJSON(after), asJSON(before))
	}
	step("made anew under a name that was given up", 12, func() { must(t, admin.CreateFolder("Work")) })
	step("renumbered", 12, func() { must(t, server.SetUIDValidity(t.Context(), "rep", "Area", 5_000_000)) })
	step("moved out of a new epoch", 12, func() { must(t, admin.Move("Area", "Done", 1)) })
	step("deleted", 7, func() { must(t, admin.DeleteFolder("Done")) })
	step("made anew", 12, func() {
		must(t, admin.CreateFolder("Done"))
		_, err := admin.Append("Done", append(letters()[8:12], letters()[0])...)
		must(t, err)
	})
	l.stop()
	h.unmoved(was, arrivals)
	l.verify()
}

// sameFolders tells whether the folders that are not gone are those of the
// server with as many mails, by a second client.
func (l *live) sameFolders(st Status, server *testenv.Server) bool {
	s, err := dovecotSource(server).Open(l.t.Context())
	must(l.t, err)
	defer s.Close()
	folders, err := s.Folders(l.t.Context())
	must(l.t, err)
	open := 0
	for _, b := range st.Boxes {
		if !b.Gone {
			open++
		}
	}
	for _, f := range folders {
		if b := folder(st, f.Name); b.Gone || b.Server != f.Count || b.Name == "" {
			return false
		}
	}
	return open == len(folders)
}

// poisonProxy stands before a server and answers in its place, with an answer
// that no client understands, when a mail is fetched whose UID is poisonous.
type poisonProxy struct {
	addr string
	mu   sync.Mutex
	uids []int
}

func newPoisonProxy(t *testing.T, target string, uids ...int) *poisonProxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &poisonProxy{addr: ln.Addr().String(), uids: uids}
	var all sync.WaitGroup
	var conns []net.Conn
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", target)
			if err != nil {
				_ = c.Close()
				continue
			}
			p.mu.Lock()
			conns = append(conns, c, s)
			p.mu.Unlock()
			all.Go(func() { p.up(c, s) })
			all.Go(func() { defer c.Close(); _, _ = bufio.NewReader(s).WriteTo(c) })
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		p.mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		p.mu.Unlock()
		all.Wait()
	})
	return p
}

// up forwards commands, as long as they do not ask for poison.
func (p *poisonProxy) up(c, s net.Conn) {
	defer s.Close()
	lines := bufio.NewReader(c)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if uid := p.poisonIn(line); uid > 0 {
			_, _ = fmt.Fprintf(c, "* %d FETCH (UID %d ENVELOPE (\"what \"is\" this\") BODY[] {x}\r\n", uid, uid)
			_ = c.Close()
			return
		}
		if _, err := s.Write([]byte(line)); err != nil {
			return
		}
	}
}

// poisonIn tells which poisonous UID a command fetches the body of, 0 for none.
func (p *poisonProxy) poisonIn(line string) int {
	_, rest, ok := strings.Cut(line, "UID FETCH ")
	set, items, _ := strings.Cut(rest, " ")
	if !ok || !strings.Contains(items, "BODY") {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for part := range strings.SplitSeq(set, ",") {
		var lo, hi int
		if n, _ := fmt.Sscanf(part, "%d:%d", &lo, &hi); n < 2 {
			hi = lo
		}
		if i := slices.IndexFunc(p.uids, func(u int) bool { return lo <= u && u <= hi }); i >= 0 {
			return p.uids[i]
		}
	}
	return 0
}

// TestDovecotPoison: two mails break every connection that asks for them. The
// engine finds them by halving, all others arrive, and these two are given up
// with their reason; once they are harmless a retry brings them.
func TestDovecotPoison(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	_, err := server.LoadMaildir("rep", "INBOX", bulkMail(200))
	must(t, err)
	p := newPoisonProxy(t, server.Addr, 7, 133)
	l := runLive(t, p.addr, testenv.Password, nil)
	l.until("all but two", func(st Status) bool { b := folder(st, "INBOX"); return b.Stored == 198 && b.Retrying == 2 })
	for range maxAttempts { // the pauses between attempts are minutes: let them be over
		queued, err := store.Queue.All(t.Context(), l.sp, store.Query{})
		must(t, err)
		b := l.sp.Batch()
		for i := range queued {
			queued[i].Value.NextAt = l.st.Now()
			store.Queue.Put(b, &queued[i].Value)
		}
		must(t, b.Commit(t.Context()))
		tries := attempts(queued)
		l.engine.Wake(l.mailbox.ID)
		l.until("another attempt", func(st Status) bool {
			now, err := store.Queue.All(t.Context(), l.sp, store.Query{})
			return err == nil && (len(now) == 0 || attempts(now) >= tries+len(now))
		})
	}
	st := l.until("given up", func(st Status) bool { b := folder(st, "INBOX"); return b.Dead[crm.DeadProtocol] == 2 && b.Balanced })
	if st.Queued != 0 {
		t.Errorf("still waiting: %s", asJSON(st))
	}
	p.mu.Lock()
	p.uids = nil
	p.mu.Unlock()
	for _, c := range copiesByPlace(t, l.world) {
		if c.State != crm.CopyDead {
			continue
		}
		if c.Detail == "" || c.Key != 7 && c.Key != 133 {
			t.Errorf("a dead letter: %s", asJSON(c))
		}
		must(t, Retry(t.Context(), l.sp, c.ID))
	}
	l.engine.Wake(l.mailbox.ID)
	l.until("all", func(st Status) bool { return folder(st, "INBOX").Stored == 200 })
	l.stop()
	l.verify()
}

func attempts(queued []store.Doc[crm.Queued]) int {
	n := 0
	for _, q := range queued {
		n += q.Value.Attempts
	}
	return n
}
