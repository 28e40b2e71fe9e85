package campaign

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"slices"
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

// signer makes tokens with one key. One goroutine has it.
type signer struct {
	mac  hash.Hash
	text []byte // room that is used again
}

func newSigner(key crm.IDKey) signer { return signer{mac: hmac.New(sha256.New, key)} }

// sum is the keyed hash of purpose and id, until the next one.
func (s *signer) sum(purpose, id string) []byte {
	s.text = append(append(append(append(s.text[:0], "token\x00"...), purpose...), 0), id...)
	s.mac.Reset()
	s.mac.Write(s.text)
	s.text = s.mac.Sum(s.text[:0])
	return s.text[:macBytes]
}

func (s *signer) token(purpose, id string) string {
	return id + "." + base64.RawURLEncoding.EncodeToString(s.sum(purpose, id))
}

func token(key crm.IDKey, purpose, id string) string {
	s := newSigner(key)
	return s.token(purpose, id)
}

// open returns the id of a token for a purpose.
func open(key crm.IDKey, purpose, t string) (string, bool) {
	id, sum, ok := strings.Cut(t, ".")
	have, err := base64.RawURLEncoding.Strict().DecodeString(sum)
	sign := newSigner(key)
	return id, ok && err == nil && hmac.Equal(have, sign.sum(purpose, id))
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

// Choice is what somebody wants to be written to about.
type Choice struct {
	Recipient crm.Recipient
	Purposes  []crm.Purpose
	Left      map[string]bool // purposes that they do not want
	All       bool            // they want nothing at all
}

// Choices reads what the owner of a token wants. It changes nothing.
func (s *Service) Choices(ctx context.Context, t string) (Choice, error) {
	r, err := s.Leaving(ctx, t)
	if err != nil {
		return Choice{}, err
	}
	m, err := s.mailing(ctx)
	if err != nil {
		return Choice{}, err
	}
	docs, err := s.wishes(ctx, s.sp, r.Address, m.Purposes)
	out := Choice{Recipient: r, Purposes: m.Purposes, Left: map[string]bool{}}
	if err != nil {
		return out, err
	}
	out.All = docs[0].Exists()
	for i, p := range m.Purposes {
		out.Left[p.Key] = docs[i+1].Exists()
	}
	return out, nil
}

// wishes reads the suppression of an address as a whole, and of each purpose.
func (s *Service) wishes(ctx context.Context, r store.Reader, a crm.Address, list []crm.Purpose) ([]store.Doc[crm.Suppression], error) {
	key, err := s.key(ctx)
	if err != nil {
		return nil, err
	}
	ids := []string{crm.SuppressionID(key, a, "")}
	for _, p := range list {
		ids = append(ids, crm.SuppressionID(key, a, p.Key))
	}
	return store.Suppressions.GetMany(ctx, r, ids)
}

// Choose writes down what somebody wants: the purposes that they keep. Whoever
// had left everything by themselves comes back for those; a bounce, a complaint
// and our own word stay. Repeating it changes nothing.
func (s *Service) Choose(ctx context.Context, t string, keep []string) (Choice, error) {
	r, err := s.Leaving(ctx, t)
	if err != nil {
		return Choice{}, err
	}
	m, err := s.mailing(ctx)
	if err != nil {
		return Choice{}, err
	}
	key, err := s.key(ctx)
	if err != nil {
		return Choice{}, err
	}
	info := store.ChangeInfo{Cause: crm.CauseRecipient, Title: "choose what to get"}
	_, err = s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		docs, err := s.wishes(ctx, tx, r.Address, m.Purposes)
		if err != nil {
			return err
		}
		if whole := docs[0]; len(keep) > 0 && whole.Exists() && whole.Value.Reason == crm.SuppressedUnsubscribed {
			store.Suppressions.Delete(tx, whole.Value.ID)
		}
		for i, p := range m.Purposes {
			have, wanted := docs[i+1], slices.Contains(keep, p.Key)
			switch {
			case wanted && have.Exists() && have.Value.Reason == crm.SuppressedUnsubscribed:
				store.Suppressions.Delete(tx, have.Value.ID)
			case !wanted && !have.Exists():
				store.Suppressions.Create(tx, &crm.Suppression{ID: crm.SuppressionID(key, r.Address, p.Key), Address: r.Address, Purpose: p.Key,
					Reason: crm.SuppressedUnsubscribed, Campaign: r.Campaign, At: s.sp.Store().Now()})
			}
		}
		return nil
	})
	if err != nil {
		return Choice{}, err
	}
	return s.Choices(ctx, t)
}

// LeaveLink is the path of the page on which the reader of a line chooses what
// to get.
func (s *Service) LeaveLink(ctx context.Context, line string) (string, error) {
	key, err := s.key(ctx)
	return "/u/" + token(key, purposeLeave, line), err
}
