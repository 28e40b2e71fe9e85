package content

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// SignedFor is how long the address of a picture holds.
const SignedFor = 15 * time.Minute

// Signer signs the addresses of pictures: who reads, which mail, until when. The
// number of the picture is not signed, as whoever may see one may see all.
type Signer struct{ key []byte }

// Signer is the one of the workspace.
func (s *Service) Signer(ctx context.Context) (Signer, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return Signer{}, err
	}
	m := hmac.New(sha256.New, ws.Value.IDKey)
	m.Write([]byte("picture"))
	return Signer{m.Sum(nil)}, nil
}

// Sign signs for a user and a moment.
func (s Signer) Sign(u crm.UserID, id crm.MessageID, remote bool, until int64) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(string(u) + "\x00" + string(id) + "\x00" + strconv.FormatBool(remote) + "\x00" + strconv.FormatInt(until, 10)))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:24])
}

// Holds tells whether a signature is right and its moment has not passed.
func (s Signer) Holds(sign string, u crm.UserID, id crm.MessageID, remote bool, until int64, now crm.Time) bool {
	return hmac.Equal([]byte(sign), []byte(s.Sign(u, id, remote, until))) && now.Std().Unix() < until
}
