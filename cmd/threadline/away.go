package main

import (
	"context"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

type awayFlags struct {
	as, textFile, subject, from, until string
	every                              int
	known                              bool
}

// awayCommand says what a mailbox answers by itself.
func (m *Main) awayCommand() *cobra.Command {
	var in awayFlags
	show := &cobra.Command{Use: "show MAILBOX", Short: "What one's own mailbox answers by itself", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.away(cmd.Context(), in.as, args[0], nil) }}
	set := &cobra.Command{Use: "set MAILBOX", Short: "Let one's own mailbox answer, once to each person in some days", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.away(cmd.Context(), in.as, args[0], func(a *crm.Away) error { return m.fillAway(a, &in) })
		}}
	f := set.Flags()
	f.StringVar(&in.textFile, "text-file", "-", "file with the answer; - reads it from standard input")
	f.StringVar(&in.subject, "subject", "", "subject; left out: Re: and that of the mail that is answered")
	f.StringVar(&in.from, "from", "", "first moment, such as 2026-12-24 (midnight UTC) or 2026-12-24T18:00:00+01:00")
	f.StringVar(&in.until, "until", "", "moment at which it ends")
	f.IntVar(&in.every, "every", 0, "days in which one person gets one answer; left out: 7")
	f.BoolVar(&in.known, "known", false, "answer contacts alone")
	end := &cobra.Command{Use: "clear MAILBOX", Short: "Let one's own mailbox answer nothing; the text is kept", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.away(cmd.Context(), in.as, args[0], func(a *crm.Away) error { a.On = false; return nil })
		}}
	for _, cmd := range []*cobra.Command{show, set, end} {
		cmd.Flags().StringVar(&in.as, "as", "", "address of the user whose mailbox it is")
	}
	return group("away", "What a mailbox answers while its owner is away", show, set, end)
}

// fillAway says what is answered from now on.
func (m *Main) fillAway(a *crm.Away, in *awayFlags) (err error) {
	*a = crm.Away{Mailbox: a.Mailbox, On: true, Subject: in.subject, Every: in.every, Known: in.known}
	for _, x := range []struct {
		text, field string
		into        *crm.Time
	}{{in.from, "from", &a.From}, {in.until, "until", &a.Until}} {
		if x.text == "" {
			continue
		}
		if *x.into, err = crm.ParseTime(x.text); err != nil {
			return crm.E(crm.Invalid, "fillAway", "this is no moment", err).WithField(x.field)
		}
	}
	a.Text, err = m.readText(in.textFile, "text-file")
	return err
}

// away reads what a mailbox answers, changes it when asked to, and prints it.
func (m *Main) away(ctx context.Context, as, mailbox string, change func(*crm.Away) error) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		found, err := c.mailboxes(ctx, mailbox)
		if err != nil {
			return err
		}
		at := path("mailboxes", string(found[0].ID), "away")
		var a crm.Away
		raw, err := c.send(ctx, "GET", at, nil, &a)
		if err != nil {
			return err
		}
		if was := a.On; change != nil {
			if err := change(&a); err != nil {
				return err
			}
			if was || a.On {
				body := map[string]any{"on": a.On, "from": a.From, "until": a.Until, "subject": a.Subject, "text": a.Text, "every": a.Every, "known": a.Known}
				if _, err = c.send(ctx, "PUT", at, body, nil); err != nil {
					return err
				}
				if raw, err = c.send(ctx, "GET", at, nil, &a); err != nil {
					return err
				}
			}
		}
		return m.print(raw, func() { m.sayAway(&a) })
	})
}

func (m *Main) sayAway(a *crm.Away) {
	if !a.On {
		m.say("it answers nothing")
		return
	}
	when := "from now on"
	if a.From != 0 {
		when = "from " + a.From.String()
	}
	if a.Until != 0 {
		when += " until " + a.Until.String()
	}
	who := "everybody"
	if a.Known {
		who = "contacts"
	}
	m.say("it answers %s, %s, each once in %d days", who, when, a.Days())
	if a.Subject != "" {
		m.say("subject: %s", a.Subject)
	}
	m.say("%s", a.Text)
}
