package addon

import (
	"context"
	"slices"
	"strings"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/letter"
	"threadline/internal/store"
)

// Actions while a mail is being written.
const (
	opLetter = "letter.show"   // what a template would say to the recipient
	opInsert = "letter.insert" // puts it into the draft
	opTrack  = "track.insert"  // makes the draft tell that it is read
)

const (
	toParam       = "to"
	templateParam = "template"
	templateInput = "template"
	subjectInput  = "subject" // checked: the subject of the draft is replaced
	fromInput     = "from"    // one of the person's addresses
	trackInput    = "track"   // on: the mail tells that it is read
)

// compose is the card of the compose trigger: the templates, and for whom they
// would be filled.
func (h *Handler) compose(ctx context.Context, ev Event, user crm.UserID, v View) (card.Card, error) {
	viewer, err := h.deps.Book.Records.Viewer(ctx, user)
	if err != nil {
		return card.Card{}, err
	}
	c := &click{h: h, book: h.deps.Book, ev: ev, user: user, viewer: viewer, v: v}
	to := ""
	if len(ev.To) > 0 {
		to = ev.To[0]
	}
	rows, err := c.templates(ctx, to)
	if err != nil {
		return card.Card{}, err
	}
	head := card.Header{Title: v.Lang.T(i18n.ComposeTitle), Subtitle: to}
	tracking, err := c.untemplated(ctx, to)
	if err != nil {
		return card.Card{}, err
	}
	if len(rows) == 0 {
		return card.New("compose", head, nil, card.NewSection(card.Text{}, card.Paragraph(v.t(i18n.ComposeNone))), tracking), nil
	}
	return card.New("compose", head, nil, card.NewSection(v.t(i18n.ComposeChoose), rows...).Shrinking(v.more(i18n.MoreItems)), tracking), nil
}

// templates are rows of the templates that the person may use, each leading to what
// it would say to somebody.
func (c *click) templates(ctx context.Context, to string, more ...card.Param) ([]card.Widget, error) {
	list, err := c.book.Letters.List(ctx, c.viewer, "")
	if err != nil {
		return nil, err
	}
	rows := make([]card.Widget, len(list))
	for i, t := range list {
		rows[i] = card.Row(card.Bold(t.Name), card.Details{Icon: card.IconNote, Bottom: card.Plain(t.Subject), Wrap: true,
			Click: c.v.run(opLetter, append([]card.Param{param(templateParam, t.ID), param(toParam, to)}, more...)...)})
	}
	return rows, nil
}

// filled fills a template for the recipient.
func (c *click) filled(ctx context.Context) (crm.Template, letter.Filled, error) {
	t, f, _, err := c.filledBy(ctx)
	return t, f, err
}

// filledBy also says for whom the letter speaks.
func (c *click) filledBy(ctx context.Context) (t crm.Template, f letter.Filled, sender crm.User, err error) {
	d, err := c.book.Letters.Get(ctx, c.viewer, c.ev.Params[templateParam])
	if err != nil {
		return t, f, sender, err
	}
	if sender, err = c.sender(ctx); err != nil {
		return t, f, sender, err
	}
	about := letter.About{Lang: c.v.Lang, Sender: sender}
	if about.Contact, err = c.recipient(ctx); err != nil {
		return t, f, sender, err
	}
	f, err = c.book.Letters.Fill(ctx, c.viewer, &d.Value, about)
	return d.Value, f, sender, err
}

// sender is the person, with the address that they chose.
func (c *click) sender(ctx context.Context) (crm.User, error) {
	users, err := store.Users.GetMany(ctx, c.book.Space, []string{string(c.user)})
	if err != nil {
		return crm.User{}, err
	}
	u := users[0].Value
	own, err := c.book.Letters.Addresses(ctx, c.user)
	if from := crm.Address(c.text(fromInput)); slices.Contains(own, from) {
		u.Email = from
	}
	return u, err
}

// from asks which of several addresses the letter speaks for.
func (c *click) from(ctx context.Context) ([]card.Widget, error) {
	own, err := c.book.Letters.Addresses(ctx, c.user)
	if err != nil || len(own) < 2 {
		return nil, err
	}
	items := make([]card.Item, len(own))
	for i, a := range own {
		items[i] = card.Item{Text: string(a), Value: string(a), Selected: i == 0}
	}
	return []card.Widget{card.Choice(fromInput, c.v.Lang.T(i18n.ComposeFrom), card.Dropdown, items, card.Action{}), card.Paragraph(c.v.t(i18n.ComposeFromTip))}, nil
}

// recipient is the contact who holds the address, "" for nobody whom the viewer
// may see.
func (c *click) recipient(ctx context.Context) (crm.RecordID, error) {
	a, err := crm.ParseAddress(c.ev.Params[toParam])
	if err != nil {
		return "", nil // nobody yet
	}
	return c.book.Timeline.Holder(ctx, c.viewer, a)
}

// letterShow shows what would be inserted, and which fields have no value.
func letterShow(ctx context.Context, c *click) (card.Response, error) {
	t, f, err := c.filled(ctx)
	if err != nil {
		return card.Response{}, err
	}
	v := c.v
	rows := []card.Widget{card.Row(card.Bold(f.Subject), card.Details{Top: v.t(i18n.FieldSubject), Wrap: true})}
	for _, line := range firstLines(f.Text) {
		rows = append(rows, card.Paragraph(card.Plain(line)))
	}
	if len(f.Missing) > 0 {
		rows = append([]card.Widget{card.Row(card.Bold(strings.Join(f.Missing, ", ")), card.Details{Icon: card.IconStar, Top: v.t(i18n.ComposeMissing), Wrap: true})}, rows...)
	}
	if f.Subject != "" && c.ev.Params[freshParam] == "" {
		rows = append(rows, card.Choice(subjectInput, "", card.Checkboxes, []card.Item{{Text: v.Lang.T(i18n.ComposeSubject), Value: "on", Selected: true}}, card.Action{}))
	}
	from, err := c.from(ctx)
	if err != nil {
		return card.Response{}, err
	}
	if c.ev.Params[freshParam] != "" {
		from = from[:min(len(from), 1)] // the draft is made with it: there is nothing to choose there
	}
	rows = append(rows, from...)
	mode, _, err := c.single(ctx)
	if err != nil {
		return card.Response{}, err
	}
	rows = append(rows, v.tracked(mode)...)
	what := []card.Param{param(templateParam, t.ID), param(toParam, c.ev.Params[toParam])}
	insert := card.NewButton(v.Lang.T(i18n.ActionInsert), v.run(opInsert, what...))
	if c.ev.Params[freshParam] != "" {
		insert = card.NewButton(v.Lang.T(i18n.ActionDraft), v.opensDraft(what...))
	}
	return card.Do(card.Show(card.New("letter", card.Header{Title: t.Name, Subtitle: c.ev.Params[toParam]}, nil, card.NewSection(card.Text{}, append(rows, card.Buttons(insert))...)))), nil
}

// shownLines is how much of a letter the card shows.
const shownLines = 12

func firstLines(s string) []string {
	lines := slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
	return lines[:min(len(lines), shownLines)]
}

// letterInsert puts the letter into the draft where the cursor is.
func letterInsert(ctx context.Context, c *click) (card.Response, error) {
	_, f, err := c.filled(ctx)
	if err != nil {
		return card.Response{}, err
	}
	subject := ""
	if c.ev.Inputs.Has(subjectInput, "on") {
		subject = f.Subject
	}
	if c.ev.Inputs.Has(trackInput, "on") {
		if f.HTML, err = c.dressed(ctx, f.HTML); err != nil {
			return card.Response{}, err
		}
	}
	return card.Insert(f.HTML, subject), nil
}
