package auth

import (
	"context"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// AddUser makes a user and returns them with the token of their one-time link;
// crm.Exists when the address belongs to a user already.
func (s *Service) AddUser(ctx context.Context, sp *store.Space, email crm.Address, name, locale string) (crm.User, string, error) {
	const op = crm.Op("auth.AddUser")
	address, err := crm.ParseAddress(string(email))
	if err != nil {
		return crm.User{}, "", err
	}
	id, err := s.store.NewID(crm.PrefixUser)
	if err != nil {
		return crm.User{}, "", err
	}
	u := crm.User{
		ID: crm.UserID(id), Email: address, Name: strings.TrimSpace(name), Locale: locale,
		Status: crm.UserInvited, CreatedAt: s.store.Now(),
	}
	if u.Name == "" {
		u.Name = address.Local()
	}
	token, link, err := s.link(u.ID, InviteLife)
	if err != nil {
		return crm.User{}, "", err
	}
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		same, err := byEmail(ctx, tx, address)
		if err != nil {
			return err
		}
		if len(same) > 0 {
			return crm.Errorf(crm.Exists, op, "%s is a user already", address).WithField("email").
				WithHint("make them a new sign-in link: threadline user link")
		}
		store.Users.Create(tx, &u)
		store.Sessions.Create(tx, &link)
		return nil
	})
	if err != nil {
		return crm.User{}, "", crm.Wrap(op, "the user cannot be added", err)
	}
	return u, token, nil
}

func byEmail(ctx context.Context, r store.Reader, email crm.Address) ([]crm.User, error) {
	page, err := store.Users.Query(ctx, r, store.Query{Where: []store.Filter{store.Is("email", email)}, Limit: 2})
	return page.Values(), err
}

// UserByEmail returns the user with the address; crm.NotFound when there is none.
func (s *Service) UserByEmail(ctx context.Context, sp *store.Space, email crm.Address) (crm.User, error) {
	const op = crm.Op("auth.UserByEmail")
	address, err := crm.ParseAddress(string(email))
	if err != nil {
		return crm.User{}, err
	}
	users, err := byEmail(ctx, sp, address)
	if err != nil {
		return crm.User{}, crm.Wrap(op, "the users cannot be read", err)
	}
	if len(users) == 0 {
		return crm.User{}, crm.Errorf(crm.NotFound, op, "%s is no user of this workspace", address).
			WithHint("add them with: threadline user add " + string(address))
	}
	return users[0], nil
}

// Active returns a user who has not left; crm.NotFound for anybody else.
func (s *Service) Active(ctx context.Context, sp *store.Space, id crm.UserID) (crm.User, error) {
	docs, err := store.Users.GetMany(ctx, sp, []string{string(id)})
	if err == nil && (!docs[0].Exists() || docs[0].Value.Status == crm.UserLeft) {
		err = crm.Errorf(crm.NotFound, "auth.Active", "there is no such user")
	}
	return docs[0].Value, err
}

// Users lists the users of the workspace, also those who left.
func (s *Service) Users(ctx context.Context, sp *store.Space) ([]crm.User, error) {
	docs, err := store.Users.All(ctx, sp, store.Query{})
	if err != nil {
		return nil, crm.Wrap("auth.Users", "the users cannot be read", err)
	}
	out := make([]crm.User, len(docs))
	for i, d := range docs {
		out[i] = d.Value
	}
	return out, nil
}

// Leave marks a user as gone: their sessions, keys and links are refused from
// then on, and stay so when they come back.
func (s *Service) Leave(ctx context.Context, sp *store.Space, id crm.UserID) error {
	err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Users.Get(ctx, tx, string(id))
		if err != nil {
			return err
		}
		d.Value.Status = crm.UserLeft
		store.Users.Put(tx, &d.Value)
		return nil
	})
	if err != nil {
		return crm.Wrap("auth.Leave", "the user cannot be marked as gone", err)
	}
	s.cache.dropUser(id)
	if _, err := s.EndAll(ctx, sp, id, ""); err != nil {
		return err
	}
	keys, err := s.Keys(ctx, sp, id)
	for _, k := range keys {
		if err := s.RevokeKey(ctx, sp, k.ID); err != nil && !crm.IsKind(err, crm.NotFound) {
			return err
		}
	}
	return err
}

// Reset takes password and second factor from a user who has lost them, and
// ends their sessions. A new link lets them in.
func (s *Service) Reset(ctx context.Context, sp *store.Space, id crm.UserID) error {
	b := sp.Batch()
	store.Credentials.Delete(b, string(id))
	if err := b.Commit(ctx); err != nil {
		return crm.Wrap("auth.Reset", "the credential cannot be removed", err)
	}
	_, err := s.EndAll(ctx, sp, id, "")
	return err
}
