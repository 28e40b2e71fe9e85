package letter

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Addresses are those that a person sends mail from, their main one first.
func (s *Service) Addresses(ctx context.Context, u crm.UserID) ([]crm.Address, error) {
	docs, err := store.Mailboxes.All(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("owner", u)}})
	var out []crm.Address
	for _, d := range docs {
		for _, a := range append([]crm.Address{d.Value.Address}, d.Value.Aliases...) {
			if !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out, err
}

// Signature is what a person puts under their mail; "" for nothing.
func (s *Service) Signature(ctx context.Context, u crm.UserID) (string, error) {
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.SignatureSetting(crm.Signature{User: u}).ID})
	if err != nil || !docs[0].Exists() || docs[0].Value.Signature == nil {
		return "", err
	}
	return docs[0].Value.Signature.Text, nil
}

// Sign sets the signature of the viewer; an empty text takes it away.
func (s *Service) Sign(ctx context.Context, v access.Viewer, info store.ChangeInfo, text string) (batch string, err error) {
	const op = crm.Op("letter.Sign")
	if v.User == "" {
		return "", crm.Errorf(crm.Denied, op, "a signature is for users").WithHint("say whose: --as EMAIL")
	}
	if text, err = crm.ParseSignature(text); err != nil {
		return "", err
	}
	set := crm.SignatureSetting(crm.Signature{User: v.User, Text: text})
	batch, err = s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Settings.GetMany(ctx, tx, []string{set.ID})
		switch {
		case err != nil:
			return err
		case text != "" && docs[0].Exists():
			store.Settings.Put(tx, &set)
		case text != "":
			store.Settings.Create(tx, &set)
		case docs[0].Exists():
			store.Settings.Delete(tx, set.ID)
		}
		return nil
	})
	return batch, crm.Wrap(op, "the signature cannot be changed", err)
}
