package main

import (
	"context"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
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
	reset := &cobra.Command{Use: "reset EMAIL", Short: "Take password, second factor and sessions from a person who has lost them", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.resetUser(cmd.Context(), args[0]) }}
	sessions := &cobra.Command{Use: "sessions EMAIL", Short: "List the browsers in which a person is signed in", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.listSessions(cmd.Context(), args[0]) }}
	out := &cobra.Command{Use: "sign-out EMAIL", Short: "Sign a person out everywhere", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.signOut(cmd.Context(), args[0]) }}
	leave := &cobra.Command{Use: "leave EMAIL", Short: "End what a person may do here", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.tell(cmd.Context(), "POST", path("users", args[0], "leave"), "their sessions and keys are refused from now on")
		}}
	return group("user", "People who sign in", add, link, all, reset, sessions, out, leave)
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
			m.say("Sign in once: %s", out.Link)
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

// tell sends a request without a body and says what it did.
func (m *Main) tell(ctx context.Context, method, path, done string) error {
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		raw, err := c.send(ctx, method, path, nil, nil)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.say("%s", done) })
	})
}

func (m *Main) resetUser(ctx context.Context, email string) error {
	return m.tell(ctx, "POST", path("users", email, "reset"), "password, second factor and sessions are gone; let them in with: threadline user link "+email)
}

type sessionAnswer struct {
	ID, Means, Address, Agent string
	Created, Seen             crm.Time
}

func (m *Main) listSessions(ctx context.Context, email string) error {
	return m.with(ctx, email, func(ctx context.Context, c *client) error {
		var out list[sessionAnswer]
		raw, err := c.send(ctx, "GET", "/sessions", nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			var rows [][]string
			for _, x := range out.Items {
				rows = append(rows, []string{x.ID, x.Means, x.Address, x.Agent, moment(x.Created), moment(x.Seen)})
			}
			m.table([]string{"id", "by", "from", "browser", "since", "last used"}, rows)
		})
	})
}

func (m *Main) signOut(ctx context.Context, email string) error {
	return m.with(ctx, email, func(ctx context.Context, c *client) error {
		var out struct{ Ended int }
		raw, err := c.send(ctx, "POST", "/sessions/end", nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.say("%d sessions ended", out.Ended) })
	})
}
