package main

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

type sendFlags struct {
	as, from, subject, textFile, reply string
	to, cc, bcc                        []string
	track                              string
}

func (m *Main) sendCommand() *cobra.Command {
	var in sendFlags
	cmd := &cobra.Command{Use: "send MAILBOX", Short: "Send one mail, or a reply, from one's own mailbox, and say what became of it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.sendMail(cmd.Context(), args[0], in) }}
	f := cmd.Flags()
	f.StringVar(&in.as, "as", "", "address of the user who sends")
	f.StringVar(&in.from, "from", "", "an alias of the mailbox to send from")
	f.StringSliceVar(&in.to, "to", nil, "recipient; may be repeated")
	f.StringSliceVar(&in.cc, "cc", nil, "recipient of a copy")
	f.StringSliceVar(&in.bcc, "bcc", nil, "recipient whom the others do not see")
	f.StringVar(&in.subject, "subject", "", "subject; of a reply it is that of the mail that is answered")
	f.StringVar(&in.textFile, "text-file", "-", "file with the text; - reads it from standard input")
	f.StringVar(&in.track, "track", "", "what is found out about its reading: aggregate or individual; nothing when left out")
	f.StringVar(&in.reply, "reply", "", "id of the message to answer, ours")
	return cmd
}

func (m *Main) sendMail(ctx context.Context, mailbox string, in sendFlags) error {
	text, err := m.readText(in.textFile)
	if err != nil {
		return err
	}
	return m.with(ctx, in.as, func(ctx context.Context, c *client) error {
		found, err := c.mailboxes(ctx, mailbox)
		if err != nil {
			return err
		}
		body := map[string]any{"mailbox": found[0].ID, "from": in.from, "to": in.to, "cc": in.cc, "bcc": in.bcc,
			"subject": in.subject, "text": text, "reply": in.reply, "track": in.track}
		if c.inside {
			c.start()
		}
		o, raw, err := c.sent(ctx, body)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.say("%s: %s %s", o.ID, string(o.State), o.Trouble) })
	})
}

// sendingTime is how long the command waits for the mail system.
const sendingTime = 30 * time.Second

// sent hands a mail to the outbox and waits until it is no longer on its way.
func (c *client) sent(ctx context.Context, body any) (crm.Outgoing, []byte, error) {
	var o crm.Outgoing
	raw, err := c.send(ctx, "POST", "/outgoing", body, &o)
	for end := time.Now().Add(sendingTime); err == nil && (o.State == crm.OutQueued && o.Attempts == 0 && o.Trouble == "" || o.State == crm.OutSending) && time.Now().Before(end); {
		time.Sleep(100 * time.Millisecond)
		raw, err = c.send(ctx, "GET", path("outgoing", o.ID), nil, &o)
	}
	return o, raw, err
}

// readText reads the text of a mail.
func (m *Main) readText(file string) (string, error) {
	in := m.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", crm.E(crm.Invalid, "readText", "the text cannot be opened", err).WithField("text-file")
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return "", crm.E(crm.Invalid, "readText", "the text cannot be read", err).WithField("text-file")
	}
	return string(text), nil
}

func (m *Main) sentCommand() *cobra.Command {
	var as string
	cmd := &cobra.Command{Use: "sent ID", Short: "How a mail stands that was to be sent", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				var o crm.Outgoing
				raw, err := c.send(ctx, "GET", path("outgoing", args[0]), nil, &o)
				if err != nil {
					return err
				}
				return m.print(raw, func() { m.say("%s: %s %s", o.ID, string(o.State), o.Trouble) })
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "address of the user who sent it")
	return cmd
}
