package outbox

import (
	"cmp"
	"context"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/page"
)

const (
	maxHead     = 8   // lines above a mail that is quoted
	maxHeadLine = 500 // characters
)

// head are the lines above a mail that is quoted, one line each.
func head(d Draft) ([]string, error) {
	const op, field = crm.Op("outbox.head"), "quote"
	switch {
	case len(d.Quote) == 0:
		return nil, nil
	case d.Reply == "" && d.Forward == "":
		return nil, crm.Errorf(crm.Invalid, op, "only a mail that answers another one or passes it on quotes it").WithField(field)
	case len(d.Quote) > maxHead:
		return nil, crm.Errorf(crm.Invalid, op, "%d lines at most stand above a mail that is quoted", maxHead).WithField(field)
	}
	out := make([]string, len(d.Quote))
	for i, line := range d.Quote {
		out[i] = crm.Clip(strings.Join(strings.Fields(line), " "), maxHeadLine)
	}
	return out, nil
}

// mayQuote refuses a draft that quotes a mail which its writer may not read any
// more.
func (s *Service) mayQuote(ctx context.Context, v access.Viewer, o *crm.Outgoing) error {
	if len(o.Quoted) == 0 {
		return nil
	}
	_, ok, err := s.readable(ctx, v, cmp.Or(o.Reply, o.Forward))
	if err == nil && !ok {
		err = crm.Errorf(crm.NotFound, "outbox.mayQuote", "you may not read the mail any more that this draft quotes").WithField("quote").
			WithHint("save the draft without the quote, then send it")
	}
	return err
}

// below puts the mail that is quoted under another one, as it is now: one that was
// erased meanwhile is not there.
func (s *Service) below(ctx context.Context, o *crm.Outgoing) ([]byte, error) {
	if len(o.Quoted) == 0 || s.cfg.Body == nil {
		return o.Raw, nil
	}
	c, err := s.cfg.Body(ctx, cmp.Or(o.Reply, o.Forward))
	if crm.IsKind(err, crm.NotFound) {
		return o.Raw, nil
	}
	if err != nil {
		return nil, crm.Wrap("outbox.below", "the mail that is quoted cannot be read", err)
	}
	source := c.HTML
	if source != "" && s.cfg.Undress != nil {
		source = s.cfg.Undress(ctx, source)
	}
	q := mail.Quoted{Head: o.Quoted, Text: c.Text, HTML: page.Quoted(source), Passed: o.Forward != ""}
	if q.HTML == "" {
		q.HTML = mail.Page(mail.ClipQuoted(c.Text))
	}
	return mail.Below(o.Raw, o.RFCID, &q)
}
