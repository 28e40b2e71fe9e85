package campaign

import (
	"errors"
	"testing"

	"threadline/internal/crm"
)

// TestTold: what the ledger says of a failure are sentences for people, with the
// words of the server and none of ours for programs.
func TestTold(t *testing.T) {
	said := errors.New("SMTP 550 5.1.1 no such user")
	for want, err := range map[string]error{
		"The server refuses the recipient a@b.example: SMTP 550 5.1.1 no such user": crm.E(crm.Invalid, "smtp.Send", "The server refuses the recipient a@b.example.", said).WithField("to").WithHint("x"),
		"it failed: The server is gone: SMTP 550 5.1.1 no such user":                crm.Wrap("a", "it failed", crm.E(crm.Unavailable, "b", "The server is gone.", said)),
		"SMTP 550 5.1.1 no such user":                                               said,
		"The server takes no such addresses":                                        crm.Errorf(crm.Invalid, "smtp.Send", "The server takes no such addresses."),
	} {
		if got := told(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
