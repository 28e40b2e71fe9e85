package imap

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// backoffText finds how long a server wants to be left alone. IMAP has no field
// for it: Exchange Online writes "Suggested Backoff Time: 299994 milliseconds"
// into a BAD, others "try again in 5 minutes".
var backoffText = regexp.MustCompile(`(?i)(?:backoff time:|(?:try again|retry)(?: again)? (?:in|after)) *(\d{1,9}) *(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)\b`)

// askedFor reads the pause that a server's sentence asks for, 0 for none.
func askedFor(text string) time.Duration {
	m := backoffText.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0
	}
	unit := time.Second
	switch u := strings.ToLower(m[2]); {
	case strings.HasPrefix(u, "mil"), u == "ms":
		unit = time.Millisecond
	case strings.HasPrefix(u, "m"):
		unit = time.Minute
	case strings.HasPrefix(u, "h"):
		unit = time.Hour
	}
	return time.Duration(n) * unit
}
