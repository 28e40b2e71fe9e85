package i18n

import (
	"strconv"
	"strings"
)

const (
	noBreak       = "\u00a0" // no-break space
	narrowNoBreak = "\u202f" // narrow no-break space
)

// numbers is how a language writes numbers and amounts (Unicode CLDR).
type numbers struct {
	group    string            // between thousands
	point    string            // before decimals
	minGroup int               // digits before the first separator that make it worth writing one
	before   bool              // the currency stands before the number
	symbols  map[string]string // of currencies that people know by a sign
}

var numberStyles = map[Lang]numbers{
	English: {group: ",", point: ".", minGroup: 1, before: true, symbols: map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}},
	French:  {group: narrowNoBreak, point: ",", minGroup: 1, symbols: map[string]string{"EUR": "€", "USD": "$US", "GBP": "£GB"}},
	Italian: {group: ".", point: ",", minGroup: 1, symbols: map[string]string{"EUR": "€"}},
	Polish:  {group: noBreak, point: ",", minGroup: 2, symbols: map[string]string{"PLN": "zł", "EUR": "€"}},
}

// Money writes an amount of minor units of a currency, given its ISO 4217 code
// and the number of its decimal places. Whole amounts go without decimals:
// deals are rarely worth cents.
func (l Lang) Money(minor int64, code string, digits int) string {
	style := numberStyles[l.known()]
	sign, u := "", uint64(minor)
	if minor < 0 {
		sign, u = "-", -u
	}
	num := style.decimal(u, max(0, digits))
	sym, known := style.symbols[code]
	switch {
	case style.before && known:
		return sign + sym + num
	case style.before:
		return sign + code + noBreak + num
	case known:
		return sign + num + noBreak + sym
	}
	return sign + num + noBreak + code
}

// Decimal writes a number that stands with a point, such as "48000.00", for an input.
func (l Lang) Decimal(s string) string {
	return strings.Replace(s, ".", numberStyles[l.known()].point, 1)
}

func (n numbers) decimal(u uint64, digits int) string {
	s := strconv.FormatUint(u, 10)
	for len(s) <= digits {
		s = "0" + s
	}
	major, frac := s[:len(s)-digits], s[len(s)-digits:]
	out := n.grouped(major)
	if strings.Trim(frac, "0") != "" {
		out += n.point + frac
	}
	return out
}

func (n numbers) grouped(s string) string {
	if len(s) < 3+n.minGroup {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(n.group)
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
