package main

import (
	"context"
	"strconv"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// passed is what goes along when a mail is passed on.
type passed struct {
	head  []string // that stands above it, below what is written
	files []crm.SentFile
}

// passOn reads a message that is passed on, and keeps what is attached to it.
func (c *client) passOn(ctx context.Context, id string) (out passed, err error) {
	m, err := c.readMail(ctx, id, "forward")
	if err != nil {
		return out, err
	}
	out.head = headOf(m)
	for n := range m.Attachments {
		var kept crm.SentFile
		if _, err = c.send(ctx, "POST", path("messages", id, "attachments", strconv.Itoa(n), "keep"), nil, &kept); err != nil {
			return out, crm.Wrap("passOn", "what is attached to the mail cannot be passed on", err)
		}
		out.files = append(out.files, crm.SentFile{Blob: kept.Blob, Name: kept.Name})
	}
	return out, nil
}

// readMail reads a mail that another one refers to.
func (c *client) readMail(ctx context.Context, id, field string) (*timeline.Message, error) {
	var m timeline.Message
	if _, err := c.send(ctx, "GET", path("messages", id), nil, &m); err != nil {
		return nil, err
	}
	if m.Body == nil {
		return nil, crm.Errorf(crm.Denied, "readMail", "you may not read this mail").WithField(field)
	}
	return &m, nil
}

// attribution is what stands above a mail that is answered.
func attribution(m *timeline.Message) []string {
	who := string(m.From.Address)
	if m.From.Name != "" {
		who = m.From.Name
	}
	return []string{"On " + m.Date.Std().UTC().Format(mailDate) + ", " + who + " wrote:"}
}

const mailDate = "Mon, 02 Jan 2006 15:04 -0700"

// headOf is what stands above a mail that is passed on, as other programs write it.
func headOf(m *timeline.Message) []string {
	of := func(role crm.Role) string {
		var out []string
		for _, p := range m.Participants {
			if p.Role != role {
				continue
			}
			if p.Name != "" {
				out = append(out, p.Name+" <"+string(p.Address)+">")
			} else {
				out = append(out, string(p.Address))
			}
		}
		return strings.Join(out, ", ")
	}
	lines := []string{"---------- Forwarded message ----------"}
	for _, l := range [][2]string{{"From", of(crm.RoleFrom)}, {"Date", m.Date.Std().UTC().Format(mailDate)},
		{"Subject", m.Subject}, {"To", of(crm.RoleTo)}, {"Cc", of(crm.RoleCc)}} {
		if l[1] != "" {
			lines = append(lines, l[0]+": "+l[1])
		}
	}
	return lines
}
