package main

import (
	"context"
	"encoding/json"
	mathrand "math/rand/v2"
	"os"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/spf13/pflag"

	"threadline/internal/api"
	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/sync/gmail"
	"threadline/sync/source"
)

// googleOptions say which client at Google this installation is.
type googleOptions struct {
	clientID, secretFile, url, quota string
	imap, smtp                       string // in place of Google's mail servers
	poll                             time.Duration
	topic                            string // that changes are published to
	pushAccount, pushAudience        string // of a push subscription
	subscription, pubsubURL          string // of a pull subscription
}

func (o *googleOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.clientID, "google-client-id", "", "OAuth client id with which Gmail accounts are connected")
	f.StringVar(&o.secretFile, "google-client-secret-file", "", "file that holds the secret of that client")
	f.StringVar(&o.url, "google-url", "", "address in place of Google's, for tests")
	f.StringVar(&o.imap, "google-imap", "", "address in place of Google's IMAP server, for tests")
	f.StringVar(&o.smtp, "google-smtp", "", "address in place of Google's SMTP server, for tests")
	f.StringVar(&o.quota, "gmail-quota", "new", "limits and prices of the Gmail API: new, old (projects from before May 2026), or a JSON file")
	f.StringVar(&o.topic, "gmail-topic", "", "Pub/Sub topic for notices of new mail, as projects/P/topics/T")
	f.StringVar(&o.pushAccount, "push-service-account", "", "service account whose push subscription may post to /push/gmail")
	f.StringVar(&o.pushAudience, "push-audience", "", "audience of its tokens (default: the address of /push/gmail)")
	f.StringVar(&o.subscription, "gmail-subscription", "", "Pub/Sub subscription to pull notices from, as projects/P/subscriptions/S, for servers that Google cannot reach")
	f.StringVar(&o.pubsubURL, "pubsub-url", "", "address in place of Pub/Sub's, for its emulator")
	f.DurationVar(&o.poll, "gmail-poll", time.Minute, "how often to look for new mail without being told")
}

// limits are the chosen ones, or those of a file: {"per_user": 6000, "project":
// 1200000, "prices": {"messages.get": 20}}.
func (o *googleOptions) limits() (gmail.Limits, error) {
	switch o.quota {
	case "", "new":
		return gmail.NewLimits(), nil
	case "old":
		return gmail.OldLimits(), nil
	}
	var l gmail.Limits
	data, err := os.ReadFile(o.quota)
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err != nil || l.PerUser < 0 || l.Project < 0 {
		return l, crm.E(crm.Invalid, "limits", "the price list of the Gmail API cannot be read", err).WithField("gmail-quota").
			WithHint(`new, old, or a file such as {"per_user": 6000, "project": 1200000, "prices": {"messages.get": 20}}`)
	}
	return l, nil
}

// openGmail makes the project, if this installation has a client at Google.
func (h *house) openGmail(m *Main) error {
	o := &m.opt.google
	if o.clientID == "" {
		return nil
	}
	secret := ""
	if o.secretFile != "" { // clients of installed programs may have none
		var err error
		if secret, err = firstLine(o.secretFile, "google-client-secret-file"); err != nil {
			return err
		}
	}
	limits, err := o.limits()
	if err != nil {
		return err
	}
	base, err := m.base()
	if err != nil {
		return err
	}
	h.repair = func(id crm.MailboxID) string { return "connect it again: " + api.RepairURL(base, id) }
	if h.gmail != nil { // of the house beside: quotas and notices are one
		return nil
	}
	h.gmail = gmail.NewProject(gmail.ProjectConfig{ClientID: o.clientID, ClientSecret: secret, URL: o.url, IMAP: o.imap, SMTP: o.smtp, Limits: limits, Poll: o.poll, Jitter: mathrand.Float64})
	return nil
}

// gmailSource is the source of a mailbox with the refresh token of its consent.
func (h *house) gmailSource(mb crm.Mailbox, refresh seal.Secret) (source.Source, error) {
	if h.gmail == nil {
		return nil, crm.Errorf(crm.Unavailable, "gmailSource", "this installation has no OAuth client at Google any more").
			WithHint("start the server with --google-client-id and --google-client-secret-file")
	}
	return gmail.New(h.gmail.Account(mb.Address, refresh.Reveal(), h.repair(mb.ID))), nil
}

// saslOf signs in to the mail servers of a mailbox by its consent; nil for one
// with a password.
func (h *house) saslOf(mb crm.Mailbox, refresh seal.Secret) (func(context.Context) (sasl.Client, error), error) {
	switch {
	case !mb.Consented():
		return nil, nil
	case h.gmail == nil:
		return nil, crm.Errorf(crm.Unavailable, "saslOf", "this installation has no OAuth client at Google any more").
			WithHint("start the server with --google-client-id and --google-client-secret-file")
	}
	return h.gmail.Tokens(refresh.Reveal(), h.repair(mb.ID)).SASL(mb.Login), nil
}

// pace is how long so many mails of a mailbox take at least.
func (h *house) pace(mb *crm.Mailbox, mails int64) time.Duration {
	if mb.Kind != crm.KindGmail || h.gmail == nil {
		return 0
	}
	return h.gmail.TimeFor(mails)
}
