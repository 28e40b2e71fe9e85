package main

import (
	"context"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// excludeFlags are what an exclusion says beside its pattern.
type excludeFlags struct {
	as, on, effect, mailbox string
	mine, dry               bool
}

func (m *Main) excludeCommand() *cobra.Command {
	var f excludeFlags
	add := &cobra.Command{Use: "add PATTERN", Short: "Keep mail of an address, a domain, a folder, a subject or a header away", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), f.as, func(ctx context.Context, c *client) error { return m.exclude(ctx, c, args[0], &f) })
		}}
	add.Flags().StringVar(&f.as, "as", "", "in whose name: address of a user")
	add.Flags().StringVar(&f.on, "on", "", "what the pattern is: address, domain, folder, subject or header (default: an address or a domain)")
	add.Flags().StringVar(&f.effect, "effect", string(crm.DropCopy), "drop_participant, drop_copy, owner_only, metadata_only or never_store")
	add.Flags().StringVar(&f.mailbox, "mailbox", "", "of never_store: for this mailbox only")
	add.Flags().BoolVar(&f.mine, "mine", false, "for the mail in one's own mailboxes only")
	add.Flags().BoolVar(&f.dry, "dry-run", false, "only show what would change of stored mail")
	var as string
	all := &cobra.Command{Use: "list", Short: "List exclusions", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.with(cmd.Context(), as, m.exclusions) }}
	all.Flags().StringVar(&as, "as", "", "with those of this user: an address")
	remove := &cobra.Command{Use: "remove ID", Short: "Take an exclusion back", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error { return m.include(ctx, c, args[0]) })
		}}
	remove.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	return group("exclude", "Mail that is kept away", add, all, remove)
}

func (m *Main) exclude(ctx context.Context, c *client, pattern string, f *excludeFlags) error {
	body := map[string]any{"pattern": pattern, "effect": f.effect}
	for key, value := range map[string]string{"on": f.on, "mailbox": f.mailbox} {
		if value != "" {
			body[key] = value
		}
	}
	if f.mine {
		body["mine"] = true
	}
	if f.dry {
		var out timeline.Preview
		raw, err := c.send(ctx, "POST", "/exclusions/preview", body, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.foretold(&out) })
	}
	var out struct {
		Item  crm.Exclusion
		Batch string
	}
	raw, err := c.send(ctx, "POST", "/exclusions", body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s keeps it away from now on", out.Item.ID)
		if out.Item.Effect == crm.NeverStore {
			m.say("what is stored already stays; what is not stored from now on cannot be brought back")
		}
		m.say("take it back with: threadline undo %s", out.Batch)
	})
}

func (m *Main) exclusions(ctx context.Context, c *client) error {
	var out list[crm.Exclusion]
	raw, err := c.send(ctx, "GET", "/exclusions", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		rows := make([][]string, 0, len(out.Items))
		for _, e := range out.Items {
			rows = append(rows, []string{e.ID, string(e.Pattern), string(e.Effect), string(e.Owner), string(e.Mailbox)})
		}
		m.table([]string{"id", "pattern", "effect", "owner", "mailbox"}, rows)
	})
}

func (m *Main) include(ctx context.Context, c *client, id string) error {
	var out struct{ Batch string }
	raw, err := c.send(ctx, "DELETE", path("exclusions", id), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("taken back; undo that with: threadline undo %s", out.Batch) })
}
