package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

func (m *Main) segmentCommand() *cobra.Command {
	var as string
	c := group("segment", "Segments: named groups of records",
		m.segmentList(&as), m.segmentAdd(&as), m.segmentMembers(&as), m.segmentCount(&as), m.segmentPick(&as), m.dropCommand(&as, "segments", "Delete a segment"))
	c.PersistentFlags().StringVar(&as, "as", "", "in whose name")
	return c
}

func (m *Main) segmentList(as *string) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List segments", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				var out list[crm.Segment]
				raw, err := c.send(ctx, "GET", "/segments", nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					var rows [][]string
					for _, s := range out.Items {
						rows = append(rows, []string{s.ID, s.Name, string(s.Mode), string(s.Sharing), s.Query})
					}
					m.table([]string{"id", "name", "mode", "for", "query"}, rows)
				})
			})
		}}
}

func (m *Main) segmentAdd(as *string) *cobra.Command {
	var x crm.Segment
	var sharing string
	var static bool
	cmd := &cobra.Command{Use: "add NAME 'contacts where …'", Short: "Make a segment; with --static, name the folder alone", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				plural, _, _ := strings.Cut(strings.TrimSpace(args[1]), " ")
				n, err := c.folder(ctx, plural)
				if err != nil {
					return err
				}
				x.Name, x.Kind, x.Sharing, x.Mode, x.Query = args[0], n.Kind, crm.Shared(sharing), crm.SegmentDynamic, args[1]
				if static {
					x.Mode, x.Query = crm.SegmentStatic, ""
				}
				return m.kept(ctx, c, "/segments", x)
			})
		}}
	f := cmd.Flags()
	f.BoolVar(&static, "static", false, "people choose its members")
	f.StringSliceVar(&x.Exclude, "exclude", nil, "ids of segments whose members are left out")
	f.StringVar(&sharing, "share", "private", "private, team or workspace")
	f.StringVar(&x.Team, "team", "", "key of the team")
	return cmd
}

func (m *Main) segmentMembers(as *string) *cobra.Command {
	return &cobra.Command{Use: "members ID", Short: "List members", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				var out recordsAnswer
				raw, err := c.send(ctx, "GET", path("segments", args[0], "records"), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.viewTable(crm.View{}, out.list) })
			})
		}}
}

func (m *Main) segmentCount(as *string) *cobra.Command {
	return &cobra.Command{Use: "count ID", Short: "Count members", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				var out struct{ Count int64 }
				raw, err := c.send(ctx, "GET", path("segments", args[0], "count"), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("%s members", number(out.Count)) })
			})
		}}
}

func (m *Main) segmentPick(as *string) *cobra.Command {
	var add, drop []string
	cmd := &cobra.Command{Use: "pick ID", Short: "Choose members of a static segment", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				in := map[string][]string{}
				if len(add) > 0 {
					in["add"] = add
				}
				if len(drop) > 0 {
					in["remove"] = drop
				}
				var out struct{ Batch string }
				raw, err := c.send(ctx, "POST", path("segments", args[0], "members"), in, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("chosen; take it back with: threadline undo %s", out.Batch) })
			})
		}}
	cmd.Flags().StringSliceVar(&add, "add", nil, "ids of records")
	cmd.Flags().StringSliceVar(&drop, "remove", nil, "ids of records")
	return cmd
}
