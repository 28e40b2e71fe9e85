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
	token, link, err := s.link(u.ID)
	if err != nil {
		return crm.User{}, "", err
	}
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		same, err := byEmail(ctx, tx, address)
		if err != nil {
			return err
		}
		if len(same) > 0 {
			return crm.Errorf(crm.Exists, op, "%s is a user already", address).WithField("email")
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

// UserBySubject returns the user whom an identity provider calls sub. The first
// time it finds them by an address that the provider has verified, and keeps
// sub. Somebody unknown, somebody whose address is tied to another sub, and
// somebody who left are refused with crm.Denied.
func (s *Service) UserBySubject(ctx context.Context, sp *store.Space, sub string, verified crm.Address) (crm.User, error) {
	const op = crm.Op("auth.UserBySubject")
	if sub == "" {
		return crm.User{}, crm.Errorf(crm.Unauthorized, op, "the identity token names nobody")
	}
	key := string(sp.Workspace()) + "\x00sub\x00" + sub
	if u, ok := s.cache.get(key, s.store.Now()); ok {
		return u, nil
	}
	u, err := s.bySubject(ctx, sp, sub)
	if err != nil {
		return crm.User{}, crm.Wrap(op, "the users cannot be read", err)
	}
	if u.ID == "" {
		if u, err = s.bindSubject(ctx, sp, sub, verified); err != nil {
			return crm.User{}, err
		}
	}
	if u.Status == crm.UserLeft {
		return crm.User{}, crm.Errorf(crm.Denied, op, "this user has left the workspace")
	}
	s.cache.put(key, u, s.store.Now(), 0)
	return u, nil
}

func (s *Service) bySubject(ctx context.Context, r store.Reader, sub string) (crm.User, error) {
	page, err := store.Users.Query(ctx, r, store.Query{Where: []store.Filter{store.Is("subject", sub)}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return crm.User{}, err
	}
	return page.Items[0].Value, nil
}

// bindSubject ties sub to the user with the address.
func (s *Service) bindSubject(ctx context.Context, sp *store.Space, sub string, verified crm.Address) (crm.User, error) {
	const op = crm.Op("auth.UserBySubject")
	stranger := crm.Errorf(crm.Denied, op, "this account is no user of the workspace").
		WithHint("ask whoever runs Threadline to add its address")
	address, err := crm.ParseAddress(string(verified))
	if err != nil {
		return crm.User{}, stranger
	}
	var u crm.User
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		same, err := byEmail(ctx, tx, address)
		if err != nil {
			return err
		}
		if len(same) == 0 || same[0].Subject != "" && same[0].Subject != sub {
			return stranger
		}
		if u = same[0]; u.Status == crm.UserLeft || u.Subject == sub {
			return nil
		}
		u.Subject, u.Status = sub, crm.UserActive
		store.Users.Put(tx, &u)
		return nil
	})
	return u, err
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
// then on.
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
	return nil
}
