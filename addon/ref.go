package addon

import (
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// Ref names a message in one of four ways; exactly one field is set.
type Ref struct {
	ID    crm.MessageID // ours
	Gmail crm.Key       // Gmail's number of the message in the viewer's mailbox
	RFC   crm.RFCID     // what its Message-ID header says
	Own   string        // Gmail's name of a message that the viewer wrote there; only Gmail knows which it is
}

// ParseRef reads tl-<our id>, msg-f:<decimal> and msg-a:<name>. It fails with
// crm.Invalid for anything else.
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
	if name, ok := strings.CutPrefix(s, "msg-a:"); ok && name != "" && len(name) < maxOwn && !strings.ContainsFunc(name, odd) {
		return Ref{Own: s}, nil
	}
	return Ref{}, crm.Errorf(crm.Invalid, op, "%q names no message", crm.Clip(s, 60))
}

const maxOwn = 100

// odd tells whether a name of Gmail's does not hold the character.
func odd(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_' || r == ':')
}
