package addon

import (
	"context"
	"maps"
	"strconv"

	"threadline/addon/card"
	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/store"
	"threadline/internal/timeline"
)

// Actions of the settings.
const (
	opSettings  = "settings.open"
	opPause     = "mailbox.pause" // or, with value "on", lets it go on
	opLocale    = "locale.set"
	opShare     = "sharing.set"
	opNeverAdd  = "never.add"
	opNeverDrop = "never.drop"
)

const (
	localeInput  = "locale"
	boxParam     = "mailbox"
	levelInput   = "level_" // and the mailbox's number on the card
	indexParam   = "n"
	patternInput = "pattern"
	effectInput  = "effect"
	goOn         = "on"
	shownNever   = 20
)

// settings is the card of a universal action.
func (h *Handler) settings(ctx context.Context, user crm.UserID, v View) (card.Card, error) {
	viewer, err := h.deps.Book.Records.Viewer(ctx, user)
	if err != nil {
		return card.Card{}, err
	}
	c := &click{h: h, book: h.deps.Book, user: user, viewer: viewer, v: v}
	return c.settingsCard(ctx)
}

func settingsOpen(ctx context.Context, c *click) (card.Response, error) {
	shown, err := c.settingsCard(ctx)
	return card.Do(card.Show(shown)), err
}

// again shows the settings as they are after a change.
func (c *click) again(ctx context.Context, said i18n.Key) (card.Response, error) {
	shown, err := c.settingsCard(ctx)
	return card.Do(card.Update(shown), card.Notify(c.v.Lang.T(said)), card.Changed()), err
}

func (c *click) settingsCard(ctx context.Context) (card.Card, error) {
	day, err := c.h.deps.Home(ctx, c.user)
	if err != nil {
		return card.Card{}, err
	}
	never, err := ledger.Exclusions(ctx, c.book.Space)
	if err != nil {
		return card.Card{}, err
	}
	sharing, err := c.book.Records.Sharing(ctx, c.viewer)
	if err != nil {
		return card.Card{}, err
	}
	v, err := c.h.placed(ctx, c.user, c.v)
	return card.New("settings", card.Header{Title: c.v.Lang.T(i18n.SettingsTitle), Subtitle: v.place.name()}, nil,
		c.boxes(day.Mailboxes), c.never(never), c.privacy(day.Mailboxes, sharing), v.places(), c.tongues()), err
}

func (c *click) boxes(list []timeline.HomeMailbox) card.Section {
	t := c.v.Lang
	var rows []card.Widget
	for _, m := range list {
		label, value := i18n.ActionPause, ""
		if m.State == crm.StatePaused {
			label, value = i18n.ActionResume, goOn
		}
		d := card.Details{Icon: card.IconMail, Bottom: card.Plain(c.v.word("mailbox", string(m.State))), Wrap: true,
			Button: card.NewButton(t.T(label), c.v.run(opPause, param(boxParam, string(m.ID)), param(valueParam, value)))}
		if m.State == crm.StateAuthRequired {
			d.Button = card.NewButton(t.T(i18n.ActionRepair), card.OpenAndReload(c.book.MailboxPage))
		}
		rows = append(rows, card.Row(card.Bold(string(m.Address)), d))
	}
	if len(rows) == 0 {
		rows = append(rows, card.Paragraph(c.v.t(i18n.MailboxNone)))
	}
	rows = append(rows, card.Buttons(card.NewButton(t.T(i18n.ActionConnect), card.OpenAndReload(c.book.MailboxPage))))
	return card.NewSection(c.v.t(i18n.HomeMailboxes), rows...)
}

// never lists what is kept away, as far as the person may know of it, and takes
// more.
func (c *click) never(list []crm.Exclusion) card.Section {
	t := c.v.Lang
	var rows []card.Widget
	for i := range list {
		e := &list[i]
		if !access.Exclusion(c.viewer, e) || len(rows) == shownNever {
			continue
		}
		drop := card.NewButton(t.T(i18n.ActionRemove), c.v.run(opNeverDrop, param(valueParam, e.ID)))
		rows = append(rows, card.Row(card.Bold(patternText(e.Pattern)), card.Details{Bottom: card.Plain(c.v.word("exclude", string(e.Effect))), Wrap: true, Button: drop}))
	}
	add := card.TextInput(patternInput, t.T(i18n.FieldPattern), card.TextOptions{Hint: t.T(i18n.NeverHint), MaxRunes: 254})
	effects := card.Choice(effectInput, "", card.Radio, []card.Item{
		{Text: c.v.word("exclude", string(crm.NeverStore)), Value: string(crm.NeverStore), Selected: true},
		{Text: c.v.word("exclude", string(crm.OwnerOnly)), Value: string(crm.OwnerOnly)},
		{Text: c.v.word("exclude", string(crm.DropCopy)), Value: string(crm.DropCopy)}}, card.Action{})
	rows = append(rows, add, effects, card.Buttons(card.NewButton(t.T(i18n.ActionAdd), card.Run(c.v.action(opNeverAdd).Needs(patternInput)))))
	return card.NewSection(c.v.t(i18n.SectionNever), rows...)
}

// patternText is the pattern as people write it.
func patternText(p crm.Token) string {
	switch {
	case p.Address() != "":
		return string(p.Address())
	case p.Domain() != "":
		return string(p.Domain())
	case p.Label() != "":
		return p.Label()
	case p.Subject() != "":
		return "“" + p.Subject() + "”"
	}
	return string(p)
}

// privacy asks what colleagues see of each mailbox.
func (c *click) privacy(list []timeline.HomeMailbox, now crm.Sharing) card.Section {
	var rows []card.Widget
	for n, m := range list {
		level := now.Mailboxes[m.ID]
		if level == "" {
			level = crm.MailMetadata
		}
		items := make([]card.Item, len(crm.MailLevels()))
		for i, l := range crm.MailLevels() {
			items[i] = card.Item{Text: c.v.word("share", string(l)), Value: string(l), Selected: l == level}
		}
		rows = append(rows, card.Choice(levelInput+strconv.Itoa(n), c.v.Lang.T(i18n.PrivacyBox, m.Address), card.Dropdown, items,
			c.v.action(opShare, param(boxParam, string(m.ID)), param(indexParam, strconv.Itoa(n)))))
	}
	return card.NewSection(c.v.t(i18n.SectionPrivacy), append(rows, card.Paragraph(c.v.t(i18n.PrivacyText)))...)
}

// sharingSet changes what colleagues see of a mailbox.
func sharingSet(ctx context.Context, c *click) (card.Response, error) {
	id, err := c.mailbox(ctx)
	if err != nil {
		return card.Response{}, err
	}
	sharing, err := c.book.Records.Sharing(ctx, c.viewer)
	if err != nil {
		return card.Response{}, err
	}
	boxes := maps.Clone(sharing.Mailboxes)
	if boxes == nil {
		boxes = map[crm.MailboxID]crm.MailLevel{}
	}
	boxes[id] = crm.MailLevel(c.text(levelInput + c.ev.Params[indexParam]))
	sharing.Mailboxes = boxes
	if _, err := c.book.Records.Share(ctx, c.by("say who sees one's mail"), sharing); err != nil {
		return c.wrong(err)
	}
	return c.again(ctx, i18n.Saved)
}

func (c *click) tongues() card.Section {
	var items []card.Item
	for _, l := range i18n.Langs() {
		items = append(items, card.Item{Text: l.T(i18n.LanguageName), Value: string(l), Selected: l == c.v.Lang})
	}
	return card.NewSection(c.v.t(i18n.SectionLanguage), card.Choice(localeInput, c.v.Lang.T(i18n.SectionLanguage), card.Dropdown, items, c.v.action(opLocale)),
		card.Paragraph(c.v.t(i18n.LanguageHint)))
}

func mailboxPause(ctx context.Context, c *click) (card.Response, error) {
	id, err := c.mailbox(ctx)
	if err != nil {
		return card.Response{}, err
	}
	pause := c.ev.Params[valueParam] != goOn
	if err := c.book.Pause(ctx, id, pause); err != nil {
		return card.Response{}, err
	}
	if pause {
		return c.again(ctx, i18n.MailboxPausedNow)
	}
	return c.again(ctx, i18n.MailboxGoesOn)
}

// mailbox is the one that the action names, of those that the person may repair.
func (c *click) mailbox(ctx context.Context) (crm.MailboxID, error) {
	id, err := crm.ParseID[crm.MailboxID](crm.PrefixMailbox, c.ev.Params[boxParam])
	if err != nil {
		return "", err
	}
	m, err := store.Mailboxes.Get(ctx, c.book.Space, string(id))
	if err == nil && !access.Mailbox(c.viewer, &m.Value) {
		err = crm.Errorf(crm.NotFound, "addon.mailbox", "there is no mailbox %s", id)
	}
	return id, err
}

func localeSet(ctx context.Context, c *click) (card.Response, error) {
	l, ok := i18n.ParseLang(c.text(localeInput))
	if !ok {
		return card.Response{}, crm.Errorf(crm.Invalid, "addon.localeSet", "there is no such language").WithField("locale")
	}
	if err := c.book.SetLocale(ctx, c.user, string(l)); err != nil {
		return card.Response{}, err
	}
	c.v.Lang = l
	return c.again(ctx, i18n.Saved)
}

// neverAdd keeps mail of an address or a domain away from the person's own
// mailboxes.
func neverAdd(ctx context.Context, c *click) (card.Response, error) {
	pattern, err := ledger.Pattern(c.text(patternInput))
	if err != nil {
		return c.wrong(crm.E(crm.Invalid, "addon.neverAdd", "neither an address nor a domain", err).WithField("pattern"))
	}
	effect := crm.ExclusionEffect(c.text(effectInput))
	if effect != crm.OwnerOnly && effect != crm.DropCopy {
		effect = crm.NeverStore
	}
	info := store.ChangeInfo{Actor: c.user, Cause: crm.CauseAddon, Title: "keep mail away"}
	if _, _, err := ledger.Exclude(ctx, c.book.Space, info, crm.Exclusion{Owner: c.user, Pattern: pattern, Effect: effect}); err != nil {
		return c.wrong(err)
	}
	c.book.Followed(ctx)
	return c.again(ctx, i18n.Saved)
}

func neverDrop(ctx context.Context, c *click) (card.Response, error) {
	info := store.ChangeInfo{Actor: c.user, Cause: crm.CauseAddon, Title: "let mail in again"}
	if _, err := ledger.Include(ctx, c.book.Space, c.viewer, info, c.ev.Params[valueParam]); err != nil {
		return card.Response{}, err
	}
	c.book.Followed(ctx)
	return c.again(ctx, i18n.Saved)
}
