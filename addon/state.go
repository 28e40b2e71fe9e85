package addon

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"slices"
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
}

// stamp makes the stamp of a card that is drawn now.
func (h *Handler) stamp(user crm.UserID) *stamp {
	var b [nonceBytes]byte
	rand.Read(b[:]) // never fails
	return &stamp{mac: hmac.New(sha256.New, h.cfg.StateKey), user: user, until: h.now().Add(stateLife).Unix(), nonce: string(b[:])}
}

// seal returns the proof for parameters.
func (s *stamp) seal(params []card.Param) card.Param {
	m := make(map[string]string, len(params))
	for _, p := range params {
		m[p.Key] = p.Value
	}
	head := binary.BigEndian.AppendUint64(nil, uint64(s.until))
	head = append(head, s.nonce...)
	return card.Param{Key: stateParam, Value: base64.RawURLEncoding.EncodeToString(append(head, stateMAC(s.mac, head, s.user, m)...))}
}

// stateMAC covers the person, the card and every parameter that says something:
// hosts may leave out empty ones.
func stateMAC(mac hash.Hash, head []byte, user crm.UserID, params map[string]string) []byte {
	mac.Reset()
	write := func(s string) {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(s))))
		mac.Write([]byte(s))
	}
	write(string(head))
	write(string(user))
	var names []string
	for k, v := range params {
		if k != stateParam && v != "" {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	for _, k := range names {
		write(k)
		write(params[k])
	}
	return mac.Sum(nil)[:macBytes]
}

// unsealed returns the head of a state that was sealed by a key for a person.
func unsealed(key []byte, user crm.UserID, params map[string]string) (head []byte, ok bool) {
	b, err := strict.DecodeString(params[stateParam])
	if err != nil || len(b) != untilBytes+nonceBytes+macBytes {
		return nil, false
	}
	head, mac := b[:untilBytes+nonceBytes], b[untilBytes+nonceBytes:]
	return head, hmac.Equal(mac, stateMAC(hmac.New(sha256.New, key), head, user, params))
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
