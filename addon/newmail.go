package addon

import (
	"cmp"
	"context"
	"slices"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/letter"
	"threadline/internal/mail"
)

// Actions that begin a mail. None of them sends it: it opens as a draft, to be read
// and sent there.
const (
	opMail  = "mail.new"   // the templates that it may begin with
	opDraft = "mail.draft" // opens it
)

// freshParam marks what leads to a mail of its own rather than into an open draft.
const freshParam = "fresh"

// composeParam marks the action whose answer opens a draft: Apps Script has to know
// that before it is clicked.
const composeParam = "compose"

// NewMail is a mail that somebody begins.
type NewMail struct {
	Mailbox             crm.MailboxID // from which it goes; "": the person has none
	From                crm.Address
	To                  []mail.Party
	Subject, Text, HTML string
	Key                 string // two of one key are one
}

// mailing is the button that begins a mail to somebody.
func (v View) mailing(to string) []card.Button {
	if to == "" {
		return nil
	}
	return []card.Button{card.NewButton(v.Lang.T(i18n.ActionMail), v.run(opMail, param(toParam, to)))}
}

// mailForm asks what the mail begins with.
func mailForm(ctx context.Context, c *click) (card.Response, error) {
	to := c.ev.Params[toParam]
	rows, err := c.templates(ctx, to, param(freshParam, "on"))
	if err != nil {
		return card.Response{}, err
	}
	v := c.v
	empty := card.Row(v.t(i18n.MailEmpty), card.Details{Icon: card.IconMail, Click: v.opensDraft(param(toParam, to))})
	return card.Do(card.Show(card.New("newmail", card.Header{Title: v.Lang.T(i18n.ActionMail), Subtitle: to}, nil,
		card.NewSection(v.t(i18n.ComposeChoose), append([]card.Widget{empty}, rows...)...).Shrinking(v.more(i18n.MoreItems))))), nil
}

// opensDraft is the click that makes the draft.
func (v View) opensDraft(params ...card.Param) card.Click {
	return v.run(opDraft, append([]card.Param{param(composeParam, "draft")}, params...)...)
}

// draftOpen makes the draft and opens it: in Gmail with the tokens of the event, on
// our own page among the person's drafts, once for each card.
func draftOpen(ctx context.Context, c *click) (card.Response, error) {
	m, sender, err := c.begun(ctx)
	if err != nil {
		return card.Response{}, err
	}
	if !c.ev.Own {
		return c.inGmail(ctx, m, sender)
	}
	if m.Mailbox == "" || c.book.Draft == nil {
		return card.Do(card.Notify(c.v.Lang.T(i18n.MailNowhere))), nil
	}
	at, err := c.book.Draft(ctx, c.user, m)
	return card.Do(card.Follow(at)), err
}

// begun is the mail as it begins: the template filled, over the signature.
func (c *click) begun(ctx context.Context) (m NewMail, sender crm.User, err error) {
	if to := c.ev.Params[toParam]; to != "" {
		a, err := crm.ParseAddress(to)
		if err != nil {
			return m, sender, err
		}
		m.To = append(m.To, mail.Party{Address: a})
	}
	var f letter.Filled
	if c.ev.Params[templateParam] == "" {
		sender, err = c.sender(ctx)
	} else {
		_, f, sender, err = c.filledBy(ctx)
	}
	if err != nil {
		return m, sender, err
	}
	if m.Mailbox, err = c.sending(ctx); err != nil {
		return m, sender, err
	}
	sign, err := c.book.Letters.Signature(ctx, c.user)
	if err != nil {
		return m, sender, err
	}
	if c.ev.Inputs.Has(trackInput, "on") {
		if f.HTML, err = c.dressed(ctx, f.HTML); err != nil {
			return m, sender, err
		}
	}
	m.From, m.Subject, m.Key = sender.Email, f.Subject, string(c.made(crm.PrefixOutgoing, "draft"))
	if m.HTML = f.HTML + signed(sign); m.HTML != "" {
		m.HTML = cmp.Or(f.HTML, "<p><br></p>") + signed(sign)
	}
	m.Text = mail.PlainText(m.HTML)
	return m, sender, nil
}

// signed is a signature as it stands under a mail.
func signed(s crm.Signature) string {
	switch {
	case s.HTML != "":
		return "<p>-- </p>" + s.HTML
	case s.Text != "":
		return "<p>-- </p>" + mail.Page(s.Text)
	}
	return ""
}

// inGmail makes the draft in Gmail.
func (c *click) inGmail(ctx context.Context, m NewMail, sender crm.User) (card.Response, error) {
	const op = crm.Op("addon.inGmail")
	ev := c.ev
	switch {
	case ev.Scopes != nil && !slices.Contains(ev.Scopes, scopeCompose), ev.UserToken == "":
		return card.Response{}, &lacking{scopeCompose}
	case c.h.deps.Draft == nil:
		return card.Response{}, crm.Errorf(crm.Internal, op, "nothing makes drafts in Gmail")
	}
	l := mail.Letter{ID: crm.SentAs(m.Key, m.From), Date: c.h.now(), From: mail.Party{Name: sender.Name, Address: m.From},
		To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML}
	raw, err := mail.Compose(&l)
	if err != nil {
		return card.Response{}, err
	}
	going := context.WithoutCancel(ctx)
	d, err := c.draftOnce(ctx, m.Key, func() (GmailDraft, error) { return c.h.deps.Draft(going, ev, raw) })
	if crm.IsKind(err, crm.Denied) {
		return card.Response{}, &lacking{scopeCompose}
	}
	if err != nil {
		return card.Response{}, err
	}
	return card.OpenDraft(d.ID, d.Thread), nil
}
