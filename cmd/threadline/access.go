package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"
)

// asked is a request to read a mail.
type asked struct{ ID, Name, By, Message, Subject, Level, Note, State, At, Batch string }

func (m *Main) askCommand() *cobra.Command {
	var as, level, note string
	cmd := &cobra.Command{Use: "ask MESSAGE", Short: "Ask the owners of a mail to show it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				message, err := c.ours(ctx, args[0])
				if err != nil {
					return err
				}
				var out list[asked]
				raw, err := c.send(ctx, "POST", path("messages", message)+"/request", map[string]any{"level": level, "note": note}, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("asked %d", len(out.Items)) })
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringVar(&level, "level", "full", "subject or full")
	cmd.Flags().StringVar(&note, "note", "", "why; the owners read it")
	return cmd
}

func (m *Main) requestsCommand() *cobra.Command {
	var as string
	answer := func(use, short string) *cobra.Command {
		return &cobra.Command{Use: use + " REQUEST", Short: short, Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
					var out asked
					raw, err := c.send(ctx, "POST", path("requests", args[0])+"/"+use, nil, &out)
					if err != nil {
						return err
					}
					return m.print(raw, func() {
						m.say("%s", out.State)
						if out.Batch != "" {
							m.say("take it back with: threadline undo %s", out.Batch)
						}
					})
				})
			}}
	}
	var mine bool
	show := &cobra.Command{Use: "requests", Short: "Requests of colleagues to read one's mail", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				query := url.Values{}
				if mine {
					query.Set("mine", "true")
				}
				var out list[asked]
				raw, err := c.send(ctx, "GET", "/requests?"+query.Encode(), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					for _, r := range out.Items {
						m.say("%s  %s  %s  %s  %s  %s", r.ID, r.State, r.Name, r.Level, r.Message, r.Subject)
					}
				})
			})
		}}
	show.Flags().BoolVar(&mine, "mine", false, "those that one made oneself")
	show.AddCommand(answer("grant", "Show the mail to who asked"), answer("refuse", "Do not show it"))
	show.PersistentFlags().StringVar(&as, "as", "", "in whose name: address of a user")
	return show
}

func (m *Main) openingsCommand() *cobra.Command {
	var as, message string
	cmd := &cobra.Command{Use: "openings", Short: "Who opened one's mail", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				query := url.Values{}
				if message != "" {
					query.Set("message", message)
				}
				var out list[struct {
					Name, At, Message, Subject string
					Ways                       []string
				}]
				raw, err := c.send(ctx, "GET", "/openings?"+query.Encode(), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					for _, o := range out.Items {
						m.say("%s  %s  %v  %s  %s", o.At, o.Name, o.Ways, o.Message, o.Subject)
					}
				})
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringVar(&message, "message", "", "only this message")
	return cmd
}
