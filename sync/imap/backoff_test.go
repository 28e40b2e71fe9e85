package imap_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/sync/imap"
	"threadline/sync/source"
)

// TestAskedToWait reads the pause that a server asks for, wherever it says so.
func TestAskedToWait(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]struct {
		kind  crm.ErrorKind
		after time.Duration
	}{
		"BAD Request is throttled. Suggested Backoff Time: 299994 milliseconds": {crm.Throttled, 299_994 * time.Millisecond},
		"NO [LIMIT] Too many requests, try again in 5 minutes":                  {crm.Throttled, 5 * time.Minute},
		"NO [THROTTLED] retry after 90 s":                                       {crm.Throttled, 90 * time.Second},
		"NO [LIMIT] too much":                                                   {crm.Throttled, 0},
		"BAD no such command":                                                   {crm.Internal, 0},
	} {
		addr := script{caps: "IMAP4rev1", answer: fetching("$ " + answer)}.listen(t)
		_, err := collect(t, open(t, quick(addr)), 7, crm.Span(1, 3), source.Want{})
		if crm.KindOf(err) != want.kind || crm.RetryAfter(err) != want.after {
			t.Errorf("%s: kind %q after %s; want %q after %s", answer, crm.KindOf(err), crm.RetryAfter(err), want.kind, want.after)
		}
	}
	addr := script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
		if !strings.HasPrefix(command, "LOGIN") {
			return false
		}
		say(c, tag+" NO Too many sign-ins. Try again in 2 hours.")
		return true
	}}.listen(t)
	_, err := imap.New(quick(addr)).Open(t.Context())
	if !crm.IsKind(err, crm.Throttled) || crm.RetryAfter(err) != 2*time.Hour {
		t.Errorf("sign-in: kind %q after %s: %v", crm.KindOf(err), crm.RetryAfter(err), err)
	}
}
