package addon

import (
	"context"
	"slices"

	"threadline/addon/card"
	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/store"
)

// single says how far the reading of the draft may be found out: as the workspace
// allows it, of those whom the host names as recipients. Whoever is added later
// is asked about when the mail has gone out.
func (c *click) single(ctx context.Context) (crm.TrackMode, campaign.Dress, error) {
	box, err := c.sending(ctx)
	if err != nil || box == "" || c.book.Single == nil {
		return crm.TrackOff, nil, err
	}
	var to []crm.Address
	for _, s := range append(slices.Clone(c.ev.To), c.ev.Params[toParam]) {
		if a, err := crm.ParseAddress(s); err == nil && !slices.Contains(to, a) {
			to = append(to, a)
		}
	}
	return c.book.Single(ctx, box, to)
}

// sending is the person's mailbox from which the draft goes out: that of the
// address that was chosen, else their first; "" for none.
func (c *click) sending(ctx context.Context) (crm.MailboxID, error) {
	docs, err := store.Mailboxes.All(ctx, c.book.Space, store.Query{Where: []store.Filter{store.Is("owner", c.user)}})
	var first crm.MailboxID
	from := crm.Address(c.text(fromInput))
	for i := range docs {
		m := &docs[i].Value
		if !access.Mailbox(c.viewer, m) || m.State == crm.StateDeleted || m.State == crm.StateDeleting {
			continue
		}
		if from != "" && (m.Address == from || slices.Contains(m.Aliases, from)) {
			return m.ID, nil
		}
		if first == "" {
			first = m.ID
		}
	}
	return first, err
}

// tracked is the switch that makes a letter tell that it is read, and says whom
// it names; nothing where the workspace finds out nothing.
func (v View) tracked(mode crm.TrackMode) []card.Widget {
	if mode == crm.TrackOff {
		return nil
	}
	return []card.Widget{
		card.Choice(trackInput, "", card.Switches, []card.Item{{Text: v.Lang.T(i18n.TrackSwitch), Value: "on"}}, card.Action{}),
		card.Paragraph(v.t(i18n.Key("track." + string(mode)))),
	}
}

// untemplated offers the same for a draft that its writer has typed.
func (c *click) untemplated(ctx context.Context, to string) (card.Section, error) {
	mode, _, err := c.single(ctx)
	if err != nil || mode == crm.TrackOff {
		return card.Section{}, err
	}
	v := c.v
	return card.NewSection(v.t(i18n.SectionTrack), card.Paragraph(v.t(i18n.Key("track."+string(mode)))),
		card.Buttons(card.NewButton(v.Lang.T(i18n.ActionTrack), v.run(opTrack, param(toParam, to))))), nil
}

// trackInsert puts the picture into the draft where the cursor is. Links that
// the writer has typed stay as they are.
func trackInsert(ctx context.Context, c *click) (card.Response, error) {
	page, err := c.dressed(ctx, "")
	if err != nil {
		return card.Response{}, err
	}
	return card.Insert(page, ""), nil
}

// dressed makes HTML tell that it is read. A click that comes twice makes the
// same addresses.
func (c *click) dressed(ctx context.Context, page string) (string, error) {
	mode, dress, err := c.single(ctx)
	if err != nil {
		return "", err
	}
	if mode == crm.TrackOff {
		return "", crm.Errorf(crm.Denied, "addon.dressed", "this workspace finds out nothing about the reading of single mails")
	}
	return dress(string(c.made(crm.PrefixTracked, "mail")), page), nil
}
