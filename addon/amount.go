package addon

import (
	"strconv"
	"strings"
	"unicode"
)

// parseAmount reads an amount as people of any of our languages write it, such
// as "48 000,50" or "48,000.50", and returns it in minor units of a currency
// with so many digits. Of "48,000" and "48.000" the sign is taken for one that
// parts thousands.
func parseAmount(s string, digits int) (minor int64, ok bool) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u202f' || r == '\u00a0' || r == '\'' || r == '’' {
			return -1
		}
		return r
	}, s)
	sign := int64(1)
	if rest, neg := strings.CutPrefix(s, "-"); neg {
		s, sign = rest, -1
	}
	whole, frac := s, ""
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && decimals(s, i) {
		whole, frac = s[:i], s[i+1:]
	}
	whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	if whole == "" || len(frac) > digits && strings.Trim(frac[digits:], "0") != "" {
		return 0, false
	}
	frac = (frac + strings.Repeat("0", digits))[:digits]
	n, err := strconv.ParseUint(whole+frac, 10, 62)
	return sign * int64(n), err == nil
}

// decimals tells whether the last sign parts decimals: when another sign stands
// before it, or not just three digits after it.
func decimals(s string, i int) bool {
	before := strings.Trim(s[:i], "0123456789")
	if strings.ContainsRune(before, rune(s[i])) {
		return false // the same sign twice parts thousands
	}
	return before != "" || len(s)-i-1 != 3
}
