package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/timeline"
	"threadline/sync/engine"
)

func (m *Main) suggestCommand() *cobra.Command {
	var as, accept, message string
	cmd := &cobra.Command{Use: "suggest", Short: "List people in the mail who are no contacts, or what a signature says; make contacts of them, or take it over", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				if message != "" {
					return m.updates(ctx, c, message, accept)
				}
				if accept != "" {
					return m.accept(ctx, c, accept)
				}
				return m.suggest(ctx, c)
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringVar(&accept, "accept", "", "written-to: everybody to whom we wrote, as one batch that can be undone; with --message: phone, title, company or website")
	cmd.Flags().StringVar(&message, "message", "", "id of a message: what its signature says of its writer")
	return cmd
}

func (m *Main) suggest(ctx context.Context, c *client) error {
	var out list[ledger.Person]
	raw, err := c.send(ctx, "GET", "/suggestions?limit=10000", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		var rows [][]string
		for _, p := range out.Items {
			rows = append(rows, []string{string(p.Address), p.Name, strconv.Itoa(p.Written), strconv.Itoa(p.Received), strconv.Itoa(p.Copied), moment(p.Last)})
		}
		m.table([]string{"address", "name", "written", "received", "copied", "last"}, rows)
	})
}

func (m *Main) accept(ctx context.Context, c *client, mode string) error {
	if mode != "written-to" {
		return crm.Errorf(crm.Invalid, "accept", "there is no way %q to accept", mode).WithField("accept").WithHint("--accept written-to")
	}
	var out records.Accepted
	raw, err := c.send(ctx, "POST", "/suggestions/accept", map[string]any{"mode": "written_to"}, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%d contacts and %d companies made", out.Contacts, out.Companies)
		if out.Batch != "" {
			m.say("take it back with: threadline undo %s", out.Batch)
		}
	})
}

type whyAnswer struct {
	timeline.Explanation
	Servers []struct {
		Address crm.Address
		engine.Answer
		Problem string
	}
}

func (m *Main) whyCommand() *cobra.Command {
	var as string
	cmd := &cobra.Command{Use: "why ID", Short: "What became of a message, and why it is where it is (ours or a Message-ID)", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				var out whyAnswer
				raw, err := c.send(ctx, "GET", path("messages", strings.Trim(args[0], "<>"), "why"), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.explain(&out) })
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	return cmd
}

// ours is the id under which a mail is stored that a person names by that id or by
// its Message-ID.
func (c *client) ours(ctx context.Context, message string) (string, error) {
	name := strings.Trim(message, "<> ")
	if strings.HasPrefix(name, "msg_") {
		return name, nil
	}
	var out whyAnswer
	if _, err := c.send(ctx, "GET", path("messages", name, "why"), nil, &out); err != nil {
		return "", err
	}
	var ids []string
	for _, e := range out.Stored {
		ids = append(ids, string(e.ID))
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", crm.Errorf(crm.NotFound, "message", "No mail with the Message-ID %s is stored.", crm.Clip(name, 100)).
			WithHint("what became of it says: threadline why '" + name + "'")
	}
	return "", crm.Errorf(crm.Conflict, "message", "%d mails have the Message-ID %s.", len(ids), crm.Clip(name, 100)).
		WithHint("name the one that is meant: " + strings.Join(ids, ", "))
}

func (m *Main) explain(out *whyAnswer) {
	for _, e := range out.Stored {
		m.say("%s  %s  %s  %s", string(e.ID), moment(e.Date), string(e.Class), e.Subject)
		for _, l := range e.Links {
			m.say("  on %s %s (%s): %s", string(l.Kind), l.Name, string(l.Record), l.Because)
		}
		for _, l := range e.Asked {
			m.say("  to be asked: %s %s (%s): %s", string(l.Kind), l.Name, string(l.Record), l.Because)
		}
		if len(e.Links) == 0 {
			m.say("  on no timeline: %s", e.NotText)
		}
		if len(e.Marks) > 0 {
			m.say("  marked: %s", strings.Trim(fmt.Sprint(e.Marks), "[]"))
		}
		for _, c := range e.Copies {
			m.say("  lies in %s of %s", c.Box, string(c.Mailbox))
		}
	}
	for _, s := range out.Servers {
		m.say("%s: %s", string(s.Address), whereabouts(s.Whereabouts, s.Problem))
		m.unsearched(s.Closed)
	}
	if len(out.Stored)+len(out.Servers) == 0 {
		m.say("not stored, and there is no mailbox to ask: name a mail by its Message-ID or by an id that starts with msg_")
	}
}

func whereabouts(w engine.Whereabouts, problem string) string {
	if problem != "" {
		return "could not be asked: " + problem
	}
	parts := []string{became(w.State), string(w.Skip), string(w.Dead), w.Detail}
	if w.Folder != "" {
		parts = append(parts, "in "+w.Folder)
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// became says in words what happened to a mail that is not stored.
func became(state string) string {
	switch state {
	case engine.WhereWaiting:
		return "on the server, and waiting to be fetched"
	case engine.WhereSkipped:
		return "left out:"
	case engine.WhereDead:
		return "on the server, but it could not be taken:"
	case engine.WhereNeverSeen:
		return "the server has no such mail"
	}
	return state
}
