package main

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/view"
)

func (m *Main) viewCommand() *cobra.Command {
	var as string
	c := group("view", "Views: kept ways to look at records",
		m.viewList(&as), m.viewAdd(&as), m.viewShow(&as), m.viewGroups(&as), m.dropCommand(&as, "views", "Delete a view"))
	c.PersistentFlags().StringVar(&as, "as", "", "in whose name")
	return c
}

func (m *Main) viewList(as *string) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List views", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				var out list[crm.View]
				raw, err := c.send(ctx, "GET", "/views", nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					var rows [][]string
					for _, v := range out.Items {
						rows = append(rows, []string{v.ID, v.Name, string(v.Type), string(v.Sharing), v.Query})
					}
					m.table([]string{"id", "name", "type", "for", "query"}, rows)
				})
			})
		}}
}

func (m *Main) viewAdd(as *string) *cobra.Command {
	var x crm.View
	var kind, sharing string
	cmd := &cobra.Command{Use: "add NAME 'deals where …'", Short: "Keep a view", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				plural, _, _ := strings.Cut(strings.TrimSpace(args[1]), " ")
				n, err := c.folder(ctx, plural)
				if err != nil {
					return err
				}
				x.Name, x.Query, x.Kind, x.Type, x.Sharing = args[0], args[1], n.Kind, crm.ViewType(kind), crm.Shared(sharing)
				return m.kept(ctx, c, "/views", x)
			})
		}}
	f := cmd.Flags()
	f.StringVar(&kind, "type", "table", "table, board or calendar")
	f.StringSliceVar(&x.Columns, "column", nil, "fields that are shown")
	f.StringVar(&x.GroupBy, "group-by", "", "field whose values make groups")
	f.StringSliceVar(&x.Sums, "sum", nil, "fields of numbers that are added up in each group")
	f.StringVar(&x.Date, "date", "", "of a calendar: the field that gives the day")
	f.StringVar(&sharing, "share", "private", "private, team or workspace")
	f.StringVar(&x.Team, "team", "", "key of the team")
	return cmd
}

// kept sends what is to be kept and says its id.
func (m *Main) kept(ctx context.Context, c *client, to string, x any) error {
	var out struct{ ID, Batch string }
	raw, err := c.send(ctx, "POST", to, without(x), &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("kept as %s; take it back with: threadline undo %s", out.ID, out.Batch) })
}

// without leaves out what the server sets itself.
func without(x any) map[string]any {
	out := map[string]any{}
	switch v := x.(type) {
	case crm.View:
		out = map[string]any{"name": v.Name, "kind": v.Kind, "type": v.Type, "query": v.Query, "columns": v.Columns, "group_by": v.GroupBy,
			"sums": v.Sums, "date": v.Date, "sharing": v.Sharing, "team": v.Team}
	case crm.Segment:
		out = map[string]any{"name": v.Name, "kind": v.Kind, "mode": v.Mode, "query": v.Query, "exclude": v.Exclude, "sharing": v.Sharing, "team": v.Team}
	}
	for key, value := range out {
		if s, ok := value.([]string); ok && s == nil || value == "" {
			delete(out, key)
		}
	}
	return out
}

func (m *Main) viewShow(as *string) *cobra.Command {
	var group, from, to string
	cmd := &cobra.Command{Use: "show ID", Short: "Show what a view shows", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				var v crm.View
				if _, err := c.send(ctx, "GET", path("views", args[0]), nil, &v); err != nil {
					return err
				}
				ask := url.Values{}
				for key, s := range map[string]string{"group": group, "from": from, "to": to} {
					if s != "" {
						ask.Set(key, s)
					}
				}
				var out recordsAnswer
				raw, err := c.send(ctx, "GET", path("views", args[0], "records")+"?"+ask.Encode(), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					m.viewTable(v, out.list)
					m.plan(out.Plan, false)
				})
			})
		}}
	cmd.Flags().StringVar(&group, "group", "", "only this group")
	cmd.Flags().StringVar(&from, "from", "", "of a calendar: the first day")
	cmd.Flags().StringVar(&to, "to", "", "of a calendar: the last day")
	return cmd
}

// viewTable shows the columns of a view.
func (m *Main) viewTable(v crm.View, out list[recordAnswer]) {
	columns := v.Columns
	if len(columns) == 0 {
		columns = []string{"name", "title"}
	}
	head := []string{"id"}
	for _, c := range columns {
		head = append(head, strings.ReplaceAll(c, "_", " "))
	}
	var rows [][]string
	for _, r := range out.Items {
		row := []string{r.ID}
		for _, c := range columns {
			value := r.Values[c]
			if value == nil {
				value = r.Derived[c]
			}
			row = append(row, cell(value))
		}
		rows = append(rows, row)
	}
	m.table(head, rows)
	if out.Next != "" {
		m.say("there are more")
	}
}

func (m *Main) viewGroups(as *string) *cobra.Command {
	return &cobra.Command{Use: "groups ID", Short: "Count and sum a view by group", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error { return m.groups(ctx, c, path("views", args[0], "groups")) })
		}}
}

func (m *Main) groupsCommand() *cobra.Command {
	var as, by string
	var sums []string
	cmd := &cobra.Command{Use: "groups 'deals where …'", Short: "Count and sum records by the values of a field", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				ask := url.Values{"q": {strings.Join(args, " ")}}
				if by != "" {
					ask.Set("by", by)
				}
				if len(sums) > 0 {
					ask.Set("sum", strings.Join(sums, ","))
				}
				return m.groups(ctx, c, "/groups?"+ask.Encode())
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name")
	cmd.Flags().StringVar(&by, "by", "", "field whose values make groups")
	cmd.Flags().StringSliceVar(&sums, "sum", nil, "fields of numbers to add up")
	return cmd
}

func (m *Main) groups(ctx context.Context, c *client, from string) error {
	var out view.Groups
	raw, err := c.send(ctx, "GET", from, nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		var rows [][]string
		for _, g := range append(out.Groups, out.Total) {
			name := g.Name
			if name == "" {
				name = g.Value
			}
			rows = append(rows, []string{name, number(g.Count), sumsText(g.Sums)})
		}
		rows[len(rows)-1][0] = "all"
		m.table([]string{"group", "records", "sums"}, rows)
		if out.Cut {
			m.say("there are more records than were read: these are counts of the first ones")
		}
	})
}

func sumsText(list []view.Sum) string {
	var parts []string
	for _, s := range list {
		if s.Currency != "" {
			parts = append(parts, s.Field+" "+crm.Money{Minor: int64(s.Value), Currency: s.Currency}.String())
		} else {
			parts = append(parts, s.Field+" "+strconv.FormatFloat(s.Value, 'f', -1, 64))
		}
	}
	return strings.Join(parts, "; ")
}

// dropCommand deletes what is kept.
func (m *Main) dropCommand(as *string, what, short string) *cobra.Command {
	return &cobra.Command{Use: "delete ID", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				var out struct{ Batch string }
				raw, err := c.send(ctx, "DELETE", path(what, args[0]), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("deleted; take it back with: threadline undo %s", out.Batch) })
			})
		}}
}
