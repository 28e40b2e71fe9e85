package crm

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings words into the form in which they are compared: lower case and
// without diacritics, so that lodz meets Łódź.
func Fold(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return strings.ToLower(s)
	}
	if f, ok := foldLatin(s); ok {
		return f
	}
	return foldAny(s)
}

// latinFirst and latinEnd bound the letters with something on them of which our
// languages, and their neighbours, are written; latin has what each is folded to.
const (
	latinFirst = 'À'
	latinEnd   = 'ƀ'
)

var latin = foldedLetters()

func foldedLetters() (out [latinEnd - latinFirst]string) {
	for r := latinFirst; r < latinEnd; r++ {
		out[r-latinFirst] = foldAny(string(r))
	}
	return out
}

// foldLatin folds without taking letters apart, where all are known ones.
func foldLatin(s string) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r < 0x80:
			b.WriteByte(byte(r))
		case latinFirst <= r && r < latinEnd:
			b.WriteString(latin[r-latinFirst])
		case r == '’' || r == '–': // what word processors make of ' and -
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	return b.String(), true
}

// foldAny folds whatever Unicode has.
func foldAny(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if r = unicode.ToLower(r); r < 0x80 {
			b.WriteByte(byte(r))
		} else if t, ok := undecomposed(r); ok {
			b.WriteString(t)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// undecomposed are letters that Unicode takes for whole ones and people for a
// letter with something on it.
func undecomposed(r rune) (string, bool) {
	switch r {
	case 'ł':
		return "l", true
	case 'ß':
		return "ss", true
	case 'ø':
		return "o", true
	case 'đ', 'ð':
		return "d", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'þ':
		return "th", true
	case 'ı':
		return "i", true
	}
	return "", false
}
