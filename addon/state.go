package addon

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"slices"
	"strings"
	"time"

	"threadline/addon/card"
	"threadline/internal/crm"
)

// stateParam holds the proof that we drew the card that an action comes from,
// for the person who clicks, with just these parameters.
const stateParam = "st"

const (
	stateLife  = 24 * time.Hour // of a card that stays open
	nonceBytes = 9
	untilBytes = 8
	macBytes   = 16
)

// stamp seals the actions of one card for one person. One goroutine uses it.
type stamp struct {
	mac   hash.Hash // keyed; a card seals twenty actions
	user  crm.UserID
	until int64  // Unix seconds
	nonce string // of the card: what a click makes is named after it, so that a click twice makes it once

	said []card.Param // room for those of one action
	text []byte       // room for what its proof covers
}

// stamp makes the stamp of a card that is drawn now.
func (h *Handler) stamp(user crm.UserID) *stamp {
	var b [nonceBytes]byte
	rand.Read(b[:]) // never fails
	return &stamp{mac: hmac.New(sha256.New, h.cfg.StateKey), user: user, until: h.now().Add(stateLife).Unix(), nonce: string(b[:])}
}

// seal returns the proof for parameters.
func (s *stamp) seal(params []card.Param) card.Param {
	head := binary.BigEndian.AppendUint64(make([]byte, 0, untilBytes+nonceBytes+sha256.Size), uint64(s.until))
	head = append(head, s.nonce...)
	s.said = append(s.said[:0], params...)
	s.text = stateText(s.text[:0], head, s.user, s.said)
	s.mac.Reset()
	s.mac.Write(s.text)
	sealed := s.mac.Sum(head)[:untilBytes+nonceBytes+macBytes]
	return card.Param{Key: stateParam, Value: base64.RawURLEncoding.EncodeToString(sealed)}
}

// stateText is what a proof covers: the person, the card and every parameter
// that says something, whatever their order; hosts may leave out empty ones, and
// give back the last of two of one name. It sorts params.
func stateText(b, head []byte, user crm.UserID, params []card.Param) []byte {
	write := func(s string) { b = append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...) }
	write(string(head))
	write(string(user))
	slices.SortStableFunc(params, func(x, y card.Param) int { return strings.Compare(x.Key, y.Key) })
	for i, p := range params {
		again := i+1 < len(params) && params[i+1].Key == p.Key
		if p.Key != stateParam && p.Value != "" && !again {
			write(p.Key)
			write(p.Value)
		}
	}
	return b
}

// unsealed returns the head of a state that was sealed by a key for a person.
func unsealed(key []byte, user crm.UserID, params map[string]string) (head []byte, ok bool) {
	b, err := strict.DecodeString(params[stateParam])
	if err != nil || len(b) != untilBytes+nonceBytes+macBytes {
		return nil, false
	}
	head, mac := b[:untilBytes+nonceBytes], b[untilBytes+nonceBytes:]
	said := make([]card.Param, 0, len(params))
	for k, v := range params {
		said = append(said, card.Param{Key: k, Value: v})
	}
	ours := hmac.New(sha256.New, key)
	ours.Write(stateText(nil, head, user, said))
	return head, hmac.Equal(mac, ours.Sum(nil)[:macBytes])
}

// unseal returns the nonce of the card that an action comes from. A state that
// is not ours, another person's, or for other parameters is refused as
// crm.Denied, one whose card is too old as crm.Conflict.
func (h *Handler) unseal(user crm.UserID, params map[string]string) (nonce string, err error) {
	const op = crm.Op("addon.unseal")
	head, ok := unsealed(h.cfg.StateKey, user, params)
	if !ok {
		return "", crm.Errorf(crm.Denied, op, "the action comes from no card that was drawn for this person and this")
	}
	if int64(binary.BigEndian.Uint64(head)) < h.now().Unix() {
		return "", crm.Errorf(crm.Conflict, op, "the card is too old")
	}
	return string(head[untilBytes:]), nil
}
