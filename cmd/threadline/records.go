package main

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/records"
)

type recordAnswer struct {
	ID      string         `json:"id"`
	Kind    crm.Kind       `json:"kind"`
	Values  map[string]any `json:"values"`
	Derived map[string]any `json:"derived"`
	Version string         `json:"version"`
}

func (m *Main) queryCommand() *cobra.Command {
	var as string
	var explain bool
	cmd := &cobra.Command{Use: "query 'deals where …'", Short: "Ask for records in the query language", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.query(cmd.Context(), as, strings.Join(args, " "), explain)
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: what me means")
	cmd.Flags().BoolVar(&explain, "explain", false, "say how the answer is found")
	return cmd
}

func (m *Main) query(ctx context.Context, as, text string, explain bool) error {
	plural, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		noun, err := c.folder(ctx, plural)
		if err != nil {
			return err
		}
		var out recordsAnswer
		ask := url.Values{"q": {text}, "explain": {strconv.FormatBool(explain)}}
		raw, err := c.send(ctx, "GET", recordsPath(noun)+"?"+ask.Encode(), nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.recordTable(noun, out.list)
			m.plan(out.Plan, explain)
		})
	})
}

// folder finds a folder, built in or made by the workspace, by its plural.
func (c *client) folder(ctx context.Context, plural string) (crm.Noun, error) {
	var folders list[struct {
		Kind   crm.Kind    `json:"kind"`
		Plural string      `json:"plural"`
		Fields []crm.Field `json:"fields"`
	}]
	if _, err := c.send(ctx, "GET", "/folders", nil, &folders); err != nil {
		return crm.Noun{}, err
	}
	var known []string
	for _, f := range folders.Items {
		if strings.EqualFold(f.Plural, plural) {
			return crm.Noun{Kind: f.Kind, Plural: f.Plural, Fields: f.Fields}, nil
		}
		known = append(known, f.Plural)
	}
	return crm.Noun{}, crm.Errorf(crm.Invalid, "query", "there are no %q", crm.Clip(plural, 40)).WithHint(crm.Nearest(plural, known))
}

// recordsPath is where the records of a folder are served.
func recordsPath(n crm.Noun) string {
	if n.Kind.Custom() {
		return path("records", n.Plural)
	}
	return path(n.Plural)
}

type recordsAnswer struct {
	list[recordAnswer]
	Plan *records.Explained `json:"plan"`
}

// plan says how an answer was found: always when it was cut short.
func (m *Main) plan(p *records.Explained, explain bool) {
	if p == nil {
		return
	}
	if p.Cut {
		m.say("only the first %s records were looked at: narrow the question", number(int64(p.Bound)))
	}
	if !explain {
		return
	}
	m.say("understood as: %s", p.Query)
	m.say("read by index: %s", p.Index)
	for _, f := range p.Filtered {
		m.say("tested on each record, at most %s for one answer: %s", number(int64(p.Bound)), f)
	}
	if p.Sorted {
		m.say("sorted after reading, among at most %s records", number(int64(p.Bound)))
	}
	if p.Scanned > 0 {
		m.say("records read: %s", number(int64(p.Scanned)))
	}
}

// recordTable shows the first fields of records.
func (m *Main) recordTable(n crm.Noun, out list[recordAnswer]) {
	head, keys := []string{"id"}, []string{}
	for _, f := range n.Fields {
		if len(keys) < 5 && f.Type != crm.FieldLongText && f.Type != crm.FieldRelation && f.Type != crm.FieldUser && !f.System {
			head, keys = append(head, strings.ReplaceAll(f.Key, "_", " ")), append(keys, f.Key)
		}
	}
	var rows [][]string
	for _, r := range out.Items {
		row := []string{r.ID}
		for _, k := range keys {
			f, _ := n.Field(k)
			row = append(row, fieldCell(f, r.Values))
		}
		rows = append(rows, row)
	}
	m.table(head, rows)
	if out.Next != "" {
		m.say("there are more: narrow the question, or add limit N")
	}
}

// fieldCell writes a value of a record; an amount with its currency.
func fieldCell(f crm.Field, values map[string]any) string {
	minor, ok := values[f.Key].(float64)
	if f.Money == "" || !ok {
		return cell(values[f.Key])
	}
	code, _ := values[f.Money].(string)
	return crm.Money{Minor: int64(minor), Currency: crm.Currency(code)}.String()
}

func cell(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return crm.Clip(x, 60)
	case float64:
		return number(int64(x))
	case []any:
		var parts []string
		for _, p := range x {
			parts = append(parts, cell(p))
		}
		return crm.Clip(strings.Join(parts, ", "), 60)
	}
	return ""
}

func (m *Main) changesCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{Use: "changes", Short: "What was changed, by whom, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				var out records.ChangePage
				raw, err := c.send(ctx, "GET", "/changes?limit="+number(int64(limit)), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					var rows [][]string
					for _, ch := range out.Items {
						rows = append(rows, []string{ch.Batch, moment(ch.At), string(ch.Cause), ch.Title, number(int64(len(ch.Entries)))})
					}
					m.table([]string{"batch", "at", "by way of", "what", "entities"}, rows)
				})
			})
		}}
	cmd.Flags().IntVar(&limit, "limit", 50, "how many at most")
	return cmd
}
