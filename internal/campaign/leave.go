package campaign

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Tokens in addresses of mails: an id and a keyed hash of purpose and id, so
// that a token for one purpose is none for another, and none can be made up.
const (
	purposeLeave = "unsubscribe"
	macBytes     = 16
)

func token(key crm.IDKey, purpose, id string) string {
	return id + "." + base64.RawURLEncoding.EncodeToString(mac(key, purpose, id))
}

func mac(key crm.IDKey, purpose, id string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("token\x00" + purpose + "\x00" + id))
	return m.Sum(nil)[:macBytes]
}

// open returns the id of a token for a purpose.
func open(key crm.IDKey, purpose, t string) (string, bool) {
	id, sum, ok := strings.Cut(t, ".")
	have, err := base64.RawURLEncoding.DecodeString(sum)
	return id, ok && err == nil && hmac.Equal(have, mac(key, purpose, id))
}

// Leaving finds whose mail an unsubscribe token is from. It changes nothing.
func (s *Service) Leaving(ctx context.Context, t string) (crm.Recipient, error) {
	none := crm.Errorf(crm.NotFound, "campaign.Leaving", "this link is not known").WithHint("use the whole link of the mail")
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return crm.Recipient{}, err
	}
	id, ok := open(ws.Value.IDKey, purposeLeave, t)
	if !ok {
		return crm.Recipient{}, none
	}
	docs, err := store.Recipients.GetMany(ctx, s.sp, []string{id})
	if err == nil && !docs[0].Exists() {
		err = none
	}
	if err != nil {
		return crm.Recipient{}, err
	}
	return docs[0].Value, nil
}

// Leave suppresses the address of an unsubscribe token. Repeating it changes
// nothing.
func (s *Service) Leave(ctx context.Context, t string) (crm.Recipient, error) {
	r, err := s.Leaving(ctx, t)
	if err != nil {
		return r, err
	}
	info := store.ChangeInfo{Cause: crm.CauseRecipient, Title: "unsubscribe"}
	if _, err = s.Suppress(ctx, info, r.Address, crm.SuppressedUnsubscribed, r.Campaign); err != nil {
		return r, err
	}
	return r, s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Recipients.Get(ctx, tx, r.ID)
		if err == nil && doc.Value.Left == 0 {
			doc.Value.Left = s.sp.Store().Now()
			store.Recipients.Put(tx, &doc.Value)
		}
		return err
	})
}
