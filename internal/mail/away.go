package mail

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Words behind which an absence notice names the day of return, in the
// languages of the catalogue and German.
var (
	awayWords = regexp.MustCompile(`(?i)(until|till|through|return(?:ing)?(?: to (?:the|my) office)?(?: on)?|back(?: in (?:the|my) office)?(?: on)?|` +
		`jusqu['’]au|jusqu['’]à|de retour(?: au bureau)?(?: le)?|retour le|au plus tard le|fino al(?:l['’])?|rientr\S+(?: in ufficio)?(?: il)?|torn\S+(?: in ufficio)?(?: il)?|sino al|` +
		`do dnia|do|wracam(?: do pracy)?|wróc\S+(?: do biura)?|powr\S+|bis(?: einschließlich)?(?: zum)?|wieder ab(?: dem)?|zurück am|ab dem)\s*:?\s+([^\n.;!?]{0,4}[^\n;!?]{3,60})`)
	dayFirst   = regexp.MustCompile(`(\d{1,2})(?:\.|st|nd|rd|th|er|º|°)?\s+(?:of |de |di )?(\p{L}{3,12})\.?,?\s*(\d{4})?`)
	monthFirst = regexp.MustCompile(`(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4})?`)
	numbers    = regexp.MustCompile(`(\d{1,2})[./](\d{1,2})(?:[./](\d{2,4}))?`)
	isoDay     = regexp.MustCompile(`(\d{4})-(\d{2})-(\d{2})`)
)

const longestAway = 200 * 24 * time.Hour

// AwayUntil finds the day that an absence notice names as its end: its
// midnight, UTC; 0 when it names none that can be. at is when it was written.
// Days in numbers are read day first, or month first where only that can be.
func AwayUntil(text string, at crm.Time) crm.Time {
	text = text[:min(len(text), 4<<10)]
	var last crm.Time
	for _, m := range awayWords.FindAllStringSubmatch(text, 8) {
		if day := dayIn(m[2], at.Std()); day > last {
			last = day
		}
	}
	return last
}

func dayIn(text string, at time.Time) crm.Time {
	num := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if m := isoDay.FindStringSubmatch(text); m != nil {
		return awayDay(num(m[1]), num(m[2]), num(m[3]), at)
	}
	if m := dayFirst.FindStringSubmatch(text); m != nil && monthOf(strings.ToLower(m[2])) > 0 {
		return awayDay(num(m[3]), monthOf(strings.ToLower(m[2])), num(m[1]), at)
	}
	if m := monthFirst.FindStringSubmatch(text); m != nil && monthOf(strings.ToLower(m[1])) > 0 {
		return awayDay(num(m[3]), monthOf(strings.ToLower(m[1])), num(m[2]), at)
	}
	if m := numbers.FindStringSubmatch(text); m != nil {
		day, month, year := num(m[1]), num(m[2]), num(m[3])
		if month > 12 {
			day, month = month, day
		}
		if year > 0 && year < 100 {
			year += 2000
		}
		return awayDay(year, month, day, at)
	}
	return 0
}

// awayDay refuses days that were, or are too far; without a year it is the next
// such day.
func awayDay(year, month, day int, at time.Time) crm.Time {
	guessed := year == 0
	if guessed {
		year = at.Year()
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if guessed && t.Before(at.Add(-24*time.Hour)) {
		t = t.AddDate(1, 0, 0)
	}
	if month < 1 || month > 12 || t.Day() != day || t.Before(at.Add(-24*time.Hour)) || t.After(at.Add(longestAway)) {
		return 0
	}
	return crm.At(t)
}
