package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

func (m *Main) personCommand() *cobra.Command {
	show := &cobra.Command{Use: "export RECORD", Short: "Print everything that is held of the person of a contact or a lead", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				raw, err := c.send(ctx, "GET", path("persons", args[0], "export"), nil, nil)
				if err == nil {
					_, err = fmt.Fprintln(m.Out, string(raw))
				}
				return err
			})
		}}
	sure := false
	erase := &cobra.Command{Use: "erase RECORD", Short: "Erase the person of a contact or a lead for good; without --yes only say what that takes", Args: cobra.ExactArgs(1),
		Long: `Erase a person for good: their record and what is about them alone, their name, address
and the words in mail that they take part in, and what the change log holds of them.
Mail servers and backups are not touched, nor is what others say about them.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return m.erasePerson(ctx, c, args[0], sure) })
		}}
	erase.Flags().BoolVar(&sure, "yes", false, "do it; it cannot be taken back")
	lift := &cobra.Command{Use: "lift ADDRESS", Short: "Let mail of an erased person be stored again", Args: cobra.ExactArgs(1),
		Long: `After an erasure, mail from before it is not stored again when a mail server lists it anew.
This takes that back for an address; then fetch the mail with: threadline mailbox audit --repair`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.tell(cmd.Context(), "DELETE", path("erasures", "addresses", args[0]), "mail of this address is stored again; fetch what was left out with: threadline mailbox audit --repair")
		}}
	return group("person", "What is held of a person", show, erase, lift)
}

// erasing is how far an erasure is.
type erasing struct {
	ID, State, Stage, Msg string
	Counts                map[string]int64
}

func (m *Main) erasePerson(ctx context.Context, c *client, record string, sure bool) error {
	var j erasing
	raw, err := c.send(ctx, "POST", "/erasures", map[string]any{"record": record}, &j)
	if err != nil {
		return err
	}
	if !sure {
		return m.print(raw, func() { m.sayCounts("it would erase", j.Counts) })
	}
	j.Counts = nil // of the plan
	if _, err := c.send(ctx, "POST", path("erasures", j.ID, "confirm"), nil, &j); err != nil {
		return err
	}
	for j.State == string(crm.JobRunning) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		if raw, err = c.send(ctx, "GET", path("jobs", j.ID), nil, &j); err != nil {
			return err
		}
	}
	if j.State != string(crm.JobDone) {
		return crm.Errorf(crm.Unavailable, "erasePerson", "the erasure stands: %s %s", j.State, j.Msg).WithHint("resume it with: threadline job resume " + j.ID)
	}
	return m.print(raw, func() { m.sayCounts("erased", j.Counts) })
}

func (m *Main) sayCounts(what string, counts map[string]int64) {
	m.say("%s:", what)
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		m.say("  %-12s %d", k, counts[k])
	}
}

func (m *Main) retentionCommand() *cobra.Command {
	days := map[string]*int{}
	set := &cobra.Command{Use: "set", Short: "Say for how many days things are kept; what is not named is kept", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				body := map[string]int{}
				for k, n := range days {
					if *n > 0 {
						body[k] = *n
					}
				}
				return m.decided(ctx, c, "PUT", "/retention", map[string]any{"days": body})
			})
		}}
	for _, k := range crm.Retentions() {
		days[string(k)] = set.Flags().Int(map[crm.Retained]string{crm.RetainBodies: "mail-bodies", crm.RetainActivities: "activities", crm.RetainTracking: "tracking"}[k], 0, "days")
	}
	show := &cobra.Command{Use: "show", Short: "For how many days things are kept", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				var r crm.Retention
				raw, err := c.send(ctx, "GET", "/retention", nil, &r)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					for _, k := range crm.Retentions() {
						m.say("%-12s %d", k, r.Days[k])
					}
				})
			})
		}}
	return group("retention", "How long things are kept", show, set)
}
