package auth

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// NewLink makes a one-time sign-in link for a user and returns its token.
func (s *Service) NewLink(ctx context.Context, sp *store.Space, id crm.UserID) (string, error) {
	const op = crm.Op("auth.NewLink")
	token, link, err := s.link(id)
	if err != nil {
		return "", err
	}
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Users.Get(ctx, tx, string(id))
		if err != nil {
			return err
		}
		if d.Value.Status == crm.UserLeft {
			return crm.Errorf(crm.Denied, op, "this user has left the workspace")
		}
		store.Sessions.Create(tx, &link)
		return nil
	})
	if err != nil {
		return "", crm.Wrap(op, "the link cannot be made", err)
	}
	return token, nil
}

func (s *Service) link(id crm.UserID) (token string, link crm.Session, err error) {
	token, err = newSecret(s.random)
	return token, crm.Session{
		ID: sessionID(forLink, token), User: id, Link: true, Expires: s.store.Now().Add(LinkLife),
	}, err
}

// Redeem turns the token of a link into a session and returns the session's
// secret. The link is gone in the same transaction, so of two who try only one
// gets in.
func (s *Service) Redeem(ctx context.Context, sp *store.Space, token string) (string, crm.User, error) {
	const op = crm.Op("auth.Redeem")
	secret, err := newSecret(s.random)
	if err != nil {
		return "", crm.User{}, err
	}
	refused := crm.Errorf(crm.Unauthorized, op, "this sign-in link is not valid any more").
		WithHint("ask whoever runs Threadline for a new one")
	var u crm.User
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := s.store.Now()
		id := sessionID(forLink, token)
		link, err := store.Sessions.GetMany(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		if !link[0].Exists() || !link[0].Value.Link || now >= link[0].Value.Expires {
			return refused
		}
		user, err := store.Users.GetMany(ctx, tx, []string{string(link[0].Value.User)})
		if err != nil {
			return err
		}
		if !user[0].Exists() || user[0].Value.Status == crm.UserLeft {
			return refused
		}
		u = user[0].Value
		store.Sessions.Delete(tx, id)
		store.Sessions.Create(tx, &crm.Session{
			ID: sessionID(forSession, secret), User: u.ID, Expires: now.Add(SessionLife),
		})
		if u.Status != crm.UserActive {
			u.Status = crm.UserActive
			store.Users.Put(tx, &u)
		}
		return nil
	})
	if err != nil {
		return "", crm.User{}, crm.Wrap(op, "signing in failed", err)
	}
	return secret, u, nil
}

// Session returns the user of a session; crm.Unauthorized when the secret opens
// none.
func (s *Service) Session(ctx context.Context, sp *store.Space, secret string) (crm.User, error) {
	id := sessionID(forSession, secret)
	return s.verified(ctx, sp, id, func(now crm.Time) (crm.UserID, crm.Time, error) {
		docs, err := store.Sessions.GetMany(ctx, sp, []string{id})
		if err != nil {
			return "", 0, err
		}
		if d := docs[0]; d.Exists() && !d.Value.Link && now < d.Value.Expires {
			return d.Value.User, d.Value.Expires, nil
		}
		return "", 0, nil
	})
}

// verified answers from the cache, or asks find whose credential it is and
// checks that this user is still here.
func (s *Service) verified(ctx context.Context, sp *store.Space, id string,
	find func(now crm.Time) (crm.UserID, crm.Time, error),
) (crm.User, error) {
	const op = crm.Op("auth.verify")
	now := s.store.Now()
	key := string(sp.Workspace()) + "\x00" + id
	if u, ok := s.cache.get(key, now); ok {
		return u, nil
	}
	refused := crm.Errorf(crm.Unauthorized, op, "this credential is not valid").WithHint("sign in again")
	uid, expires, err := find(now)
	if err != nil {
		return crm.User{}, crm.Wrap(op, "the credential cannot be checked", err)
	}
	if uid == "" {
		return crm.User{}, refused
	}
	users, err := store.Users.GetMany(ctx, sp, []string{string(uid)})
	if err != nil {
		return crm.User{}, crm.Wrap(op, "the credential cannot be checked", err)
	}
	if !users[0].Exists() || users[0].Value.Status == crm.UserLeft {
		return crm.User{}, refused
	}
	s.cache.put(key, users[0].Value, now, expires)
	return users[0].Value, nil
}

// SignOut ends a session; one that does not exist is no error.
func (s *Service) SignOut(ctx context.Context, sp *store.Space, secret string) error {
	id := sessionID(forSession, secret)
	b := sp.Batch()
	store.Sessions.Delete(b, id)
	err := b.Commit(ctx)
	s.cache.drop(string(sp.Workspace()) + "\x00" + id)
	if err != nil {
		return crm.Wrap("auth.SignOut", "the session cannot be ended", err)
	}
	return nil
}
