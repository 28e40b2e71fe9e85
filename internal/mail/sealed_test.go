package mail

import (
	"slices"
	"testing"

	"threadline/internal/crm"
)

// TestSealed marks mail that only its reader can open, and no mail that is merely
// signed.
func TestSealed(t *testing.T) {
	for raw, want := range map[string]bool{
		"Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n":               true,
		"Content-Type: text/plain\r\n\r\nHe wrote -----BEGIN PGP MESSAGE----- to me.\r\n":                                        false,
		"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nMIIB\r\n":                        true,
		"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\r\nMIIB\r\n":                           false,
		"Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c\r\n\r\nMIIB\r\n":                            false,
		"Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n": true,
	} {
		if got := slices.Contains(Parse([]byte(raw)).Marks, crm.MarkSealed); got != want {
			t.Errorf("%q: %v, want %v", raw, got, want)
		}
	}
}
