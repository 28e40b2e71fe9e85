package addon

import (
	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// HomeCard is what the sidebar shows while no message is open: the viewer's
// day. What is empty is left out; what goes on says so.
func HomeCard(h *timeline.Home, v View) card.Card {
	menu := []card.MenuEntry{
		{Label: v.Lang.T(i18n.ActionRefresh), Click: v.run(opHome)},
		v.finding(""), v.setting(),
		{Label: v.Lang.T(i18n.ActionOpen), Click: card.Open(v.Links.Home)},
	}
	sections := []card.Section{
		v.finder(),
		v.notices(h),
		v.mails(i18n.HomeWaiting, h.Waiting, h.More.Waiting, h.AsOf, true),
		v.mails(i18n.HomeAnswers, h.Answers, false, h.AsOf, false),
		v.tasks(h),
		v.idle(h),
		v.mailings(h),
		v.mailboxes(h.Mailboxes),
		v.places(),
	}
	if len(h.Waiting)+len(h.Answers)+len(h.Tasks)+len(h.Idle)+len(h.Notices) == 0 {
		sections = append([]card.Section{card.NewSection(card.Text{}, card.Paragraph(v.t(i18n.HomeText)))}, sections...)
	}
	return card.New("home", card.Header{Title: v.Lang.T(i18n.HomeTitle), Subtitle: v.place.name()}, menu, sections...)
}

// listed is a section of rows, or nothing.
func (v View) listed(title i18n.Key, rows []card.Widget, more bool) card.Section {
	if len(rows) == 0 {
		return card.Section{}
	}
	if more {
		rows = append(rows, card.Paragraph(v.t(i18n.HomeMore)))
	}
	return card.NewSection(v.t(title), rows...).Folded(3).Shrinking(v.more(i18n.MoreItems))
}

func (v View) mails(title i18n.Key, list []timeline.HomeMail, more bool, now crm.Time, waits bool) card.Section {
	var rows []card.Widget
	for _, m := range list {
		who := m.From.Name
		if who == "" {
			who = string(m.From.Address)
		}
		when := card.Plain(v.moment(m.Date, now))
		if waits && m.Days > 0 {
			when = v.t(i18n.HomeDays, m.Days)
		}
		rows = append(rows, card.Row(v.subject(m.Subject, false), card.Details{
			Icon: card.IconMail, Top: when, Bottom: card.Bold(who), Wrap: true, Click: v.Links.message(m.ID),
		}))
	}
	return v.listed(title, rows, more)
}

func (v View) tasks(h *timeline.Home) card.Section {
	var rows []card.Widget
	for _, t := range h.Tasks {
		when := v.t(i18n.HomeToday)
		if t.Late > 0 {
			when = v.t(i18n.HomeLate, t.Late)
		}
		rows = append(rows, card.Row(card.Plain(t.Title), card.Details{
			Icon: card.IconClock, Top: card.Dots(when, card.Plain(v.day(t.Due, h.AsOf))), Wrap: true, Click: v.task(t.ID, ""),
			Button: v.finishing(t.ID, ""),
		}))
	}
	return v.listed(i18n.HomeTasks, rows, h.More.Tasks)
}

func (v View) idle(h *timeline.Home) card.Section {
	var rows []card.Widget
	for _, d := range h.Idle {
		rows = append(rows, v.openable(d, h.AsOf, ""))
	}
	return v.listed(i18n.HomeIdle, rows, h.More.Idle)
}

// mailings shows how far campaigns are.
func (v View) mailings(h *timeline.Home) card.Section {
	var rows []card.Widget
	for _, m := range h.Mailings {
		below := []card.Text{v.t(i18n.HomeMailing, m.Sent, m.People, m.Replied)}
		if m.Status == crm.CampaignSending && m.PerMinute > 0 {
			below = append(below, v.t(i18n.HomeMailingPace, m.PerMinute))
		}
		if m.Status == crm.CampaignSending && !m.Finish.IsZero() {
			below = append(below, v.t(i18n.HomeMailingEnd, v.moment(m.Finish, h.AsOf)))
		}
		if m.Trouble != "" {
			below = append(below, card.Plain(m.Trouble))
		}
		rows = append(rows, card.Row(card.Bold(m.Name), card.Details{
			Icon: card.IconMail, Top: card.Plain(v.word("campaign", string(m.Status))), Bottom: card.Lines(below...), Wrap: true,
			Click: card.Open(v.Links.Home.Path("campaigns", m.ID)),
		}))
	}
	return v.listed(i18n.HomeMailings, rows, false)
}

// mailboxes shows of each mailbox its state and the equation that it is proved
// by.
func (v View) mailboxes(list []timeline.HomeMailbox) card.Section {
	var rows []card.Widget
	for _, m := range list {
		below := []card.Text{v.t(i18n.HomeSum, m.Server, m.Stored, m.Skipped, m.Queued, m.Dead)}
		if !m.Adds() {
			below = append(below, v.t(i18n.HomeUneven))
		}
		if key := i18n.Key("error." + string(m.Trouble)); m.Trouble != "" && i18n.Has(key) {
			below = append(below, v.t(key))
		}
		rows = append(rows, card.Row(card.Bold(string(m.Address)), card.Details{
			Icon: card.IconBookmark, Top: card.Plain(v.word("mailbox", string(m.State))), Bottom: card.Lines(below...), Wrap: true,
		}))
	}
	return v.listed(i18n.HomeMailboxes, rows, false)
}
