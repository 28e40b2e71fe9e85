package addon

import (
	"strconv"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

const (
	shownPeople  = 3 // of a folded section
	shownBecause = 4
)

// MessageCard shows a message that is stored: who takes part, their company and
// deals, why the message is logged where it is, and the last touches. It shows
// all of the sheet and nothing else; a sheet of a missing message gives the
// card that says so.
func MessageCard(s *timeline.Sheet, v View) card.Card { return v.messageCard(s, card.Section{}) }

// messageCard shows another section first.
func (v View) messageCard(s *timeline.Sheet, first card.Section) card.Card {
	if s.Missing != "" {
		return v.foreseenCard(s, first)
	}
	menu := []card.MenuEntry{
		{Label: v.Lang.T(i18n.ActionRefresh), Click: v.refresh()},
		v.finding(s.Message.ID), v.setting(),
		{Label: v.Lang.T(i18n.ActionOpen), Click: v.Links.message(s.Message.ID)},
	}
	mail := append([]card.Widget{v.mail(s)}, v.turn(s)...)
	if v.Books {
		mail = append(mail, v.hide(s.Message))
	}
	return card.New("message", v.header(s), menu,
		first,
		card.NewSection(card.Text{}, mail...),
		v.question(s),
		v.people(s),
		v.updates(s),
		v.deals(s),
		v.sheetTasks(s),
		v.logging(s),
		v.because(s),
		v.touches(s),
	)
}

// foreseenCard shows a message that is not stored: why, and what is known of the
// people in it.
func (v View) foreseenCard(s *timeline.Sheet, first card.Section) card.Card {
	if s.Person == nil && len(s.Others) == 0 {
		return MissingCard(s.Missing, s.Skip, v)
	}
	menu := []card.MenuEntry{{Label: v.Lang.T(i18n.ActionRefresh), Click: v.refresh()}, v.finding(""), v.setting()}
	return card.New("message", v.header(s), menu,
		first,
		card.NewSection(card.Text{}, card.Row(v.t(i18n.Missing), card.Details{Icon: card.IconMail, Bottom: v.missing(s.Missing, s.Skip), Wrap: true,
			Button: card.NewButton(v.Lang.T(i18n.ActionRetry), v.refresh())})),
		v.people(s),
		v.deals(s),
		v.sheetTasks(s),
		v.logging(s),
		v.touches(s),
	)
}

func (v View) header(s *timeline.Sheet) card.Header {
	if s.Person == nil {
		return card.Header{Title: v.Lang.T(i18n.PersonNone)}
	}
	h := card.Header{Title: nameOf(*s.Person), Subtitle: s.Person.Title}
	if s.Person.Contact == "" {
		h.Subtitle = v.Lang.T(i18n.PersonNew)
	}
	if s.Company != nil {
		if h.Subtitle != "" {
			h.Subtitle += " · "
		}
		h.Subtitle += s.Company.Name
	}
	return h
}

func nameOf(p timeline.SheetPerson) string {
	if p.Name != "" {
		return p.Name
	}
	return string(p.Address)
}

// mail is the message itself in one row.
func (v View) mail(s *timeline.Sheet) card.Widget {
	m := s.Message
	d := card.Details{Icon: card.IconMail, Wrap: true, Click: v.Links.message(m.ID)}
	top := []card.Text{card.Plain(v.word("mail", string(m.Direction))), card.Plain(v.moment(m.Date, s.AsOf))}
	if m.Class != crm.ClassPerson {
		top = append(top, card.Plain(v.word("class", string(m.Class))))
	}
	d.Top = card.Dots(top...)
	subject := v.subject(m.Subject, m.Access != timeline.SheetFull)
	if m.Access != timeline.SheetFull {
		d.Bottom = v.hidden(m.Owner)
	}
	return card.Row(subject, d)
}

// subject says what can be said of a subject. Whatever stands in one that is
// hidden does not get out.
func (v View) subject(s string, hidden bool) card.Text {
	switch {
	case hidden:
		return v.t(i18n.SubjectHidden)
	case s == "":
		return v.t(i18n.SubjectNone)
	}
	return card.Plain(s)
}

func (v View) hidden(owner string) card.Text {
	if owner == "" {
		return v.t(i18n.HiddenOwner)
	}
	return v.sentence(i18n.Hidden, owner)
}

func (v View) people(s *timeline.Sheet) card.Section {
	var rows []card.Widget
	if s.Person != nil {
		rows = append(rows, v.person(*s.Person, true, s.Message.ID))
	}
	if c := s.Company; c != nil {
		rows = append(rows, card.Row(card.Bold(c.Name), card.Details{
			Icon: card.IconCompany, Top: v.t(i18n.KindCompany), Bottom: card.Plain(string(c.Domain)), Click: v.opening(c.ID, s.Message.ID),
		}))
	}
	shown := len(rows)
	for _, p := range s.Others {
		rows = append(rows, v.person(p, false, s.Message.ID))
	}
	if s.More > 0 {
		rows = append(rows, card.Paragraph(v.t(i18n.MorePeople, s.More)))
	}
	return card.NewSection(v.t(i18n.SectionPeople), rows...).Folded(max(shown, shownPeople)).Shrinking(v.more(i18n.MorePeople))
}

// more says in words how many rows a card leaves out.
func (v View) more(key i18n.Key) func(int) card.Text {
	return func(hidden int) card.Text { return v.t(key, hidden) }
}

func (v View) person(p timeline.SheetPerson, whole bool, m crm.MessageID) card.Widget {
	d := card.Details{Icon: card.IconPerson, Top: card.Plain(v.word("role", string(p.Role))), Click: v.opening(p.Contact, m)}
	var below []card.Text
	if p.Name != "" {
		below = append(below, card.Plain(string(p.Address)))
	}
	if p.Contact == "" {
		below = append(below, v.t(i18n.PersonNew))
		d.Button = v.adding(p, m)
	}
	if whole {
		below = append(below, card.Plain(p.Title))
		if p.Owner != "" {
			below = append(below, v.t(i18n.PersonOwner, p.Owner))
		}
		if p.Phone != "" {
			below = append(below, card.Plain(string(p.Phone)))
			d.Button = card.NewButton(v.Lang.T(i18n.ActionDial), card.Dial(string(p.Phone)))
		}
	}
	d.Bottom = card.Lines(below...)
	return card.Row(card.Bold(nameOf(p)), d)
}

func (v View) deals(s *timeline.Sheet) card.Section {
	if s.Person == nil && s.Company == nil && len(s.Deals) == 0 {
		return card.Section{}
	}
	title := v.t(i18n.SectionDeals)
	if len(s.Deals) == 0 {
		return card.NewSection(title, card.Paragraph(v.t(i18n.DealNone)))
	}
	if n := len(s.Deals); n > 1 {
		title = card.Join(title, card.Plain(" ("+strconv.Itoa(n)+")"))
	}
	var rows []card.Widget
	for i, d := range s.Deals {
		rows = append(rows, v.openable(d, s.AsOf, s.Message.ID))
		if i == 0 && v.Books && d.Kind == crm.StageOpen && len(d.Stages) > 0 {
			rows = append(rows, v.stages(d.Stages, d.Key, v.action(opDealStage, v.about(s.Message.ID), param(recordParam, string(d.ID)), param(wasParam, d.Key))))
		}
	}
	return card.NewSection(title, rows...).Shrinking(v.more(i18n.MoreItems))
}

// openable is a deal with a button that opens its card.
func (v View) openable(d timeline.SheetDeal, now crm.Time, m crm.MessageID) card.Widget {
	if !v.Books {
		return v.deal(d, now, card.Button{})
	}
	return v.deal(d, now, card.NewButton(v.Lang.T(i18n.ActionEdit), v.run(opDealOpen, param(recordParam, string(d.ID)), param(messageParam, string(m)))))
}

func (v View) deal(d timeline.SheetDeal, now crm.Time, b card.Button) card.Widget {
	stage := v.Lang.Built(d.Key, d.Stage)
	top := []card.Text{card.Plain(stage)}
	if result := v.word("stage", string(d.Kind)); d.Kind != crm.StageOpen && result != stage {
		top = append(top, card.Plain(result))
	}
	var below []card.Text
	if d.Amount.Currency != "" {
		a := d.Amount
		below = append(below, card.Bold(v.Lang.Money(a.Minor, string(a.Currency), a.Currency.Digits())))
	}
	if day := v.day(d.Expected, now); day != "" && d.Kind == crm.StageOpen {
		below = append(below, v.t(i18n.DealExpected, day))
	}
	if d.Late > 0 {
		below = append(below, card.Bold(v.Lang.T(i18n.DealLate, d.Late)))
	}
	if d.Next != "" && d.Kind == crm.StageOpen {
		below = append(below, v.t(i18n.DealNext, d.Next))
	}
	if d.Linked {
		below = append(below, v.t(i18n.DealLinked))
	}
	return card.Row(card.Bold(d.Name), card.Details{
		Icon: card.IconMoney, Top: card.Dots(top...), Bottom: card.Lines(below...), Wrap: true, Click: v.Links.record(d.ID), Button: b,
	})
}

// touchIcons show the kind of a touch; mail is what is left.
var touchIcons = map[timeline.TouchKind]card.Icon{
	timeline.TouchCall: card.IconPhone, timeline.TouchNote: card.IconNote, timeline.TouchMeeting: card.IconClock, timeline.TouchComment: card.IconNote,
	timeline.TouchTask: card.IconClock,
}

func (v View) touches(s *timeline.Sheet) card.Section {
	if s.Person == nil && s.Company == nil {
		return card.Section{}
	}
	title := v.t(i18n.SectionTouches)
	if len(s.Touches) == 0 {
		return card.NewSection(title, card.Paragraph(v.t(i18n.TouchNone)))
	}
	var rows []card.Widget
	for _, t := range s.Touches {
		rows = append(rows, v.touch(t, s.Message.ID, s.AsOf))
	}
	return card.NewSection(title, rows...).Shrinking(v.more(i18n.MoreItems))
}

func (v View) touch(t timeline.SheetTouch, m crm.MessageID, now crm.Time) card.Widget {
	what, subject := v.word("kind", string(t.Kind)), card.Plain(t.Title)
	switch t.Kind {
	case timeline.TouchMail:
		what, subject = v.word("mail", string(t.Direction)), v.subject(t.Title, t.Hidden)
	case timeline.TouchCall:
		if t.Direction != "" {
			what = v.word("call", string(t.Direction))
		}
	}
	top := []card.Text{card.Plain(what), card.Plain(v.moment(t.Date, now))}
	if t.Repeats {
		top = append(top, v.t(i18n.TouchSeries))
	}
	if t.Off {
		top = append(top, card.Bold(v.Lang.T(i18n.TouchOff)))
	}
	d := card.Details{Icon: touchIcons[t.Kind], Alt: what, Top: card.Dots(top...)}
	if t.Kind == timeline.TouchMail {
		d.Icon, d.Click = card.IconMail, v.Links.message(crm.MessageID(t.ID))
	} else {
		d.Click = v.Links.record(crm.RecordID(t.ID))
	}
	v.proposed(&d, t, m, now)
	return card.Row(subject, d)
}
