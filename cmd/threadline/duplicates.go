package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/records"
)

func (m *Main) duplicatesCommand() *cobra.Command {
	var folder, as string
	cmd := group("duplicates", "Records that are perhaps the same", m.duplicatesList(&folder, &as), m.duplicatesRules(&folder, &as))
	cmd.PersistentFlags().StringVar(&folder, "folder", "contacts", "kind of record")
	cmd.PersistentFlags().StringVar(&as, "as", "", "in whose name: address of a user")
	return cmd
}

func (m *Main) duplicatesList(folder, as *string) *cobra.Command {
	var limit int
	cmd := &cobra.Command{Use: "list", Short: "Look through a folder and show what is alike", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error { return m.listDuplicates(ctx, c, *folder, limit) })
		}}
	cmd.Flags().IntVar(&limit, "limit", 100, "how many at most")
	return cmd
}

func (m *Main) listDuplicates(ctx context.Context, c *client, folder string, limit int) error {
	ask := url.Values{"folder": {folder}, "limit": {"200"}}
	for shown := 0; ; {
		var out list[records.Alike]
		raw, err := c.send(ctx, "GET", "/duplicates?"+ask.Encode(), nil, &out)
		if err != nil {
			return err
		}
		if m.json {
			if err := m.print(raw, nil); err != nil {
				return err
			}
		}
		for _, a := range out.Items {
			if shown++; shown > limit {
				return nil
			}
			m.alike(a)
		}
		if ask.Set("cursor", out.Next); out.Next == "" {
			return nil
		}
	}
}

func (m *Main) alike(a records.Alike) {
	if m.json {
		return
	}
	m.say("%s  %s", string(a.Record), a.Name)
	ids := []string{}
	for _, d := range a.Duplicates {
		m.say("  like %s  %s  by %s: %s", string(d.Record), d.Name, d.Field, d.Value)
		ids = append(ids, string(d.Record))
	}
	m.say("  make one of them: threadline merge %s %s", string(a.Record), strings.Join(ids, " "))
}

func (m *Main) duplicatesRules(folder, as *string) *cobra.Command {
	return &cobra.Command{Use: "rules [FIELD=exact|folded:warn|forbid …]", Short: "Show when records are taken for the same, or say it; none takes all rules away",
		Example: "  threadline duplicates rules --folder contacts emails=exact:forbid name=folded:warn",
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				at := "/duplicates/rules?folder=" + url.QueryEscape(*folder)
				if len(args) > 0 {
					return m.setRules(ctx, c, at, args)
				}
				var out crm.DuplicateRules
				raw, err := c.send(ctx, "GET", at, nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					for _, r := range out.Rules {
						m.say("%s=%s:%s", r.Field, string(r.Like), string(r.Effect))
					}
				})
			})
		}}
}

func (m *Main) setRules(ctx context.Context, c *client, at string, args []string) error {
	rules := []crm.DuplicateRule{}
	for _, s := range args {
		field, how, _ := strings.Cut(s, "=")
		like, effect, ok := strings.Cut(how, ":")
		switch {
		case s == "none" && len(args) == 1:
			continue
		case !ok:
			return crm.Errorf(crm.Invalid, "duplicates", "%q is no rule", crm.Clip(s, 60)).WithHint("write it as emails=exact:forbid")
		}
		rules = append(rules, crm.DuplicateRule{Field: field, Like: crm.Likeness(like), Effect: crm.DuplicateEffect(effect)})
	}
	var out struct{ Batch string }
	raw, err := c.send(ctx, "PUT", at, map[string]any{"rules": rules}, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		if out.Batch == "" {
			m.say("the rules say that already")
			return
		}
		m.say("done; take it back with: threadline undo %s", out.Batch)
	})
}

func (m *Main) mergeCommand() *cobra.Command {
	var as string
	var take []string
	var dry bool
	cmd := &cobra.Command{Use: "merge RECORD OTHER …", Args: cobra.MinimumNArgs(2),
		Short: "Make one record of several: the first stays; what points to the others, their addresses and mail follow",
		RunE: func(cmd *cobra.Command, args []string) error {
			in := map[string]any{"into": args[0], "from": args[1:]}
			chosen := map[string]string{}
			for _, s := range take {
				field, id, ok := strings.Cut(s, "=")
				if !ok {
					return crm.Errorf(crm.Invalid, "merge", "%q does not say from which record a field is taken", crm.Clip(s, 60)).WithHint("write it as --take title=con_…")
				}
				chosen[field] = id
			}
			in["take"] = chosen
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error { return m.merge(ctx, c, in, dry) })
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringArrayVar(&take, "take", nil, "FIELD=RECORD: whose value the field has; may be repeated")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only show in which fields they differ, and what the merged one would have")
	return cmd
}

func (m *Main) merge(ctx context.Context, c *client, in map[string]any, dry bool) error {
	if !dry {
		var out records.Merged
		raw, err := c.send(ctx, "POST", "/merges", in, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s %s is what is left; %d that pointed to the others point to it", string(out.Record.ID), out.Record.Name(), out.Moved)
			m.say("take it back with: threadline undo %s", out.Batch)
		})
	}
	var out list[records.MergeField]
	raw, err := c.send(ctx, "POST", "/merges/preview", in, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		for _, f := range out.Items {
			m.say("%s: %s", f.Field, fmt.Sprint(f.Result))
			var ids []string
			for id := range f.Values {
				ids = append(ids, string(id))
			}
			slices.Sort(ids)
			for _, id := range ids {
				m.say("  %s has %s", id, fmt.Sprint(f.Values[crm.RecordID(id)]))
			}
		}
	})
}
