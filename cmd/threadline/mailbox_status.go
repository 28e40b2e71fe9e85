package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

func (m *Main) mailboxList() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the mailboxes", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
			var out list[seen]
			raw, err := c.send(ctx, "GET", "/mailboxes", nil, &out)
			if err != nil {
				return err
			}
			return m.print(raw, func() {
				var rows [][]string
				for _, b := range out.Items {
					rows = append(rows, []string{string(b.ID), string(b.Address), b.Server, string(b.State), fmt.Sprintf("%d/%d", b.Done, b.Total)})
				}
				m.table([]string{"id", "address", "server", "state", "done"}, rows)
			})
		})
	}}
}

func (m *Main) mailboxStatus() *cobra.Command {
	var watch bool
	cmd := &cobra.Command{Use: "status [MAILBOX]", Short: "Where mailboxes stand, in numbers that add up", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ref := strings.Join(args, "")
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
				if watch {
					return m.watch(ctx, c, ref, 0)
				}
				found, err := c.mailboxes(ctx, ref)
				if err != nil {
					return err
				}
				raw, err := json.Marshal(list[seen]{Items: found})
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					for _, b := range found {
						m.status(&b)
					}
				})
			})
		}}
	cmd.Flags().BoolVar(&watch, "watch", false, "print progress until everything is synced")
	return cmd
}

// status prints one mailbox with the equation of each folder.
func (m *Main) status(b *seen) {
	m.say("%s  %s  %s on %s", string(b.ID), string(b.Address), string(b.State), b.Server)
	if t := b.Trouble; t != nil {
		m.say("  trouble since %s: %s", moment(t.Since), t.Msg)
		if t.Hint != "" {
			m.say("  what to do: %s", t.Hint)
		}
	}
	if len(b.Aliases) > 0 {
		m.say("  also: %s", strings.Join(texts(b.Aliases), ", "))
	}
	if b.WatchUntil > crm.At(m.Now()) {
		m.say("  Google tells of new mail until %s, and is asked anew every day", moment(b.WatchUntil))
	}
	if b.Queued > 0 && b.TimeLeft > 0 {
		m.say("  %d of %d done, the rest takes about %s", b.Done, b.Total, lasting(b.TimeLeft))
	}
	if b.Known {
		m.say("  older mail: of known people and companies only, the rest of it when they become known")
	}
	var rows [][]string
	for _, f := range b.Boxes {
		balanced, server := "yes", number(f.Server)
		switch {
		case f.Closed != nil:
			balanced = "closed"
			if f.Server == 0 { // it was never told
				server = "-"
			}
		case !f.Balanced:
			balanced = "no"
		}
		rows = append(rows, []string{"  " + f.Name, server, number(f.Stored), reasons(f.Skipped), number(f.Queued), number(f.Retrying),
			reasons(f.Dead), balanced, moment(f.Listed), found(f.Audit)})
	}
	m.table([]string{"  folder", "server", "stored", "skipped", "queued", "retrying", "dead", "balanced", "as of", "last audit"}, rows)
	for _, f := range b.Boxes {
		if f.Closed != nil {
			m.say("  %s: %s (since %s)", f.Name, f.Closed.Msg, moment(f.Closed.Since))
			m.say("  what to do: %s", f.Closed.Hint)
		}
	}
}

// found says what an audit found, which was repaired then.
func found(a *crm.BoxAudit) string {
	if a == nil {
		return "-"
	}
	s := moment(a.At)
	if a.Missing+a.Gone > 0 {
		s += fmt.Sprintf(" (%d missing, %d gone)", a.Missing, a.Gone)
	}
	return s
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// reasons writes counts by reason.
func reasons[K ~string](counts map[K]int64) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		if counts[k] != 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[k], k))
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return strings.Join(parts, ", ")
}

// halted tells that only a person can make the mailbox go on.
func halted(s crm.MailboxState) bool {
	return s == crm.StateAuthRequired || s == crm.StatePaused || s == crm.StateFailed
}

// watch prints progress each second until every mailbox is at rest, as of a look
// at its server after since, or stopped.
func (m *Main) watch(ctx context.Context, c *client, ref string, since crm.Time) error {
	for {
		found, err := c.mailboxes(ctx, ref)
		if err != nil {
			return err
		}
		done := true
		for _, b := range found {
			done = done && (b.AtRest() && b.LastOK >= since || halted(b.State))
			if err := m.progress(&b); err != nil {
				return err
			}
		}
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil // whoever watches has seen enough
		case <-time.After(time.Second):
		}
	}
}

func (m *Main) progress(b *seen) error {
	if m.json {
		return json.NewEncoder(m.Out).Encode(b)
	}
	left := "-"
	if b.TimeLeft > 0 {
		left = lasting(b.TimeLeft)
	}
	m.say("%s  %s  %d of %d  %.0f/s  left %s", string(b.Address), string(b.State), b.Done, b.Total, b.Rate, left)
	if b.Trouble != nil {
		m.say("  %s", b.Trouble.Msg)
	}
	return nil
}

func lasting(seconds int64) string { return (time.Duration(seconds) * time.Second).String() }

func (m *Main) mailboxSync() *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{Use: "sync [MAILBOX]", Short: "Look at the servers now", Args: cobra.MaximumNArgs(1),
		Long: "Look at the servers now. Without a running server the mail is synced by this command, which then waits for the end.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return m.sync(ctx, c, strings.Join(args, ""), wait) })
		}}
	cmd.Flags().DurationVar(&wait, "wait", 0, "wait this long for the end, such as 10m")
	return cmd
}

func (m *Main) sync(ctx context.Context, c *client, ref string, wait time.Duration) error {
	found, err := c.mailboxes(ctx, ref)
	if err != nil {
		return err
	}
	since := crm.Time(0)
	if c.inside {
		since = crm.At(m.Now())
		c.start()
		if wait == 0 {
			wait = 24 * time.Hour
		}
	}
	for _, b := range found {
		if _, err := c.send(ctx, "POST", path("mailboxes", string(b.ID), "sync"), nil, nil); err != nil {
			return err
		}
	}
	if wait == 0 {
		return m.print([]byte(`{"asked":`+strconv.Itoa(len(found))+`}`), func() { m.say("%d mailboxes look at their servers", len(found)) })
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return m.watch(ctx, c, ref, since)
}

type deadAnswer struct{ Copy, Folder, Reason, Detail string }

func (m *Main) mailboxDead() *cobra.Command {
	return &cobra.Command{Use: "dead MAILBOX", Short: "List copies that were given up, with their reasons", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.forMailbox(cmd.Context(), args[0], func(ctx context.Context, c *client, id string) error {
				var out list[deadAnswer]
				raw, err := c.send(ctx, "GET", path("mailboxes", id, "dead"), nil, &out)
				if err != nil {
					return err
				}
				return m.print(raw, func() {
					var rows [][]string
					for _, d := range out.Items {
						rows = append(rows, []string{d.Copy, d.Folder, d.Reason, d.Detail})
					}
					m.table([]string{"copy", "folder", "reason", "detail"}, rows)
				})
			})
		}}
}

func (m *Main) mailboxRetry() *cobra.Command {
	return &cobra.Command{Use: "retry MAILBOX COPY", Short: "Fetch a dead letter once more", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.forMailbox(cmd.Context(), args[0], func(ctx context.Context, c *client, id string) error {
				raw, err := c.send(ctx, "POST", path("mailboxes", id, "dead", args[1], "retry"), nil, nil)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("queued to be fetched again") })
			})
		}}
}
