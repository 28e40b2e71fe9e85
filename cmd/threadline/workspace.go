package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
)

type seatAnswer struct {
	Workspace struct{ ID, Name, Currency, Zone string }
	User      *userAnswer
	Current   bool
}

func (m *Main) workspaceCommand() *cobra.Command {
	var as, currency, zone string
	var domains []string
	list := &cobra.Command{Use: "list", Short: "List the workspaces of the server, or with --as those of a person", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.listWorkspaces(cmd.Context(), as) }}
	add := &cobra.Command{Use: "add NAME", Short: "Make another workspace; with --as that person is its admin", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := map[string]any{"name": args[0], "currency": currency, "zone": zone, "own_domains": domains}
			return m.addWorkspace(cmd.Context(), as, in)
		}}
	add.Flags().StringVar(&currency, "currency", "EUR", "currency of its deals")
	add.Flags().StringVar(&zone, "zone", "UTC", "its time zone, such as Europe/Warsaw")
	add.Flags().StringSliceVar(&domains, "own-domain", nil, "domains whose mail is internal")
	join := &cobra.Command{Use: "join TOKEN", Short: "Take the invitation to another workspace, as the person of --as", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.joinWorkspace(cmd.Context(), as, args[0]) }}
	for _, c := range []*cobra.Command{list, add, join} {
		c.Flags().StringVar(&as, "as", "", "in whose name")
	}
	return group("workspace", "Workspaces of this server; other commands take --workspace NAME", list, add, join, m.workspaceSetCommand())
}

// workspaceSetCommand changes what holds for everybody; flags that are not given
// change nothing.
func (m *Main) workspaceSetCommand() *cobra.Command {
	var as string
	var domains []string
	texts := map[string]*string{}
	c := &cobra.Command{Use: "set", Short: "Show or change what holds for everybody in a workspace", Args: cobra.NoArgs,
		Example: "  threadline workspace set --country PL --zone Europe/Warsaw",
		RunE: func(cmd *cobra.Command, _ []string) error {
			in := map[string]any{}
			for name, text := range texts {
				if cmd.Flags().Changed(name) {
					in[name] = *text
				}
			}
			if cmd.Flags().Changed("own-domain") {
				in["own_domains"] = domains
			}
			return m.setWorkspace(cmd.Context(), as, in)
		}}
	for name, usage := range map[string]string{"name": "what it is called", "country": "of which telephone numbers are that name none, such as PL; empty for nowhere",
		"currency": "currency of deals that say none", "zone": "where its days begin, such as Europe/Warsaw", "locale": "language of people who chose none: en, fr, it or pl"} {
		texts[name] = c.Flags().String(name, "", usage)
	}
	c.Flags().StringSliceVar(&domains, "own-domain", nil, "domains whose mail is internal, all of them")
	c.Flags().StringVar(&as, "as", "", "in whose name")
	return c
}

func (m *Main) setWorkspace(ctx context.Context, as string, in map[string]any) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		if len(in) > 0 {
			if _, err := c.send(ctx, "PATCH", "/workspace", in, nil); err != nil {
				return err
			}
		}
		var out struct {
			Workspace struct {
				Name, Country, Currency, Zone, Locale string
				OwnDomains                            []string `json:"own_domains"`
			}
		}
		raw, err := c.send(ctx, "GET", "/me", nil, &out)
		if err != nil {
			return err
		}
		w := out.Workspace
		return m.print(raw, func() {
			m.table([]string{"name", "country", "currency", "zone", "locale", "own domains"},
				[][]string{{w.Name, w.Country, w.Currency, w.Zone, w.Locale, strings.Join(w.OwnDomains, " ")}})
		})
	})
}

func (m *Main) listWorkspaces(ctx context.Context, as string) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		var out list[seatAnswer]
		raw, err := c.send(ctx, "GET", "/workspaces", nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			var rows [][]string
			for _, x := range out.Items {
				who := ""
				if x.User != nil {
					who = x.User.Email
				}
				rows = append(rows, []string{x.Workspace.ID, x.Workspace.Name, x.Workspace.Currency, x.Workspace.Zone, who})
			}
			m.table([]string{"id", "name", "currency", "zone", "as"}, rows)
		})
	})
}

func (m *Main) addWorkspace(ctx context.Context, as string, in any) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		var out seatAnswer
		raw, err := c.send(ctx, "POST", "/workspaces", in, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s (%s)", out.Workspace.Name, out.Workspace.ID)
			if out.User != nil {
				m.say("%s is its admin, and moves over with the session they have", out.User.Email)
				return
			}
			m.say("let its first person in with: threadline user add EMAIL --workspace %s", out.Workspace.ID)
		})
	})
}

func (m *Main) joinWorkspace(ctx context.Context, as, token string) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		var out seatAnswer
		raw, err := c.send(ctx, "POST", "/workspaces/join", map[string]string{"token": token}, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.say("%s is in %s now", out.User.Email, out.Workspace.Name) })
	})
}
