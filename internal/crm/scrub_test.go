package crm_test

import (
	"encoding/base64"
	"testing"

	"threadline/internal/crm"
)

func TestScrub(t *testing.T) {
	plain := "\x00nora\x00word of nora"
	in64 := base64.StdEncoding.EncodeToString([]byte(plain))
	bearer := "user=nora\x01auth=Bearer ya29.token\x01\x01"
	for _, tc := range []struct{ text, secret, want string }{
		{"no such user", plain, "no such user"},
		{"LOGIN nora \"word of nora\" refused", "word of nora", "LOGIN nora \"[redacted]\" refused"},
		{"what is " + in64 + "?", "word of nora", "what is [redacted]?"},
		{"ya29.token has ended", bearer, "[redacted] has ended"},
		{"nora may not", bearer, "nora may not"},
		{"said=" + base64.RawURLEncoding.EncodeToString([]byte(bearer)), bearer, "said=[redacted]"},
		{"as it is", "", "as it is"},
	} {
		if got := crm.Scrub(tc.text, tc.secret); got != tc.want {
			t.Errorf("%q without %q is %q, want %q", tc.text, tc.secret, got, tc.want)
		}
	}
}
