package api

import (
	"context"
	"net/http"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/engine"
)

func (s *Server) mailboxRoutes() {
	const all, one = "/api/v1/mailboxes", "/api/v1/mailboxes/{id}"
	add(s, get(all, "list-mailboxes", "Mailboxes that the caller may see, with the equation of each", "mailboxes"), s.listMailboxes)
	create := post(all, "add-mailbox", "Sign in to a mailbox once and, if that works, sync it", "mailboxes")
	create.limit, create.outside, create.status = slowLimit, true, http.StatusCreated
	add(s, create, s.addMailbox)
	add(s, get(one, "get-mailbox", "Where a mailbox stands", "mailboxes"), s.getMailbox)
	edit := route{method: http.MethodPatch, path: one, id: "edit-mailbox", summary: "Pause or resume a mailbox, choose its mail anew, or give it a new password", tag: "mailboxes", limit: slowLimit, outside: true}
	add(s, edit, s.editMailbox)
	s.endRoutes(one)
	add(s, post(one+"/sync", "sync-mailbox", "Look at the server now", "mailboxes"), s.syncMailbox)
	add(s, post(one+"/pause", "pause-mailbox", "Stop until resumed", "mailboxes"), s.pauseMailbox)
	add(s, post(one+"/resume", "resume-mailbox", "Go on", "mailboxes"), s.resumeMailbox)
	audit := get(one+"/audit", "audit-mailbox", "Compare every folder key by key with the server", "mailboxes")
	audit.limit = longLimit
	add(s, audit, s.auditMailbox)
	repair := post(one+"/audit", "repair-mailbox", "Compare like the audit of every night, and repair what differs", "mailboxes")
	repair.limit = longLimit
	add(s, repair, s.repairMailbox)
	where := get(one+"/where", "find-in-mailbox", "Ask the mail server for a Message-ID, and say what became of it", "mailboxes")
	where.limit, where.outside = slowLimit, true
	add(s, where, s.whereInMailbox)
	trace := get(one+"/trace", "trace-mail", "Ask the mail server for mail by who is in it, words of its subject and its day, and say what became of each: for the owner of the mailbox", "messages")
	trace.limit = longLimit
	add(s, trace, s.traceMail)
	add(s, get(one+"/dead", "list-dead-letters", "Copies that were given up, with their reasons", "mailboxes"), s.listDead)
	add(s, post(one+"/dead/{copy}/retry", "retry-dead-letter", "Fetch a dead letter once more", "mailboxes"), s.retryDead)
}

// mailboxView is what a mailbox is set to and where it stands.
type mailboxView struct {
	engine.Status
	Kind        string        `json:"kind"`
	Aliases     []crm.Address `json:"aliases,omitempty" doc:"Other addresses that one may write from"`
	TLS         crm.TLSMode   `json:"tls"`
	Login       string        `json:"login"`
	Since       crm.Time      `json:"since,omitempty"`
	Folders     []string      `json:"folders,omitempty"`
	HeadersOnly bool          `json:"headers_only,omitempty"`
	SMTP        string        `json:"smtp,omitempty"`
	Scopes      []string      `json:"scopes,omitempty" doc:"Of the consent at Google"`
	WatchUntil  crm.Time      `json:"watch_until,omitempty" doc:"Until when Google tells of new mail; it is renewed every day"`
	CreatedAt   crm.Time      `json:"created_at"`
}

func (s *Server) viewMailbox(ctx context.Context, m *crm.Mailbox) (mailboxView, error) {
	st, err := s.deps.Engine.Status(ctx, m)
	return mailboxView{Status: st, Kind: string(m.Kind), Aliases: m.Aliases, TLS: m.TLS, Login: m.Login, Since: m.Since,
		Folders: m.Folders, HeadersOnly: m.HeadersOnly, SMTP: m.SMTP, Scopes: m.Scopes, WatchUntil: m.WatchUntil, CreatedAt: m.CreatedAt}, err
}

func (s *Server) listMailboxes(ctx context.Context, _ *none) (*body[items[mailboxView]], error) {
	docs, err := store.Mailboxes.All(ctx, s.deps.Space, store.Query{})
	if err != nil {
		return nil, err
	}
	var out []mailboxView
	for i := range docs {
		if !shown(viewerOf(ctx), &docs[i].Value) {
			continue
		}
		view, err := s.viewMailbox(ctx, &docs[i].Value)
		if err != nil {
			return nil, err
		}
		out = append(out, view)
	}
	return listed(out), nil
}

// shown tells whether there is such a mailbox for the viewer: of a deleted one
// only the address is left, which is nobody's mailbox.
func shown(v access.Viewer, m *crm.Mailbox) bool {
	return m.State != crm.StateDeleted && access.Mailbox(v, m)
}

// MailboxRef is the id of a mailbox in an address.
type MailboxRef struct {
	ID string `path:"id" maxLength:"100"`
}

// mailbox returns a mailbox that the caller may see; every other one does not
// exist for them.
func (s *Server) mailbox(ctx context.Context, in MailboxRef) (crm.Mailbox, error) {
	missing := crm.Errorf(crm.NotFound, "api.mailbox", "there is no mailbox %q", crm.Clip(in.ID, 60)).
		WithField("id").WithHint("list them with: threadline mailbox list")
	id, err := crm.ParseID[crm.MailboxID](crm.PrefixMailbox, in.ID)
	if err != nil {
		return crm.Mailbox{}, missing
	}
	docs, err := store.Mailboxes.GetMany(ctx, s.deps.Space, []string{string(id)})
	if err != nil {
		return crm.Mailbox{}, err
	}
	if m := docs[0].Value; docs[0].Exists() && shown(viewerOf(ctx), &m) {
		return m, nil
	}
	return crm.Mailbox{}, missing
}

func (s *Server) getMailbox(ctx context.Context, in *MailboxRef) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	view, err := s.viewMailbox(ctx, &m)
	return answer(view), err
}

func (s *Server) syncMailbox(ctx context.Context, in *MailboxRef) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	if !s.cfg.Syncs() {
		return nil, crm.Errorf(crm.Unavailable, "api.syncMailbox", "this process does not sync").
			WithHint("start threadline serve, with sync among --run")
	}
	switch m.State {
	case crm.StatePaused, crm.StateAuthRequired, crm.StateDeleting:
		return nil, crm.Errorf(crm.Conflict, "api.syncMailbox", "this mailbox is stopped (%s) and does not look at its server", m.State).
			WithHint("threadline mailbox resume " + string(m.ID) + ", or give it its password again")
	}
	s.deps.Engine.Wake(m.ID)
	view, err := s.viewMailbox(ctx, &m)
	return answer(view), err
}
