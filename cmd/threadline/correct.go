package main

import (
	"context"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// correctFlags are what a correction says.
type correctFlags struct {
	as, record, instead, scope, address string
	dry                                 bool
}

// correctCommand makes the command of all corrections of one message.
func (m *Main) correctCommand() *cobra.Command {
	var f correctFlags
	cmd := &cobra.Command{Use: "correct MESSAGE wrong|link|private|shared|split", Args: cobra.ExactArgs(2),
		Short: "Say where a message belongs and who may know of it; what else changes is shown with --dry-run",
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), f.as, func(ctx context.Context, c *client) error { return m.correct(ctx, c, args[0], args[1], &f) })
		}}
	cmd.Flags().StringVar(&f.as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringVar(&f.record, "record", "", "of wrong: where it is; of link: where it belongs")
	cmd.Flags().StringVar(&f.instead, "instead", "", "of wrong: the record to which it belongs")
	cmd.Flags().StringVar(&f.scope, "scope", "", "message, thread, address or domain; the last two make a standing rule (default thread)")
	cmd.Flags().StringVar(&f.address, "address", "", "of an address or a domain: whose")
	cmd.Flags().BoolVar(&f.dry, "dry-run", false, "only show what would change")
	return cmd
}

func (m *Main) correct(ctx context.Context, c *client, message, what string, f *correctFlags) error {
	effects := map[string]crm.RuleEffect{"wrong": crm.EffectNever, "link": crm.EffectLink,
		"private": crm.EffectPrivate, "shared": crm.EffectShared, "split": crm.EffectSplit}
	effect, ok := effects[what]
	if !ok {
		return crm.Errorf(crm.Invalid, "correct", "there is no correction %q", crm.Clip(what, 20)).WithHint("one of wrong, link, private, shared, split")
	}
	body := map[string]any{"effect": effect}
	if effect == crm.EffectSplit {
		body["scope"] = crm.ScopeMessage
	}
	for key, value := range map[string]string{"record": f.record, "instead": f.instead, "scope": f.scope, "address": f.address} {
		if value != "" {
			body[key] = value
		}
	}
	message, err := c.ours(ctx, message)
	if err != nil {
		return err
	}
	to := path("messages", message, "links")
	if f.dry {
		var out timeline.Preview
		raw, err := c.send(ctx, "POST", to+"/preview", body, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.foretold(&out) })
	}
	var out struct{ Batch string }
	raw, err := c.send(ctx, "POST", to, body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("done; take it back with: threadline undo %s", out.Batch) })
}

// foretold shows what would change.
func (m *Main) foretold(p *timeline.Preview) {
	more := map[bool]string{true: " or more", false: ""}[p.More]
	m.say("%d%s messages would change", p.Changed, more)
	for _, r := range p.Records {
		m.say("  %s (%s): %d gained, %d lost", r.Name, string(r.Record), r.Gained, r.Lost)
	}
	m.moves(p.Sample)
}
