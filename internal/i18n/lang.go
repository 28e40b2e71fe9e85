package i18n

import "strings"

// Lang is a language of the catalogue, as an ISO 639-1 code.
type Lang string

const (
	English Lang = "en"
	French  Lang = "fr"
	Italian Lang = "it"
	Polish  Lang = "pl"
)

// catalogues is the one table of languages.
var catalogues = map[Lang]map[Key]message{
	English: with(english, 0),
	French:  with(french, 1),
	Italian: with(italian, 2),
	Polish:  with(polish, 3),
}

// Langs returns all languages, English first.
func Langs() []Lang { return []Lang{English, French, Italian, Polish} }

// ParseLang finds the language of a BCP 47 tag such as pl-PL, fr_CA or IT. It
// returns English and false when the catalogue has none for it.
func ParseLang(tag string) (Lang, bool) {
	tag = strings.TrimSpace(tag)
	if i := strings.IndexAny(tag, "-_."); i >= 0 {
		tag = tag[:i]
	}
	l := Lang(strings.ToLower(tag))
	if _, ok := catalogues[l]; !ok {
		return English, false
	}
	return l, true
}

// Accepted is the first language of an Accept-Language header (RFC 9110 §12.5.4)
// that the catalogue has. Browsers write them in the order of preference, so
// that their weights say nothing more.
func Accepted(header string) Lang {
	for tag := range strings.SplitSeq(header, ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := ParseLang(tag); ok {
			return l
		}
	}
	return English
}

// known returns l, or English for a Lang that did not come from ParseLang.
func (l Lang) known() Lang {
	if _, ok := catalogues[l]; ok {
		return l
	}
	return English
}

// form names a plural category of the Unicode CLDR.
type form int

const (
	formOne form = iota
	formFew
	formMany
	formOther
)

// plural returns the category of a whole number (CLDR cardinal rules). The
// category that French and Italian keep for whole millions is left out: the
// catalogue counts things that a person can look at.
func (l Lang) plural(n int64) form {
	if n < 0 {
		n = -n
	}
	switch {
	case l == French && n <= 1, n == 1:
		return formOne
	case l != Polish:
		return formOther
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return formFew
	}
	return formMany
}
