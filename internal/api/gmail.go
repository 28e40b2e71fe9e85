package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
	"threadline/sync/gmail"
)

// callback is where Google sends a browser back to; connectPath sends it there:
// the link that repairs a mailbox.
const (
	callback    = "/google/callback"
	connectPath = "/google/connect"
)

// consentLife is how long a consent may take.
const consentLife = 15 * time.Minute

func (s *Server) gmailRoutes() {
	s.gin.GET(callback, s.consented)
	s.gin.GET(connectPath, s.connecting)
	begin := post("/api/v1/mailboxes/gmail/consent", "begin-gmail", "Begin to connect a Gmail account, to repair its consent, or to widen it: answers the page at Google to open", "mailboxes")
	end := post("/api/v1/mailboxes/gmail", "connect-gmail", "Connect a Gmail account with the code that Google gave after the consent", "mailboxes")
	end.limit, end.outside, end.status = slowLimit, true, http.StatusCreated
	add(s, begin, s.beginGmail)
	add(s, end, s.endGmail)
}

type gmailBegin struct {
	Body struct {
		Owner    string        `json:"owner,omitempty" maxLength:"254" doc:"Address of the user whose mail it is; the caller when empty"`
		Mailbox  crm.MailboxID `json:"mailbox,omitempty" doc:"Connect this one again"`
		Send     bool          `json:"send,omitempty" doc:"Ask for the permission to send, too"`
		Drafts   bool          `json:"drafts,omitempty" doc:"Ask for the permission to keep drafts and to send, too"`
		IMAP     bool          `json:"imap,omitempty" doc:"Through IMAP and SMTP, with one permission for both, in place of the Gmail API"`
		Since    crm.Time      `json:"since,omitempty" doc:"Older mail is counted and left out"`
		Known    bool          `json:"known_only,omitempty" doc:"Of the mail before it is connected: only that of people and companies who are known, and the rest of it when they become so"`
		Redirect string        `json:"redirect,omitempty" maxLength:"200" doc:"Of a program on the user's machine: http://127.0.0.1:PORT/; else this server"`
	}
}

type consentView struct {
	URL string `json:"url" doc:"Open it in a browser; it is good for 15 minutes, in this session"`
}

// consent is what a state stands for. It is sealed, and opens in the session
// that began it only.
type consent struct {
	Owner    crm.UserID    `json:"owner"`
	Mailbox  crm.MailboxID `json:"mailbox,omitempty"`
	Since    crm.Time      `json:"since,omitempty"`
	Known    bool          `json:"known_only,omitempty"`
	Scopes   []string      `json:"scopes"`
	Redirect string        `json:"redirect"`
	Verifier string        `json:"verifier"`
	Until    crm.Time      `json:"until"`
}

func (s *Server) google() (*gmail.Project, error) {
	if s.deps.Gmail == nil {
		return nil, crm.Errorf(crm.Unavailable, "api.gmail", "this installation has no OAuth client at Google").
			WithHint("start the server with --google-client-id and --google-client-secret-file")
	}
	return s.deps.Gmail, nil
}

func (s *Server) beginGmail(ctx context.Context, in *gmailBegin) (*body[consentView], error) {
	project, err := s.google()
	if err != nil {
		return nil, err
	}
	c := consent{Mailbox: in.Body.Mailbox, Since: in.Body.Since, Known: in.Body.Known, Scopes: []string{gmail.ScopeRead}, Redirect: s.publicURL(callback),
		Verifier: gmail.NewVerifier(), Until: s.deps.Space.Store().Now().Add(consentLife)}
	var address crm.Address
	if c.Mailbox != "" {
		m, err := s.mailbox(ctx, MailboxRef{ID: string(c.Mailbox)})
		if err != nil {
			return nil, err
		}
		if !m.Consented() {
			return nil, crm.Errorf(crm.Invalid, "api.beginGmail", "this mailbox is not connected through Google").WithField("mailbox")
		}
		c.Owner, address, in.Body.IMAP = m.Owner, m.Address, m.Kind == crm.KindIMAP
		for _, had := range []string{gmail.ScopeSend, gmail.ScopeCompose} {
			if slices.Contains(m.Scopes, had) {
				c.Scopes = append(c.Scopes, had)
			}
		}
	} else {
		owner, err := s.ownerOf(ctx, in.Body.Owner)
		if err != nil {
			return nil, err
		}
		c.Owner, address = owner.ID, owner.Email
	}
	if in.Body.IMAP && c.Known {
		return nil, crm.Errorf(crm.Invalid, "api.beginGmail", "mail of known people alone can be asked for through the Gmail API only").WithField("known_only")
	}
	if in.Body.IMAP {
		c.Scopes = []string{gmail.ScopeMail}
	} else if in.Body.Drafts && !slices.Contains(c.Scopes, gmail.ScopeCompose) {
		c.Scopes = append(c.Scopes, gmail.ScopeCompose)
	} else if in.Body.Send && !slices.Contains(c.Scopes, gmail.ScopeSend) {
		c.Scopes = append(c.Scopes, gmail.ScopeSend)
	}
	if in.Body.Redirect != "" {
		if c.Redirect, err = loopback(in.Body.Redirect); err != nil {
			return nil, err
		}
	}
	state, err := s.sealConsent(ctx, c)
	if err != nil {
		return nil, err
	}
	return answer(consentView{URL: project.ConsentURL(c.Redirect, state, c.Verifier, c.Scopes, address)}), nil
}

// publicURL is an address of this server as people reach it.
func (s *Server) publicURL(path string) string {
	base := s.cfg.Public
	if base == nil {
		base = &url.URL{Scheme: "http", Host: s.cfg.Listen}
	}
	return base.Scheme + "://" + base.Host + path
}

// loopback lets a code go to a program on the caller's own machine alone
// (RFC 8252 §7.3).
func loopback(redirect string) (string, error) {
	u, err := url.Parse(redirect)
	if err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" || u.Port() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", crm.Errorf(crm.Invalid, "api.loopback", "a code goes to this server or to a program on your machine").
			WithField("redirect").WithHint("write it as http://127.0.0.1:PORT/")
	}
	return u.String(), nil
}

// binding is what a consent belongs to: the session, or the user behind a key or
// the socket.
func binding(ctx context.Context) string {
	who := callerOf(ctx)
	switch {
	case who.secret != "":
		return "session " + who.secret
	case who.user.ID != "":
		return "user " + string(who.user.ID)
	}
	return "operator"
}

func (s *Server) sealConsent(ctx context.Context, c consent) (string, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return "", crm.E(crm.Internal, "api.sealConsent", "a consent cannot be written down", err)
	}
	return s.deps.Seal.Seal(seal.NewSecret(string(data)), "gmail consent", binding(ctx))
}

func (s *Server) openConsent(ctx context.Context, state string) (consent, error) {
	const op = crm.Op("api.openConsent")
	var c consent
	data, err := s.deps.Seal.Unseal(state, "gmail consent", binding(ctx))
	if err != nil || json.Unmarshal([]byte(data.Reveal()), &c) != nil {
		return c, crm.Errorf(crm.Denied, op, "this consent was not begun in this session").WithField("state").WithHint("begin again in the browser in which you are signed in")
	}
	if c.Until < s.deps.Space.Store().Now() {
		return c, crm.Errorf(crm.Invalid, op, "the consent took too long").WithField("state").WithHint("begin again")
	}
	return c, nil
}

type gmailEnd struct {
	Body struct {
		State string `json:"state" minLength:"1" maxLength:"4000"`
		Code  string `json:"code" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) endGmail(ctx context.Context, in *gmailEnd) (*mailboxCreated, error) {
	m, err := s.connectGmail(ctx, in.Body.State, in.Body.Code)
	if err != nil {
		return nil, err
	}
	view, err := s.viewMailbox(ctx, &m)
	return &mailboxCreated{Location: "/api/v1/mailboxes/" + string(m.ID), Body: view}, err
}

// consented is where a browser comes back from Google; it goes on to the first
// page, which is told what became of it.
func (s *Server) consented(c *gin.Context) {
	who, err := s.bySession(c.Request)
	if err != nil {
		s.signInFirst(c, "", err)
		return
	}
	ctx := context.WithValue(c.Request.Context(), callerKey, who)
	q := c.Request.URL.Query()
	if q.Get("error") != "" {
		s.afterConsent(c, "", "refused")
		return
	}
	m, err := s.connectGmail(ctx, q.Get("state"), q.Get("code"))
	if err != nil {
		s.deps.Log.InfoContext(ctx, "a Gmail account was not connected", "user", who.user.ID, "kind", crm.KindOf(err), "err", err)
		s.afterConsent(c, "", string(crm.KindOf(err)))
		return
	}
	s.afterConsent(c, m.ID, "")
}

func (s *Server) afterConsent(c *gin.Context, m crm.MailboxID, trouble string) {
	q := url.Values{}
	if m != "" {
		q.Set("connected", string(m))
	}
	if trouble != "" {
		q.Set("trouble", trouble)
	}
	c.Redirect(http.StatusSeeOther, "/?"+q.Encode())
}

// connecting begins a consent for whoever is signed in and goes to Google's page.
// Its address stands in hints, which people open wherever they read them: the
// browser may have to be let in first, and nobody there reads problem documents.
func (s *Server) connecting(c *gin.Context) {
	who, err := s.bySession(c.Request)
	if err != nil {
		s.signInFirst(c, c.Request.URL.RequestURI(), err)
		return
	}
	ctx := context.WithValue(c.Request.Context(), callerKey, who)
	var in gmailBegin
	in.Body.Mailbox, in.Body.Send = crm.MailboxID(c.Query("mailbox")), c.Query("send") != ""
	page, err := s.beginGmail(ctx, &in)
	if err != nil {
		s.deps.Log.InfoContext(ctx, "a consent was not begun", "user", who.user.ID, "kind", crm.KindOf(err), "err", err)
		s.afterConsent(c, "", string(crm.KindOf(err)))
		return
	}
	c.Redirect(http.StatusSeeOther, page.Body.URL)
}

// signInFirst leads a browser that nobody is signed in with to the door, and from
// there to where it wanted to go.
func (s *Server) signInFirst(c *gin.Context, then string, err error) {
	if !crm.IsKind(err, crm.Unauthorized) {
		s.refuse(c, err)
		return
	}
	to := "/sign-in"
	if then != "" {
		to += "?" + url.Values{"then": {then}}.Encode()
	}
	c.Redirect(http.StatusSeeOther, to)
}

// connectGmail stores the consent: in a new mailbox, or in the one that it
// repairs, which goes on from where it stopped.
func (s *Server) connectGmail(ctx context.Context, state, code string) (crm.Mailbox, error) {
	project, err := s.google()
	if err != nil {
		return crm.Mailbox{}, err
	}
	c, err := s.openConsent(ctx, state)
	if err != nil {
		return crm.Mailbox{}, err
	}
	g, err := project.Redeem(ctx, code, c.Verifier, c.Redirect, c.Scopes)
	if err != nil {
		return crm.Mailbox{}, err
	}
	slices.Sort(g.Scopes)
	ws, err := s.workspace(ctx)
	if err != nil {
		return crm.Mailbox{}, err
	}
	m := s.consentedMailbox(project, c, g)
	id := crm.MailboxID(crm.DerivedID(crm.PrefixMailbox, ws.IDKey, string(c.Owner), string(m.Kind), string(g.Address)))
	if c.Mailbox != "" && c.Mailbox != id {
		return crm.Mailbox{}, crm.Errorf(crm.Invalid, "api.connectGmail", "the consent is for %s, which is another account", g.Address).
			WithField("mailbox").WithHint("choose the account of this mailbox at Google")
	}
	m.ID, m.Local = id, m.Local || viewerOf(ctx).Operator
	return m, s.keepGmail(ctx, &m, seal.NewSecret(g.Refresh))
}

// consentedMailbox is the mailbox that a consent opens: by the API, or by the mail
// servers when it is for those.
func (s *Server) consentedMailbox(p *gmail.Project, c consent, g gmail.Grant) crm.Mailbox {
	m := crm.Mailbox{Owner: c.Owner, Kind: crm.KindGmail, Address: g.Address, Aliases: g.Aliases, Server: "gmail", Login: string(g.Address),
		Since: c.Since, KnownOnly: c.Known, Scopes: g.Scopes, CreatedAt: s.deps.Space.Store().Now(), State: crm.StateNew}
	if slices.Contains(c.Scopes, gmail.ScopeMail) {
		m.Kind, m.TLS, m.SMTPTLS = crm.KindIMAP, crm.TLSImplicit, crm.TLSImplicit
		if m.Server, m.SMTP, m.Local = p.Servers(); m.Local {
			m.TLS, m.SMTPTLS = crm.TLSNone, crm.TLSNone
		}
	}
	return m
}

func (s *Server) keepGmail(ctx context.Context, m *crm.Mailbox, refresh seal.Secret) error {
	known, err := s.knownMailbox(ctx, m.ID)
	if err != nil {
		return err
	}
	err = s.deps.Seal.Storing(func() error {
		sealed, err := s.deps.Seal.Seal(refresh, string(m.ID), "password")
		if err != nil {
			return err
		}
		m.Password = sealed
		if !known {
			return s.keepMailbox(ctx, m)
		}
		return s.deps.Engine.Edit(ctx, m.ID, func(have *crm.Mailbox) {
			have.Password, have.Scopes = m.Password, m.Scopes
			for _, a := range m.Aliases { // those that a person added stay
				if !slices.Contains(have.Aliases, a) {
					have.Aliases = append(have.Aliases, a)
				}
			}
		})
	})
	switch {
	case err != nil:
		return err
	case known:
		return s.deps.Engine.Resume(ctx, m.ID)
	case s.deps.Added != nil:
		s.deps.Added()
	}
	return nil
}

// knownMailbox tells whether a mailbox is there and not deleted.
func (s *Server) knownMailbox(ctx context.Context, id crm.MailboxID) (bool, error) {
	docs, err := store.Mailboxes.GetMany(ctx, s.deps.Space, []string{string(id)})
	if err != nil {
		return false, err
	}
	return docs[0].Exists() && docs[0].Value.State != crm.StateDeleted, nil
}

// RepairURL is where the owner of a mailbox can connect it again.
func RepairURL(public *url.URL, id crm.MailboxID) string {
	return strings.TrimSuffix(public.String(), "/") + connectPath + "?mailbox=" + url.QueryEscape(string(id))
}

// revoke takes the consent of a mailbox back that is being deleted. When Google
// cannot be asked, its owner can do that in the settings of the account; what we
// held is gone in any case.
func (s *Server) revoke(ctx context.Context, m *crm.Mailbox) {
	if !m.Consented() || s.deps.Gmail == nil {
		return
	}
	refresh, err := s.deps.Seal.Unseal(m.Password, string(m.ID), "password")
	if err == nil {
		err = s.deps.Gmail.Revoke(ctx, refresh.Reveal())
	}
	if err != nil {
		s.deps.Log.InfoContext(ctx, "the consent of a deleted mailbox could not be taken back at Google", "mailbox", m.ID, "kind", crm.KindOf(err))
	}
}
