package main

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/sync/engine"
)

func (m *Main) mailboxEdit() *cobra.Command {
	var since string
	var folders, aliases []string
	var all, known bool
	var smtp, smtpTLS string
	budget := -1
	cmd := &cobra.Command{Use: "edit MAILBOX", Short: "Choose anew which mail is synced and whose addresses it has; what is stored stays", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			change := map[string]any{}
			switch {
			case since == "all":
				change["all_time"] = true
			case since != "":
				t, err := crm.ParseTime(since)
				if err != nil {
					return crm.E(crm.Invalid, "mailboxEdit", "--since cannot be read", err).WithField("since").WithHint("write it as 2026-01-31, or all")
				}
				change["since"] = t
			}
			if all || len(folders) > 0 {
				change["folders"] = append([]string{}, folders...)
			}
			if len(aliases) > 0 {
				change["aliases"] = slices.DeleteFunc(aliases, func(a string) bool { return a == "-" })
			}
			if cmd.Flags().Changed("known-only") {
				change["known_only"] = known
			}
			if smtp != "" {
				change["smtp"], change["smtp_tls"] = strings.TrimPrefix(smtp, "-"), smtpTLS
			}
			if budget >= 0 {
				change["budget"] = budget
			}
			if len(change) == 0 {
				return crm.Errorf(crm.Invalid, "mailboxEdit", "nothing is to be changed").WithHint("--since DATE|all, --folder NAME, --all-folders, --known-only=true|false, --smtp HOST:PORT, --budget N, --alias ADDRESS")
			}
			return m.forMailbox(cmd.Context(), args[0], func(ctx context.Context, c *client, id string) error {
				raw, err := c.send(ctx, "PATCH", path("mailboxes", id), change, nil)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("changed; watch it with: threadline mailbox status --watch") })
			})
		}}
	cmd.Flags().StringVar(&since, "since", "", "count older mail and leave it out, as 2026-01-31; all for no such date")
	cmd.Flags().BoolVar(&known, "known-only", false, "of the mail before a Gmail account was connected: only that of known people, and the rest of it when they become known")
	cmd.Flags().StringVar(&smtp, "smtp", "", "HOST:PORT to send through; - for none")
	cmd.Flags().StringVar(&smtpTLS, "smtp-tls", "tls", "tls, starttls, or none (this machine only)")
	cmd.Flags().IntVar(&budget, "budget", -1, "mails in any 24 hours, your own included; 0 is the usual")
	cmd.Flags().StringSliceVar(&aliases, "alias", nil, "the other addresses of its owner, all of them; - for none")
	cmd.Flags().StringArrayVar(&folders, "folder", nil, "only this folder; may be repeated")
	cmd.Flags().BoolVar(&all, "all-folders", false, "every folder that reaches a timeline")
	return cmd
}

func (m *Main) mailboxDelete() *cobra.Command {
	var erase bool
	cmd := &cobra.Command{Use: "delete MAILBOX", Short: "Stop a mailbox for good and forget its password; this cannot be undone", Args: cobra.ExactArgs(1),
		Long: `Stop a mailbox for good. Its sealed password, copies, queue and sync state are removed.
This cannot be undone: undo does not bring a mailbox back. The mail server is not
touched, so the mailbox can be added again and brings back what still lies there.
Messages stay on their timelines, unless --erase: then those go too that lie in no
other mailbox and never lay in another person's. Corrections and rules stay.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.forMailbox(cmd.Context(), args[0], func(ctx context.Context, c *client, id string) error {
				mail := "keep"
				if erase {
					mail = "erase"
				}
				var out struct{ State crm.MailboxState }
				raw, err := c.send(ctx, "DELETE", path("mailboxes", id)+"?mail="+mail, nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					if out.State == crm.StateDeleted {
						m.say("%s is deleted", args[0])
					} else {
						m.say("%s is stopped, and what it has left is being removed", args[0])
					}
				})
			})
		}}
	cmd.Flags().BoolVar(&erase, "erase", false, "remove the mail too that only this mailbox had")
	return cmd
}

func (m *Main) mailboxWhere() *cobra.Command {
	var as, with, subject, day string
	cmd := &cobra.Command{Use: "where MAILBOX [MESSAGE-ID]", Short: "Ask the mail server for a message, and say what became of it", Args: cobra.RangeArgs(1, 2),
		Long: "Ask the mail server for a message, and say what became of it: by its Message-ID,\nor by what is known of it, in the name of the owner (--as EMAIL).",
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.forMailboxAs(cmd.Context(), as, args[0], func(ctx context.Context, c *client, id string) error {
				if len(args) == 1 {
					return m.trace(ctx, c, id, url.Values{"with": {with}, "subject": {subject}, "day": {day}})
				}
				var out engine.Answer
				raw, err := c.send(ctx, "GET", path("mailboxes", id, "where")+"?message_id="+url.QueryEscape(strings.Trim(args[1], "<>")), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					m.say("%s", whereabouts(out.Whereabouts, ""))
					m.unsearched(out.Closed)
				})
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringVar(&with, "with", "", "an address, a domain or a name among its sender and recipients")
	cmd.Flags().StringVar(&subject, "subject", "", "words of its subject, in any order")
	cmd.Flags().StringVar(&day, "day", "", "when it arrived, as 2026-11-27")
	return cmd
}

// unsearched names the folders that an answer knows nothing of.
func (m *Main) unsearched(folders []string) {
	if len(folders) > 0 {
		m.say("not looked through: %s (the server does not open it to this account)", strings.Join(folders, ", "))
	}
}

// trace lists the mail of the server that fits.
func (m *Main) trace(ctx context.Context, c *client, mailbox string, clue url.Values) error {
	var out engine.Traces
	raw, err := c.send(ctx, "GET", path("mailboxes", mailbox, "trace")+"?"+clue.Encode(), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		defer m.unsearched(out.Closed)
		var rows [][]string
		for _, t := range out.Items {
			rows = append(rows, []string{t.Date.Std().Local().Format("2006-01-02 15:04"), cmp.Or(string(t.From.Address), t.From.Name, t.From.Raw), t.Subject, whereabouts(t.Whereabouts, ""), string(t.Message)})
		}
		if len(rows) == 0 {
			m.say("the server has no such mail")
			return
		}
		m.table([]string{"date", "from", "subject", "what became of it", "message"}, rows)
		if out.More {
			m.say("the server has more that fits: say more of the mail")
		}
	})
}

func (m *Main) mailboxAudit() *cobra.Command {
	var repair bool
	cmd := &cobra.Command{Use: "audit MAILBOX", Short: "Compare every folder key by key with the server, as is done every night", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.forMailbox(cmd.Context(), args[0], func(ctx context.Context, c *client, id string) error {
				verb := "GET"
				if repair {
					verb = "POST"
				}
				raw, err := c.send(ctx, verb, path("mailboxes", id, "audit"), nil, nil)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.audit(raw, repair, c.inside) })
			})
		}}
	cmd.Flags().BoolVar(&repair, "repair", false, "fetch what is missing and take off what is gone")
	return cmd
}

func (m *Main) audit(raw []byte, repair, inside bool) {
	var out list[engine.FolderAudit]
	if err := json.Unmarshal(raw, &out); err != nil {
		m.say("the answer cannot be read")
		return
	}
	var rows [][]string
	differs := int64(0)
	for _, f := range out.Items {
		proven := "yes"
		if !f.Proven {
			proven = "no"
		}
		differs += f.Missing + f.Gone
		rows = append(rows, []string{f.Folder, number(f.Server), number(f.Known), number(f.Waiting), number(f.Skipped),
			number(f.Missing), number(f.Gone), proven})
	}
	m.table([]string{"folder", "server", "known", "waiting", "skipped", "missing", "gone", "proven"}, rows)
	switch {
	case repair && inside:
		m.say("It is repaired at the next sync: threadline serve, or threadline mailbox sync")
	case repair:
		m.say("It is being repaired; what was found stands in: threadline mailbox status")
	case differs > 0:
		m.say("Repair it with --repair, or wait for the night")
	}
}
