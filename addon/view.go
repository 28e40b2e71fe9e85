package addon

import (
	"time"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
)

// URLs are the addresses that cards call and open.
type URLs struct {
	Event   card.URL                       // our endpoint
	Home    card.URL                       // our own page
	Message func(crm.MessageID) card.URL   // page of a message; nil: there is none
	Record  func(id crm.RecordID) card.URL // page of a record; nil: there is none
}

func (u URLs) message(id crm.MessageID) card.Click {
	if u.Message == nil || id == "" {
		return card.Click{}
	}
	return card.Open(u.Message(id))
}

func (u URLs) record(id crm.RecordID) card.Click {
	if u.Record == nil || id == "" {
		return card.Click{}
	}
	return card.Open(u.Record(id))
}

// View is how one viewer wants to see cards.
type View struct {
	Lang  i18n.Lang
	Zone  *time.Location // nil: UTC
	Links URLs

	Books   bool                // cards offer to change what they show, see Book
	stamp   *stamp              // seals actions; nil where cards are only looked at
	folders map[crm.Kind]string // what the workspace calls its own, as far as it was looked up
	place   place               // which workspace this is, for somebody who has several
}

func (v View) t(key i18n.Key, args ...any) card.Text { return card.Plain(v.Lang.T(key, args...)) }

// sentence is a message of the catalogue whose arguments stand out.
func (v View) sentence(key i18n.Key, args ...any) card.Text {
	var out []card.Text
	for _, p := range v.Lang.Pieces(key, args...) {
		if p.Arg {
			out = append(out, card.Bold(p.Text))
		} else {
			out = append(out, card.Plain(p.Text))
		}
	}
	return card.Join(out...)
}

// word translates a stored value: its key is the family and the value. A value
// that a newer program has stored stays as it is.
func (v View) word(family, value string) string {
	if key := i18n.Key(family + "." + value); i18n.Has(key) {
		return v.Lang.T(key)
	}
	return value
}

func (v View) local(t crm.Time) time.Time {
	if v.Zone == nil {
		return t.Std()
	}
	return t.Std().In(v.Zone)
}

// moment is a date and time where the viewer is, "" when it is not set.
func (v View) moment(t, now crm.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.Lang.Moment(v.local(t), now.Std())
}

// day is a date that has no zone: midnight UTC.
func (v View) day(t, now crm.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.Lang.Day(t.Std(), v.local(now))
}

// refresh is the action that shows the open message anew.
func (v View) refresh() card.Click {
	return v.run(opRefresh)
}
