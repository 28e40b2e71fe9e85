package match

import (
	"slices"
	"strings"
	"unicode"

	"threadline/internal/crm"
)

// tone is what a message does to whose turn it is.
type tone int8

const (
	speaks   tone = iota // the others have to write
	closes               // it thanks, or agrees to what was proposed: nobody has to
	evades               // it only thanks, and was asked: we have to
	promises             // who wrote it writes again
)

// toneOf reads the beginning of a message, in the light of the last one of the
// other side, nil for none. What asks for anything asks for an answer, but for what
// is handed over to a colleague; thanks to a question leave it open, or say yes.
func toneOf(m, before *crm.Message) tone {
	words := foldedWords(m.Snippet)
	acts, ours := speech.in(words), m.Direction == crm.Outbound
	asked := before != nil && strings.Contains(before.Snippet, "?")
	switch {
	case len(words) == 0:
		return speaks
	case !ours && acts.has(handing):
		return promises
	case strings.Contains(m.Snippet, "?") || acts.has(demand):
		return speaks
	case promising(acts, ours), !ours && putsOff(m, before, acts):
		return promises
	case asked && agrees(words, acts, before.Snippet):
		return closes
	case len(m.Attachments) > 0 || acts.has(content) || !thanks(m, words):
		return speaks
	case asked:
		return evades
	}
	return closes
}

// promising tells whether who wrote will write again: because they say so, or
// because they do something later of which the others will hear.
func promising(acts act, ours bool) bool {
	return acts.has(comingBack) || acts.has(doing) && acts.has(soon|once|laterOn) || ours && acts.has(findingOut) || !ours && acts.has(owing)
}

// putsOff tells whether an answer to what we asked for names a later time and
// nothing else that could be one: it comes then.
func putsOff(m, before *crm.Message, acts act) bool {
	if !acts.has(once) && (!acts.has(laterOn) || strings.ContainsFunc(m.Snippet, unicode.IsDigit)) {
		return false
	}
	return before != nil && (strings.Contains(before.Snippet, "?") || speech.in(foldedWords(before.Snippet)).has(demand))
}

// agrees tells whether an answer takes the day and the hour that were proposed: it
// names the day, and says yes.
func agrees(words []string, acts act, proposal string) bool {
	if !acts.has(assent) || acts.has(choosing) || !strings.ContainsFunc(proposal, unicode.IsDigit) {
		return false
	}
	question := foldedWords(proposal)
	return slices.ContainsFunc(words, func(w string) bool {
		return weekdays[w] != 0 && slices.ContainsFunc(question, func(q string) bool { return weekdays[q] == weekdays[w] })
	})
}

// mostThanks is the number of words up to which thanks are all that is said, and
// strangeThanks how many words more than thanks, wishes and little words may stand
// in a longer one: in one of ours, of which nobody waits for anything.
const (
	mostThanks    = 11
	longestThanks = 24
	strangeThanks = 4
)

// thanks tells whether a text is short, thanks or acknowledges, and has no number.
func thanks(m *crm.Message, words []string) bool {
	ours := m.Direction == crm.Outbound
	if strings.ContainsFunc(m.Snippet, unicode.IsDigit) ||
		!slices.ContainsFunc(words, func(w string) bool { return thankWords[w] || ours && welcomeWords[w] }) {
		return false
	}
	if len(words) <= mostThanks {
		return true
	}
	strange := 0
	for _, w := range words {
		if len(w) > 2 && !thankWords[w] && !wishWords[w] && !stopWords[w] {
			strange++
		}
	}
	return ours && len(words) <= longestThanks && strange <= strangeThanks
}

func foldedWords(text string) []string {
	return strings.FieldsFunc(crm.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}
