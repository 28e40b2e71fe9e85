package card

// Widget is one row of a card. The zero Widget vanishes.
type Widget struct{ w *widgetJSON }

type widgetJSON struct {
	TextParagraph  *paragraphJSON `json:"textParagraph,omitempty"`
	DecoratedText  *rowJSON       `json:"decoratedText,omitempty"`
	ButtonList     *buttonsJSON   `json:"buttonList,omitempty"`
	ChipList       *chipsJSON     `json:"chipList,omitempty"`
	Image          *imageJSON     `json:"image,omitempty"`
	Divider        *struct{}      `json:"divider,omitempty"`
	TextInput      *textInputJSON `json:"textInput,omitempty"`
	SelectionInput *choiceJSON    `json:"selectionInput,omitempty"`
	DateTimePicker *datePickJSON  `json:"dateTimePicker,omitempty"`
}

type paragraphJSON struct {
	Text string `json:"text"`
}

// Paragraph is text over the full width.
func Paragraph(t Text) Widget {
	return Widget{&widgetJSON{TextParagraph: &paragraphJSON{t.orDash()}}}
}

// Details is what a Row may have beside its text.
type Details struct {
	Icon   Icon
	Alt    string // what the icon means, for those who do not see it
	Top    Text   // above the text, always one line
	Bottom Text   // below the text, wraps
	Wrap   bool   // the text wraps too
	Click  Click  // on the text, not on Button
	Button Button
}

type rowJSON struct {
	StartIcon   *iconJSON   `json:"startIcon,omitempty"`
	TopLabel    string      `json:"topLabel,omitempty"`
	Text        string      `json:"text"`
	BottomLabel string      `json:"bottomLabel,omitempty"`
	WrapText    bool        `json:"wrapText,omitempty"`
	OnClick     *clickJSON  `json:"onClick,omitempty"`
	Button      *buttonJSON `json:"button,omitempty"`
}

// Row is text with labels, an icon and something to click.
func Row(t Text, d Details) Widget {
	return Widget{&widgetJSON{DecoratedText: &rowJSON{
		StartIcon: d.Icon.json(d.Alt), TopLabel: d.Top.html, Text: t.orDash(), BottomLabel: d.Bottom.html,
		WrapText: d.Wrap, OnClick: d.Click.c, Button: d.Button.b,
	}}}
}

// Button is a button with text. The zero Button vanishes.
type Button struct{ b *buttonJSON }

type buttonJSON struct {
	Text    string     `json:"text"`
	OnClick *clickJSON `json:"onClick"`
}

type buttonsJSON struct {
	Buttons []*buttonJSON `json:"buttons"`
}

// NewButton makes a button; one that would do nothing is the zero Button.
func NewButton(text string, c Click) Button {
	if text = clean(text); text == "" || c.c == nil {
		return Button{}
	}
	return Button{&buttonJSON{text, c.c}}
}

// Buttons puts buttons side by side.
func Buttons(buttons ...Button) Widget {
	var list []*buttonJSON
	for _, b := range buttons {
		if b.b != nil {
			list = append(list, b.b)
		}
	}
	if list == nil {
		return Widget{}
	}
	return Widget{&widgetJSON{ButtonList: &buttonsJSON{list}}}
}

// Chip is a small label, with something to click or without.
type Chip struct {
	Label string
	Click Click
}

type chipsJSON struct {
	Layout string      `json:"layout"`
	Chips  []*chipJSON `json:"chips"`
}

type chipJSON struct {
	Label   string     `json:"label"`
	OnClick *clickJSON `json:"onClick,omitempty"`
}

// Chips puts labels side by side.
func Chips(chips ...Chip) Widget {
	var list []*chipJSON
	for _, c := range chips {
		if label := clean(c.Label); label != "" {
			list = append(list, &chipJSON{label, c.Click.c})
		}
	}
	if list == nil {
		return Widget{}
	}
	return Widget{&widgetJSON{ChipList: &chipsJSON{"WRAPPED", list}}}
}

type imageJSON struct {
	ImageURL string `json:"imageUrl"`
	AltText  string `json:"altText,omitempty"`
}

// Image shows a PNG or JPEG that the host fetches without any credentials, so
// its address must hold no secret.
func Image(u URL, alt string) Widget {
	if u.IsZero() {
		return Widget{}
	}
	return Widget{&widgetJSON{Image: &imageJSON{u.s, clean(alt)}}}
}

// Divider is a line.
func Divider() Widget { return Widget{&widgetJSON{Divider: &struct{}{}}} }
