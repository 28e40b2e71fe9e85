package i18n

import (
	"strconv"
	"time"
)

// months are the short names of the months as they stand in a date.
var months = map[Lang][12]string{
	English: {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	French:  {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	Italian: {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
	Polish:  {"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
}

// Day writes the date of t in its location: "19 Nov", and "19 Nov 2025" when
// the year is not that of now.
func (l Lang) Day(t, now time.Time) string {
	l = l.known()
	day := strconv.Itoa(t.Day())
	if l == French && t.Day() == 1 {
		day = "1er"
	}
	s := day + " " + months[l][t.Month()-1]
	if t.Year() != now.In(t.Location()).Year() {
		s += " " + strconv.Itoa(t.Year())
	}
	return s
}

// Moment writes date and time of t in its location: "19 Nov, 14:02".
func (l Lang) Moment(t, now time.Time) string {
	return l.Day(t, now) + ", " + t.Format("15:04")
}
