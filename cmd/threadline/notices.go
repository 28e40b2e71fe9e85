package main

import (
	"context"

	"github.com/spf13/cobra"

	"threadline/internal/notify"
)

func (m *Main) noticesCommand() *cobra.Command {
	var as string
	var unread, read bool
	cmd := &cobra.Command{Use: "notifications", Short: "What a user is told: reminders, tasks, mentions", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				if read {
					raw, err := c.send(ctx, "POST", "/notifications/read", map[string]bool{"all": true}, nil)
					if err != nil || len(raw) == 0 {
						return err
					}
				}
				to := "/notifications"
				if unread {
					to += "?unread=true"
				}
				var out notify.Page
				raw, err := c.send(ctx, "GET", to, nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					var rows [][]string
					for _, x := range out.Items {
						state := ""
						if x.Unread {
							state = "unread"
						}
						rows = append(rows, []string{moment(x.At), string(x.Kind), cell(x.Title), state, string(x.About)})
					}
					m.table([]string{"at", "why", "what", "", "id"}, rows)
				})
			})
		}}
	f := cmd.Flags()
	f.StringVar(&as, "as", "", "whose")
	f.BoolVar(&unread, "unread", false, "only those that are unread")
	f.BoolVar(&read, "read", false, "mark all as read first")
	return cmd
}
