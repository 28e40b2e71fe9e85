package campaign

import (
	"context"
	"regexp"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/preflight"
	"threadline/internal/store"
)

// Preflight looks at what is to be sent from a mailbox, before the first mail.
type Preflight func(ctx context.Context, box *crm.Mailbox, q preflight.Question) ([]preflight.Finding, error)

// Checking gives the service what it looks with before the first mail; without
// it nothing is looked at.
func (s *Service) Checking(f Preflight) { s.preflight = f }

// Checks looks at a campaign as it would be sent now.
func (s *Service) Checks(ctx context.Context, v access.Viewer, id string) ([]preflight.Finding, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return nil, err
	}
	c := &doc.Value
	t := c.Letter
	if t == nil {
		now, err := s.letters.Get(ctx, v, c.Template)
		if err != nil {
			return nil, blame(err, "template")
		}
		t = &now.Value
	}
	return s.CheckLetters(ctx, v, c.Mailbox, c.Marketing, t)
}

// href finds the web addresses of a letter; those with fields in them are known
// only when they are filled.
var href = regexp.MustCompile(`href="(https?://[^"{}]+)"`)

// CheckLetters looks at letters as they would be sent from a mailbox.
func (s *Service) CheckLetters(ctx context.Context, v access.Viewer, mailbox crm.MailboxID, marketing bool, letters ...*crm.Template) ([]preflight.Finding, error) {
	if s.preflight == nil {
		return nil, nil
	}
	box, err := s.Box(ctx, v, mailbox)
	if err != nil {
		return nil, err
	}
	q := preflight.Question{From: box.Address, Marketing: marketing}
	for _, t := range letters {
		text := t.Text
		if text == "" {
			text = mail.PlainText(t.HTML)
		}
		q.Size = max(q.Size, len(t.HTML)+len(text)+headBytes)
		for _, m := range href.FindAllStringSubmatch(t.HTML, -1) {
			if !slices.Contains(q.Links, m[1]) {
				q.Links = append(q.Links, m[1])
			}
		}
	}
	return s.preflight(ctx, &box, q)
}

// headBytes is about what the header of a mail takes.
const headBytes = 1500

// Begin is Start, but for a campaign whose first mail would be refused.
func (s *Service) Begin(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	found, err := s.Checks(ctx, v, id)
	if err == nil {
		err = preflight.Refused(found)
	}
	if err != nil {
		return Saved{}, err
	}
	return s.Start(ctx, v, info, id)
}
