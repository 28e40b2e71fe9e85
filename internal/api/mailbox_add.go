package api

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
	"threadline/sync/engine"
	"threadline/sync/smtp"
)

type mailboxInput struct {
	Body struct {
		Owner       string      `json:"owner,omitempty" maxLength:"254" doc:"Address of the user whose mail it is; the caller when empty"`
		Address     string      `json:"address,omitempty" maxLength:"254" doc:"Address of the mailbox; else the login, if it is one, or that of the owner"`
		Aliases     []string    `json:"aliases,omitempty" maxItems:"50" doc:"Other addresses whose mail arrives here"`
		Server      string      `json:"server" minLength:"1" maxLength:"300" doc:"host:port of the IMAP server"`
		TLS         crm.TLSMode `json:"tls,omitempty" enum:"tls,starttls,none" default:"tls" doc:"none is for loopback only"`
		Login       string      `json:"login" minLength:"1" maxLength:"300"`
		Password    string      `json:"password" minLength:"1" maxLength:"1000" writeOnly:"true"`
		SMTP        string      `json:"smtp,omitempty" maxLength:"300" doc:"host:port of the server that mail is sent through; empty: none is sent"`
		SMTPTLS     crm.TLSMode `json:"smtp_tls,omitempty" enum:"tls,starttls,none" default:"tls"`
		Since       crm.Time    `json:"since,omitempty" doc:"Older mail is counted and left out"`
		Folders     []string    `json:"folders,omitempty" maxItems:"200" doc:"Only these; else all that reach a timeline"`
		HeadersOnly bool        `json:"headers_only,omitempty" doc:"Fetch no bodies"`
	}
}

type mailboxCreated struct {
	Location string `header:"Location"`
	Body     mailboxView
}

// addMailbox signs in once first: what does not work is answered at once, and
// nothing is stored.
func (s *Server) addMailbox(ctx context.Context, in *mailboxInput) (*mailboxCreated, error) {
	m, err := s.newMailbox(ctx, in)
	if err != nil {
		return nil, err
	}
	password := seal.NewSecret(in.Body.Password)
	if err := s.try(ctx, m, password); err != nil {
		return nil, err
	}
	err = s.deps.Seal.Storing(func() error {
		if m.Password, err = s.deps.Seal.Seal(password, string(m.ID), "password"); err != nil {
			return err
		}
		return s.keepMailbox(ctx, &m)
	})
	if err != nil {
		return nil, err
	}
	if s.deps.Added != nil {
		s.deps.Added()
	}
	view, err := s.viewMailbox(ctx, &m)
	return &mailboxCreated{Location: "/api/v1/mailboxes/" + string(m.ID), Body: view}, err
}

// keepMailbox stores a new mailbox, or one that was deleted before.
func (s *Server) keepMailbox(ctx context.Context, m *crm.Mailbox) error {
	return s.deps.Space.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Mailboxes.GetMany(ctx, tx, []string{string(m.ID)})
		if err != nil {
			return err
		}
		if docs[0].Exists() && docs[0].Value.State != crm.StateDeleted {
			return crm.Errorf(crm.Exists, "api.addMailbox", "this mailbox was added before").WithField("login").
				WithHint("see it with: threadline mailbox status " + string(m.ID))
		}
		if docs[0].Exists() {
			store.Mailboxes.PutIf(tx, m, docs[0].Version)
		} else {
			store.Mailboxes.Create(tx, m)
		}
		return nil
	})
}

func (s *Server) newMailbox(ctx context.Context, in *mailboxInput) (crm.Mailbox, error) {
	b := &in.Body
	owner, err := s.ownerOf(ctx, b.Owner)
	if err != nil {
		return crm.Mailbox{}, err
	}
	ws, err := s.workspace(ctx)
	if err != nil {
		return crm.Mailbox{}, err
	}
	m := crm.Mailbox{Owner: owner.ID, Kind: crm.KindIMAP, Address: owner.Email, Server: strings.TrimSpace(b.Server), TLS: b.TLS,
		Login: b.Login, SMTP: strings.TrimSpace(b.SMTP), SMTPTLS: b.SMTPTLS, Since: b.Since, Folders: b.Folders, HeadersOnly: b.HeadersOnly,
		CreatedAt: s.deps.Space.Store().Now(), State: crm.StateNew, Local: viewerOf(ctx).Operator}
	if err := checkSMTP(m.SMTP, m.SMTPTLS); err != nil {
		return m, err
	}
	if a, err := crm.ParseAddress(b.Login); err == nil {
		m.Address = a
	}
	if b.Address != "" {
		if m.Address, err = crm.ParseAddress(b.Address); err != nil {
			return m, blame(err, "address")
		}
	}
	if m.Aliases, err = parseAliases(b.Aliases); err != nil {
		return m, err
	}
	if err := s.ownAddresses(ctx, owner.ID, "address", m.Address); err != nil {
		return m, err
	}
	if err := s.ownAddresses(ctx, owner.ID, "aliases", m.Aliases...); err != nil {
		return m, err
	}
	m.ID = crm.MailboxID(crm.DerivedID(crm.PrefixMailbox, ws.IDKey, string(owner.ID), string(m.Kind), strings.ToLower(m.Server), m.Login))
	return m, nil
}

func parseAliases(list []string) (out []crm.Address, err error) {
	for _, s := range list {
		a, err := crm.ParseAddress(s)
		if err != nil {
			return nil, blame(err, "aliases")
		}
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out, nil
}

// ownAddresses refuses addresses of a mailbox that are somebody else's: those of a
// mailbox are ours to the whole workspace, so that the mail of a customer would
// leave every timeline, and a colleague could be written as.
func (s *Server) ownAddresses(ctx context.Context, owner crm.UserID, field string, list ...crm.Address) error {
	if viewerOf(ctx).Operator {
		return nil
	}
	users, err := s.deps.Auth.Users(ctx, s.deps.Space)
	if err != nil {
		return err
	}
	taken := func(a crm.Address) error {
		return crm.Errorf(crm.Denied, "api.ownAddresses", "%s is an address of somebody else", a).WithField(field).
			WithHint("leave it out; the operator may do it: threadline mailbox add, or edit")
	}
	for _, a := range list {
		if slices.ContainsFunc(users, func(u crm.User) bool { return u.Email == a && u.ID != owner }) {
			return taken(a)
		}
	}
	held, err := s.deps.Records.Held(ctx, viewerOf(ctx), list)
	if err != nil {
		return blame(err, field)
	}
	if held != "" {
		return taken(held)
	}
	return nil
}

// checkSMTP refuses a server to send through that cannot work.
func checkSMTP(server string, mode crm.TLSMode) error {
	if server == "" {
		return nil
	}
	_, err := smtp.New(smtp.Config{Server: server, TLS: mode})
	return err
}

// ownerOf returns the user who will own the mailbox: the caller, or whom the
// operator names.
func (s *Server) ownerOf(ctx context.Context, email string) (crm.User, error) {
	who := callerOf(ctx)
	if email == "" {
		if who.user.ID == "" {
			return crm.User{}, crm.Errorf(crm.Invalid, "api.ownerOf", "whose mailbox is it?").WithField("owner").WithHint("name the user: --owner EMAIL")
		}
		return who.user, nil
	}
	u, err := s.deps.Auth.UserByEmail(ctx, s.deps.Space, crm.Address(email))
	if err != nil {
		return u, blame(err, "owner")
	}
	if u.ID != who.user.ID && !who.viewer.Operator {
		return u, crm.Errorf(crm.Denied, "api.ownerOf", "nobody adds a mailbox for somebody else").WithField("owner")
	}
	return u, nil
}

// try signs in to the mailbox once and looks whether the chosen folders exist.
func (s *Server) try(ctx context.Context, m crm.Mailbox, password seal.Secret) error {
	src, err := s.deps.Source(m, password)
	if err != nil {
		return serverTrouble(err)
	}
	folders, err := engine.Try(ctx, src)
	if err != nil {
		return serverTrouble(err)
	}
	have := map[string]bool{}
	var names []string
	for _, f := range folders {
		have[f.Name] = true
		names = append(names, f.Name)
	}
	for _, name := range m.Folders {
		if !have[name] {
			return crm.Errorf(crm.Invalid, "api.try", "the mailbox has no folder %q", crm.Clip(name, 80)).
				WithField("folders").WithHint("it has: " + crm.Clip(strings.Join(names, ", "), 300))
		}
	}
	return nil
}

// serverTrouble is what a mail server did to us, told as trouble with what the
// caller entered: it is neither their session nor our service that fails.
func serverTrouble(err error) error {
	e, ok := asError(err)
	if !ok {
		return err
	}
	const op = crm.Op("api.serverTrouble")
	switch e.Kind {
	case crm.Unauthorized:
		out := crm.Errorf(crm.Invalid, op, "%s", e.Msg).WithField("password")
		return withHint(out, e.Hint, "check login and password; many providers want a password made for this app")
	case crm.Unavailable, crm.Internal, crm.Throttled:
		out := crm.E(crm.Invalid, op, reason(e), err).WithField("server")
		return withHint(out, e.Hint, "check host, port, and how the connection is protected (TLS)")
	case crm.Invalid:
		return crm.E(crm.Invalid, op, "", err).WithField(fieldOr(e.Field, "server"))
	}
	return err
}

func withHint(e *crm.Error, hint, other string) *crm.Error {
	if hint == "" {
		hint = other
	}
	return e.WithHint(hint)
}

func fieldOr(field, other string) string {
	if field == "" {
		return other
	}
	return field
}

// reason adds the cause to a sentence about a server: names of hosts and of TLS
// faults, which whoever set it up needs.
func reason(e *crm.Error) string {
	msg := strings.TrimSuffix(e.Msg, ".")
	if e.Err == nil {
		return msg
	}
	var dns *net.DNSError
	if errors.As(e.Err, &dns) { // it also names the server that was asked
		return msg + ": " + dns.Err
	}
	return msg + ": " + crm.Clip(e.Err.Error(), 200)
}
