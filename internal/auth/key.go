package auth

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// KeyInput describes a new API key.
type KeyInput struct {
	User    crm.UserID // as whom it acts
	Name    string     // what it is for
	Grants  []crm.Grant
	Expires crm.Time // 0: never
}

// AddKey makes an API key that acts as the user. The token is returned here and
// never again.
func (s *Service) AddKey(ctx context.Context, sp *store.Space, in KeyInput) (crm.APIKey, string, error) {
	const op = crm.Op("auth.AddKey")
	for _, g := range in.Grants {
		if !slices.Contains(crm.Grants(), g) {
			return crm.APIKey{}, "", crm.Errorf(crm.Invalid, op, "there is no scope %q", crm.Clip(string(g), 40)).
				WithField("scopes").WithHint("choose among read, write, mail, admin")
		}
	}
	if in.Expires != 0 && in.Expires <= s.store.Now() {
		return crm.APIKey{}, "", crm.Errorf(crm.Invalid, op, "this key would be over already").WithField("expires")
	}
	secret, err := newSecret(s.random)
	if err != nil {
		return crm.APIKey{}, "", err
	}
	id, err := s.store.NewID(crm.PrefixAPIKey)
	if err != nil {
		return crm.APIKey{}, "", err
	}
	key := crm.APIKey{ID: id, User: in.User, Name: strings.TrimSpace(in.Name), Hash: hash(forKey, secret), Scopes: in.Grants,
		Expires: in.Expires, CreatedAt: s.store.Now()}
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Users.Get(ctx, tx, string(in.User))
		if err != nil {
			return err
		}
		if d.Value.Status == crm.UserLeft {
			return crm.Errorf(crm.Denied, op, "this user has left the workspace")
		}
		store.APIKeys.Create(tx, &key)
		return nil
	})
	if err != nil {
		return crm.APIKey{}, "", crm.Wrap(op, "the key cannot be made", err)
	}
	return key, keyToken(id, secret), nil
}

// Key returns whom a key token acts as; crm.Unauthorized when it is not valid.
func (s *Service) Key(ctx context.Context, sp *store.Space, token string) (Proof, error) {
	id, secret, ok := splitKey(token)
	if !ok {
		return Proof{}, crm.Errorf(crm.Unauthorized, "auth.Key", "this is no API key").
			WithHint("a key has the form tl_<id>_<secret>")
	}
	sum := hash(forKey, secret)
	// The hash is part of the name, so that a wrong secret never meets the entry of the right one.
	return s.verified(ctx, sp, id+"\x00"+sum, func(now crm.Time) (Proof, crm.Time, error) {
		docs, err := store.APIKeys.GetMany(ctx, sp, []string{id})
		if err != nil || !docs[0].Exists() || !sameHash(docs[0].Value.Hash, sum) {
			return Proof{}, 0, err
		}
		k := docs[0].Value
		if k.Expires != 0 && now >= k.Expires {
			return Proof{}, 0, nil
		}
		if now >= k.Used.Add(usedEvery) {
			k.Used = now
			b := sp.Batch()
			store.APIKeys.PutIf(b, &k, docs[0].Version) // a key that was revoked meanwhile stays so
			_ = b.Commit(ctx)                           // when the disk is full, reading goes on
		}
		return Proof{User: crm.User{ID: k.User}, Grants: k.Scopes}, k.Expires, nil
	})
}

// Keys lists the keys of a user.
func (s *Service) Keys(ctx context.Context, sp *store.Space, user crm.UserID) ([]crm.APIKey, error) {
	docs, err := store.APIKeys.All(ctx, sp, store.Query{Where: []store.Filter{store.Is("user", user)}})
	if err != nil {
		return nil, crm.Wrap("auth.Keys", "the keys cannot be read", err)
	}
	out := make([]crm.APIKey, len(docs))
	for i, d := range docs {
		out[i] = d.Value
	}
	return out, nil
}

// RevokeKey deletes a key; crm.NotFound when there is none.
func (s *Service) RevokeKey(ctx context.Context, sp *store.Space, id string) error {
	var user crm.UserID
	err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.APIKeys.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		user = d.Value.User
		store.APIKeys.Delete(tx, id)
		return nil
	})
	if err != nil {
		return crm.Wrap("auth.RevokeKey", "the key cannot be revoked", err)
	}
	s.cache.dropUser(user)
	return nil
}
