package main

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// updates lists what the signature of a message says that the records do not
// know, or takes over all that it says of one field.
func (m *Main) updates(ctx context.Context, c *client, message, accept string) error {
	message, err := c.ours(ctx, message)
	if err != nil {
		return err
	}
	var out list[timeline.Update]
	raw, err := c.send(ctx, "GET", path("messages", message, "updates"), nil, &out)
	if err != nil {
		return err
	}
	if accept == "" {
		return m.print(raw, func() {
			var rows [][]string
			for _, u := range out.Items {
				rows = append(rows, []string{string(u.Field), u.Value, string(u.Record), u.Line})
			}
			m.table([]string{"field", "value", "record", "line"}, rows)
		})
	}
	found := false
	for _, u := range out.Items {
		if string(u.Field) != accept {
			continue
		}
		found = true
		if err := m.takeOver(ctx, c, message, u); err != nil {
			return err
		}
	}
	if !found {
		return crm.Errorf(crm.NotFound, "updates", "the signature proposes no %s", crm.Clip(accept, 20)).WithField("accept").
			WithHint("without --accept the command lists what it proposes")
	}
	return nil
}

func (m *Main) takeOver(ctx context.Context, c *client, message string, u timeline.Update) error {
	var out struct{ Batch string }
	raw, err := c.send(ctx, "POST", path("messages", message, "updates"), map[string]any{"field": u.Field, "value": u.Value}, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s: %s", string(u.Field), u.Value)
		m.say("take it back with: threadline undo %s", out.Batch)
	})
}
