package mail

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

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
		rest, kind := cutPrefix(s)
		if kind == PrefixNone {
			return s
		}
		s = rest
	}
}

// Topic is what two subjects have in common when they are about the same: without
// prefixes, warnings of mail gateways and the names of the lists, in lower case,
// spaces folded, accents on their letters.
func Topic(s string, lists ...string) string {
	s = CleanSubject(s)
	for {
		tag, rest := cutTag(s)
		if tag == "" || !warning(tag) && !slices.Contains(lists, tag) {
			return norm.NFC.String(strings.ToLower(strings.Join(strings.Fields(s), " ")))
		}
		s = CleanSubject(rest)
	}
}

// Tag is what stands in brackets at the beginning of a subject, in lower case:
// mailing lists put their name there.
func Tag(s string) string {
	tag, _ := cutTag(CleanSubject(s))
	return tag
}

// Prefix is what stands in front of a subject.
type Prefix string

const (
	PrefixNone    Prefix = ""
	PrefixReply   Prefix = "reply"
	PrefixForward Prefix = "forward"
)

// SubjectPrefix tells what the outermost prefix of a subject says; the name of a
// list may stand before it.
func SubjectPrefix(s string, lists ...string) Prefix {
	s = strings.TrimSpace(s)
	if tag, rest := cutTag(s); slices.Contains(lists, tag) {
		s = rest
	}
	_, kind := cutPrefix(s)
	return kind
}

// cutPrefix cuts "Re: ", "AW:", "Re[2]:", "Fwd (3) :" and their like.
func cutPrefix(s string) (string, Prefix) {
	i := strings.IndexAny(s, ":\uff1a")
	if i <= 0 || i > 28 {
		return s, PrefixNone
	}
	word := strings.ToLower(strings.TrimRight(s[:i], " \u00a0"))
	if j := strings.IndexAny(word, "[(^"); j > 0 && strings.Trim(word[j:], "[]()^0123456789") == "" {
		word = strings.TrimRight(word[:j], " ")
	}
	kind := prefixKind(strings.TrimRight(word, "0123456789"))
	if kind == PrefixNone {
		return s, kind
	}
	rest := strings.TrimPrefix(s[i:], "\uff1a")
	return strings.TrimSpace(strings.TrimPrefix(rest, ":")), kind
}

// prefixKind knows the words of mail programs. Where one word means both, as
// VS does in the north, answers are by far the more frequent.
func prefixKind(word string) Prefix {
	switch word {
	case "re", "aw", "antw", "antwort", "r", "rif", "réf", "ref", "rép", "odp", "sv", "vs", "res", "resp", "ynt", "vá", "atb",
		"απ", "σχετ", "отв", "回复", "回覆", "答复", "返信":
		return PrefixReply
	case "automatic reply", "auto reply", "auto-reply", "autoreply", "réponse automatique", "reponse automatique", "risposta automatica",
		"odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź", "automatische antwort":
		return PrefixReply // to what it names: many of these refer to nothing
	case "fw", "fwd", "wg", "i", "tr", "pd", "vb", "vl", "rv", "enc", "ilt", "doorst", "továbbítás", "πρθ", "пересл", "转发", "轉寄", "転送":
		return PrefixForward
	}
	return PrefixNone
}

// cutTag cuts the brackets at the beginning.
func cutTag(s string) (tag, rest string) {
	end := strings.IndexByte(s, ']')
	if !strings.HasPrefix(s, "[") || end > 60 || end < 0 {
		return "", s
	}
	return strings.TrimSpace(strings.ToLower(s[1:end])), strings.TrimSpace(s[end+1:])
}

// warning tells whether a gateway says in brackets that mail is from outside.
func warning(tag string) bool {
	switch strings.Trim(tag, " -*!") {
	case "ext", "extern", "external", "external email", "external sender", "externe", "esterno", "zewnętrzny", "caution", "spam", "warning":
		return true
	}
	return false
}
