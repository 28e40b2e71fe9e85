package mail

import (
	"strings"

	"threadline/internal/crm"
)

// quotedFrom returns the byte offset in text from which on there is only what
// the writer did not write now: quoted earlier mail, a forwarded one, the
// signature. It is 0 when nothing like that is there or nothing is before it.
func quotedFrom(text string) int {
	end := len(text)
	if sig := signatureAt(text); sig >= 0 {
		end = sig
	}
	tail := quoteTail(text[:end])
	cut := min(end, tail, markerAt(text[:end], tail))
	if cut == len(text) || strings.TrimSpace(text[:cut]) == "" {
		return 0
	}
	return cut
}

// nextLine returns the line at pos without its end, and where the next begins.
func nextLine(text string, pos int) (string, int) {
	if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
		return text[pos : pos+i], pos + i + 1
	}
	return text[pos:], len(text)
}

// signatureAt finds the first separator line of a signature outside quotes
// (RFC 3676 §4.3). Without its blank it counts near the end only.
func signatureAt(text string) int {
	for pos := 0; ; {
		i := strings.Index(text[pos:], "\n--")
		if i < 0 {
			return -1
		}
		pos += i + 1
		line, next := nextLine(text, pos)
		if line == "-- " || line == "--" && len(text)-next < 600 {
			return pos
		}
	}
}

// quoteTail returns where the quoted lines begin after which nothing of the
// writer's own follows; len(text) if there are none.
func quoteTail(text string) int {
	tail := len(text)
	for end := len(text); end > 0; {
		start := strings.LastIndexByte(text[:end-1], '\n') + 1
		line := strings.TrimSpace(text[start:end])
		switch {
		case line == "":
		case line[0] == '>':
			tail = start
		default:
			return tail
		}
		end = start
	}
	return tail
}

// markerAt finds the first line that announces earlier mail; tail is where the
// quoted tail of text begins.
func markerAt(text string, tail int) int {
	var before [3]int // starts of the lines above in the same paragraph
	n := 0
	for pos := 0; pos < len(text); {
		line, next := nextLine(text, pos)
		line = strings.TrimRight(line, " \t")
		if line == "" {
			n, pos = 0, next
			continue
		}
		if isSeparator(line) || isHeaderBlock(text, line, next) {
			return pos
		}
		if start := attribution(text, line, pos, before[:n]); start >= 0 && !inlineReply(text, next, tail) {
			return start
		}
		if n == len(before) {
			copy(before[:], before[1:])
			n--
		}
		before[n] = pos
		n++
		pos = next
	}
	return len(text)
}

// inlineReply tells whether the quote after an attribution is answered below or
// within: then what follows is not all quoted.
func inlineReply(text string, pos, tail int) bool {
	for pos < len(text) {
		line, next := nextLine(text, pos)
		if line = strings.TrimSpace(line); line != "" {
			return line[0] == '>' && pos < tail
		}
		pos = next
	}
	return false
}

// attribution recognises "On …, … wrote:" and returns where it begins, in up to
// three lines above; -1 if line does not end one.
func attribution(text, line string, pos int, before []int) int {
	if line[len(line)-1] != ':' || len(line) > 400 {
		return -1
	}
	words := strings.ToLower(strings.TrimRight(line[:len(line)-1], " \u00a0\u202f"))
	if !saysWrote(words) {
		return -1
	}
	if startsAttribution(words) {
		return pos
	}
	for i := len(before) - 1; i >= 0; i-- {
		above, _ := nextLine(text, before[i])
		if startsAttribution(strings.ToLower(cutBytes(above, 40))) {
			return before[i]
		}
	}
	if strings.ContainsAny(words, "@0123456789") {
		return pos
	}
	return -1
}

func saysWrote(words string) bool {
	for _, verb := range [...]string{
		"wrote", "writes", "a écrit", "ha scritto", "scrive", "pisze", "napisał(a)", "napisał", "napisała",
		"schrieb", "schreef", "escribió", "skrev",
	} {
		if strings.HasSuffix(words, verb) {
			return true
		}
	}
	return strings.Contains(words, " schrieb ") || strings.HasPrefix(words, "schrieb ")
}

func startsAttribution(words string) bool {
	for _, p := range [...]string{
		"on ", "at ", "le ", "il ", "in data ", "w dniu ", "dnia ", "am ", "op ", "el ",
		"pon., ", "wt., ", "śr., ", "czw., ", "pt., ", "sob., ", "niedz., ", "pon. ", "wt. ", "śr. ", "czw. ", "pt. ", "sob. ", "niedz. ",
	} {
		if strings.HasPrefix(words, p) {
			return true
		}
	}
	return false
}

// isSeparator recognises "-----Original Message-----" and its like.
func isSeparator(line string) bool {
	if len(line) > 120 {
		return false
	}
	dashed := strings.HasPrefix(line, "--")
	if !dashed && line[len(line)-1] != ':' {
		return false
	}
	switch strings.ToLower(strings.Trim(line, "-_*= :\u00a0")) {
	case "original message", "original appointment", "message d'origine", "message d’origine", "message original",
		"messaggio originale", "wiadomość oryginalna", "oryginalna wiadomość", "ursprüngliche nachricht", "originalnachricht",
		"forwarded message", "begin forwarded message", "message transféré", "début du message transféré",
		"début du message réexpédié", "messaggio inoltrato", "forwarded by", "inizio messaggio inoltrato",
		"wiadomość przekazana", "przekazana wiadomość", "treść przekazanej wiadomości", "początek przekazywanej wiadomości",
		"weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete nachricht beginn":
		return true
	}
	return false
}

// Kinds of lines in a copied header, as bits.
const (
	labelFrom = 1 << iota
	labelDate
	labelTo
	labelSubject
)

// isHeaderBlock recognises the header that Outlook copies above earlier mail,
// with or without a rule before it.
func isHeaderBlock(text, line string, next int) bool {
	if strings.HasPrefix(line, "______") && strings.Trim(line, "_") == "" {
		for next < len(text) {
			line, next = nextLine(text, next)
			if line = strings.TrimSpace(line); line != "" {
				break
			}
		}
	}
	if labelOf(line) != labelFrom {
		return false
	}
	kinds := 0
	for n := 0; n < 8 && next < len(text); n++ {
		line, next = nextLine(text, next)
		kinds |= labelOf(line)
	}
	return kinds&labelSubject != 0 && kinds&(labelDate|labelTo) != 0 || kinds&labelDate != 0 && kinds&labelTo != 0
}

func labelOf(line string) int {
	line = strings.TrimLeft(line, " \t*>")
	i := strings.IndexByte(line, ':')
	if i <= 0 || i > 16 {
		return 0
	}
	switch strings.ToLower(strings.TrimRight(line[:i], " \u00a0*")) {
	case "from", "de", "da", "od", "von", "expéditeur", "mittente":
		return labelFrom
	case "sent", "date", "envoyé", "inviato", "data", "wysłano", "wysłane", "gesendet", "datum":
		return labelDate
	case "to", "à", "a", "do", "an":
		return labelTo
	case "subject", "objet", "oggetto", "temat", "betreff":
		return labelSubject
	}
	return 0
}

// snippetOf takes the first own words of a text.
func snippetOf(text string, quoted int) string {
	if quoted > 0 {
		text = text[:quoted]
	}
	text = cutBytes(skipQuote(text), 8*crm.MaxSnippet)
	return oneLine(text, crm.MaxSnippet)
}

// skipQuote drops quoted lines and their attribution from the beginning, where
// the answer stands below; all of it when there is nothing else.
func skipQuote(text string) string {
	for pos := 0; pos < len(text); {
		line, next := nextLine(text, pos)
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '>' && (attribution(text, line, pos, nil) < 0 || !inlineReply(text, next, len(text))) {
			return text[pos:]
		}
		pos = next
	}
	return text
}
