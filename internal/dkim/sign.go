package dkim

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"

	godkim "github.com/emersion/go-msgauth/dkim"

	"threadline/internal/crm"
)

// signed are the fields under a signature. A field that a mail does not have is
// under it too: nobody can add it (RFC 6376 §5.4).
var signed = []string{"From", "From", "Subject", "Subject", "Date", "To", "Cc", "Reply-To", "Message-Id", "In-Reply-To", "References",
	"Mime-Version", "Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post"}

// For is what signs the mail of a domain; nil when it has no key that is on.
func (s *Service) For(ctx context.Context, domain crm.Domain) (func(raw []byte) ([]byte, error), error) {
	x, err := s.of(ctx, domain)
	if err != nil || !x.On {
		return nil, err
	}
	secret, err := s.box.Unseal(x.Key, x.ID, "dkim")
	if err != nil {
		return nil, err
	}
	der, err := base64.StdEncoding.DecodeString(secret.Reveal())
	if err != nil {
		return nil, crm.E(crm.Internal, "dkim.For", "the key cannot be read", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, crm.E(crm.Internal, "dkim.For", "the key cannot be read", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, crm.Errorf(crm.Internal, "dkim.For", "the key signs nothing")
	}
	return Signing(x.Domain, x.Selector, signer), nil
}

// Signing is what signs the mail of a domain with a key.
func Signing(domain crm.Domain, selector string, key crypto.Signer) func(raw []byte) ([]byte, error) {
	options := &godkim.SignOptions{Domain: string(domain), Selector: selector, Signer: key, Hash: crypto.SHA256, HeaderKeys: signed,
		HeaderCanonicalization: godkim.CanonicalizationRelaxed, BodyCanonicalization: godkim.CanonicalizationRelaxed}
	return func(raw []byte) ([]byte, error) {
		var out bytes.Buffer
		out.Grow(len(raw) + 1024)
		if err := godkim.Sign(&out, bytes.NewReader(raw), options); err != nil {
			return nil, crm.E(crm.Internal, "dkim.Signing", "the mail cannot be signed", err)
		}
		return out.Bytes(), nil
	}
}
