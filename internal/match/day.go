package match

import (
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// dayTokens adds the day that a field names, alone or with the month before or
// after it: 12/9, 12.09.2026, 12 September, September 12th are all 12m9. Titles of
// what happens on a day have it, in whatever notation.
func dayTokens(out []token, fields []string, i int) []token {
	f := trimmed(fields[i])
	d, m := numericDay(f)
	if m == 0 {
		if d = dayNumber(f); d == 0 {
			return out
		}
		after := i + 1
		if after < len(fields) && (fields[after] == "of" || fields[after] == "de" || fields[after] == "di") {
			after++
		}
		if m = monthAt(fields, after); m == 0 && i > 0 {
			m = monthAt(fields, i-1)
		}
		if m == 0 {
			return out
		}
	}
	return append(out, token{text: dayText(d, m), shown: strconv.Itoa(d) + "/" + strconv.Itoa(m), whole: true})
}

func dayText(d, m int) string { return strconv.Itoa(d) + "m" + strconv.Itoa(m) }

// isDay tells whether a token is a day.
func isDay(s string) bool {
	d, m, ok := strings.Cut(s, "m")
	return ok && len(d) <= 2 && len(m) <= 2 && digits(d) && digits(m)
}

// numericDay reads 12/9 and 12.09.2026, 0 for others; with a month that cannot
// be one, the month comes first.
func numericDay(f string) (d, m int) {
	parts := strings.FieldsFunc(f, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) < 2 || len(parts) > 3 || len(parts) == 2 && strings.Contains(f, "-") {
		return 0, 0
	}
	if len(parts) == 3 && len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts) == 3 && (!digits(parts[2]) || len(parts[2]) != 2 && len(parts[2]) != 4) {
		return 0, 0
	}
	d, m = small(parts[0]), small(parts[1])
	if m > 12 && d <= 12 {
		d, m = m, d
	}
	if d < 1 || d > 31 || m < 1 || m > 12 {
		return 0, 0
	}
	return d, m
}

func small(s string) int {
	if !digits(s) || len(s) > 2 {
		return 0
	}
	n, _ := strconv.Atoi(s)
	return n
}

// dayNumber reads 12, 12th, 1er; 0 for others.
func dayNumber(f string) int {
	end := 0
	for end < len(f) && digit(f[end]) {
		end++
	}
	if end == 0 || end > 2 {
		return 0
	}
	switch f[end:] {
	case "", "st", "nd", "rd", "th", "er", "°", "º":
	default:
		return 0
	}
	if d, _ := strconv.Atoi(f[:end]); d <= 31 {
		return d
	}
	return 0
}

// monthAt is the month that a field names, 0 for none.
func monthAt(fields []string, i int) int {
	if i >= len(fields) || hasDigit(fields[i]) {
		return 0
	}
	return months[crm.Fold(trimmed(fields[i]))]
}

var months = monthWords(
	"january jan janvier janv gennaio gen stycznia styczen",
	"february feb fevrier fevr febbraio lutego luty",
	"march mar mars marzo marca marzec",
	"april apr avril avr aprile kwietnia kwiecien",
	"may mai maggio mag maja",
	"june jun juin giugno giu czerwca czerwiec",
	"july jul juillet juil luglio lug lipca lipiec",
	"august aug aout agosto ago sierpnia sierpien",
	"september sep sept septembre settembre set wrzesnia wrzesien",
	"october oct octobre ottobre ott pazdziernika pazdziernik",
	"november nov novembre listopada listopad",
	"december dec decembre dicembre dic grudnia grudzien")

func monthWords(lines ...string) map[string]int {
	out := map[string]int{}
	for i, line := range lines {
		for _, w := range strings.Fields(line) {
			out[w] = i + 1
		}
	}
	return out
}
