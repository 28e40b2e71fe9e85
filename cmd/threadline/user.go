package main

import (
	"context"

	"github.com/spf13/cobra"
)

type userAnswer struct {
	ID, Email, Name, Locale, Status string
}

type linkAnswer struct {
	User userAnswer
	Link string
}

func (m *Main) userCommand() *cobra.Command {
	var name, locale string
	add := &cobra.Command{Use: "add EMAIL", Short: "Add a person; prints their one-time sign-in link", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.link(cmd.Context(), "/users", map[string]any{"email": args[0], "name": name, "locale": locale})
		}}
	add.Flags().StringVar(&name, "name", "", "how the person is called")
	add.Flags().StringVar(&locale, "locale", "", "language: en, fr, it, pl")
	link := &cobra.Command{Use: "link EMAIL", Short: "Make a new one-time sign-in link", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.link(cmd.Context(), path("users", args[0], "link"), nil)
		}}
	all := &cobra.Command{Use: "list", Short: "List the people of the workspace", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.listUsers(cmd.Context()) }}
	return group("user", "People who sign in", add, link, all)
}

func (m *Main) link(ctx context.Context, path string, in any) error {
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		var out linkAnswer
		raw, err := c.send(ctx, "POST", path, in, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s (%s)", out.User.Email, out.User.ID)
			m.say("Sign in once, within an hour: %s", out.Link)
		})
	})
}

func (m *Main) listUsers(ctx context.Context) error {
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		var out list[userAnswer]
		raw, err := c.send(ctx, "GET", "/users", nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			var rows [][]string
			for _, u := range out.Items {
				rows = append(rows, []string{u.ID, u.Email, u.Name, u.Status})
			}
			m.table([]string{"id", "email", "name", "status"}, rows)
		})
	})
}
