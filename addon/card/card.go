package card

import "encoding/json"

// Limits of a card. The host ignores widgets beyond its 100 and documents no
// size; the budget is ours and keeps cards quick on a telephone.
const (
	MaxWidgets = 100
	MaxBytes   = 32 << 10
)

// maxMenu is the most entries of a card's menu.
const maxMenu = 10

// Card is a whole card, encoded: its size had to be known anyway.
type Card struct{ raw json.RawMessage }

type cardJSON struct {
	Name        string         `json:"name,omitempty"`
	Header      headerJSON     `json:"header"`
	Sections    []*sectionJSON `json:"sections"`
	CardActions []menuJSON     `json:"cardActions,omitempty"`
}

type headerJSON struct {
	Title    string `json:"title"`
	Subtitle string `json:"subtitle,omitempty"`
}

type sectionJSON struct {
	Header                    string        `json:"header,omitempty"`
	Collapsible               bool          `json:"collapsible,omitempty"`
	UncollapsibleWidgetsCount int           `json:"uncollapsibleWidgetsCount,omitempty"`
	Widgets                   []*widgetJSON `json:"widgets"`
}

type menuJSON struct {
	ActionLabel string     `json:"actionLabel"`
	OnClick     *clickJSON `json:"onClick"`
}

// Header is the top of a card: plain text, one line each.
type Header struct {
	Title    string
	Subtitle string
}

// MenuEntry is one entry of the menu of a card.
type MenuEntry struct {
	Label string
	Click Click
}

// Section is a group of widgets under a heading that may be empty.
type Section struct {
	header  Text
	widgets []*widgetJSON
	shown   int // widgets that a collapsed section shows; 0: not collapsible
	more    func(hidden int) Text
}

// NewSection groups widgets.
func NewSection(header Text, widgets ...Widget) Section {
	s := Section{header: header}
	for _, w := range widgets {
		if w.w != nil {
			s.widgets = append(s.widgets, w.w)
		}
	}
	return s
}

// Folded shows only the first widgets until the reader unfolds the section.
func (s Section) Folded(shown int) Section {
	s.shown = max(0, shown)
	return s
}

// Shrinking lets the card leave out widgets from the section's end when it is
// too large; more says in words how many.
func (s Section) Shrinking(more func(hidden int) Text) Section {
	s.more = more
	return s
}

// New makes a card. Its name lets later answers go back to it and may be empty.
// An empty section vanishes; a card too large loses widgets, first of the
// shrinking sections, the last one first, then from its end.
func New(name string, h Header, menu []MenuEntry, sections ...Section) Card {
	c := &cardJSON{Name: name, Header: headerJSON{clean(h.Title), clean(h.Subtitle)}}
	if c.Header.Title == "" {
		c.Header.Title = dash
	}
	for _, m := range menu[:min(len(menu), maxMenu)] {
		if label := clean(m.Label); label != "" && m.Click.c != nil {
			c.CardActions = append(c.CardActions, menuJSON{label, m.Click.c})
		}
	}
	return Card{fit(c, sections)}
}

// MarshalJSON writes the card.
func (c Card) MarshalJSON() ([]byte, error) { return c.json(), nil }

// json gives the zero Card, too, a form that the host accepts.
func (c Card) json() json.RawMessage {
	if c.raw == nil {
		return New("", Header{}, nil).raw
	}
	return c.raw
}
