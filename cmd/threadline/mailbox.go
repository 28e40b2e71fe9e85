package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/sync/engine"
)

func (m *Main) mailboxCommand() *cobra.Command {
	return group("mailbox", "Connected mailboxes", m.mailboxAdd(), m.mailboxList(), m.mailboxStatus(), m.mailboxSync(),
		m.mailboxTurn("pause", "Stop syncing until resumed"), m.mailboxTurn("resume", "Go on syncing"),
		m.mailboxEdit(), m.mailboxDelete(), m.mailboxAudit(), m.mailboxWhere(), m.mailboxPassword(), m.mailboxDead(), m.mailboxRetry())
}

type mailboxFlags struct {
	owner, imap, tls, login, address, passwordFile, since string
	aliases, folders                                      []string
	headersOnly, gmail, send, drafts, overIMAP, knownOnly bool
	smtp, smtpTLS                                         string
	mailbox                                               string // to connect again
}

func (m *Main) mailboxAdd() *cobra.Command {
	var in mailboxFlags
	cmd := &cobra.Command{Use: "add", Short: "Connect a mailbox; it is signed in to once before anything is stored", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if in.gmail {
				return m.addGmail(cmd.Context(), in)
			}
			return m.addMailbox(cmd.Context(), in)
		}}
	f := cmd.Flags()
	f.StringVar(&in.owner, "owner", "", "address of the user whose mail it is")
	f.StringVar(&in.imap, "imap", "", "HOST:PORT of the IMAP server")
	f.StringVar(&in.tls, "tls", "tls", "tls, starttls, or none (this machine only)")
	f.StringVar(&in.smtp, "smtp", "", "HOST:PORT of the server to send through, with the same login")
	f.StringVar(&in.smtpTLS, "smtp-tls", "tls", "tls, starttls, or none (this machine only)")
	f.StringVar(&in.login, "login", "", "name to sign in with")
	f.StringVar(&in.passwordFile, "password-file", "", "file that holds the password; - reads it from standard input")
	f.StringVar(&in.address, "address", "", "address of the mailbox, when the login is none")
	f.StringSliceVar(&in.aliases, "alias", nil, "other addresses whose mail arrives there")
	f.StringVar(&in.since, "since", "", "count older mail and leave it out, as 2026-01-31")
	f.StringArrayVar(&in.folders, "folder", nil, "only this folder; may be repeated")
	f.BoolVar(&in.headersOnly, "headers-only", false, "fetch no bodies")
	f.BoolVar(&in.gmail, "gmail", false, "through Google's consent and the Gmail API; no password")
	f.BoolVar(&in.drafts, "drafts", false, "with --gmail: ask for the permission to keep drafts there and to send, too")
	f.BoolVar(&in.send, "send", false, "with --gmail: ask for the permission to send, too")
	f.BoolVar(&in.knownOnly, "known-only", false, "with --gmail: of the mail so far, only that of known people and companies, and the rest of it when they become known")
	f.BoolVar(&in.overIMAP, "over-imap", false, "with --gmail: through IMAP and SMTP instead of the API; one permission covers both")
	f.StringVar(&in.mailbox, "again", "", "with --gmail: connect this mailbox again, by address or id")
	return cmd
}

func (m *Main) addMailbox(ctx context.Context, in mailboxFlags) error {
	for flag, v := range map[string]string{"owner": in.owner, "imap": in.imap, "login": in.login} {
		if v == "" {
			return crm.Errorf(crm.Invalid, "addMailbox", "--%s is missing", flag).WithField(flag).
				WithHint("threadline mailbox add --owner EMAIL --imap HOST:993 --login LOGIN --password-file FILE")
		}
	}
	password, err := m.readPassword(in.passwordFile)
	if err != nil {
		return err
	}
	body := map[string]any{"owner": in.owner, "server": in.imap, "tls": in.tls, "login": in.login, "password": password,
		"address": in.address, "aliases": in.aliases, "folders": in.folders, "headers_only": in.headersOnly,
		"smtp": in.smtp, "smtp_tls": in.smtpTLS}
	if in.since != "" {
		since, err := parseSince(in.since)
		if err != nil {
			return err
		}
		body["since"] = since
	}
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		var out engine.Status
		raw, err := c.send(ctx, "POST", "/mailboxes", body, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s is connected (%s)", string(out.Address), string(out.ID))
			if c.inside {
				m.say("No server runs: start it with threadline serve, or sync once with threadline mailbox sync %s", string(out.ID))
			} else {
				m.say("Watch it with: threadline mailbox status --watch")
			}
		})
	})
}

func parseSince(s string) (crm.Time, error) {
	since, err := crm.ParseTime(s)
	if err != nil {
		return 0, crm.E(crm.Invalid, "parseSince", "--since cannot be read", err).WithField("since").WithHint("write it as 2026-01-31")
	}
	return since, nil
}

const maxPassword = 1000

// readPassword reads the first line of a file.
func (m *Main) readPassword(file string) (string, error) {
	const op = crm.Op("readPassword")
	switch file {
	case "":
		return "", crm.Errorf(crm.Invalid, op, "--password-file is missing").WithField("password-file").
			WithHint("write the password into a file that only you can read, or give - and send it on standard input")
	case "-":
		return secretLine(m.In, "password-file")
	}
	return firstLine(file, "password-file")
}

// firstLine reads a secret from a file that a flag names.
func firstLine(file, flag string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", crm.E(crm.Invalid, "firstLine", "the file of the secret cannot be opened", err).WithField(flag).
			WithHint("name a file that exists and that you may read, or - for standard input")
	}
	defer f.Close()
	return secretLine(f, flag)
}

func secretLine(in io.Reader, flag string) (string, error) {
	const op = crm.Op("secretLine")
	line, err := bufio.NewReader(io.LimitReader(in, maxPassword+2)).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if err != nil && err != io.EOF {
		return "", crm.E(crm.Invalid, op, "the secret cannot be read", err).WithField(flag)
	}
	if line == "" || len(line) > maxPassword {
		return "", crm.Errorf(crm.Invalid, op, "there is no secret on the first line").WithField(flag)
	}
	return line, nil
}

func (m *Main) mailboxPassword() *cobra.Command {
	var file string
	cmd := &cobra.Command{Use: "password MAILBOX", Short: "Give a mailbox a new password; it is tried first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := m.readPassword(file)
			if err != nil {
				return err
			}
			return m.forMailbox(cmd.Context(), args[0], func(ctx context.Context, c *client, id string) error {
				raw, err := c.send(ctx, "PATCH", path("mailboxes", id), map[string]any{"password": password}, nil)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("the new password works and is kept") })
			})
		}}
	cmd.Flags().StringVar(&file, "password-file", "", "file that holds the password; - reads it from standard input")
	return cmd
}

// forMailbox runs fn for the mailbox with an id or address.
func (m *Main) forMailbox(ctx context.Context, ref string, fn func(ctx context.Context, c *client, id string) error) error {
	return m.forMailboxAs(ctx, "", ref, fn)
}

// forMailboxAs is forMailbox in the name of a user.
func (m *Main) forMailboxAs(ctx context.Context, as, ref string, fn func(ctx context.Context, c *client, id string) error) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		found, err := c.mailboxes(ctx, ref)
		if err != nil {
			return err
		}
		return fn(ctx, c, string(found[0].ID))
	})
}

// mailboxes returns the mailboxes, or the one with an id or address.
// seen is a mailbox as the server shows it.
type seen struct {
	engine.Status
	Kind       crm.MailboxKind `json:"kind"`
	Aliases    []crm.Address   `json:"aliases,omitempty"`
	Since      crm.Time        `json:"since,omitempty"`
	WatchUntil crm.Time        `json:"watch_until,omitempty"`
}

func (c *client) mailboxes(ctx context.Context, ref string) ([]seen, error) {
	var all list[seen]
	if _, err := c.send(ctx, "GET", "/mailboxes", nil, &all); err != nil || ref == "" {
		return all.Items, err
	}
	var found []seen
	for _, b := range all.Items {
		if string(b.ID) == ref || strings.EqualFold(string(b.Address), ref) {
			found = append(found, b)
		}
	}
	switch len(found) {
	case 0:
		return nil, crm.Errorf(crm.NotFound, "mailboxes", "there is no mailbox %q", ref).WithHint("list them with: threadline mailbox list")
	case 1:
		return found, nil
	}
	return nil, crm.Errorf(crm.Invalid, "mailboxes", "%d mailboxes have the address %s", len(found), ref).WithHint("name one by its id")
}

// mailboxTurn pauses or resumes.
func (m *Main) mailboxTurn(verb, short string) *cobra.Command {
	return &cobra.Command{Use: verb + " MAILBOX", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.forMailbox(cmd.Context(), args[0], func(ctx context.Context, c *client, id string) error {
				raw, err := c.send(ctx, "POST", path("mailboxes", id, verb), nil, nil)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("%s: %sd", args[0], verb) })
			})
		}}
}
