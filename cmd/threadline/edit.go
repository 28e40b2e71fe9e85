package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/bulk"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
)

// editCommand gives many records the same values.
func (m *Main) editCommand() *cobra.Command {
	var as string
	var set, add, drop []string
	var dry, partly bool
	cmd := &cobra.Command{Use: "edit QUERY", Short: "Give all records of a query the same values, as one batch that can be undone", Args: cobra.ExactArgs(1),
		Example: "  threadline edit 'deals where stage = Proposal and last_inbound < 30d ago' --set priority=low --dry-run\n" +
			"  threadline edit 'contacts where company.name = Acme' --add tags=vip --set title=",
		RunE: func(cmd *cobra.Command, args []string) error {
			o := bulk.Order{Query: args[0]}
			var err error
			for _, x := range []struct {
				list []string
				to   *map[string]any
				many bool
			}{{set, &o.Set, false}, {add, &o.Add, true}, {drop, &o.Drop, true}} {
				if *x.to, err = pairs(x.list, x.many); err != nil {
					return err
				}
			}
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error { return m.edit(ctx, c, o, dry, partly) })
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringArrayVar(&set, "set", nil, "FIELD=VALUE; FIELD= clears; may be repeated")
	cmd.Flags().StringArrayVar(&add, "add", nil, "FIELD=VALUE: a list such as tags gains it; may be repeated")
	cmd.Flags().StringArrayVar(&drop, "drop", nil, "FIELD=VALUE: a list loses it; may be repeated")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only show what would change")
	cmd.Flags().BoolVar(&partly, "partly", false, "change what can be, when some records cannot")
	return cmd
}

// pairs reads FIELD=VALUE; a field that is named again, or takes many, gets a
// list.
func pairs(list []string, many bool) (map[string]any, error) {
	out := map[string]any{}
	for _, s := range list {
		key, value, ok := strings.Cut(s, "=")
		key = strings.TrimSpace(key)
		if !ok || key == "" {
			return nil, crm.Errorf(crm.Invalid, "edit", "%q does not say which field becomes what", crm.Clip(s, 60)).WithHint("write it as --set priority=low")
		}
		switch was, again := out[key]; {
		case value == "" && !many:
			out[key] = nil
		case again || many:
			had, _ := was.([]any)
			if one, single := was.(string); single {
				had = []any{one}
			}
			out[key] = append(had, value)
		default:
			out[key] = value
		}
	}
	return out, nil
}

// edit plans, shows the plan and applies it.
func (m *Main) edit(ctx context.Context, c *client, o bulk.Order, dry, partly bool) error {
	var e bulk.Edit
	if _, err := c.send(ctx, "POST", "/bulk", o, &e); err != nil {
		return err
	}
	p, err := m.await(ctx, c, e.ID)
	if err != nil {
		return err
	}
	if p.State == crm.JobFailed || dry && m.json {
		return m.jobEnded(p)
	}
	if !m.json {
		m.say("plan: %s", reasons(p.Counts))
		if err := m.editRows(ctx, c, e.ID, 20); err != nil {
			return err
		}
	}
	if dry {
		m.say("nothing was written")
		return nil
	}
	if n := p.Counts["error"]; n > 0 && !partly {
		return crm.Errorf(crm.Invalid, "edit", "%d records cannot be changed; nothing was written", n).WithHint("change the others with --partly")
	}
	if _, err := c.send(ctx, "POST", path("bulk", e.ID, "apply"), nil, nil); err != nil {
		return err
	}
	if p, err = m.await(ctx, c, e.ID); err != nil {
		return err
	}
	return m.jobEnded(p)
}

// editRows shows some of what is planned.
func (m *Main) editRows(ctx context.Context, c *client, id string, limit int) error {
	var out list[bulk.EditLine]
	ask := url.Values{"limit": {number(int64(limit))}, "only": {"set,error"}}
	if _, err := c.send(ctx, "GET", path("bulk", id, "rows")+"?"+ask.Encode(), nil, &out); err != nil {
		return err
	}
	for _, l := range out.Items {
		var parts []string
		for _, d := range l.Diff {
			parts = append(parts, fmt.Sprintf("%s: %s -> %s", d.Field, orNone(cell(d.Before)), orNone(cell(d.After))))
		}
		if f := l.Fault; f != nil {
			parts = append(parts, f.Detail)
		}
		m.say("  %s  %s  %s  %s", l.Do, l.Record, l.Name, strings.Join(parts, "; "))
	}
	if out.Next != "" {
		m.say("  …")
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// undoCommand takes a batch back, whatever its size.
func (m *Main) undoCommand() *cobra.Command {
	var partly bool
	cmd := &cobra.Command{Use: "undo BATCH", Short: "Take a batch of changes back", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return m.undo(ctx, c, args[0], partly) })
		}}
	cmd.Flags().BoolVar(&partly, "partly", false, "take back what can be, when some of it was changed since")
	return cmd
}

func (m *Main) undo(ctx context.Context, c *client, batch string, partly bool) error {
	var p job.Progress
	if _, err := c.send(ctx, "POST", "/undos", map[string]string{"batch": batch}, &p); err != nil {
		return err
	}
	id := p.ID
	p, err := m.await(ctx, c, id)
	if err != nil {
		return err
	}
	if p.State == crm.JobWaiting && p.Stage == bulk.StageClashes {
		if !partly {
			return m.clashes(ctx, c, id, batch)
		}
		if _, err := c.send(ctx, "POST", path("undos", id, "apply"), nil, nil); err != nil {
			return err
		}
		if p, err = m.await(ctx, c, id); err != nil {
			return err
		}
	}
	if p.State == crm.JobFailed {
		return m.jobEnded(p)
	}
	if p.Counts["undone"] == 0 {
		return crm.Errorf(crm.Conflict, "undo", "the batch has been taken back already")
	}
	if m.json {
		return m.jobEnded(p)
	}
	if n := p.Counts["conflict"]; n > 0 {
		m.say("%d entities were changed since and stay as they are: threadline changes", n)
	}
	m.say("taken back; this can be undone too: threadline undo %s", p.Batch)
	return nil
}

// clashes says what cannot be taken back.
func (m *Main) clashes(ctx context.Context, c *client, id, batch string) error {
	var out list[records.Clash]
	if _, err := c.send(ctx, "GET", path("undos", id, "conflicts")+"?limit=20", nil, &out); err != nil {
		return err
	}
	if _, err := c.send(ctx, "POST", path("jobs", id, "cancel"), nil, nil); err != nil {
		return err
	}
	var lines []string
	for _, x := range out.Items {
		lines = append(lines, x.Detail)
	}
	return crm.Errorf(crm.Conflict, "undo", "nothing was taken back, because of what happened since: %s", strings.Join(lines, "; ")).
		WithHint("undo the later batches first, or take the rest back with: threadline undo " + batch + " --partly")
}
