package addon

import (
	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// finding is the menu's way to the search.
func (v View) finding(m crm.MessageID) card.MenuEntry {
	if !v.Books {
		return card.MenuEntry{}
	}
	return card.MenuEntry{Label: v.Lang.T(i18n.SearchTitle), Click: v.run(opSearch, param(messageParam, string(m)))}
}

// setting is the menu's way to the settings.
func (v View) setting() card.MenuEntry {
	if !v.Books {
		return card.MenuEntry{}
	}
	return card.MenuEntry{Label: v.Lang.T(i18n.SettingsTitle), Click: v.run(opSettings)}
}

// finder is the search on the card of the day.
func (v View) finder() card.Section {
	if !v.Books {
		return card.Section{}
	}
	return card.NewSection(card.Text{}, card.Buttons(card.NewButton(v.Lang.T(i18n.SearchTitle), v.run(opSearch))))
}

// adding is the button that makes a record of somebody unknown. Of a message that
// is not stored it takes along the name.
func (v View) adding(p timeline.SheetPerson, m crm.MessageID) card.Button {
	if !v.Books || p.Address == "" {
		return card.Button{}
	}
	what := []card.Param{v.about(m), param(addressParam, string(p.Address))}
	if m == "" {
		what = append(what, param(nameInput, crm.Clip(p.Name, 200)))
	}
	return card.NewButton(v.Lang.T(i18n.ActionAdd), v.run(opPerson, what...))
}

// opening is the way to a record's own card, or to its page.
func (v View) opening(id crm.RecordID, m crm.MessageID) card.Click {
	if !v.Books || id == "" {
		return v.Links.record(id)
	}
	return v.run(opRecord, param(messageParam, string(m)), param(recordParam, string(id)))
}

// finishing is the button that ends a task.
func (v View) finishing(id crm.RecordID, m crm.MessageID) card.Button {
	if !v.Books {
		return card.Button{}
	}
	return card.NewButton(v.Lang.T(i18n.TaskFinish), v.run(opTaskDone, param(recordParam, string(id)), param(messageParam, string(m))))
}

// task opens the card of a task.
func (v View) task(id crm.RecordID, m crm.MessageID) card.Click {
	if !v.Books {
		return v.Links.record(id)
	}
	return v.run(opTaskOpen, param(recordParam, string(id)), param(messageParam, string(m)))
}

// sheetTasks are the open tasks, each with a way to end it.
func (v View) sheetTasks(s *timeline.Sheet) card.Section {
	var rows []card.Widget
	for _, t := range s.Tasks {
		when := card.Plain(v.day(t.Due, s.AsOf))
		if t.Late > 0 {
			when = card.Dots(card.Bold(v.Lang.T(i18n.HomeLate, t.Late)), when)
		}
		if t.Waits {
			when = card.Dots(v.t(i18n.TaskWaits), when)
		}
		rows = append(rows, card.Row(card.Plain(t.Title), card.Details{Icon: card.IconClock, Top: when, Bottom: card.Plain(t.Assignee), Wrap: true,
			Click: v.task(t.ID, s.Message.ID), Button: v.finishing(t.ID, s.Message.ID)}))
	}
	return card.NewSection(v.t(i18n.SectionTasks), rows...).Shrinking(v.more(i18n.MoreItems))
}

// logging offers to log something about the main person, and the deal that the
// message is about or else the company.
func (v View) logging(s *timeline.Sheet) card.Section {
	var about []crm.RecordID
	title, to := "", ""
	if p := s.Person; p != nil && p.Contact != "" {
		about, title, to = append(about, p.Contact), nameOf(*p), string(p.Address)
	}
	switch {
	case len(s.Deals) > 0 && s.Deals[0].Linked:
		about = append(about, s.Deals[0].ID)
	case s.Company != nil:
		about = append(about, s.Company.ID)
	}
	if title == "" && s.Company != nil {
		title = s.Company.Name
	}
	return card.NewSection(v.t(i18n.SectionRecord), v.acting(about, title, string(s.Message.ID), to)...)
}
