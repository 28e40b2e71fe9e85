package mail

import (
	"strings"

	"threadline/internal/crm"
)

// subjectOf decodes a Subject into one line.
func subjectOf(s string, m *markSet) string {
	return oneLine(decodeWords(s, m), crm.MaxSubject)
}

// CleanSubject strips what replies and forwards put in front of a subject, in
// the languages that mail programs use, as often as it stands there.
func CleanSubject(s string) string {
	s = strings.TrimSpace(s)
	for {
		rest, ok := cutReplyPrefix(s)
		if !ok {
			return s
		}
		s = rest
	}
}

// cutReplyPrefix cuts "Re: ", "AW:", "Re[2]:", "Fwd (3) :" and their like.
func cutReplyPrefix(s string) (string, bool) {
	i := strings.IndexAny(s, ":\uff1a")
	if i <= 0 || i > 16 {
		return s, false
	}
	word := strings.ToLower(strings.TrimRight(s[:i], " \u00a0"))
	if j := strings.IndexAny(word, "[(^"); j > 0 && strings.Trim(word[j:], "[]()^0123456789") == "" {
		word = strings.TrimRight(word[:j], " ")
	}
	word = strings.TrimRight(word, "0123456789")
	switch word {
	case "re", "fw", "fwd", "aw", "wg", "antw", "antwort", "r", "rif", "i", "tr", "réf", "ref", "rép",
		"odp", "pd", "sv", "vs", "vb", "vl", "rv", "enc", "res", "resp", "ynt", "ilt", "doorst", "回复", "答复", "转发":
		rest := s[i:]
		if strings.HasPrefix(rest, "\uff1a") {
			return strings.TrimSpace(rest[len("\uff1a"):]), true
		}
		return strings.TrimSpace(rest[1:]), true
	}
	return s, false
}
