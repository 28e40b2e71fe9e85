package engine

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

// fakeServer is a mail server in memory that speaks the contract of package
// source, and misbehaves on demand.
type fakeServer struct {
	mu      sync.Mutex
	folders map[string]*fakeFolder
	epochs  uint64
	news    chan struct{} // closed when anything changed

	delay  time.Duration // of every command and every mail
	mess   bool          // fetch out of order, and some mails twice
	cut    int           // cut the connection in the middle of so many fetches
	refuse int           // refuse so many logins
	busy   int           // throttle so many commands
	after  time.Duration // and ask for so long a pause then
	down   int           // fail so many logins and commands as unavailable
	passed int           // commands so far
	opened int           // logins so far
	hangUp bool          // end every connection that begins to wait
}

type fakeFolder struct {
	role   crm.BoxRole
	epoch  uint64
	next   crm.Key
	modseq uint64
	mails  []fakeMail // by key
	closed bool       // listed, but not opened
}

type fakeMail struct {
	testenv.Mail
	key    crm.Key
	modseq uint64
	poison bool // whoever fetches it loses the connection
	short  bool // only its header is handed out
}

func newFakeServer() *fakeServer {
	s := &fakeServer{folders: map[string]*fakeFolder{}, news: make(chan struct{})}
	s.create("INBOX", crm.RoleInbox)
	return s
}

// change runs f and tells those who wait.
func (s *fakeServer) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.news)
	s.news = make(chan struct{})
}

func (s *fakeServer) create(name string, role crm.BoxRole) {
	s.change(func() {
		if s.folders[name] == nil {
			s.epochs++
			s.folders[name] = &fakeFolder{role: role, epoch: s.epochs, next: 1, modseq: 1}
		}
	})
}

func (s *fakeServer) drop(name string) { s.change(func() { delete(s.folders, name) }) }

// renumber gives a folder a new epoch and its mails new keys.
func (s *fakeServer) renumber(name string) {
	s.change(func() {
		if f := s.folders[name]; f != nil {
			s.epochs++
			old := f.mails
			*f = fakeFolder{role: f.role, epoch: s.epochs, next: 1, modseq: 1}
			for _, m := range old {
				f.add(m)
			}
		}
	})
}

func (f *fakeFolder) add(m fakeMail) crm.Key {
	f.modseq++
	m.key, m.modseq = f.next, f.modseq
	f.next++
	f.mails = append(f.mails, m)
	return m.key
}

func (s *fakeServer) append(name string, mails ...testenv.Mail) (keys []crm.Key) {
	s.change(func() {
		for _, m := range mails {
			if f := s.folders[name]; f != nil {
				m.Flags = sortedFlags(m.Flags)
				keys = append(keys, f.add(fakeMail{Mail: m}))
			}
		}
	})
	return keys
}

func sortedFlags(flags []crm.Flag) []crm.Flag {
	out := slices.Clone(flags)
	slices.Sort(out)
	return out
}

func (s *fakeServer) delete(name string, keys ...crm.Key) {
	s.change(func() {
		if f := s.folders[name]; f != nil {
			f.modseq++
			f.mails = slices.DeleteFunc(f.mails, func(m fakeMail) bool { return slices.Contains(keys, m.key) })
		}
	})
}

// edit changes the mails with the keys.
func (s *fakeServer) edit(name string, f func(*fakeMail), keys ...crm.Key) {
	s.change(func() {
		box := s.folders[name]
		for i := range box.list() {
			if slices.Contains(keys, box.mails[i].key) {
				box.modseq++
				f(&box.mails[i])
				box.mails[i].modseq = box.modseq
			}
		}
	})
}

func (s *fakeServer) setFlags(name string, flags []crm.Flag, keys ...crm.Key) {
	s.edit(name, func(m *fakeMail) { m.Flags = sortedFlags(flags) }, keys...)
}

func (s *fakeServer) poison(name string, on bool, keys ...crm.Key) {
	s.edit(name, func(m *fakeMail) { m.poison = on }, keys...)
}

func (s *fakeServer) move(from, to string, keys ...crm.Key) {
	s.change(func() {
		a, b := s.folders[from], s.folders[to]
		if a == nil || b == nil || a == b {
			return
		}
		for _, k := range keys {
			if i := slices.IndexFunc(a.mails, func(m fakeMail) bool { return m.key == k }); i >= 0 {
				b.add(a.mails[i])
				a.mails = slices.Delete(a.mails, i, i+1)
			}
		}
	})
}

func (f *fakeFolder) list() []fakeMail {
	if f == nil {
		return nil
	}
	return f.mails
}

// keys lists the keys of a folder.
func (s *fakeServer) keys(name string) []crm.Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []crm.Key
	for _, m := range s.folders[name].list() {
		out = append(out, m.key)
	}
	return out
}

func (s *fakeServer) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for name := range s.folders {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (s *fakeServer) fault(f func(s *fakeServer)) { s.change(func() { f(s) }) }

// heal ends every fault but the poisonous mails.
func (s *fakeServer) heal() {
	s.fault(func(s *fakeServer) { s.cut, s.refuse, s.busy, s.after, s.down = 0, 0, 0, 0, 0 })
}

func (s *fakeServer) logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

// served counts the commands and logins so far.
func (s *fakeServer) served() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passed
}

func (f *fakeFolder) cursor() string {
	return fmt.Sprintf("%d.%d.%d.%d", f.epoch, f.next, f.modseq, len(f.mails))
}

func (f *fakeFolder) delta(since string) source.Delta {
	d := source.Delta{Epoch: f.epoch, Cursor: f.cursor(), Count: int64(len(f.mails))}
	var epoch, modseq uint64
	var next crm.Key
	var count int64
	_, err := fmt.Sscanf(since, "%d.%d.%d.%d", &epoch, &next, &modseq, &count)
	if err != nil || epoch != f.epoch {
		d.Void, d.Added = since != "", crm.Span(1, f.next-1)
		return d
	}
	d.Added = crm.Span(next, f.next-1)
	d.Recount = d.Count != count+int64(f.next-next)
	for _, m := range f.mails {
		if m.key < next && m.modseq > modseq {
			d.Flags = append(d.Flags, source.FlagChange{Key: m.key, Flags: m.Flags})
		}
	}
	return d
}

func (f *fakeFolder) listing(since crm.Time) source.Listing {
	var all, recent []crm.Key
	for _, m := range f.mails {
		all = append(all, m.key)
		if since == 0 || !m.Internal.Truncate(24*time.Hour).Before(since.Std().Truncate(24*time.Hour)) {
			recent = append(recent, m.key)
		}
	}
	return source.Listing{Epoch: f.epoch, All: crm.Keys(all...), Recent: crm.Keys(recent...)}
}

// item is the copy as far as it is wanted.
func (m *fakeMail) item(want source.Want) source.Item {
	it := source.Item{Key: m.key, Flags: m.Flags, Size: int64(len(m.Raw)), Internal: crm.At(m.Internal), Raw: m.Raw}
	head, _, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	switch {
	case want.HeadersOnly:
		it.Raw, it.Part = head, crm.MarkHeadersOnly
	case m.short, want.MaxSize > 0 && it.Size > want.MaxSize:
		it.Raw, it.Part = head, crm.MarkTooLarge
	}
	return it
}

// fits looks at a clue as a server does.
func (m *fakeMail) fits(c source.Clue) bool {
	p := mail.ParseHeader(m.Raw, "")
	for _, word := range strings.Fields(c.Subject) {
		if !strings.Contains(strings.ToLower(p.Subject), strings.ToLower(word)) {
			return false
		}
	}
	named := func(one crm.Participant) bool { return strings.Contains(string(one.Address)+" "+one.Name, c.With) }
	at := crm.At(m.Internal)
	return (c.ID == "" || p.RFCID == c.ID) && (c.With == "" || slices.ContainsFunc(p.Participants, named)) &&
		at >= c.From && (c.Until == 0 || at < c.Until)
}
