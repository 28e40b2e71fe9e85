package gmail

import (
	"context"
	"strings"

	"github.com/emersion/go-sasl"
)

// Hosts of Gmail's IMAP and SMTP (https://developers.google.com/workspace/gmail/imap/imap-smtp).
const (
	imapHost = "imap.gmail.com:993"
	smtpHost = "smtp.gmail.com:465"
)

// Servers are where mail is read and sent without the API: those of Google, or
// the ones that stand in for them.
func (p *Project) Servers() (imap, smtp string, own bool) {
	if p.cfg.IMAP != "" {
		return p.cfg.IMAP, p.cfg.SMTP, true
	}
	return imapHost, smtpHost, false
}

// KeepsSent tells of an SMTP server whether it puts what it sends into the
// account by itself.
func KeepsSent(server string) bool {
	return strings.HasPrefix(strings.ToLower(server), "smtp.gmail.com:")
}

// SASL signs in to IMAP and SMTP with an access token that holds now
// (https://developers.google.com/workspace/gmail/imap/xoauth2-protocol). It fails
// as Access does.
func (t *Tokens) SASL(login string) func(context.Context) (sasl.Client, error) {
	return func(ctx context.Context) (sasl.Client, error) {
		token, err := t.Access(ctx)
		if err != nil {
			return nil, err
		}
		return xoauth2{login: login, token: token, refused: t.Drop}, nil
	}
}

type xoauth2 struct {
	login, token string
	refused      func(token string) // the token is of no use any more
}

// Start tells everything at once.
func (x xoauth2) Start() (mechanism string, initial []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.login + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next hears why the token is refused, in JSON, and says nothing, after which the
// server ends it. Whoever signs in after it has another token.
func (x xoauth2) Next([]byte) ([]byte, error) {
	x.refused(x.token)
	return []byte{}, nil
}

// String hides the token.
func (xoauth2) String() string { return "[redacted]" }
