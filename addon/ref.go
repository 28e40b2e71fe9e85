package addon

import (
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// Ref names a message in one of three ways; exactly one field is set.
type Ref struct {
	ID    crm.MessageID // ours
	Gmail crm.Key       // Gmail's number of the message in the viewer's mailbox
	RFC   crm.RFCID     // what its Message-ID header says
}

// ParseRef reads tl-<our id> and msg-f:<decimal>. It fails with crm.Invalid for
// anything else, such as the msg-a: of a draft that no server has yet.
func ParseRef(s string) (Ref, error) {
	const op = crm.Op("addon.ParseRef")
	if rest, ok := strings.CutPrefix(s, "tl-"); ok {
		id, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, rest)
		return Ref{ID: id}, err
	}
	if dec, ok := strings.CutPrefix(s, "msg-f:"); ok {
		if n, err := strconv.ParseUint(dec, 10, 64); err == nil && n > 0 {
			return Ref{Gmail: crm.Key(n)}, nil
		}
	}
	return Ref{}, crm.Errorf(crm.Invalid, op, "%q names no message", crm.Clip(s, 60))
}
