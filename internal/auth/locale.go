package auth

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// SetLocale changes the language of a user.
func (s *Service) SetLocale(ctx context.Context, sp *store.Space, id crm.UserID, locale string) error {
	err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Users.Get(ctx, tx, string(id))
		if err != nil || d.Value.Locale == locale {
			return err
		}
		d.Value.Locale = locale
		store.Users.Put(tx, &d.Value)
		return nil
	})
	if err != nil {
		return crm.Wrap("auth.SetLocale", "the language cannot be changed", err)
	}
	s.cache.dropUser(id)
	return nil
}
