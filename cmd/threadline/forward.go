package main

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/internal/i18n"
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
	p, err := c.pen(ctx)
	if err != nil {
		return out, err
	}
	out.head = p.head(m)
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

// pen is how whoever sends writes: their language, and the time of their days.
type pen struct {
	lang i18n.Lang
	zone *time.Location
}

func (c *client) pen(ctx context.Context) (pen, error) {
	var me struct {
		User      struct{ Locale string }
		Workspace struct{ Locale string }
		Zone      string
	}
	if _, err := c.send(ctx, "GET", "/me", nil, &me); err != nil {
		return pen{}, err
	}
	lang, _ := i18n.ParseLang(cmp.Or(me.User.Locale, me.Workspace.Locale))
	zone, err := time.LoadLocation(me.Zone)
	if err != nil {
		zone = time.UTC // of a newer zone than this machine knows
	}
	return pen{lang, zone}, nil
}

// date is written with its year: a mail is read for long.
func (p pen) date(at crm.Time) string { return p.lang.Moment(at.Std().In(p.zone), time.Time{}) }

// attribution is what stands above a mail that is answered.
func (p pen) attribution(m *timeline.Message) []string {
	who := string(m.From.Address)
	if m.From.Name != "" {
		who = m.From.Name
	}
	return []string{p.lang.T(i18n.QuoteWrote, p.date(m.Date), who)}
}

// head is what stands above a mail that is passed on, as other programs write it.
func (p pen) head(m *timeline.Message) []string {
	of := func(role crm.Role) string {
		var out []string
		for _, q := range m.Participants {
			if q.Role != role {
				continue
			}
			if q.Name != "" {
				out = append(out, q.Name+" <"+string(q.Address)+">")
			} else {
				out = append(out, string(q.Address))
			}
		}
		return strings.Join(out, ", ")
	}
	lines := []string{"---------- " + p.lang.T(i18n.QuoteForwarded) + " ----------"}
	for _, l := range []struct {
		name i18n.Key
		says string
	}{{i18n.RoleFrom, of(crm.RoleFrom)}, {i18n.QuoteDate, p.date(m.Date)}, {i18n.FieldSubject, m.Subject},
		{i18n.RoleTo, of(crm.RoleTo)}, {i18n.RoleCc, of(crm.RoleCc)}} {
		if l.says != "" {
			lines = append(lines, p.lang.T(l.name)+": "+l.says)
		}
	}
	return lines
}
