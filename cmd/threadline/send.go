package main

import (
	"context"
	"io"
	"mime"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"threadline/internal/crm"
	"threadline/internal/page"
)

type sendFlags struct {
	as, from, subject, textFile, htmlFile, reply, forward string
	to, cc, bcc, files                                    []string
	track, version                                        string
	quote                                                 bool
}

func (m *Main) sendCommand() *cobra.Command {
	var in sendFlags
	cmd := &cobra.Command{Use: "send MAILBOX", Short: "Send one mail, or a reply, from one's own mailbox, and say what became of it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.sendMail(cmd.Context(), args[0], in) }}
	in.flags(cmd.Flags())
	return cmd
}

// flags are those of everything that writes a mail.
func (in *sendFlags) flags(f *pflag.FlagSet) {
	f.StringVar(&in.as, "as", "", "address of the user who sends")
	f.StringVar(&in.from, "from", "", "an alias of the mailbox to send from")
	f.StringArrayVar(&in.to, "to", nil, "recipient; may be repeated, or several with commas")
	f.StringArrayVar(&in.cc, "cc", nil, "recipient of a copy")
	f.StringArrayVar(&in.bcc, "bcc", nil, "recipient whom the others do not see")
	f.StringVar(&in.subject, "subject", "", "subject; of a reply it is that of the mail that is answered")
	f.StringVar(&in.textFile, "text-file", "-", "file with the text; - reads it from standard input, when there is no --html")
	f.StringVar(&in.htmlFile, "html", "", "file with the mail as HTML; its text is made of it unless --text-file says another one")
	f.StringArrayVar(&in.files, "attach", nil, "file that goes with it; may be repeated, 18 MB together")
	f.StringVar(&in.track, "track", "", "what is found out about its reading: aggregate or individual; nothing when left out")
	f.StringVar(&in.reply, "reply", "", "id of the message to answer, ours")
	f.StringVar(&in.forward, "forward", "", "id of the message to pass on, ours: it stands below, as it came; what is attached to it goes along")
	f.BoolVar(&in.quote, "quote", false, "the mail that is answered stands below, as it came")
}

func (m *Main) sendMail(ctx context.Context, mailbox string, in sendFlags) error {
	return m.written(ctx, mailbox, &in, func(ctx context.Context, c *client, body map[string]any) error {
		if c.inside {
			c.start()
		}
		o, raw, err := c.sent(ctx, "/outgoing", body)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s: %s %s", o.ID, string(o.State), o.Trouble)
			m.sayLeft(o.Left)
		})
	})
}

// written has the mail that a command says dealt with, once its text is read and
// its files are uploaded.
func (m *Main) written(ctx context.Context, mailbox string, in *sendFlags, deal func(ctx context.Context, c *client, body map[string]any) error) error {
	says, err := m.readParts(in)
	if err != nil {
		return err
	}
	return m.with(ctx, in.as, func(ctx context.Context, c *client) error {
		found, err := c.mailboxes(ctx, mailbox)
		if err != nil {
			return err
		}
		body, err := c.letter(ctx, found[0].ID, says, in)
		if err != nil {
			return err
		}
		c.match = in.version
		return deal(ctx, c, body)
	})
}

// letter is what the command says, with its files uploaded.
func (c *client) letter(ctx context.Context, mailbox crm.MailboxID, says parts, in *sendFlags) (map[string]any, error) {
	files, quote := []crm.SentFile{}, []string{}
	if in.forward != "" {
		below, err := c.passOn(ctx, in.forward)
		if err != nil {
			return nil, err
		}
		quote, files = below.head, append(files, below.files...)
	} else if in.quote {
		if in.reply == "" {
			return nil, crm.Errorf(crm.Invalid, "letter", "--quote needs the mail that is answered").WithField("quote").WithHint("--reply ID")
		}
		m, err := c.readMail(ctx, in.reply, "reply")
		if err != nil {
			return nil, err
		}
		p, err := c.pen(ctx)
		if err != nil {
			return nil, err
		}
		quote = p.attribution(m)
	}
	for _, name := range in.files {
		f, err := c.attach(ctx, name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return map[string]any{"mailbox": mailbox, "from": in.from, "to": several(in.to), "cc": several(in.cc), "bcc": several(in.bcc), "subject": in.subject,
		"text": says.text, "html": says.html, "files": files, "reply": in.reply, "forward": in.forward, "quote": quote, "track": in.track}, nil
}

// several are the addresses between commas. What else stands in them is for the
// server to refuse: a line break must not end the list unseen.
func several(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, strings.Split(s, ",")...)
	}
	return out
}

// attach keeps a file of this machine in the store.
func (c *client) attach(ctx context.Context, file string) (crm.SentFile, error) {
	f, err := os.Open(file)
	if err != nil {
		return crm.SentFile{}, crm.E(crm.Invalid, "attach", "the file cannot be opened", err).WithField("attach")
	}
	defer f.Close()
	kind := mime.TypeByExtension(filepath.Ext(file))
	if kind == "" {
		kind = "application/octet-stream"
	}
	var kept crm.SentFile
	q := url.Values{"name": {filepath.Base(file)}, "type": {kind}}
	err = c.upload(ctx, "/files?"+q.Encode(), "application/octet-stream", f, &kept)
	return crm.SentFile{Blob: kept.Blob, Name: filepath.Base(file)}, err
}

// sendingTime is how long the command waits for the mail system.
const sendingTime = 30 * time.Second

// sent asks for a mail to be sent and waits until it is no longer on its way.
func (c *client) sent(ctx context.Context, where string, body any) (sentAnswer, []byte, error) {
	var o sentAnswer
	raw, err := c.send(ctx, "POST", where, body, &o)
	for end := time.Now().Add(sendingTime); err == nil && (o.State == crm.OutQueued && o.Attempts == 0 && o.Trouble == "" || o.State == crm.OutSending) && time.Now().Before(end); {
		time.Sleep(100 * time.Millisecond)
		raw, err = c.send(ctx, "GET", path("outgoing", o.ID), nil, &o.Outgoing)
	}
	return o, raw, err
}

type sentAnswer struct {
	crm.Outgoing
	Left []page.Left
}

// parts are the two that say what a mail says.
type parts struct{ text, html string }

// readParts reads what a mail says. Who gives HTML need not give text.
func (m *Main) readParts(in *sendFlags) (p parts, err error) {
	if in.htmlFile != "" {
		if p.html, err = m.readText(in.htmlFile, "html"); err != nil || in.textFile == "-" {
			return p, err
		}
	}
	p.text, err = m.readText(in.textFile, "text-file")
	return p, err
}

// readText reads the file that a flag names.
func (m *Main) readText(file, flag string) (string, error) {
	in := m.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", crm.E(crm.Invalid, "readText", "the file with what the mail says cannot be opened", err).WithField(flag)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return "", crm.E(crm.Invalid, "readText", "the file with what the mail says cannot be read", err).WithField(flag)
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
