package main

import (
	"context"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/page"
)

// draftCommand writes mails that go later.
func (m *Main) draftCommand() *cobra.Command {
	var in sendFlags
	var as string
	save := &cobra.Command{Use: "save MAILBOX", Short: "Keep a mail that is not to go yet, also among the drafts of the mailbox", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.saveDraft(cmd.Context(), "", args[0], in) }}
	in.flags(save.Flags())
	edit := &cobra.Command{Use: "edit ID MAILBOX", Short: "Write a draft anew", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error { return m.saveDraft(cmd.Context(), args[0], args[1], in) }}
	in.flags(edit.Flags())
	edit.Flags().StringVar(&in.version, "version", "", "write it only if it still has this version, as show and save say it")
	show := &cobra.Command{Use: "show ID", Short: "What a draft says", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.showDraft(cmd.Context(), as, args[0]) }}
	send := &cobra.Command{Use: "send ID", Short: "Send a draft as it is, and say what became of it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.sendDraft(cmd.Context(), as, args[0]) }}
	drop := &cobra.Command{Use: "drop ID", Short: "Throw a draft away, also out of its mailbox", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				raw, err := c.send(ctx, "DELETE", path("drafts", args[0]), nil, nil)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("%s is gone", args[0]) })
			})
		}}
	for _, c := range []*cobra.Command{show, send, drop} {
		c.Flags().StringVar(&as, "as", "", "address of the user who writes it")
	}
	return group("draft", "Mails that are written and not sent yet", save, edit, show, send, drop)
}

type draftAnswer struct {
	crm.Outgoing
	Words struct {
		To, Cc, Bcc []string
		Text        string
	}
	Version string
	Left    []page.Left
}

func (m *Main) saveDraft(ctx context.Context, id, mailbox string, in sendFlags) error {
	return m.written(ctx, mailbox, &in, func(ctx context.Context, c *client, body map[string]any) error {
		var o draftAnswer
		verb, where := "POST", "/drafts"
		if id != "" {
			verb, where = "PUT", path("drafts", id)
		}
		raw, err := c.send(ctx, verb, where, body, &o)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s is kept, version %s", o.ID, o.Version)
			m.sayLeft(o.Left)
			if o.Trouble != "" {
				m.say("%s", o.Trouble)
				m.say("  what to do: %s", o.Hint)
			}
		})
	})
}

func (m *Main) showDraft(ctx context.Context, as, id string) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		var o draftAnswer
		raw, err := c.send(ctx, "GET", path("drafts", id), nil, &o)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			for _, of := range []struct {
				what string
				list []string
			}{{"to", o.Words.To}, {"cc", o.Words.Cc}, {"bcc", o.Words.Bcc}} {
				for _, a := range of.list {
					m.say("%s: %s", of.what, a)
				}
			}
			m.say("subject: %s", o.Subject)
			m.say("version: %s", o.Version)
			for _, f := range o.Files {
				m.say("file: %s (%d bytes)", f.Name, f.Size)
			}
			m.say("%s", o.Words.Text)
		})
	})
}

func (m *Main) sendDraft(ctx context.Context, as, id string) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		if c.inside {
			c.start()
		}
		o, raw, err := c.sent(ctx, path("drafts", id, "send"), nil)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.say("%s: %s %s", o.ID, string(o.State), o.Trouble) })
	})
}
