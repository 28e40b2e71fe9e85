package main

import (
	"context"
	"net"
	"time"

	"github.com/spf13/cobra"

	"threadline/internal/api"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/preflight"
	"threadline/internal/store"
	"threadline/sync/gmail"
)

// checkTime bounds all questions to the DNS together.
const checkTime = 15 * time.Second

// preflight looks at mail before the first of it goes. Without a resolver that
// somebody named, the DNS says nothing of a server on this machine.
func (h *house) preflight(public string, named bool) campaign.Preflight {
	return func(ctx context.Context, box *crm.Mailbox, q preflight.Question) ([]preflight.Finding, error) {
		ctx, done := context.WithTimeout(ctx, checkTime)
		defer done()
		q.Public = public
		if box.SMTP != "" {
			host, _, err := net.SplitHostPort(box.SMTP)
			if err != nil {
				return nil, crm.E(crm.Invalid, "preflight", "the SMTP server of the mailbox is not host:port", err).WithField("smtp")
			}
			q.Relay, q.Local = host, !named && leavesHere(box.SMTP)
			list, err := store.Signers.All(ctx, h.Space, store.Query{})
			if err != nil {
				return nil, err
			}
			for _, d := range list {
				if d.Value.On && d.Value.Domain == box.Address.Domain() {
					q.Signer = &d.Value
				}
			}
		}
		return preflight.Check(ctx, h.resolver, q), nil
	}
}

// leavesHere tells whether an SMTP server is on this machine.
func leavesHere(server string) bool {
	host, _, err := net.SplitHostPort(server)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// senders looks at the DNS of every domain that mail goes out from, once for each
// server that it leaves by.
func (h *house) senders(ctx context.Context, look campaign.Preflight) ([]api.Look, error) {
	boxes, err := store.Mailboxes.All(ctx, h.Space, store.Query{})
	if err != nil {
		return nil, err
	}
	var out []api.Look
	seen := map[string]bool{}
	for _, d := range boxes {
		m := d.Value
		sends := m.SMTP != "" || m.Kind == crm.KindGmail && gmail.MaySend(m.Scopes)
		by := string(m.Address.Domain()) + " " + m.SMTP
		if !sends || m.State == crm.StateDeleted || m.State == crm.StateDeleting || seen[by] {
			continue
		}
		seen[by] = true
		if h.resolver == net.DefaultResolver && leavesHere(m.SMTP) {
			out = append(out, api.Look{What: "DNS of " + string(m.Address.Domain()), OK: true, Told: "mail leaves by a server on this machine: how it goes on is not known",
				Hint: "to look all the same, name a resolver with --resolver"})
			continue
		}
		found, err := look(ctx, &m, preflight.Question{From: m.Address})
		if err != nil {
			return nil, err
		}
		out = append(out, api.LooksOf(string(m.Address.Domain()), found)...)
	}
	return out, nil
}

// dkimCommand keeps the keys by which mail is signed.
func (m *Main) dkimCommand() *cobra.Command {
	var as, selector, method string
	in := func(run func(context.Context, *client, string) error) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, args []string) error {
			arg := ""
			if len(args) > 0 {
				arg = args[0]
			}
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error { return run(ctx, c, arg) })
		}
	}
	create := &cobra.Command{Use: "make DOMAIN", Short: "Make a key for a domain and print its DNS record; nothing is signed yet", Args: cobra.ExactArgs(1),
		RunE: in(func(ctx context.Context, c *client, domain string) error {
			return m.signer(ctx, c, "/signers", map[string]any{"domain": domain, "selector": selector, "method": method})
		})}
	create.Flags().StringVar(&selector, "selector", "threadline", "name of the key in the DNS")
	create.Flags().StringVar(&method, "method", "rsa-sha256", "rsa-sha256 or ed25519-sha256, which not every receiver can check")
	commands := []*cobra.Command{create,
		{Use: "list", Short: "List the keys and their DNS records", Args: cobra.NoArgs, RunE: in(m.signers)},
		{Use: "on DOMAIN", Short: "Sign mail of a domain, once its record is in the DNS", Args: cobra.ExactArgs(1),
			RunE: in(func(ctx context.Context, c *client, d string) error {
				return m.signer(ctx, c, path("signers", d, "on"), nil)
			})},
		{Use: "off DOMAIN", Short: "Sign mail of a domain no more", Args: cobra.ExactArgs(1),
			RunE: in(func(ctx context.Context, c *client, d string) error {
				return m.signer(ctx, c, path("signers", d, "off"), nil)
			})}}
	for _, cmd := range commands {
		cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	}
	return group("dkim", "Keys by which mail is signed", commands...)
}

// signed is a key as the API shows it.
type signed struct {
	crm.Signer
	Name, Record string
}

func (m *Main) signer(ctx context.Context, c *client, to string, body any) error {
	var out signed
	raw, err := c.send(ctx, "POST", to, body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		if out.On {
			m.say("mail of %s is signed", string(out.Domain))
			return
		}
		m.say("mail of %s is not signed. Put this TXT record into the DNS, then: threadline dkim on %s\n%s  TXT  \"%s\"", string(out.Domain), string(out.Domain), out.Name, out.Record)
	})
}

func (m *Main) signers(ctx context.Context, c *client, _ string) error {
	var out list[signed]
	raw, err := c.send(ctx, "GET", "/signers", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		rows := make([][]string, 0, len(out.Items))
		for _, x := range out.Items {
			rows = append(rows, []string{string(x.Domain), map[bool]string{true: "signs", false: "off"}[x.On], x.Method, x.Name, x.Record})
		}
		m.table([]string{"domain", "state", "method", "name", "record"}, rows)
	})
}

// checks prints what receivers would say to the first mail of a campaign or a
// sequence.
func (m *Main) checks(ctx context.Context, c *client, of, id string) error {
	var out list[preflight.Finding]
	raw, err := c.send(ctx, "GET", path(of, id, "checks"), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		for _, f := range out.Items {
			m.say("%-9s %-12s %s", string(f.Level), f.Check, f.Text)
			if f.Fix != "" {
				m.say("%23sto do: %s", "", f.Fix)
			}
		}
	})
}
