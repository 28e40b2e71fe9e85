package gmailtest

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Scopes of the Gmail API (https://developers.google.com/workspace/gmail/api/auth/scopes).
const (
	ScopeReadonly = "https://www.googleapis.com/auth/gmail.readonly"
	ScopeModify   = "https://www.googleapis.com/auth/gmail.modify"
	ScopeMetadata = "https://www.googleapis.com/auth/gmail.metadata"
	ScopeSend     = "https://www.googleapis.com/auth/gmail.send"
	ScopeCompose  = "https://www.googleapis.com/auth/gmail.compose"
	ScopeSettings = "https://www.googleapis.com/auth/gmail.settings.basic"
	ScopeMail     = "https://mail.google.com/"
)

var (
	readers = []string{ScopeReadonly, ScopeModify, ScopeMetadata, ScopeMail}
	bodies  = []string{ScopeReadonly, ScopeModify, ScopeMail}
	writers = []string{ScopeModify, ScopeMail}
	senders = []string{ScopeSend, ScopeCompose, ScopeModify, ScopeMail}
	drafter = []string{ScopeCompose, ScopeModify, ScopeMail}
	setting = []string{ScopeReadonly, ScopeModify, ScopeMail, ScopeSettings}
)

// reply is a status with its JSON, or a refusal.
type reply struct {
	status         int
	body           any
	reason, detail string
	location       string
}

func ok(body any) reply { return reply{status: 200, body: body} }

func refuse(status int, reason, detail string) reply {
	return reply{status: status, reason: reason, detail: detail}
}

var notFound = refuse(404, "notFound", "Requested entity was not found.")

type handler func(a *account, r *http.Request) reply

func (s *Server) routes() {
	s.oauthRoutes()
	for _, e := range []struct {
		pattern, method string
		scopes          []string
		do              handler
	}{
		{"GET /gmail/v1/users/{user}/profile", "users.getProfile", readers, s.profile},
		{"GET /gmail/v1/users/{user}/history", "history.list", readers, s.historyList},
		{"GET /gmail/v1/users/{user}/messages", "messages.list", readers, s.list},
		{"GET /gmail/v1/users/{user}/messages/{id}", "messages.get", readers, s.get},
		{"GET /gmail/v1/users/{user}/messages/{id}/attachments/{part}", "attachments.get", bodies, s.attachment},
		{"POST /gmail/v1/users/{user}/messages/send", "messages.send", senders, s.send},
		{"POST /upload/gmail/v1/users/{user}/messages/send", "messages.send", senders, s.uploadOpen},
		{"PUT /upload/gmail/v1/users/{user}/messages/send", "upload", senders, s.uploadPut},
		{"GET /gmail/v1/users/{user}/drafts", "drafts.list", drafter, s.draftList},
		{"POST /gmail/v1/users/{user}/messages/{id}/modify", "messages.modify", writers, s.modify},
		{"POST /gmail/v1/users/{user}/messages/{id}/trash", "messages.trash", writers, s.trash},
		{"DELETE /gmail/v1/users/{user}/messages/{id}", "messages.delete", []string{ScopeMail}, s.delete},
		{"GET /gmail/v1/users/{user}/labels", "labels.list", readers, s.labelsList},
		{"GET /gmail/v1/users/{user}/labels/{id}", "labels.get", readers, s.labelsGet},
		{"GET /gmail/v1/users/{user}/settings/sendAs", "sendAs.list", setting, s.sendAs},
		{"POST /gmail/v1/users/{user}/drafts", "drafts.create", drafter, s.draftCreate},
		{"PUT /gmail/v1/users/{user}/drafts/{id}", "drafts.update", drafter, s.draftUpdate},
		{"DELETE /gmail/v1/users/{user}/drafts/{id}", "drafts.delete", drafter, s.draftDelete},
		{"POST /gmail/v1/users/{user}/drafts/send", "drafts.send", senders, s.draftSend},
		{"POST /gmail/v1/users/{user}/watch", "users.watch", readers, s.watchStart},
		{"POST /gmail/v1/users/{user}/stop", "users.stop", readers, s.watchStop},
	} {
		s.mux.HandleFunc(e.pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, e.method, e.scopes, e.do) })
	}
}

// serve checks token, scopes, quota and faults, and answers.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, method string, scopes []string, do handler) {
	s.mu.Lock()
	f := s.trouble(method)
	switch {
	case f == nil:
	case f.Cut:
		s.mu.Unlock()
		cut(w)
	case !f.Lose:
		s.mu.Unlock()
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		problem(w, f.Status, f.Reason, f.Reason)
		return
	}
	out := s.act(r, method, scopes, do)
	s.mu.Unlock()
	switch {
	case f != nil && f.Lose:
		cut(w)
	case out.reason != "":
		problem(w, out.status, out.reason, out.detail)
	default:
		if out.location != "" {
			w.Header().Set("Location", out.location)
		}
		answer(w, out.status, out.body)
	}
}

func (s *Server) act(r *http.Request, method string, scopes []string, do handler) reply {
	g := s.oauth.access(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), s.opt.Now())
	if g == nil {
		return refuse(401, "authError", "Invalid Credentials")
	}
	a := s.accounts[g.email]
	if user := r.PathValue("user"); user != "me" && user != g.email {
		return refuse(403, "forbidden", "Delegation denied")
	}
	if !slices.ContainsFunc(scopes, func(sc string) bool { return slices.Contains(g.scopes, sc) }) {
		return refuse(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
	}
	metadata := !slices.ContainsFunc(bodies, func(sc string) bool { return slices.Contains(g.scopes, sc) })
	if metadata && (r.URL.Query().Get("q") != "" || slices.Contains([]string{"full", "raw"}, r.URL.Query().Get("format"))) {
		return refuse(403, "insufficientPermissions", "Metadata scope does not allow this.")
	}
	if !s.charge(g.email, method) {
		return refuse(429, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'.")
	}
	return do(a, r)
}

func (s *Server) profile(a *account, _ *http.Request) reply {
	threads := map[uint64]bool{}
	for _, m := range a.messages {
		threads[m.thread] = true
	}
	return ok(map[string]any{"emailAddress": a.email, "messagesTotal": len(a.messages), "threadsTotal": len(threads),
		"historyId": strconv.FormatUint(a.history, 10)})
}

func (s *Server) pageSize(r *http.Request, usual int) int {
	n, err := strconv.Atoi(r.URL.Query().Get("maxResults"))
	if err != nil || n <= 0 {
		n = usual
	}
	return min(n, s.opt.Page)
}

// list pages by id, so that what arrives meanwhile moves no page.
func (s *Server) list(a *account, r *http.Request) reply {
	q := r.URL.Query()
	before := ^uint64(0)
	if t := q.Get("pageToken"); t != "" {
		var err error
		if before, err = strconv.ParseUint(t, 36, 64); err != nil {
			return refuse(400, "invalidArgument", "Invalid pageToken")
		}
	}
	everything := q.Get("includeSpamTrash") == "true" || strings.Contains(q.Get("q"), "in:anywhere") ||
		slices.ContainsFunc(q["labelIds"], func(l string) bool { return l == Spam || l == Trash })
	page, token := []any{}, ""
	size := s.pageSize(r, 100)
	for i := len(a.order) - 1; i >= 0; i-- {
		m := a.messages[a.order[i]]
		if m.id >= before || m.off() && !everything || !hasAll(m, q["labelIds"]) || q.Get("q") != "" && !match(q.Get("q"), a, m) {
			continue
		}
		if len(page) == size {
			token = strconv.FormatUint(before, 36)
			break
		}
		page = append(page, map[string]any{"id": hex(m.id), "threadId": hex(m.thread)})
		if len(page) == size {
			before = m.id
		}
	}
	out := map[string]any{"resultSizeEstimate": len(page)}
	if len(page) > 0 {
		out["messages"] = page
	}
	if token != "" {
		out["nextPageToken"] = token
	}
	return ok(out)
}

func hasAll(m *message, labels []string) bool {
	for _, l := range labels {
		if !m.labels[l] {
			return false
		}
	}
	return true
}

func (s *Server) historyList(a *account, r *http.Request) reply {
	q := r.URL.Query()
	start, err := strconv.ParseUint(q.Get("startHistoryId"), 10, 64)
	if err != nil {
		return refuse(400, "invalidArgument", "Invalid startHistoryId")
	}
	if start < a.floor || start > a.history {
		return notFound
	}
	for _, kind := range q["historyTypes"] {
		if !slices.Contains([]string{"messageAdded", "messageDeleted", "labelAdded", "labelRemoved"}, kind) {
			return refuse(400, "invalidArgument", "Invalid value at 'history_types'")
		}
	}
	from := 0
	if t := q.Get("pageToken"); t != "" {
		if start, err = strconv.ParseUint(t, 10, 64); err != nil {
			return refuse(400, "invalidArgument", "Invalid pageToken")
		}
	}
	from, _ = slices.BinarySearchFunc(a.records, start, func(r record, id uint64) int {
		if r.id <= id {
			return -1
		}
		return 1
	})
	size := s.pageSize(r, 100)
	out := map[string]any{"historyId": strconv.FormatUint(a.history, 10)}
	rest := a.records[from:]
	if len(rest) > size {
		out["nextPageToken"] = strconv.FormatUint(rest[size-1].id, 10)
		rest = rest[:size]
	}
	var list []any
	for _, rec := range rest {
		list = append(list, rec.json())
	}
	if list != nil {
		out["history"] = list
	}
	return ok(out)
}

func (r record) json() any {
	ref := map[string]any{"id": hex(r.msg.id), "threadId": hex(r.msg.thread)}
	full := map[string]any{"id": hex(r.msg.id), "threadId": hex(r.msg.thread), "labelIds": r.labels}
	out := map[string]any{"id": strconv.FormatUint(r.id, 10), "messages": []any{ref}}
	switch r.kind {
	case "messageAdded":
		out["messagesAdded"] = []any{map[string]any{"message": full}}
	case "messageDeleted":
		out["messagesDeleted"] = []any{map[string]any{"message": full}}
	case "labelAdded":
		out["labelsAdded"] = []any{map[string]any{"message": full, "labelIds": r.changed}}
	case "labelRemoved":
		out["labelsRemoved"] = []any{map[string]any{"message": full, "labelIds": r.changed}}
	}
	return out
}

// find returns the message that the path names.
func (a *account) find(r *http.Request) *message {
	id, err := strconv.ParseUint(r.PathValue("id"), 16, 64)
	if err != nil {
		return nil
	}
	return a.messages[id]
}

func (s *Server) get(a *account, r *http.Request) reply {
	m := a.find(r)
	if m == nil {
		return notFound
	}
	return ok(m.json(r.URL.Query().Get("format"), r.URL.Query()["metadataHeaders"]))
}

func (m *message) json(format string, only []string) map[string]any {
	out := map[string]any{"id": hex(m.id), "threadId": hex(m.thread), "labelIds": m.list(), "sizeEstimate": len(m.raw),
		"historyId": strconv.FormatUint(m.history, 10), "internalDate": strconv.FormatInt(m.internal.UnixMilli(), 10)}
	switch format {
	case "minimal":
	case "raw":
		out["raw"] = base64.URLEncoding.EncodeToString(m.raw)
	case "metadata":
		out["payload"] = headersOf(m.raw, only)
	default:
		out["payload"] = payloadOf(m.raw)
	}
	return out
}

func (s *Server) attachment(a *account, r *http.Request) reply {
	m := a.find(r)
	if m == nil {
		return notFound
	}
	data, found := partData(m.raw, r.PathValue("part"))
	if !found {
		return notFound
	}
	return ok(map[string]any{"size": len(data), "data": base64.URLEncoding.EncodeToString(data)})
}

func (s *Server) modify(a *account, r *http.Request) reply {
	var in struct{ AddLabelIds, RemoveLabelIds []string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return refuse(400, "invalidArgument", err.Error())
	}
	m := a.find(r)
	if m == nil {
		return notFound
	}
	for _, l := range slices.Concat(in.AddLabelIds, in.RemoveLabelIds) {
		if l == Sent || l == Draft {
			return refuse(400, "invalidArgument", "Invalid label: "+l)
		}
	}
	s.label(a, m, in.AddLabelIds, in.RemoveLabelIds)
	return ok(m.json("minimal", nil))
}

func (s *Server) trash(a *account, r *http.Request) reply {
	m := a.find(r)
	if m == nil {
		return notFound
	}
	s.label(a, m, []string{Trash}, []string{Inbox})
	return ok(m.json("minimal", nil))
}

func (s *Server) delete(a *account, r *http.Request) reply {
	m := a.find(r)
	if m == nil {
		return notFound
	}
	s.remove(a, m.id)
	return reply{status: 204}
}

func (s *Server) labelsList(a *account, _ *http.Request) reply {
	list := []any{}
	for _, l := range []string{Inbox, Sent, Draft, Spam, Trash, Chat, Unread, Starred} {
		list = append(list, map[string]any{"id": l, "name": l, "type": "system"})
	}
	for id, name := range a.labels {
		list = append(list, map[string]any{"id": id, "name": name, "type": "user"})
	}
	return ok(map[string]any{"labels": list})
}

func (s *Server) labelsGet(a *account, r *http.Request) reply {
	id, n, unread := r.PathValue("id"), 0, 0
	for _, m := range a.messages {
		if m.labels[id] {
			n++
			if m.labels[Unread] {
				unread++
			}
		}
	}
	return ok(map[string]any{"id": id, "name": id, "messagesTotal": n, "messagesUnread": unread})
}

func (s *Server) sendAs(a *account, _ *http.Request) reply {
	list := []any{map[string]any{"sendAsEmail": a.email, "isPrimary": true, "isDefault": true, "verificationStatus": "accepted"}}
	for _, alias := range a.aliases {
		list = append(list, map[string]any{"sendAsEmail": alias, "verificationStatus": "accepted"})
	}
	return ok(map[string]any{"sendAs": list})
}

// rawOf reads the message of a request: JSON with raw, or the bytes themselves.
func rawOf(r *http.Request) (raw []byte, thread uint64, out reply, good bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, 0, refuse(400, "badRequest", err.Error()), false
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "message/rfc822") {
		return body, 0, reply{}, true
	}
	var in struct {
		Raw, ThreadID string
		Message       struct{ Raw, ThreadID string }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, 0, refuse(400, "parseError", err.Error()), false
	}
	if in.Message.Raw != "" {
		in.Raw, in.ThreadID = in.Message.Raw, in.Message.ThreadID
	}
	raw, err = base64.URLEncoding.DecodeString(in.Raw)
	if err != nil || len(raw) == 0 {
		return nil, 0, refuse(400, "invalidArgument", "Invalid raw message"), false
	}
	if in.ThreadID != "" {
		if thread, err = strconv.ParseUint(in.ThreadID, 16, 64); err != nil {
			return nil, 0, refuse(400, "invalidArgument", "Invalid threadId"), false
		}
	}
	return raw, thread, reply{}, true
}
