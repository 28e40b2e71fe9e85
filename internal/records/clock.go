package records

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// SetClock says by which zone somebody lives; an empty one is the workspace's.
func (s *Service) SetClock(ctx context.Context, by By, zone string) (string, error) {
	const op = crm.Op("records.SetClock")
	c := crm.Clock{User: by.Actor, Zone: zone}
	if by.Actor == "" {
		return "", crm.Errorf(crm.Denied, op, "a zone of their own is for users").WithHint("say whose: --as EMAIL")
	}
	if zone != "" {
		if err := c.Check(); err != nil {
			return "", err
		}
	}
	batch, err := s.sp.Change(ctx, by.info("say where one lives"), func(ctx context.Context, tx *store.Tx) error {
		set := crm.ClockSetting(c)
		docs, err := store.Settings.GetMany(ctx, tx, []string{set.ID})
		switch {
		case err != nil:
			return err
		case zone != "":
			return put(tx, set)
		case docs[0].Exists():
			store.Settings.Delete(tx, set.ID)
		}
		return nil
	})
	return batch, crm.Wrap(op, "the setting cannot be changed", err)
}
