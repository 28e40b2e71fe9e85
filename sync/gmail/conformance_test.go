package gmail_test

import (
	"slices"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
	"threadline/sync/source/sourcetest"
)

const rep = "rep@example.com"

// account is one user of a test server.
type account struct {
	*gmailtest.Server
	base string
}

func newAccount(t testing.TB, opt gmailtest.Options) account {
	s := gmailtest.New(opt)
	s.AddUser(rep)
	return account{s, s.Start(t)}
}

func (a account) oauth() *oauth2.Config {
	return &oauth2.Config{ClientID: "client", ClientSecret: "secret",
		Endpoint: oauth2.Endpoint{AuthURL: a.base + "/o/oauth2/v2/auth", TokenURL: a.base + "/token", AuthStyle: oauth2.AuthStyleInParams}}
}

// config is the account as the product would have it.
func (a account) config(refresh string) gmail.Config {
	return gmail.Config{Address: rep, Base: a.base, Poll: 50 * time.Millisecond, Timeout: 20 * time.Second,
		Tokens: gmail.NewTokens(a.oauth(), nil, refresh, "connect the mailbox again")}
}

func (a account) source() *gmail.Source {
	return gmail.New(a.config(a.Grant(rep, gmailtest.ScopeReadonly)))
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Harness {
		a := newAccount(t, gmailtest.Options{})
		return sourcetest.Harness{
			Source: a.source(), WrongPassword: gmail.New(a.config("1//no such token")), TellsFlags: true,
			Inbox: gmail.AllMail, InboxRole: crm.RoleAll, Keeps: []crm.Flag{crm.FlagSeen, crm.FlagFlagged},
			Append: a.append, Delete: a.delete, SetFlags: a.setFlags,
		}
	})
}

func (a account) append(_ string, mails ...testenv.Mail) ([]crm.Key, error) {
	var in []gmailtest.Mail
	for _, m := range mails {
		in = append(in, gmailtest.Mail{Raw: m.Raw, Internal: m.Internal, Labels: labelsOf(m.Flags)})
	}
	var keys []crm.Key
	for _, id := range a.Add(rep, in...) {
		keys = append(keys, crm.Key(id))
	}
	return keys, nil
}

func labelsOf(flags []crm.Flag) []string {
	out := []string{gmailtest.Inbox}
	if !slices.Contains(flags, crm.FlagSeen) {
		out = append(out, gmailtest.Unread)
	}
	if slices.Contains(flags, crm.FlagFlagged) {
		out = append(out, gmailtest.Starred)
	}
	return out
}

func (a account) delete(_ string, keys ...crm.Key) error {
	a.Remove(rep, ids(keys)...)
	return nil
}

func ids(keys []crm.Key) []uint64 {
	out := make([]uint64, len(keys))
	for i, k := range keys {
		out[i] = uint64(k)
	}
	return out
}

func (a account) setFlags(_ string, flags []crm.Flag, keys ...crm.Key) error {
	want := labelsOf(flags)
	drop := slices.DeleteFunc([]string{gmailtest.Unread, gmailtest.Starred}, func(l string) bool { return slices.Contains(want, l) })
	a.Label(rep, want, drop, ids(keys)...)
	return nil
}
