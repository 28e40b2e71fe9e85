package card

import (
	"strings"
	"time"
)

// maxItems is the most choices that a selection may have.
const maxItems = 100

// maxLines is the most lines that a text input starts with.
const maxLines = 20

// TextKind says what a text input takes.
type TextKind uint8

const (
	OneLine TextKind = iota
	ManyLines
	Integer
	Decimal
	Email
)

var validations = [...]string{Integer: "INTEGER", Decimal: "FLOAT", Email: "EMAIL"}

// TextOptions is what a TextInput may have.
type TextOptions struct {
	Kind     TextKind
	Value    string // what it starts with
	Hint     string // shown below it
	MaxRunes int    // 0: no limit
	OnChange Action
	Suggest  Action // asked for what completes the text, see Suggestions; for one line only
}

type textInputJSON struct {
	Name           string          `json:"name"`
	Label          string          `json:"label"`
	HintText       string          `json:"hintText,omitempty"`
	Value          string          `json:"value,omitempty"`
	Type           string          `json:"type,omitempty"`
	Validation     *validationJSON `json:"validation,omitempty"`
	OnChangeAction *actionJSON     `json:"onChangeAction,omitempty"`
	AutoComplete   *actionJSON     `json:"autoCompleteAction,omitempty"`
}

type validationJSON struct {
	InputType      string `json:"inputType,omitempty"`
	CharacterLimit int    `json:"characterLimit,omitempty"`
}

// TextInput takes text under a name that comes back in the event.
func TextInput(name, label string, o TextOptions) Widget {
	if name == "" {
		return Widget{}
	}
	in := &textInputJSON{
		Name: name, Label: clean(label), HintText: clean(o.Hint), Value: o.startValue(), OnChangeAction: o.OnChange.a,
	}
	if in.Label == "" {
		in.Label = dash
	}
	if o.Kind == ManyLines {
		in.Type = "MULTIPLE_LINE"
	} else {
		in.AutoComplete = o.Suggest.a
	}
	v := validationJSON{CharacterLimit: max(0, o.MaxRunes)}
	if int(o.Kind) < len(validations) {
		v.InputType = validations[o.Kind]
	}
	if v != (validationJSON{}) {
		in.Validation = &v
	}
	return Widget{&widgetJSON{TextInput: in}}
}

// startValue keeps the line breaks that a reader of several lines may have
// typed before.
func (o TextOptions) startValue() string {
	if o.Kind != ManyLines {
		return clean(o.Value)
	}
	lines := strings.SplitN(o.Value, "\n", maxLines+1)
	lines = lines[:min(len(lines), maxLines)]
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

// ChoiceKind says how a selection looks.
type ChoiceKind uint8

const (
	Dropdown ChoiceKind = iota
	Radio
	Checkboxes
	Switches
)

var choiceTypes = [...]string{Dropdown: "DROPDOWN", Radio: "RADIO_BUTTON", Checkboxes: "CHECK_BOX", Switches: "SWITCH"}

// Item is one choice.
type Item struct {
	Text, Value string
	Selected    bool
}

type choiceJSON struct {
	Name           string      `json:"name"`
	Label          string      `json:"label,omitempty"`
	Type           string      `json:"type"`
	Items          []itemJSON  `json:"items"`
	OnChangeAction *actionJSON `json:"onChangeAction,omitempty"`
}

type itemJSON struct {
	Text     string `json:"text"`
	Value    string `json:"value"`
	Selected bool   `json:"selected,omitempty"`
}

// Choice selects among up to 100 items; what is chosen comes back under name.
// An unchecked item is absent from the event.
func Choice(name, label string, kind ChoiceKind, items []Item, onChange Action) Widget {
	if name == "" || len(items) == 0 || int(kind) >= len(choiceTypes) {
		return Widget{}
	}
	in := &choiceJSON{Name: name, Label: clean(label), Type: choiceTypes[kind], OnChangeAction: onChange.a}
	for _, it := range items[:min(len(items), maxItems)] {
		text := clean(it.Text)
		if text == "" {
			text = dash
		}
		in.Items = append(in.Items, itemJSON{text, clean(it.Value), it.Selected})
	}
	return Widget{&widgetJSON{SelectionInput: in}}
}

type datePickJSON struct {
	Name           string      `json:"name"`
	Label          string      `json:"label,omitempty"`
	Type           string      `json:"type"`
	ValueMsEpoch   int64       `json:"valueMsEpoch,string,omitempty"`
	OnChangeAction *actionJSON `json:"onChangeAction,omitempty"`
}

// DatePicker takes a date. It comes back, and value goes out, as midnight UTC
// of that date; the zero time is no date.
func DatePicker(name, label string, value time.Time, onChange Action) Widget {
	return datePicker(name, label, "DATE_ONLY", value, onChange)
}

// MomentPicker takes a date and a time.
func MomentPicker(name, label string, value time.Time, onChange Action) Widget {
	return datePicker(name, label, "DATE_AND_TIME", value, onChange)
}

func datePicker(name, label, kind string, value time.Time, onChange Action) Widget {
	if name == "" {
		return Widget{}
	}
	in := &datePickJSON{Name: name, Label: clean(label), Type: kind, OnChangeAction: onChange.a}
	if !value.IsZero() {
		in.ValueMsEpoch = value.UnixMilli()
	}
	return Widget{&widgetJSON{DateTimePicker: in}}
}
