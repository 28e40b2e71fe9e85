package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/sequence"
)

// sequenceFlags are what the commands about sequences take.
type sequenceFlags struct {
	as, name, mailbox, track, purpose, state string
	contact, deal, audience, segment         string
	steps                                    []string
	anyway, marketing, stopOnDeal, again     bool
	pace                                     paceFlags
}

func (m *Main) sequenceCommand() *cobra.Command {
	var f sequenceFlags
	in := func(run func(context.Context, *client, string) error) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, args []string) error {
			arg := strings.Join(args, "")
			return m.with(cmd.Context(), f.as, func(ctx context.Context, c *client) error { return run(ctx, c, arg) })
		}
	}
	add := &cobra.Command{Use: "add", Short: "Make a sequence; nothing is sent", Args: cobra.NoArgs,
		RunE: in(func(ctx context.Context, c *client, _ string) error { return m.addSequence(ctx, c, &f) })}
	add.Flags().StringVar(&f.name, "name", "", "name")
	add.Flags().StringVar(&f.mailbox, "mailbox", "", "id of the mailbox that sends it")
	add.Flags().StringArrayVar(&f.steps, "step", nil, "one letter, in order: TEMPLATE[,wait=DAYS][,new][,if=QUERY]; working days after the one before")
	f.pace.on(add.Flags())
	add.Flags().StringVar(&f.track, "track", "", "what is found out about reading: aggregate or individual; nothing when left out")
	add.Flags().StringVar(&f.purpose, "purpose", "", "key of what it is for")
	add.Flags().BoolVar(&f.marketing, "marketing", false, "offers to many: postal address and a link to leave stand under it")
	add.Flags().BoolVar(&f.stopOnDeal, "stop-on-deal", false, "end for a person when a deal of theirs moves to another stage")
	enrol := &cobra.Command{Use: "enrol ID", Short: "Put a contact, or the contacts of a query or a segment, into a sequence", Args: cobra.ExactArgs(1),
		RunE: in(func(ctx context.Context, c *client, id string) error { return m.enrol(ctx, c, id, &f) })}
	enrol.Flags().StringVar(&f.contact, "contact", "", "id of a contact")
	enrol.Flags().StringVar(&f.deal, "deal", "", "id of the deal that the letters are about")
	enrol.Flags().BoolVar(&f.again, "again", false, "from the first step on, although they were in it before")
	enrol.Flags().StringVar(&f.audience, "audience", "", "contacts where …")
	enrol.Flags().StringVar(&f.segment, "segment", "", "id of a segment of contacts")
	people := &cobra.Command{Use: "people ID", Short: "Show who is or was in a sequence, and why they stand where they stand", Args: cobra.ExactArgs(1),
		RunE: in(func(ctx context.Context, c *client, id string) error { return m.sequencePeople(ctx, c, id, f.state) })}
	people.Flags().StringVar(&f.state, "state", "", "active, paused, finished, stopped, left or excluded")
	commands := []*cobra.Command{add, enrol, people,
		{Use: "list", Short: "List sequences", Args: cobra.NoArgs, RunE: in(m.sequences)},
		{Use: "show ID", Short: "Show a sequence with its steps", Args: cobra.ExactArgs(1), RunE: in(m.showSequence)},
		{Use: "check ID", Short: "Say what receivers would say to the first mail, and how to mend it", Args: cobra.ExactArgs(1),
			RunE: in(func(ctx context.Context, c *client, id string) error { return m.checks(ctx, c, "sequences", id) })},
		{Use: "results ID", Short: "Show what came of a sequence", Args: cobra.ExactArgs(1), RunE: in(m.sequenceResults)},
	}
	for step, short := range map[string]string{"start": "Let a sequence send", "pause": "Stop a sequence for everybody"} {
		commands = append(commands, &cobra.Command{Use: step + " ID", Short: short, Args: cobra.ExactArgs(1),
			RunE: in(func(ctx context.Context, c *client, id string) error {
				return m.moveSequence(ctx, c, id, step, f.anyway)
			})})
	}
	for step, short := range map[string]string{"hold": "Let nothing go to somebody until they are let go on", "resume": "Let somebody go on where they stand", "leave": "Take somebody out"} {
		commands = append(commands, &cobra.Command{Use: step + " ENROLMENT", Short: short, Args: cobra.ExactArgs(1),
			RunE: in(func(ctx context.Context, c *client, id string) error { return m.movePerson(ctx, c, id, step) })})
	}
	for _, cmd := range commands {
		if cmd.Name() == "start" {
			cmd.Flags().BoolVar(&f.anyway, "anyway", false, "although a check refuses it")
		}
		cmd.Flags().StringVar(&f.as, "as", "", "in whose name: address of a user")
	}
	return group("sequence", "Letters that follow one another until somebody answers", commands...)
}

// stepOf reads a step of the command line. A condition comes last: it may hold
// commas.
func stepOf(text string) (map[string]any, error) {
	out := map[string]any{}
	text, cond, has := strings.Cut(text, ",if=")
	if has {
		out["if"] = cond
	}
	for i, part := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case i == 0:
			out["template"] = part
		case name == "new" && value == "":
			out["new"] = true
		case name == "wait":
			n, err := strconv.Atoi(value)
			if err != nil {
				return nil, crm.Errorf(crm.Invalid, "stepOf", "%q is no number of days", value).WithField("step")
			}
			out["wait"] = n
		default:
			return nil, crm.Errorf(crm.Invalid, "stepOf", "a step knows nothing of %q", part).WithField("step").WithHint("TEMPLATE[,wait=DAYS][,new][,if=QUERY]")
		}
	}
	return out, nil
}

func (m *Main) addSequence(ctx context.Context, c *client, f *sequenceFlags) error {
	var steps []map[string]any
	for _, text := range f.steps {
		step, err := stepOf(text)
		if err != nil {
			return err
		}
		steps = append(steps, step)
	}
	pace, err := f.pace.body()
	if err != nil {
		return err
	}
	body := map[string]any{"name": f.name, "mailbox": f.mailbox, "steps": steps, "track": f.track, "marketing": f.marketing, "purpose": f.purpose, "stop_on_deal": f.stopOnDeal, "pace": pace}
	var out struct{ ID string }
	raw, err := c.send(ctx, "POST", "/sequences", body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s is made; put people into it with: threadline sequence enrol %s --contact ID, and let it send with: threadline sequence start %s", out.ID, out.ID, out.ID)
	})
}

func (m *Main) sequences(ctx context.Context, c *client, _ string) error {
	var out list[crm.Sequence]
	raw, err := c.send(ctx, "GET", "/sequences", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		rows := make([][]string, 0, len(out.Items))
		for _, x := range out.Items {
			rows = append(rows, []string{x.ID, string(x.Status), strconv.Itoa(len(x.Steps)), x.Name, x.Why})
		}
		m.table([]string{"id", "status", "steps", "name", "why"}, rows)
	})
}

func (m *Main) showSequence(ctx context.Context, c *client, id string) error {
	var out crm.Sequence
	raw, err := c.send(ctx, "GET", path("sequences", id), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s: %s %s", out.Name, string(out.Status), out.Why)
		rows := make([][]string, 0, len(out.Steps))
		for i, x := range out.Steps {
			subject := x.Letter.Subject
			if i > 0 && !x.New {
				subject = "(same conversation)"
			}
			rows = append(rows, []string{strconv.Itoa(i + 1), strconv.Itoa(x.Wait), subject, x.If})
		}
		m.table([]string{"step", "after days", "subject", "if"}, rows)
	})
}

func (m *Main) sequenceResults(ctx context.Context, c *client, id string) error {
	var out sequence.Results
	raw, err := c.send(ctx, "GET", path("sequences", id, "results"), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		for _, state := range crm.EnrolmentStates() {
			m.say("%-9s %d", string(state), out.People[state])
		}
		m.say("letters: %d sent, %d replied, %d bounced hard, %d opened by a human", out.Recipients[crm.RecipientSent], out.Replied, out.Bounced[crm.BounceHard], out.Openers)
		rows := make([][]string, 0, len(out.Steps))
		for _, x := range out.Steps {
			row := []string{strconv.Itoa(x.Step)}
			for _, state := range stepStates {
				row = append(row, strconv.FormatInt(x.Lines[state], 10))
			}
			rows = append(rows, row)
		}
		m.table([]string{"step", "queued", "sent", "failed", "unknown", "left out"}, rows)
		m.waits(out.Trouble)
	})
}

// stepStates are the columns of the table of steps.
var stepStates = [...]crm.RecipientState{crm.RecipientQueued, crm.RecipientSent, crm.RecipientFailed, crm.RecipientUnknown, crm.RecipientExcluded}

func (m *Main) enrol(ctx context.Context, c *client, id string, f *sequenceFlags) error {
	if f.contact == "" {
		return m.enrolAll(ctx, c, id, f)
	}
	var out sequence.Enrolled
	raw, err := c.send(ctx, "POST", path("sequences", id, "enrolments"), map[string]any{"contact": f.contact, "deal": f.deal, "again": f.again}, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s: %s is in it; the first letter goes %s (undo: threadline undo %s)", out.ID, string(out.Address), out.Due.String(), out.Batch)
	})
}

func (m *Main) enrolAll(ctx context.Context, c *client, id string, f *sequenceFlags) error {
	err := m.untilDone(ctx, c, path("sequences", id, "enrol"), map[string]any{"audience": f.audience, "segment": f.segment})
	if err == nil && !m.json {
		m.say("see who is in it with: threadline sequence people %s", id)
	}
	return err
}

func (m *Main) sequencePeople(ctx context.Context, c *client, id, state string) error {
	var out list[sequence.Enrolled]
	raw, err := c.send(ctx, "GET", path("sequences", id, "enrolments")+"?limit=200&state="+url.QueryEscape(state), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		rows := make([][]string, 0, len(out.Items))
		for _, x := range out.Items {
			next := x.Due.String()
			if x.Away > 0 {
				next += " (away until " + x.Away.Std().Format("2006-01-02") + ")"
			}
			rows = append(rows, []string{x.ID, string(x.Address), string(x.State), x.Reason, fmt.Sprintf("%d/%d", x.Step, x.Steps), next})
		}
		m.table([]string{"id", "address", "state", "reason", "step", "next"}, rows)
		if out.Next != "" {
			m.say("and more: GET /api/v1/sequences/%s/enrolments goes on page by page", id)
		}
	})
}

func (m *Main) moveSequence(ctx context.Context, c *client, id, step string, anyway bool) error {
	var out crm.Sequence
	raw, err := c.send(ctx, "POST", path("sequences", id, step)+insisting(step, anyway), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("%s is %s", id, string(out.Status)) })
}

func (m *Main) movePerson(ctx context.Context, c *client, id, step string) error {
	var out sequence.Enrolled
	if step == "hold" {
		step = "pause"
	}
	raw, err := c.send(ctx, "POST", path("enrolments", id, step), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s is %s %s (undo: threadline undo %s)", string(out.Address), string(out.State), out.Reason, out.Batch)
	})
}

// calendarCommand says on which days the workspace works.
func (m *Main) calendarCommand() *cobra.Command {
	var as string
	var days []int
	var holidays []string
	cmd := &cobra.Command{Use: "calendar", Short: "Show or say on which days the workspace works", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				var out crm.Calendar
				raw, err := c.send(ctx, "GET", "/calendar", nil, &out)
				if err != nil {
					return err
				}
				if cmd.Flags().Changed("workdays") {
					out.Workdays = days
				}
				if cmd.Flags().Changed("holidays") {
					out.Holidays = holidays
				}
				if cmd.Flags().Changed("workdays") || cmd.Flags().Changed("holidays") {
					if raw, err = c.send(ctx, "PUT", "/calendar", out, nil); err != nil {
						return err
					}
				}
				return m.print(raw, func() { m.say("weekdays %v, holidays %s", out.Workdays, strings.Join(out.Holidays, ", ")) })
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().IntSliceVar(&days, "workdays", nil, "weekdays, 0 is Sunday")
	cmd.Flags().StringSliceVar(&holidays, "holidays", nil, "days off: 2026-12-25, or 12-25 for every year")
	return cmd
}
