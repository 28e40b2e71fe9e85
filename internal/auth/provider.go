package auth

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Identity is a person as an identity provider knows them. Issuer and subject
// name the person for good; the address may be given to somebody else later.
type Identity struct {
	Issuer   string
	Subject  string
	Verified crm.Address // "" when the provider vouches for none
}

// UserBySubject returns the user whom Google calls sub, see UserByIdentity.
func (s *Service) UserBySubject(ctx context.Context, sp *store.Space, sub string, verified crm.Address) (crm.User, error) {
	return s.UserByIdentity(ctx, sp, Identity{Issuer: crm.GoogleIssuer, Subject: sub, Verified: verified})
}

// UserByIdentity returns the user whom an identity provider knows. The first
// time it finds them by an address that the provider has verified, and keeps
// issuer and subject. Somebody who signs in to another workspace is found by
// their seat here. Somebody unknown, somebody whose address is tied to
// another identity, and somebody who left are refused with crm.Denied.
func (s *Service) UserByIdentity(ctx context.Context, sp *store.Space, who Identity) (crm.User, error) {
	const op = crm.Op("auth.UserByIdentity")
	if who.Subject == "" || who.Issuer == "" {
		return crm.User{}, crm.Errorf(crm.Unauthorized, op, "the identity token names nobody")
	}
	key := string(sp.Workspace()) + "\x00sub\x00" + who.Issuer + "\x00" + who.Subject
	if p, ok := s.cache.get(key, s.store.Now()); ok {
		return p.User, nil
	}
	u, err := byIdentity(ctx, sp, who)
	if err != nil {
		return crm.User{}, crm.Wrap(op, "the users cannot be read", err)
	}
	if u.ID == "" {
		if u, err = s.guest(ctx, sp, who); err != nil {
			return crm.User{}, crm.Wrap(op, "the users cannot be read", err)
		}
	}
	if u.ID == "" {
		if u, err = s.bind(ctx, sp, who); err != nil {
			return crm.User{}, err
		}
	}
	if u.Status == crm.UserLeft {
		return crm.User{}, crm.Errorf(crm.Denied, op, "this user has left the workspace")
	}
	s.cache.put(key, Proof{User: u}, s.store.Now(), 0)
	return u, nil
}

func byIdentity(ctx context.Context, r store.Reader, who Identity) (crm.User, error) {
	page, err := store.Users.Query(ctx, r, store.Query{Where: []store.Filter{store.Is("subject", who.Subject)}, Limit: 10})
	for _, u := range page.Values() {
		if u.IssuerOr() == who.Issuer {
			return u, err
		}
	}
	return crm.User{}, err
}

// bind ties an identity to the user with the address. Links that were made for them
// end: whoever else has seen one would be them from now on.
func (s *Service) bind(ctx context.Context, sp *store.Space, who Identity) (crm.User, error) {
	const op = crm.Op("auth.UserByIdentity")
	stranger := crm.Errorf(crm.Denied, op, "this account is no user of the workspace").
		WithHint("ask whoever runs Threadline to add its address")
	address, err := crm.ParseAddress(string(who.Verified))
	if err != nil {
		return crm.User{}, stranger
	}
	var u crm.User
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		same, err := byEmail(ctx, tx, address)
		if err != nil {
			return err
		}
		if len(same) == 0 || same[0].Subject != "" && (same[0].Subject != who.Subject || same[0].IssuerOr() != who.Issuer) {
			return stranger
		}
		if u = same[0]; u.Status == crm.UserLeft || u.Subject == who.Subject {
			return nil
		}
		links, err := sessionsOf(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		for _, l := range links {
			if l.Link {
				store.Sessions.Delete(tx, l.ID)
			}
		}
		u.Issuer, u.Subject, u.Status = who.Issuer, who.Subject, crm.UserActive
		store.Users.Put(tx, &u)
		return nil
	})
	return u, err
}

// SignInBy opens a session for the person whom a provider vouches for. The
// provider asks for the second factor, if any.
func (s *Service) SignInBy(ctx context.Context, sp *store.Space, who Identity, v Visit) (Begun, error) {
	u, err := s.UserByIdentity(ctx, sp, who)
	if err != nil {
		return Begun{}, err
	}
	return s.begin(ctx, sp, u.ID, crm.ByProvider, v)
}
