package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

func (m *Main) rematchCommand() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{Use: "rematch", Short: "Decide again for every message where it belongs", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return m.rematch(ctx, c, dry) })
		}}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would change")
	return cmd
}

// rematchLine is one line of the answer.
type rematchLine struct {
	Progress *ledger.Progress
	Outcome  json.RawMessage
}

// rematch shows how far it has come, and the outcome.
func (m *Main) rematch(ctx context.Context, c *client, dry bool) error {
	res, err := c.request(ctx, "POST", "/rematch", map[string]any{"dry_run": dry})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var l rematchLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return crm.E(crm.Internal, "rematch", "the server's answer cannot be read", err)
		}
		if l.Progress != nil {
			m.reached("messages", *l.Progress)
		}
		if l.Outcome != nil {
			return m.rematched(l.Outcome, dry)
		}
	}
	if ctx.Err() != nil {
		return crm.E(crm.Unavailable, "rematch", "the rematch was stopped before its end", ctx.Err()).
			WithHint("what was done stays right; run it again for the rest")
	}
	return crm.E(crm.Unavailable, "rematch", "the rematch was cut before its end", lines.Err()).
		WithHint("run it again: what was done stays right; the server's log says why")
}

// reached tells a person at the terminal how far a long run has come.
func (m *Main) reached(what string, p ledger.Progress) {
	if !m.json {
		fmt.Fprintf(m.Err, "%d of %d %s, %.0f a second, %s left\n", p.Done, p.Total, what, p.Rate, time.Duration(p.Left)*time.Second)
	}
}

func (m *Main) rematched(raw json.RawMessage, dry bool) error {
	var out struct {
		Seen, Changed int64
		Rules         []ledger.Tally
		Items         []timeline.Move
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return crm.E(crm.Internal, "rematch", "the server's answer cannot be read", err)
	}
	return m.print(raw, func() {
		m.say("%d messages looked at, %d %s", out.Seen, out.Changed, map[bool]string{true: "would change", false: "changed"}[dry])
		for _, t := range out.Rules {
			m.say("  by %s: %d links gained, %d lost", string(t.Rule), t.Gained, t.Lost)
		}
		m.moves(out.Items)
	})
}

// moves shows messages with the links that they gain and lose.
func (m *Main) moves(list []timeline.Move) {
	for _, it := range list {
		m.say("%s  %s  %s  %s", string(it.Message), moment(it.Date), string(it.From), it.Subject)
		for _, l := range it.Gained {
			m.say("  gains %s %s: %s", string(l.Kind), l.Name, l.Because)
		}
		for _, l := range it.Lost {
			m.say("  loses %s %s: %s", string(l.Kind), l.Name, l.Because)
		}
		switch it.Turned {
		case "private":
			m.say("  others do not know of it any more")
		case "shared":
			m.say("  others know of it")
		case "metadata_only":
			m.say("  others see no more than metadata")
		}
	}
}
