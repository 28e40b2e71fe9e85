package i18n

import (
	"fmt"
	"strings"
)

// Refused says why something is refused, in another language than English: by
// the pattern of package fmt that the English sentence is made by. Without an
// entry, and for English, it is nothing and false.
func (l Lang) Refused(pattern string, args ...any) (string, bool) {
	if said := inLang(refusals, l, pattern); said != "" {
		return fmt.Sprintf(said, args...), true
	}
	return "", false
}

// Refusal says a sentence that comes as a whole, such as a hint, in the language,
// or leaves it as it is. What ends a known beginning are names and values.
func (l Lang) Refusal(text string) string {
	if said := inLang(hints, l, text); said != "" {
		return said
	}
	for _, begins := range beginnings {
		if rest, ok := strings.CutPrefix(text, begins); ok && inLang(hints, l, begins) != "" {
			return inLang(hints, l, begins) + rest
		}
	}
	return text
}

// inLang finds the entry of a language other than English.
func inLang(table map[string][3]string, l Lang, key string) string {
	switch l {
	case French:
		return table[key][0]
	case Italian:
		return table[key][1]
	case Polish:
		return table[key][2]
	}
	return ""
}

// beginnings are the entries of hints after which names and values follow.
var beginnings = []string{"one of ", "did you mean ", "the stage asks for: ", "known fields: "}
