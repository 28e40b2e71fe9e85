package auth

import (
	"context"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// NewLink makes a one-time sign-in link for a user and returns its token. Links
// that were made before stop working.
func (s *Service) NewLink(ctx context.Context, sp *store.Space, id crm.UserID) (string, error) {
	const op = crm.Op("auth.NewLink")
	token, link, err := s.link(id, LinkLife)
	if err != nil {
		return "", err
	}
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Users.Get(ctx, tx, string(id))
		if err != nil {
			return err
		}
		old, err := sessionsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.Value.Status == crm.UserLeft {
			return crm.Errorf(crm.Denied, op, "this user has left the workspace")
		}
		for _, o := range old {
			if o.Link {
				store.Sessions.Delete(tx, o.ID)
			}
		}
		store.Sessions.Create(tx, &link)
		return nil
	})
	if err != nil {
		return "", crm.Wrap(op, "the link cannot be made", err)
	}
	return token, nil
}

func (s *Service) link(id crm.UserID, life time.Duration) (token string, link crm.Session, err error) {
	token, err = newSecret(s.random)
	now := s.store.Now()
	return token, crm.Session{ID: sessionID(forLink, token), User: id, Link: true, Created: now, Expires: now.Add(life)}, err
}

func sessionsOf(ctx context.Context, r store.Reader, id crm.UserID) ([]crm.Session, error) {
	page, err := store.Sessions.Query(ctx, r, store.Query{Where: []store.Filter{store.Is("user", id)}, Limit: maxSessions})
	return page.Values(), err
}

// maxSessions bounds what one person can fill the store with: the oldest ends
// when another begins.
const maxSessions = 100

// Redeem turns the token of a link into a session and returns the session's
// secret. The link is gone in the same transaction, so of two who try only one
// gets in. Whoever has a second factor is asked for it all the same: the answer
// is a half session then, see Begun.
func (s *Service) Redeem(ctx context.Context, sp *store.Space, token string, v Visit) (Begun, error) {
	const op = crm.Op("auth.Redeem")
	refused := crm.Errorf(crm.Unauthorized, op, "this sign-in link is not valid any more").
		WithHint("ask whoever runs Threadline for a new one")
	var who crm.UserID
	err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		id := sessionID(forLink, token)
		link, err := store.Sessions.GetMany(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		if !link[0].Exists() || !link[0].Value.Link || s.store.Now() >= link[0].Value.Expires {
			return refused
		}
		who = link[0].Value.User
		store.Sessions.Delete(tx, id)
		return nil
	})
	if err != nil {
		return Begun{}, crm.Wrap(op, "signing in failed", err)
	}
	b, err := s.begin(ctx, sp, who, crm.ByLink, v)
	if crm.IsKind(err, crm.Denied) {
		return Begun{}, refused
	}
	return b, err
}

// Begun is a sign-in that has come through: whole, or, with Half, up to the
// second factor.
type Begun struct {
	Secret string
	User   crm.User
	Half   bool
}

// begin opens a session for somebody who has proved who they are. Its secret is
// new whatever the browser held before, and what it held ends. crm.Denied when
// the person has left.
func (s *Service) begin(ctx context.Context, sp *store.Space, id crm.UserID, by crm.Means, v Visit) (Begun, error) {
	const op = crm.Op("auth.begin")
	secret, err := newSecret(s.random)
	if err != nil {
		return Begun{}, err
	}
	out := Begun{Secret: secret}
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		u, c, err := person(ctx, tx, id)
		if err != nil {
			return err
		}
		if u.ID == "" || u.Status == crm.UserLeft {
			return crm.Errorf(crm.Denied, op, "this user has left the workspace")
		}
		old, err := sessionsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		out.User, out.Half = u, c.TOTP != ""
		s.tidy(tx, old, v.Old)
		s.open(tx, &out, by, v)
		return nil
	})
	if err != nil {
		return Begun{}, crm.Wrap(op, "signing in failed", err)
	}
	s.cache.drop(string(sp.Workspace()) + "\x00" + sessionID(forSession, v.Old))
	return out, nil
}

// open writes the session, or the half of one.
func (s *Service) open(tx *store.Tx, b *Begun, by crm.Means, v Visit) {
	now := s.store.Now()
	ses := crm.Session{User: b.User.ID, Created: now, Seen: now, Means: by, Half: b.Half,
		Address: crm.Clip(v.Address, 64), Agent: crm.Clip(v.Agent, clipAgent)}
	if b.Half {
		ses.ID, ses.Expires = sessionID(forHalf, b.Secret), now.Add(HalfLife)
	} else {
		ses.ID, ses.Expires, ses.Proved = sessionID(forSession, b.Secret), now.Add(SessionLife), now
		if b.User.Status != crm.UserActive {
			b.User.Status = crm.UserActive
			store.Users.Put(tx, &b.User)
		}
	}
	store.Sessions.Create(tx, &ses)
}

// tidy removes what is over, what the browser held, and the oldest beyond the
// bound.
func (s *Service) tidy(tx *store.Tx, old []crm.Session, held string) {
	now := s.store.Now()
	gone := sessionID(forSession, held)
	slices.SortFunc(old, func(a, b crm.Session) int { return int(b.Created - a.Created) })
	for i, o := range old {
		if now >= o.Expires || o.ID == gone || i >= maxSessions-1 {
			store.Sessions.Delete(tx, o.ID)
		}
	}
}

// person reads a user with their credential; both are zero when missing.
func person(ctx context.Context, r store.Reader, id crm.UserID) (crm.User, crm.Credential, error) {
	users, err := store.Users.GetMany(ctx, r, []string{string(id)})
	if err != nil {
		return crm.User{}, crm.Credential{}, err
	}
	creds, err := store.Credentials.GetMany(ctx, r, []string{string(id)})
	if err != nil || !users[0].Exists() {
		return crm.User{}, crm.Credential{}, err
	}
	return users[0].Value, creds[0].Value, nil
}

// Session returns who holds the secret of a session; crm.Unauthorized when it
// opens none.
func (s *Service) Session(ctx context.Context, sp *store.Space, secret string) (Proof, error) {
	id := sessionID(forSession, secret)
	p, err := s.verified(ctx, sp, id, func(now crm.Time) (Proof, crm.Time, error) {
		docs, err := store.Sessions.GetMany(ctx, sp, []string{id})
		if err != nil {
			return Proof{}, 0, err
		}
		d := docs[0]
		ends := min(d.Value.Expires, max(d.Value.Seen, d.Value.Created).Add(IdleLife))
		if d.Value.Created == 0 { // made by an earlier version
			ends = d.Value.Expires
		}
		if !d.Exists() || d.Value.Link || d.Value.Half || now >= ends {
			return Proof{}, 0, nil
		}
		if now >= d.Value.Seen.Add(seenEvery) {
			d.Value.Seen = now
			b := sp.Batch()
			store.Sessions.PutIf(b, &d.Value, d.Version)
			_ = b.Commit(ctx) // when the disk is full, reading goes on
		}
		return Proof{User: crm.User{ID: d.Value.User}, Session: d.Value}, ends, nil
	})
	return p, err
}

// verified answers from the cache, or asks find whose credential it is and
// checks that this user is still here.
func (s *Service) verified(ctx context.Context, sp *store.Space, id string,
	find func(now crm.Time) (Proof, crm.Time, error),
) (Proof, error) {
	const op = crm.Op("auth.verify")
	now := s.store.Now()
	key := string(sp.Workspace()) + "\x00" + id
	if p, ok := s.cache.get(key, now); ok {
		return p, nil
	}
	refused := crm.Errorf(crm.Unauthorized, op, "this credential is not valid").WithHint("sign in again")
	p, expires, err := find(now)
	if err != nil {
		return Proof{}, crm.Wrap(op, "the credential cannot be checked", err)
	}
	if p.User.ID == "" {
		return Proof{}, refused
	}
	users, err := store.Users.GetMany(ctx, sp, []string{string(p.User.ID)})
	if err != nil {
		return Proof{}, crm.Wrap(op, "the credential cannot be checked", err)
	}
	if !users[0].Exists() || users[0].Value.Status == crm.UserLeft {
		return Proof{}, refused
	}
	p.User = users[0].Value
	s.cache.put(key, p, now, expires)
	return p, nil
}

// SignOut ends a session; one that does not exist is no error.
func (s *Service) SignOut(ctx context.Context, sp *store.Space, secret string) error {
	return s.end(ctx, sp, sessionID(forSession, secret))
}

func (s *Service) end(ctx context.Context, sp *store.Space, ids ...string) error {
	b := sp.Batch()
	for _, id := range ids {
		store.Sessions.Delete(b, id)
	}
	err := b.Commit(ctx)
	for _, id := range ids {
		s.cache.drop(string(sp.Workspace()) + "\x00" + id)
	}
	if err != nil {
		return crm.Wrap("auth.SignOut", "the session cannot be ended", err)
	}
	return nil
}

// Sessions lists the browsers in which a user is signed in, the last used first.
func (s *Service) Sessions(ctx context.Context, sp *store.Space, user crm.UserID) ([]crm.Session, error) {
	all, err := sessionsOf(ctx, sp, user)
	if err != nil {
		return nil, crm.Wrap("auth.Sessions", "the sessions cannot be read", err)
	}
	now := s.store.Now()
	all = slices.DeleteFunc(all, func(x crm.Session) bool { return x.Link || x.Half || now >= x.Expires })
	slices.SortFunc(all, func(a, b crm.Session) int { return int(b.Seen - a.Seen) })
	return all, nil
}

// SessionName is what a session is called to its owner: it opens nothing.
func SessionName(x crm.Session) string { return x.ID[:min(len(x.ID), 20)] }

// End ends one session of a user by its name; crm.NotFound when there is none.
func (s *Service) End(ctx context.Context, sp *store.Space, user crm.UserID, name string) error {
	all, err := s.Sessions(ctx, sp, user)
	if err != nil {
		return err
	}
	for _, x := range all {
		if SessionName(x) == name {
			return s.end(ctx, sp, x.ID)
		}
	}
	return crm.Errorf(crm.NotFound, "auth.End", "there is no such session").WithField("id")
}

// EndAll ends every session and link of a user but keep, and tells how many.
func (s *Service) EndAll(ctx context.Context, sp *store.Space, user crm.UserID, keep string) (int, error) {
	all, err := sessionsOf(ctx, sp, user)
	if err != nil {
		return 0, crm.Wrap("auth.EndAll", "the sessions cannot be read", err)
	}
	var ids []string
	for _, x := range all {
		if x.ID != keep {
			ids = append(ids, x.ID)
		}
	}
	err = s.end(ctx, sp, ids...)
	s.cache.dropUser(user)
	return len(ids), err
}
