package letter

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/page"
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

// Signature is what a person puts under their mail; without a text for nothing.
func (s *Service) Signature(ctx context.Context, u crm.UserID) (crm.Signature, error) {
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.SignatureSetting(crm.Signature{User: u}).ID})
	if err != nil || !docs[0].Exists() || docs[0].Value.Signature == nil {
		return crm.Signature{}, err
	}
	return *docs[0].Value.Signature, nil
}

// Sign sets the signature of the viewer; nothing takes it away. One that is
// formatted is kept to what may stand in a mail, and its text is made of it; left are
// the pictures of it that cannot be sent.
func (s *Service) Sign(ctx context.Context, v access.Viewer, info store.ChangeInfo, text, html string) (batch string, left []page.Left, err error) {
	const op = crm.Op("letter.Sign")
	if v.User == "" {
		return "", nil, crm.Errorf(crm.Denied, op, "a signature is for users").WithHint("say whose: --as EMAIL")
	}
	if html != "" {
		html, left = page.Outgoing(html)
		text = mail.PlainText(html)
	}
	if text, err = crm.ParseSignature(text); err != nil {
		return "", nil, err
	}
	if text == "" && !strings.Contains(html, "<img") {
		html = ""
	}
	something := text != "" || html != ""
	set := crm.SignatureSetting(crm.Signature{User: v.User, Text: text, HTML: html})
	batch, err = s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Settings.GetMany(ctx, tx, []string{set.ID})
		switch {
		case err != nil:
			return err
		case something && docs[0].Exists():
			store.Settings.Put(tx, &set)
		case something:
			store.Settings.Create(tx, &set)
		case docs[0].Exists():
			store.Settings.Delete(tx, set.ID)
		}
		return nil
	})
	return batch, left, crm.Wrap(op, "the signature cannot be changed", err)
}
