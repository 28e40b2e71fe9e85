package main

import (
	"context"
	"strconv"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/timeline"
)

// passed is what goes along when a mail is passed on.
type passed struct {
	text  string // that stands below what is written
	files []crm.SentFile
}

// passOn reads a message that is passed on, and keeps what is attached to it.
func (c *client) passOn(ctx context.Context, id string) (out passed, err error) {
	var m timeline.Message
	if _, err = c.send(ctx, "GET", path("messages", id), nil, &m); err != nil {
		return out, err
	}
	if m.Body == nil {
		return out, crm.Errorf(crm.Denied, "passOn", "you may not read this mail").WithField("forward")
	}
	out.text = headOf(&m) + "\n\n" + strings.TrimSpace(m.Body.Text) + "\n"
	for n := range m.Attachments {
		var kept crm.SentFile
		if _, err = c.send(ctx, "POST", path("messages", id, "attachments", strconv.Itoa(n), "keep"), nil, &kept); err != nil {
			return out, crm.Wrap("passOn", "what is attached to the mail cannot be passed on", err)
		}
		out.files = append(out.files, crm.SentFile{Blob: kept.Blob, Name: kept.Name})
	}
	return out, nil
}

// headOf is what stands above a mail that is passed on, as other programs write it.
func headOf(m *timeline.Message) string {
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
	for _, l := range [][2]string{{"From", of(crm.RoleFrom)}, {"Date", m.Date.Std().UTC().Format("Mon, 02 Jan 2006 15:04 -0700")},
		{"Subject", m.Subject}, {"To", of(crm.RoleTo)}, {"Cc", of(crm.RoleCc)}} {
		if l[1] != "" {
			lines = append(lines, l[0]+": "+l[1])
		}
	}
	return strings.Join(lines, "\n")
}

// above puts what is written over the text of a mail that is passed on.
func (p parts) above(text string) parts {
	if p.html != "" {
		p.html += mail.Page(text)
	}
	if p.text != "" || p.html == "" {
		p.text = strings.TrimRight(p.text, "\n") + "\n\n" + text
	}
	return p
}
