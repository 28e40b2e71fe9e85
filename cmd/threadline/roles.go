package main

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

// roleCommands are who may what.
func (m *Main) roleCommands() []*cobra.Command {
	var teams []string
	give := &cobra.Command{Use: "give EMAIL ROLE", Short: "Give a person a role, and the teams that are named", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				return m.decided(ctx, c, "PUT", path("memberships", args[0]), map[string]any{"role": args[1], "teams": teams})
			})
		}}
	give.Flags().StringSliceVar(&teams, "team", nil, "key of a team; all others are left")
	list := &cobra.Command{Use: "list", Short: "List roles, and who has them", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.with(cmd.Context(), "", m.roles) }}
	role := m.settingCommands("role", "roles", "What people may do")
	role.AddCommand(list, give)
	return []*cobra.Command{role, m.settingCommands("team", "teams", "Teams, which form a tree"),
		m.settingCommands("territory", "territories", "Parts of the market, by query")}
}

// settingCommands set and delete one sort of setting, written as JSON.
func (m *Main) settingCommands(one, many, short string) *cobra.Command {
	var file string
	set := &cobra.Command{Use: "set KEY", Short: "Make or replace one, as JSON in a file or on standard input", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := m.jsonFrom(file)
			if err != nil {
				return err
			}
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return m.decided(ctx, c, "PUT", path(many, args[0]), body) })
		}}
	set.Flags().StringVar(&file, "file", "-", "where the JSON stands")
	remove := &cobra.Command{Use: "delete KEY", Short: "Delete one", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				return m.decided(ctx, c, "DELETE", path(many, args[0]), nil)
			})
		}}
	show := &cobra.Command{Use: "show", Short: "Show all as JSON", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				var out list[json.RawMessage]
				raw, err := c.send(ctx, "GET", path(many), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					for _, x := range out.Items {
						m.say("%s", x)
					}
				})
			})
		}}
	return group(one, short, set, show, remove)
}

// accessCommand says who sees what, and why.
func (m *Main) accessCommand() *cobra.Command {
	var as string
	explain := &cobra.Command{Use: "explain EMAIL ID", Short: "Say why a person sees a message or a record, or why not", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				var out struct{ Sentence string }
				raw, err := c.send(ctx, "GET", "/access/explain?"+url.Values{"user": {args[0]}, "what": {args[1]}}.Encode(), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("%s", out.Sentence) })
			})
		}}
	explain.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	return group("access", "Who sees what", explain, m.askCommand(), m.requestsCommand(), m.openingsCommand())
}

// jsonFrom reads an object from a file, "-" for standard input.
func (m *Main) jsonFrom(file string) (map[string]any, error) {
	in := m.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, crm.E(crm.Invalid, "jsonFrom", "the file cannot be opened", err).WithField("file")
		}
		defer f.Close() // only read
		in = f
	}
	var out map[string]any
	if err := json.NewDecoder(in).Decode(&out); err != nil {
		return nil, crm.E(crm.Invalid, "jsonFrom", "this is no JSON object", err).WithField("file").WithHint(`such as {"name": "Sales"}`)
	}
	return out, nil
}

// decided sends one change of who may what.
func (m *Main) decided(ctx context.Context, c *client, method, to string, body any) error {
	var out struct{ Batch string }
	raw, err := c.send(ctx, method, to, body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("done; take it back with: threadline undo %s", out.Batch) })
}

func (m *Main) roles(ctx context.Context, c *client) error {
	var roles list[crm.MemberRole]
	if _, err := c.send(ctx, "GET", "/roles", nil, &roles); err != nil {
		return err
	}
	var members list[crm.Membership]
	raw, err := c.send(ctx, "GET", "/memberships", nil, &members)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		var rows [][]string
		for _, r := range roles.Items {
			var who, rights []string
			for _, x := range members.Items {
				if x.Role == r.Key {
					who = append(who, string(x.User))
				}
			}
			for _, right := range r.Rights {
				rights = append(rights, string(right))
			}
			rows = append(rows, []string{r.Key, string(r.Others.Reach(crm.Read)), strings.Join(rights, " "), strings.Join(who, " ")})
		}
		m.table([]string{"role", "reads", "rights", "who"}, rows)
	})
}
