package gmailtest

import (
	"bytes"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Labels that the system keeps.
const (
	Inbox   = "INBOX"
	Sent    = "SENT"
	Draft   = "DRAFT"
	Spam    = "SPAM"
	Trash   = "TRASH"
	Chat    = "CHAT"
	Unread  = "UNREAD"
	Starred = "STARRED"
)

// account is one user.
type account struct {
	email    string
	aliases  []string
	messages map[uint64]*message
	order    []uint64 // ids, ascending
	history  uint64   // of the last change
	floor    uint64   // history before it has expired
	records  []record
	drafts   map[string]uint64
	uploads  map[string]*upload
	labels   map[string]string // user labels: id → name
	watch    *watch
	budget   int // mails that may still be sent; < 0 for no limit
}

type message struct {
	id, thread uint64
	raw        []byte
	labels     map[string]bool
	internal   time.Time
	history    uint64
	rfcID      string
	header     mail.Header
}

// record is one change in the history.
type record struct {
	id      uint64
	kind    string // messageAdded, messageDeleted, labelAdded, labelRemoved
	msg     *message
	changed []string
	labels  []string // after the change
}

// AddUser makes an account.
func (s *Server) AddUser(email string, aliases ...string) {
	s.change(func() {
		s.accounts[email] = &account{email: email, aliases: aliases, messages: map[uint64]*message{}, drafts: map[string]uint64{}, uploads: map[string]*upload{},
			labels: map[string]string{}, history: 1000, budget: -1}
	})
}

// Mail is one message to put into an account.
type Mail struct {
	Raw      []byte
	Internal time.Time
	Labels   []string
	Thread   uint64 // 0: found by Message-ID, else a new one
}

// Add puts messages into an account as if they arrived, and returns their ids.
func (s *Server) Add(email string, mails ...Mail) []uint64 {
	var ids []uint64
	s.change(func() {
		a := s.accounts[email]
		for _, m := range mails {
			ids = append(ids, s.add(a, m).id)
		}
	})
	return ids
}

func (s *Server) add(a *account, in Mail) *message {
	m := &message{id: s.newID(), raw: in.Raw, labels: map[string]bool{}, internal: in.Internal}
	if m.internal.IsZero() {
		m.internal = s.opt.Now()
	}
	for _, l := range in.Labels {
		m.labels[l] = true
	}
	m.header = mail.Header{}
	if parsed, err := mail.ReadMessage(bytes.NewReader(in.Raw)); err == nil {
		m.header = parsed.Header
	}
	m.rfcID = strings.Trim(m.header.Get("Message-Id"), "<> ")
	m.thread = in.Thread
	if m.thread == 0 {
		m.thread = a.threadOf(m)
	}
	a.messages[m.id] = m
	a.order = append(a.order, m.id)
	s.log(a, record{kind: "messageAdded", msg: m})
	return m
}

// newID grows with time, with gaps, and has 16 hexadecimal digits.
func (s *Server) newID() uint64 {
	n := s.next()
	return 0x18c0_0000_0000_0000 + n<<22 + n*2654435761%(1<<20)
}

// threadOf finds the conversation of what a message answers.
func (a *account) threadOf(m *message) uint64 {
	for _, id := range append(strings.Fields(m.header.Get("References")), strings.Fields(m.header.Get("In-Reply-To"))...) {
		for _, have := range a.messages {
			if have.rfcID != "" && have.rfcID == strings.Trim(id, "<>") {
				return have.thread
			}
		}
	}
	return m.id
}

// log appends to the history; ids have gaps.
func (s *Server) log(a *account, r record) {
	a.history += 1 + s.next()%7
	r.id, r.labels = a.history, r.msg.list()
	r.msg.history = a.history
	a.records = append(a.records, r)
}

func (m *message) list() []string { return slices.Sorted(maps.Keys(m.labels)) }

func (m *message) off() bool { return m.labels[Spam] || m.labels[Trash] }

// Remove deletes messages for good.
func (s *Server) Remove(email string, ids ...uint64) {
	s.change(func() {
		for _, id := range ids {
			s.remove(s.accounts[email], id)
		}
	})
}

func (s *Server) remove(a *account, id uint64) {
	m := a.messages[id]
	if m == nil {
		return
	}
	delete(a.messages, id)
	a.order = slices.DeleteFunc(a.order, func(have uint64) bool { return have == id })
	s.log(a, record{kind: "messageDeleted", msg: m})
}

// Label adds and removes labels of messages.
func (s *Server) Label(email string, add, remove []string, ids ...uint64) {
	s.change(func() {
		for _, id := range ids {
			if m := s.accounts[email].messages[id]; m != nil {
				s.label(s.accounts[email], m, add, remove)
			}
		}
	})
}

func (s *Server) label(a *account, m *message, add, remove []string) {
	var added, removed []string
	for _, l := range add {
		if !m.labels[l] {
			m.labels[l], added = true, append(added, l)
		}
	}
	if len(added) > 0 {
		s.log(a, record{kind: "labelAdded", msg: m, changed: added})
	}
	for _, l := range remove {
		if m.labels[l] {
			delete(m.labels, l)
			removed = append(removed, l)
		}
	}
	if len(removed) > 0 {
		s.log(a, record{kind: "labelRemoved", msg: m, changed: removed})
	}
}

// Expire makes the server forget the history so far.
func (s *Server) Expire(email string) {
	s.change(func() {
		a := s.accounts[email]
		a.history += 50
		a.floor, a.records = a.history, nil
	})
}

// Budget lets an account send so many mails more; then Gmail says that its
// limit is reached.
func (s *Server) Budget(email string, n int) { s.change(func() { s.accounts[email].budget = n }) }

// Labels lists the labels of a message; ok is false when there is no such one.
func (s *Server) Labels(email string, id uint64) (labels []string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.accounts[email].messages[id]
	if m == nil {
		return nil, false
	}
	return m.list(), true
}

// Messages returns the raw bytes of what an account holds with a label, oldest
// first.
func (s *Server) Messages(email, label string) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out [][]byte
	a := s.accounts[email]
	for _, id := range a.order {
		if m := a.messages[id]; label == "" || m.labels[label] {
			out = append(out, m.raw)
		}
	}
	return out
}

func hex(id uint64) string { return fmt.Sprintf("%x", id) }

// AllLabels lists the labels of every message of an account.
func (s *Server) AllLabels(email string) [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out [][]string
	for _, m := range s.accounts[email].messages {
		out = append(out, m.list())
	}
	return out
}

// Threads is in how many conversations the messages with a label lie.
func (s *Server) Threads(email, label string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	threads := map[uint64]bool{}
	for _, m := range s.accounts[email].messages {
		if m.labels[label] {
			threads[m.thread] = true
		}
	}
	return len(threads)
}
