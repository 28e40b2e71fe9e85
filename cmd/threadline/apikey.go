package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

type keyAnswer struct {
	ID, Email, Name, Key string
	Scopes               []string
	CreatedAt            crm.Time `json:"created_at"`
	Used                 crm.Time
}

func (m *Main) keyCommand() *cobra.Command {
	var name string
	var scopes []string
	var days int
	add := &cobra.Command{Use: "add EMAIL", Short: "Make an API key that acts as a user; it is printed once", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.addKey(cmd.Context(), map[string]any{"user": args[0], "name": name, "scopes": scopes, "days": days})
		}}
	add.Flags().StringVar(&name, "name", "", "what the key is for")
	add.Flags().StringSliceVar(&scopes, "scope", nil, "what it opens: read, write, mail, admin (default: everything)")
	add.Flags().IntVar(&days, "days", 0, "how many days it works (default: for good)")
	all := &cobra.Command{Use: "list", Short: "List API keys", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.listKeys(cmd.Context()) }}
	revoke := &cobra.Command{Use: "revoke ID", Short: "Revoke an API key", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				_, err := c.send(ctx, "DELETE", path("apikeys", args[0]), nil, nil)
				if err != nil {
					return err
				}
				return m.print([]byte(`{"revoked":true}`), func() { m.say("revoked; refused everywhere within seconds") })
			})
		}}
	return group("apikey", "Keys for programs", add, all, revoke)
}

func (m *Main) addKey(ctx context.Context, in map[string]any) error {
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		var out keyAnswer
		raw, err := c.send(ctx, "POST", "/apikeys", in, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s acts as %s; this is shown once:", out.ID, out.Email)
			m.say("%s", out.Key)
		})
	})
}

func (m *Main) listKeys(ctx context.Context) error {
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		var out list[keyAnswer]
		raw, err := c.send(ctx, "GET", "/apikeys", nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			var rows [][]string
			for _, k := range out.Items {
				rows = append(rows, []string{k.ID, k.Email, k.Name, strings.Join(k.Scopes, " "), moment(k.CreatedAt), moment(k.Used)})
			}
			m.table([]string{"id", "acts as", "name", "scopes", "made", "last used"}, rows)
		})
	})
}
