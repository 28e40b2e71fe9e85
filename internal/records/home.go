package records

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// SetHome says in which country the workspace is, "" for nowhere: from then on
// telephone numbers without a country code are of it. Stored ones stay.
func (s *Service) SetHome(ctx context.Context, by By, country crm.Country) (string, error) {
	const op = crm.Op("records.SetHome")
	set := crm.HomeSetting(crm.Home{Country: country})
	if country != "" {
		if err := set.Home.Check(); err != nil {
			return "", err
		}
	}
	batch, err := s.sp.Change(ctx, by.info("say in which country the workspace is"), func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Settings.GetMany(ctx, tx, []string{set.ID})
		switch {
		case err != nil:
			return err
		case country != "":
			store.Settings.Put(tx, &set)
		case docs[0].Exists():
			store.Settings.Delete(tx, set.ID)
		}
		return nil
	})
	return batch, crm.Wrap(op, "the setting cannot be changed", err)
}
