package auth

import (
	"context"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Seat is a person's place in one of the workspaces of a server.
type Seat struct {
	Workspace crm.Workspace
	User      crm.User
}

// Seats lists the places of a user of a workspace, their own among them, in the
// order in which the workspaces were made. Nobody else learns of them.
func (s *Service) Seats(ctx context.Context, sp *store.Space, u *crm.User) ([]Seat, error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	account := u.AccountIn(sp.Workspace())
	var out []Seat
	for _, ws := range all {
		in := s.store.In(ws.ID)
		who, err := seat(ctx, in, in, account)
		if err != nil {
			return nil, crm.Wrap("auth.Seats", "the users cannot be read", err)
		}
		if who.ID != "" && who.Status != crm.UserLeft {
			out = append(out, Seat{ws, who})
		}
	}
	return out, nil
}

// Found makes another workspace, of which the user is the admin: they sign in as
// before and move over. Without a user it begins empty.
func (s *Service) Found(ctx context.Context, sp *store.Space, u *crm.User, in BootstrapInput) (Seat, error) {
	const op = crm.Op("auth.Found")
	if strings.TrimSpace(in.Name) == "" {
		return Seat{}, crm.Errorf(crm.Invalid, op, "a workspace has a name").WithField("name")
	}
	ws, err := s.newWorkspace(in)
	if err != nil || u == nil {
		if err == nil {
			err = s.found(ctx, &ws, nil)
		}
		return Seat{Workspace: ws}, crm.Wrap(op, "the workspace cannot be made", err)
	}
	id, err := s.store.NewID(crm.PrefixUser)
	if err != nil {
		return Seat{}, err
	}
	first := crm.User{ID: crm.UserID(id), Email: u.Email, Name: u.Name, Locale: u.Locale, Status: crm.UserActive,
		CreatedAt: s.store.Now(), Account: u.AccountIn(sp.Workspace())}
	return Seat{ws, first}, crm.Wrap(op, "the workspace cannot be made", s.found(ctx, &ws, &first))
}

// Join turns an invitation to another workspace into a seat of somebody who is
// signed in. The token is used up. Whoever has a way of their own to sign in there
// already is refused: another account would be a way around it.
func (s *Service) Join(ctx context.Context, sp *store.Space, p Proof, to *store.Space, token string) (crm.User, error) {
	const op = crm.Op("auth.Join")
	refused := crm.Errorf(crm.Unauthorized, op, "this invitation is not valid any more").WithHint("ask whoever sent it for a new one").WithField("token")
	if to.Workspace() == sp.Workspace() {
		return crm.User{}, crm.Errorf(crm.Invalid, op, "this invitation is to the workspace that you are in").WithField("token")
	}
	account := p.User.AccountIn(sp.Workspace())
	var u crm.User
	err := to.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		links, err := store.Sessions.GetMany(ctx, tx, []string{sessionID(forLink, token)})
		if err != nil {
			return err
		}
		l := links[0]
		if !l.Exists() || !l.Value.Link || s.store.Now() >= l.Value.Expires {
			return refused
		}
		have, err := seat(ctx, tx, to, account)
		if err != nil {
			return err
		}
		var cred crm.Credential
		if u, cred, err = person(ctx, tx, l.Value.User); err != nil {
			return err
		}
		switch {
		case u.ID == "" || u.Status == crm.UserLeft:
			return refused
		case have.ID != "" && have.ID != u.ID:
			return crm.Errorf(crm.Exists, op, "you are %s in that workspace already", have.Email).WithField("token")
		case u.Status != crm.UserInvited || u.Account != "" || u.Subject != "" || cred.Password != "" || cred.TOTP != "":
			return crm.Errorf(crm.Conflict, op, "%s signs in to that workspace by themselves already", u.Email).WithField("token").
				WithHint("open the link in a browser in which nobody is signed in")
		}
		u.Status = crm.UserActive
		u.Account = account
		store.Sessions.Delete(tx, l.Value.ID)
		store.Users.Put(tx, &u)
		return nil
	})
	return u, crm.Wrap(op, "the workspace cannot be joined", err)
}

// seat is the user that an account is in a workspace; zero when it has none.
func seat(ctx context.Context, r store.Reader, sp *store.Space, account crm.AccountID) (crm.User, error) {
	if home, id := account.Home(); home == sp.Workspace() {
		docs, err := store.Users.GetMany(ctx, r, []string{string(id)})
		return docs[0].Value, err
	}
	page, err := store.Users.Query(ctx, r, store.Query{Where: []store.Filter{store.Is("account", string(account))}, Limit: 1})
	if list := page.Values(); err == nil && len(list) > 0 {
		return list[0], nil
	}
	return crm.User{}, err
}

// Move opens a session in another workspace for somebody who has one here, which
// ends. It is no newer proof of who they are, and lasts no longer.
func (s *Service) Move(ctx context.Context, sp *store.Space, p Proof, to *store.Space, v Visit) (Begun, error) {
	const op = crm.Op("auth.Move")
	if p.Session.ID == "" {
		return Begun{}, crm.Errorf(crm.Invalid, op, "only a signed-in browser moves").WithHint("a key belongs to one workspace")
	}
	secret, err := newSecret(s.random)
	if err != nil {
		return Begun{}, err
	}
	account := p.User.AccountIn(sp.Workspace())
	out := Begun{Secret: secret}
	err = to.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		u, err := seat(ctx, tx, to, account)
		if err != nil {
			return err
		}
		if u.ID == "" || u.Status == crm.UserLeft {
			return crm.Errorf(crm.NotFound, op, "there is no such workspace").WithField("id")
		}
		old, err := sessionsOf(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		s.tidy(tx, old, "")
		out.User = u
		ses := p.Session
		ses.ID, ses.User, ses.Seen = sessionID(forSession, secret), u.ID, s.store.Now()
		ses.Address, ses.Agent = crm.Clip(v.Address, 64), crm.Clip(v.Agent, clipAgent)
		store.Sessions.Create(tx, &ses)
		return nil
	})
	if err != nil || to.Workspace() == sp.Workspace() {
		return out, crm.Wrap(op, "you cannot move there", err)
	}
	return out, s.end(ctx, sp, p.Session.ID)
}

// SpaceFor is the workspace in which an address signs in: here, when it is a user
// here with an account of its own, else the first such one. Whoever asks learns
// nothing from it.
func (s *Service) SpaceFor(ctx context.Context, here *store.Space, email string) (*store.Space, error) {
	address, err := crm.ParseAddress(email)
	if err != nil {
		return here, nil
	}
	return s.firstWith(ctx, here, func(sp *store.Space) (crm.User, error) {
		users, err := byEmail(ctx, sp, address)
		if err != nil || len(users) == 0 {
			return crm.User{}, err
		}
		return users[0], nil
	})
}

// SpaceOf is the workspace in which an identity of a provider is known, or an
// address that it vouches for; here when none is.
func (s *Service) SpaceOf(ctx context.Context, here *store.Space, who Identity) (*store.Space, error) {
	sp, err := s.firstWith(ctx, here, func(sp *store.Space) (crm.User, error) { return byIdentity(ctx, sp, who) })
	if err != nil || who.Verified == "" {
		return sp, err
	}
	if u, err := byIdentity(ctx, sp, who); err != nil || u.ID != "" {
		return sp, err
	}
	return s.SpaceFor(ctx, here, string(who.Verified))
}

func (s *Service) firstWith(ctx context.Context, here *store.Space, find func(*store.Space) (crm.User, error)) (*store.Space, error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return here, err
	}
	spaces := []*store.Space{here}
	for _, ws := range all {
		if ws.ID != here.Workspace() {
			spaces = append(spaces, s.store.In(ws.ID))
		}
	}
	for _, sp := range spaces {
		u, err := find(sp)
		if err != nil {
			return here, crm.Wrap("auth.SpaceFor", "the users cannot be read", err)
		}
		if u.ID != "" && u.Account == "" && u.Status != crm.UserLeft {
			return sp, nil
		}
	}
	return here, nil
}

// Named puts the workspace before a secret, so that whoever brings it back says
// where it opens something.
func Named(ws crm.WorkspaceID, secret string) string { return string(ws) + "." + secret }

// Unnamed takes the workspace off a secret; it is empty for one from before there
// could be several.
func Unnamed(named string) (crm.WorkspaceID, string) {
	ws, secret, ok := strings.Cut(named, ".")
	if !ok {
		return "", named
	}
	return crm.WorkspaceID(ws), secret
}

// KeyID is the id of the API key that a token is of; "" when it is of none.
func KeyID(token string) string {
	id, _, ok := splitKey(strings.TrimSpace(token))
	if !ok {
		return ""
	}
	return id
}

// SpaceOfKey is the workspace of an API key; "" when there is none.
func (s *Service) SpaceOfKey(ctx context.Context, id string) (crm.WorkspaceID, error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	for _, ws := range all {
		docs, err := store.APIKeys.GetMany(ctx, s.store.In(ws.ID), []string{id})
		if err != nil {
			return "", crm.Wrap("auth.SpaceOfKey", "the keys cannot be read", err)
		}
		if docs[0].Exists() {
			return ws.ID, nil
		}
	}
	return "", nil
}

// WorkspaceNamed finds a workspace by id, or by a name that only one has.
func (s *Service) WorkspaceNamed(ctx context.Context, name string) (crm.WorkspaceID, error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	var found []crm.WorkspaceID
	for _, ws := range all {
		if string(ws.ID) == name {
			return ws.ID, nil
		}
		if strings.EqualFold(ws.Name, name) {
			found = append(found, ws.ID)
		}
	}
	if len(found) != 1 {
		return "", crm.Errorf(crm.NotFound, "auth.WorkspaceNamed", "%d workspaces are called %q", len(found), crm.Clip(name, 80)).
			WithField("workspace").WithHint("list them with: threadline workspace list")
	}
	return found[0], nil
}
