package imap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// explain turns an error of the library or the network into one of ours.
func (s *session) explain(op crm.Op, err error) error {
	if err == nil {
		return nil
	}
	reason, failed := s.conn.verdict()
	var known *crm.Error
	switch {
	case errors.Is(reason, errMute):
		return s.mute(op, s.cfg.Timeout, reason)
	case errors.Is(reason, errFlood):
		return flood(op, s.cfg, reason)
	case errors.Is(reason, errFolders):
		return crm.E(crm.TooLarge, op, fmt.Sprintf("The account has more than %d folders.", maxFolders), reason).
			WithHint("remove folders on the mail server, or use an account that sees fewer of them")
	case reason != nil:
		return stopped(op, reason)
	case errors.As(err, &known):
		return err
	case refusal(err) != nil:
		return refused(op, refusal(err))
	case errors.Is(failed, os.ErrDeadlineExceeded):
		return s.mute(op, s.cfg.Progress, failed)
	case failed != nil || errors.Is(err, net.ErrClosed):
		return crm.E(crm.Unavailable, op, "The connection to the mail server was cut.", errors.Join(failed, err)).
			WithHint("it is tried again by itself")
	}
	return crm.E(crm.Internal, op, "The answer of the mail server could not be understood.", err)
}

func (s *session) mute(op crm.Op, silence time.Duration, err error) error {
	msg := fmt.Sprintf("The mail server %s did not answer within %s.", s.cfg.host(), silence)
	return crm.E(crm.Unavailable, op, msg, err).WithHint("it is tried again by itself")
}

func flood(op crm.Op, cfg Config, err error) error {
	return crm.E(crm.Unavailable, op, fmt.Sprintf("The mail server %s sends an answer without end.", cfg.host()), err).
		WithHint("check server and port; it is tried again by itself")
}

func stopped(op crm.Op, cause error) error {
	return crm.E(crm.Unavailable, op, "The work with the mail server was stopped.", cause)
}

// refusal finds the NO, BAD or BYE in an error.
func refusal(err error) *goimap.Error {
	var no *goimap.Error
	if errors.As(err, &no) {
		return no
	}
	return nil
}

// refused maps the response codes of RFC 5530 and RFC 9051 §7.1.
func refused(op crm.Op, no *goimap.Error) error {
	kind := crm.Unavailable
	switch no.Code {
	case goimap.ResponseCodeAuthenticationFailed, goimap.ResponseCodeAuthorizationFailed, goimap.ResponseCodeExpired:
		kind = crm.Unauthorized
	case goimap.ResponseCodePrivacyRequired, goimap.ResponseCodeContactAdmin:
		kind = crm.Unauthorized
	case goimap.ResponseCodeLimit, "THROTTLED", "OVERQUOTA":
		kind = crm.Throttled
	case goimap.ResponseCodeNoPerm:
		kind = crm.Denied
	case goimap.ResponseCodeNonExistent, goimap.ResponseCodeTryCreate:
		kind = crm.NotFound
	}
	after := askedFor(no.Text)
	switch {
	case after > 0:
		kind = crm.Throttled
	case no.Type == goimap.StatusResponseTypeBad:
		kind = crm.Internal
	}
	msg := "The mail server refused the request."
	if no.Text != "" {
		msg = "The mail server refused the request: " + crm.Clip(no.Text, 100)
	}
	return crm.E(kind, op, msg, clipped(no)).WithAfter(after).WithHint("it is tried again by itself; whoever runs the mail server may know why")
}

// clipped keeps a server's sentence short; it is free text.
func clipped(no *goimap.Error) error {
	if no.Code == "" {
		return fmt.Errorf("%s %s", no.Type, crm.Clip(no.Text, 200))
	}
	return fmt.Errorf("%s [%s] %s", no.Type, no.Code, crm.Clip(no.Text, 200))
}

// refusedLogin explains a LOGIN or AUTHENTICATE that the server turned down.
func refusedLogin(op crm.Op, err error, consent bool) error {
	no := refusal(err)
	if no == nil {
		return err
	}
	after := askedFor(no.Text)
	switch no.Code {
	case goimap.ResponseCodeUnavailable, goimap.ResponseCodeInUse, goimap.ResponseCodeServerBug:
		return crm.E(crm.Unavailable, op, "The mail server cannot check the password now.", clipped(no)).
			WithHint("it is tried again by itself")
	case goimap.ResponseCodeLimit, "THROTTLED":
		return crm.E(crm.Throttled, op, "The mail server wants fewer sign-ins.", clipped(no)).
			WithHint("it is tried again by itself, later").WithAfter(after)
	}
	if after > 0 {
		return crm.E(crm.Throttled, op, "The mail server wants fewer sign-ins.", clipped(no)).
			WithHint("it is tried again by itself, later").WithAfter(after)
	}
	if consent {
		return crm.E(crm.Unauthorized, op, "The mail server refused the consent of this account.", clipped(no)).
			WithHint("connect the account again; an administrator may have switched IMAP off")
	}
	return crm.E(crm.Unauthorized, op, "The mail server refused login or password.", clipped(no)).
		WithHint("enter the password again; many providers want an app password instead of the usual one")
}

// unreachable explains why no protected connection came about.
func unreachable(ctx context.Context, op crm.Op, cfg Config, err error) error {
	var known *crm.Error
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, errFlood) {
		return flood(op, cfg, err)
	}
	msg, hint := dialTrouble(cfg, err)
	if ctx.Err() != nil {
		msg, hint, err = "The work with the mail server was stopped.", "", context.Cause(ctx)
	}
	return crm.E(crm.Unavailable, op, msg, err).WithHint(hint)
}

func dialTrouble(cfg Config, err error) (msg, hint string) {
	var (
		dns     *net.DNSError
		signer  x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
		alert   tls.AlertError
	)
	switch {
	case errors.As(err, &dns):
		return fmt.Sprintf("The mail server %s is unknown.", cfg.host()), "check the name of the server"
	case errors.As(err, &signer):
		return fmt.Sprintf("The certificate of the mail server %s is signed by nobody we trust.", cfg.host()),
			"install a certificate of a public authority on the server, or add its authority to this machine"
	case errors.As(err, &name):
		return fmt.Sprintf("The certificate of the mail server is for another name than %s.", cfg.host()),
			"use the server name that the provider documents"
	case errors.As(err, &invalid):
		return fmt.Sprintf("The certificate of the mail server %s is not valid (expired or not yet valid, or not for servers).", cfg.host()),
			"renew the certificate on the server, or set the clock of this machine"
	case errors.As(err, &record):
		return fmt.Sprintf("The mail server %s does not speak TLS on this port.", cfg.Server),
			"use port 993 with tls, or starttls with port 143"
	case errors.As(err, &alert):
		return fmt.Sprintf("The mail server %s refused the TLS handshake.", cfg.Server), "the server may be too old: it needs TLS 1.2"
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("Nothing answers at %s.", cfg.Server), "check server and port; usual is 993 with tls"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, errMute):
		return fmt.Sprintf("The mail server %s did not answer within %s.", cfg.Server, cfg.Timeout), "check server and port, and firewalls on the way"
	}
	return fmt.Sprintf("The mail server %s cannot be reached.", cfg.Server), "it is tried again by itself"
}
