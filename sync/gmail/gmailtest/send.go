package gmailtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/mail"
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
	var in struct{ ID string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return refuse(400, "parseError", err.Error())
	}
	old := a.messages[a.drafts[in.ID]]
	if old == nil {
		return notFound
	}
	m, refused := s.sendRaw(a, old.raw, old.thread)
	if m == nil {
		return refused
	}
	s.remove(a, old.id)
	delete(a.drafts, in.ID)
	return ok(map[string]any{"id": hex(m.id), "threadId": hex(m.thread), "labelIds": m.list()})
}
