package addon

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Inputs holds what was entered in a form. Empty inputs and boxes that are not
// checked are absent.
type Inputs map[string]Input

// Input is one value; which part is set depends on the widget.
type Input struct {
	Values  []string      // text inputs and selections
	Moment  crm.Time      // date or date and time; a date alone is midnight UTC of that date
	HasDate bool          // Moment has a meaningful date
	HasTime bool          // Moment or Clock has a meaningful time of day
	Clock   time.Duration // since midnight, of a time picker
}

// Text returns the first value of a text input, "" when absent.
func (in Inputs) Text(name string) string {
	if v := in[name].Values; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Has tells whether value is among those chosen under name.
func (in Inputs) Has(name, value string) bool {
	for _, v := range in[name].Values {
		if v == value {
			return true
		}
	}
	return false
}

// integer reads a JSON number or the same in a string: hosts send both.
type integer int64

// UnmarshalJSON reads 12, "12" and 1.2e1; anything else is an error.
func (n *integer) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if s == "null" || s == "" {
		return nil
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || f != float64(int64(f)) || f > 1<<53 || f < -1<<53 {
			return crm.Errorf(crm.Invalid, "addon.integer", "not a whole number")
		}
		v = int64(f)
	}
	*n = integer(v)
	return nil
}

// inputWire is the JSON of one input.
type inputWire struct {
	Strings *struct {
		Value []string `json:"value"`
	} `json:"stringInputs"`
	Date *struct {
		Ms integer `json:"msSinceEpoch"`
	} `json:"dateInput"`
	Time *struct {
		Hours   integer `json:"hours"`
		Minutes integer `json:"minutes"`
	} `json:"timeInput"`
	DateTime *struct {
		Ms      integer `json:"msSinceEpoch"`
		HasDate bool    `json:"hasDate"`
		HasTime bool    `json:"hasTime"`
	} `json:"dateTimeInput"`
}

// latest is the end of the year 9999, the last that dates are written for.
const latest = 253402300799999

// parseInput reads one input. A shape that we do not know counts as absent: a
// new kind of input must not break the form that holds it.
func parseInput(raw json.RawMessage) (Input, bool) {
	// The old Apps Script engine wraps each value in an object with an empty key.
	var wrapped map[string]json.RawMessage
	if json.Unmarshal(raw, &wrapped) == nil {
		if inner, ok := wrapped[""]; ok && len(wrapped) == 1 {
			raw = inner
		}
	}
	var w inputWire
	if json.Unmarshal(raw, &w) != nil {
		return Input{}, false
	}
	switch {
	case w.Strings != nil:
		return Input{Values: w.Strings.Value}, len(w.Strings.Value) > 0
	case w.Date != nil:
		return momentInput(w.Date.Ms, true, false)
	case w.DateTime != nil:
		return momentInput(w.DateTime.Ms, w.DateTime.HasDate, w.DateTime.HasTime)
	case w.Time != nil:
		h, m := w.Time.Hours, w.Time.Minutes
		ok := h >= 0 && h < 24 && m >= 0 && m < 60
		return Input{Clock: time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, HasTime: true}, ok
	}
	return Input{}, false
}

func momentInput(ms integer, date, clock bool) (Input, bool) {
	if ms < -latest || ms > latest {
		return Input{}, false
	}
	return Input{Moment: crm.At(time.UnixMilli(int64(ms))), HasDate: date, HasTime: clock}, true
}
