package gmailtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
)

// send stores a message as sent and delivers it to the accounts here.
func (s *Server) send(a *account, r *http.Request) reply {
	raw, thread, out, good := rawOf(r)
	if !good {
		return out
	}
	m, refused := s.sendRaw(a, raw, thread)
	if m == nil {
		return refused
	}
	return ok(map[string]any{"id": hex(m.id), "threadId": hex(m.thread), "labelIds": m.list()})
}

func (s *Server) sendRaw(a *account, raw []byte, thread uint64) (*message, reply) {
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, refuse(400, "invalidArgument", "Invalid message")
	}
	to := recipients(parsed.Header)
	switch {
	case len(to) == 0:
		return nil, refuse(400, "invalidArgument", "Recipient address required")
	case len(to) > 100:
		return nil, refuse(400, "invalidArgument", "Too many recipients")
	case a.budget == 0:
		return nil, refuse(429, "userRateLimitExceeded", "User-rate limit exceeded. Retry after 24 hours.")
	}
	if thread != 0 && !a.joins(thread, parsed.Header) {
		thread = 0 // Gmail starts a conversation unless subject and references fit
	}
	if a.budget > 0 {
		a.budget--
	}
	raw = a.stamp(raw, parsed.Header)
	m := s.add(a, Mail{Raw: raw, Labels: []string{Sent}, Thread: thread})
	for email, other := range s.accounts {
		for _, rcpt := range to {
			if rcpt != email && !contains(other.aliases, rcpt) {
				continue
			}
			if other == a { // one's own mail lies there once
				s.label(a, m, []string{Inbox}, nil)
			} else {
				s.add(other, Mail{Raw: withoutBcc(raw), Labels: []string{Inbox, Unread}})
			}
			break
		}
	}
	return m, reply{}
}

// joins tells whether a message may go on a conversation: it has to refer to it
// and have its subject.
func (a *account) joins(thread uint64, h mail.Header) bool {
	refs := h.Get("References") + " " + h.Get("In-Reply-To")
	for _, m := range a.messages {
		if m.thread == thread && m.rfcID != "" && strings.Contains(refs, "<"+m.rfcID+">") &&
			bareSubject(m.header.Get("Subject")) == bareSubject(h.Get("Subject")) {
			return true
		}
	}
	return false
}

func bareSubject(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for strings.HasPrefix(s, "re:") {
		s = strings.TrimSpace(s[3:])
	}
	return s
}

// stamp does to a message what Gmail does: an address that is no alias is
// replaced, and so is a Message-ID that is folded or malformed.
func (a *account) stamp(raw []byte, h mail.Header) []byte {
	if from, err := mail.ParseAddress(h.Get("From")); err != nil || from.Address != a.email && !contains(a.aliases, from.Address) {
		raw = replaceField(raw, "From", a.email)
	}
	id := h.Get("Message-Id")
	if !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, ">") || strings.ContainsAny(id, " \t") {
		raw = replaceField(raw, "Message-ID", "<made."+hex(uint64(len(raw)))+"SMTPIN_ADDED_BROKEN@mx.google.com>")
	}
	return raw
}

func replaceField(raw []byte, name, value string) []byte {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	var out []string
	skip := false
	for line := range strings.SplitSeq(string(head), "\r\n") {
		folded := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		if !folded {
			skip = strings.HasPrefix(strings.ToLower(line), strings.ToLower(name)+":")
		}
		if !skip {
			out = append(out, line)
		}
	}
	if value != "" {
		out = append(out, name+": "+value)
	}
	return append([]byte(strings.Join(out, "\r\n")+"\r\n\r\n"), body...)
}

func withoutBcc(raw []byte) []byte { return replaceField(raw, "Bcc", "") }

func recipients(h mail.Header) []string {
	var out []string
	for _, name := range []string{"To", "Cc", "Bcc"} {
		list, err := h.AddressList(name)
		if err != nil {
			continue
		}
		for _, one := range list {
			out = append(out, strings.ToLower(one.Address))
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if strings.EqualFold(have, s) {
			return true
		}
	}
	return false
}

func (s *Server) draftCreate(a *account, r *http.Request) reply {
	raw, thread, out, good := rawOf(r)
	if !good {
		return out
	}
	m := s.add(a, Mail{Raw: raw, Labels: []string{Draft}, Thread: thread})
	id := "r" + hex(s.next())
	a.drafts[id] = m.id
	return ok(draftJSON(id, m))
}

func draftJSON(id string, m *message) any {
	return map[string]any{"id": id, "message": map[string]any{"id": hex(m.id), "threadId": hex(m.thread), "labelIds": m.list()}}
}

// draftUpdate replaces the message: its id changes, as at every autosave.
func (s *Server) draftUpdate(a *account, r *http.Request) reply {
	raw, thread, out, good := rawOf(r)
	if !good {
		return out
	}
	id := r.PathValue("id")
	old, known := a.drafts[id]
	if !known {
		return notFound
	}
	if m := a.messages[old]; m != nil && thread == 0 {
		thread = m.thread
	}
	s.remove(a, old)
	m := s.add(a, Mail{Raw: raw, Labels: []string{Draft}, Thread: thread})
	a.drafts[id] = m.id
	return ok(draftJSON(id, m))
}

func (s *Server) draftDelete(a *account, r *http.Request) reply {
	id := r.PathValue("id")
	old, known := a.drafts[id]
	if !known {
		return notFound
	}
	s.remove(a, old)
	delete(a.drafts, id)
	return reply{status: 204}
}

// draftSend takes the draft off and stores the sent message under another id.
func (s *Server) draftSend(a *account, r *http.Request) reply {
	var in struct {
		ID      string
		Message struct{ Raw string }
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return refuse(400, "parseError", err.Error())
	}
	old := a.messages[a.drafts[in.ID]]
	if old == nil {
		return notFound
	}
	raw := old.raw
	if in.Message.Raw != "" { // it is changed once more, and sent
		var err error
		if raw, err = base64.URLEncoding.DecodeString(in.Message.Raw); err != nil {
			return refuse(400, "invalidArgument", "Invalid raw message")
		}
	}
	m, refused := s.sendRaw(a, raw, old.thread)
	if m == nil {
		return refused
	}
	s.remove(a, old.id)
	delete(a.drafts, in.ID)
	return ok(map[string]any{"id": hex(m.id), "threadId": hex(m.thread), "labelIds": m.list()})
}

// draftList finds drafts by rfc822msgid: alone.
func (s *Server) draftList(a *account, r *http.Request) reply {
	id := strings.TrimPrefix(r.URL.Query().Get("q"), "rfc822msgid:")
	out := []any{}
	for name, at := range a.drafts {
		if m := a.messages[at]; m != nil && (id == "" || m.rfcID == id) {
			out = append(out, draftJSON(name, m))
		}
	}
	return ok(map[string]any{"drafts": out, "resultSizeEstimate": len(out)})
}

// upload is a session that a large mail is sent in
// (https://developers.google.com/workspace/gmail/api/guides/uploads).
type upload struct {
	thread uint64
	sent   *message // nil: the mail is not there yet
}

// uploadOpen opens a session, or takes a whole mail as media.
func (s *Server) uploadOpen(a *account, r *http.Request) reply {
	if r.URL.Query().Get("uploadType") != "resumable" {
		return s.send(a, r)
	}
	var about struct{ ThreadID string }
	if err := json.NewDecoder(r.Body).Decode(&about); err != nil {
		return refuse(400, "parseError", err.Error())
	}
	thread, _ := strconv.ParseUint(about.ThreadID, 16, 64)
	id := hex(s.next())
	a.uploads[id] = &upload{thread: thread}
	return reply{status: 200, body: map[string]any{}, location: r.URL.Path + "?uploadType=resumable&upload_id=" + id}
}

// uploadPut takes the mail, or tells how a session stands.
func (s *Server) uploadPut(a *account, r *http.Request) reply {
	u := a.uploads[r.URL.Query().Get("upload_id")]
	if u == nil {
		return notFound
	}
	if u.sent == nil {
		if strings.HasPrefix(r.Header.Get("Content-Range"), "bytes */") {
			return reply{status: http.StatusPermanentRedirect, body: map[string]any{}}
		}
		raw, _, out, good := rawOf(r)
		if !good {
			return out
		}
		m, refused := s.sendRaw(a, raw, u.thread)
		if m == nil {
			return refused
		}
		u.sent = m
	}
	return ok(map[string]any{"id": hex(u.sent.id), "threadId": hex(u.sent.thread), "labelIds": u.sent.list()})
}

// Drafts are the drafts of an account, as they are written.
func (s *Server) Drafts(email string) (raw [][]byte) { return s.Messages(email, Draft) }

// DropDrafts throws the drafts of an account away, as its owner does.
func (s *Server) DropDrafts(email string) {
	s.change(func() {
		a := s.accounts[email]
		for id, m := range a.drafts {
			s.remove(a, m)
			delete(a.drafts, id)
		}
	})
}
