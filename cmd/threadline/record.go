package main

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

// recordCommand makes, shows and changes one record of any folder.
func (m *Main) recordCommand() *cobra.Command {
	var as, reason string
	lose := m.recordVerb(&as, "lose ID", "Say that a record of a pipeline is lost, and with --reason why", 1, func(ctx context.Context, c *client, args []string) (string, string, any, error) {
		return recordAt(ctx, c, "POST", args[0], "lose", map[string]any{"reason": reason}, nil)
	})
	lose.Flags().StringVar(&reason, "reason", "", "why it is lost")
	c := group("record", "One record of any folder: a contact, a deal, a task, a record of a folder of one's own",
		m.recordVerb(&as, "add FOLDER FIELD=VALUE …", "Make a record", 2, func(ctx context.Context, c *client, args []string) (string, string, any, error) {
			values, err := pairs(args[1:], false)
			return "POST", path("records", args[0]), map[string]any{"values": values}, err
		}),
		m.recordVerb(&as, "set ID FIELD=VALUE …", "Change a record; FIELD= clears", 2, func(ctx context.Context, c *client, args []string) (string, string, any, error) {
			values, err := pairs(args[1:], false)
			return recordAt(ctx, c, "PATCH", args[0], "", map[string]any{"values": values}, err)
		}),
		m.recordVerb(&as, "show ID", "Show what a record says", 1, func(ctx context.Context, c *client, args []string) (string, string, any, error) {
			method, to, body, err := recordAt(ctx, c, "GET", args[0], "", nil, nil)
			return method, to + "?derived=true", body, err
		}),
		m.recordVerb(&as, "delete ID", "Delete a record; undo brings it back", 1, func(ctx context.Context, c *client, args []string) (string, string, any, error) {
			return recordAt(ctx, c, "DELETE", args[0], "", nil, nil)
		}),
		m.recordVerb(&as, "win ID", "Say that a record of a pipeline is won", 1, func(ctx context.Context, c *client, args []string) (string, string, any, error) {
			return recordAt(ctx, c, "POST", args[0], "win", map[string]any{}, nil)
		}),
		m.recordVerb(&as, "reopen ID", "Put a record that was won or lost back where it stood", 1, func(ctx context.Context, c *client, args []string) (string, string, any, error) {
			return recordAt(ctx, c, "POST", args[0], "reopen", map[string]any{}, nil)
		}),
		lose, m.recordHistory(&as), m.recordConvert(&as))
	c.PersistentFlags().StringVar(&as, "as", "", "in whose name: address of a user")
	return c
}

// recordVerb is a command that sends one request and shows the record that comes
// back.
func (m *Main) recordVerb(as *string, use, short string, args int, request func(context.Context, *client, []string) (method, path string, body any, err error)) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.MinimumNArgs(args),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				method, to, body, err := request(ctx, c, args)
				if err != nil {
					return err
				}
				raw, err := c.send(ctx, method, to, body, nil)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.sayRecord(raw) })
			})
		}}
}

// sayRecord shows a record by its fields, and how a change of it is undone.
func (m *Main) sayRecord(raw []byte) {
	var r struct {
		ID, Batch  string
		Values     map[string]json.RawMessage
		Derived    map[string]json.RawMessage
		Duplicates []struct{ Record, Name, Field, Value string }
	}
	if json.Unmarshal(raw, &r) != nil {
		return
	}
	if r.ID != "" {
		m.say("%s", r.ID)
	}
	for _, values := range []map[string]json.RawMessage{r.Values, r.Derived} {
		for _, key := range slices.Sorted(maps.Keys(values)) {
			m.say("  %s: %s", key, strings.Trim(string(values[key]), `"`))
		}
	}
	for _, d := range r.Duplicates {
		m.say("perhaps the same: %s %s has %s %s too; threadline merge %s %s --dry-run", d.Record, d.Name, d.Field, d.Value, d.Record, r.ID)
	}
	if r.Batch != "" {
		m.say("this can be undone: threadline undo %s", r.Batch)
	}
}

// recordAt is a request about the record with the id, whose folder its prefix
// names.
func recordAt(ctx context.Context, c *client, method, id, verb string, body any, err error) (string, string, any, error) {
	if err != nil {
		return "", "", nil, err
	}
	plural, err := folderOf(ctx, c, id)
	parts := []string{"records", plural, id}
	if verb != "" {
		parts = append(parts, verb)
	}
	return method, path(parts...), body, err
}

func folderOf(ctx context.Context, c *client, id string) (string, error) {
	var out list[struct{ Plural, Prefix string }]
	if _, err := c.send(ctx, "GET", "/folders", nil, &out); err != nil {
		return "", err
	}
	for _, f := range out.Items {
		if f.Prefix == crm.IDPrefix(id) {
			return f.Plural, nil
		}
	}
	return "", crm.Errorf(crm.NotFound, "record", "%q is no id of a record", crm.Clip(id, 60)).WithField("id").
		WithHint("ids look like con_… and stand in: threadline query contacts --json")
}

func (m *Main) recordHistory(as *string) *cobra.Command {
	return &cobra.Command{Use: "history ID", Short: "Show who changed what of a record, newest first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				_, to, _, err := recordAt(ctx, c, "GET", args[0], "history", nil, nil)
				if err != nil {
					return err
				}
				var out list[struct {
					At, Actor, Title, Batch string
					Entries                 []struct {
						ID     string
						Fields []struct {
							Field         string
							Before, After json.RawMessage
						}
					}
				}]
				raw, err := c.send(ctx, "GET", to, nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					for _, x := range out.Items {
						m.say("%s  %s  %s  %s", x.At, x.Title, x.Actor, x.Batch)
						for _, e := range x.Entries {
							for _, f := range e.Fields {
								if e.ID == args[0] {
									m.say("  %s: %s -> %s", f.Field, rawOrNone(f.Before), rawOrNone(f.After))
								}
							}
						}
					}
				})
			})
		}}
}

func rawOrNone(raw json.RawMessage) string {
	if s := strings.Trim(string(raw), `"`); s != "" && s != "null" {
		return s
	}
	return "(none)"
}

// recordConvert makes a contact, a company and a deal of a lead.
func (m *Main) recordConvert(as *string) *cobra.Command {
	var into, skip, values, fields []string
	cmd := &cobra.Command{Use: "convert LEAD", Short: "Make a contact, a company and a deal of a lead, or add it to those that there are", Args: cobra.ExactArgs(1),
		Example: "  threadline record convert led_… --map bant_need=deal.next_step --value deal.name='First order'\n" +
			"  threadline record convert led_… --into com_… --skip deal",
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := conversionOf(into, skip, values, fields)
			if err != nil {
				return err
			}
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				var out struct{ Batch, Contact, Company, Deal string }
				raw, err := c.send(ctx, "POST", path("leads", args[0], "convert"), body, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					m.say("contact %s, company %s, deal %s", rawOrNone(json.RawMessage(out.Contact)), rawOrNone(json.RawMessage(out.Company)), rawOrNone(json.RawMessage(out.Deal)))
					m.say("this can be undone: threadline undo %s", out.Batch)
				})
			})
		}}
	cmd.Flags().StringArrayVar(&into, "into", nil, "id of a contact, company or deal that there is; may be repeated")
	cmd.Flags().StringArrayVar(&skip, "skip", nil, "contact, company or deal: make none; may be repeated")
	cmd.Flags().StringArrayVar(&values, "value", nil, "contact|company|deal.FIELD=VALUE, before what the lead says; may be repeated")
	cmd.Flags().StringArrayVar(&fields, "map", nil, "FIELD of the lead=contact|company|deal.FIELD; may be repeated")
	return cmd
}

func conversionOf(into, skip, values, fields []string) (map[string]any, error) {
	targets := map[string]map[string]any{"contact": {}, "company": {}, "deal": {}}
	wrong := func(what string) error {
		return crm.Errorf(crm.Invalid, "record convert", "%q is no contact, company or deal", crm.Clip(what, 60))
	}
	for _, id := range into {
		n, _ := crm.NounOfID(crm.RecordID(id))
		t := targets[string(n.Kind)]
		if t == nil {
			return nil, wrong(id)
		}
		t["id"] = id
	}
	for _, what := range skip {
		if targets[what] == nil {
			return nil, wrong(what)
		}
		targets[what]["skip"] = true
	}
	set, err := pairs(values, false)
	if err != nil {
		return nil, err
	}
	for key, value := range set {
		what, field, _ := strings.Cut(key, ".")
		if targets[what] == nil {
			return nil, wrong(what)
		}
		had, _ := targets[what]["values"].(map[string]any)
		if had == nil {
			had = map[string]any{}
		}
		had[field], targets[what]["values"] = value, had
	}
	mapped, err := pairs(fields, false)
	out := map[string]any{"map": mapped}
	for what, t := range targets {
		out[what] = t
	}
	return out, err
}
