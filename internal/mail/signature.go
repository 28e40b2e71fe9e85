package mail

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"threadline/internal/crm"
)

// Detail is one thing that a signature says, with the line that says it.
type Detail struct {
	Value string
	Line  string // as written, one line, at most maxSignatureLine runes
}

// Signature is what the writer of a mail says of themselves below it. What is
// not said, or said in a way that leaves doubt, is empty.
type Signature struct {
	Phones  []Detail // with country code, in the form of crm.Phone
	Title   Detail
	Company Detail
	URL     Detail // host, with path when there is one
}

const (
	signatureLines   = 12
	maxSignatureLine = 160
	shortLine        = 70 // of a title or a company: longer ones are sentences
	companyLine      = 4  // the last line where a company may stand that only its domain tells
)

// ParseSignature reads the signature of a mail: text is the whole of it, quoted
// where quoted text or the signature begins, from who wrote it. Quoted mail is
// never read. A block counts as a signature when it stands below a separator or
// a closing formula, or names the writer. A number without country code is of the
// country of another one beside it, of the writer's domain, or of ours, home.
func ParseSignature(text string, quoted int, from crm.Participant, home crm.Country) Signature {
	own := ownWords(text, quoted)
	block, sure := signatureBlock(own, from)
	if !sure {
		return Signature{}
	}
	var s Signature
	homes := homesOf(block, from, home)
	for i, line := range block {
		s.line(line, i, from, homes)
	}
	return s
}

// homesOf are the countries that numbers of a signature may be of, the likeliest
// first.
func homesOf(block []string, from crm.Participant, home crm.Country) []crm.Country {
	var out []crm.Country
	for _, line := range block {
		for _, piece := range pieces(line) {
			if c := crm.Phone(phoneOf(piece, nil)).Country(); c != "" {
				out = append(out, c)
			}
		}
	}
	return append(out, from.Address.Domain().Country(), home)
}

// ownWords is the text without earlier mail, but with the signature.
func ownWords(text string, quoted int) string {
	if quoted <= 0 || quoted > len(text) {
		quoted = len(text)
	}
	end := quoted
	if line, _ := nextLine(text, min(quoted, len(text))); quoted < len(text) && strings.TrimRight(line, " ") == "--" {
		rest := text[quoted:]
		end = quoted + min(quoteTail(rest), markerAt(rest, len(rest)))
	}
	return text[:end]
}

// signatureBlock finds the lines of the signature, without formula and
// separator.
func signatureBlock(text string, from crm.Participant) ([]string, bool) {
	lines := lastLines(text)
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], ">") {
			return nil, false
		}
		if strings.Trim(lines[i], "-_ ") == "" && lines[i] != "" || isClosing(lines[i]) {
			return lines[i+1:], i+1 < len(lines)
		}
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if names(lines[i], from) {
			return lines[i:], i > 0 || len(lines) < signatureLines
		}
	}
	return nil, false
}

// lastLines are the last lines that are not empty, in order.
func lastLines(text string) []string {
	var out []string
	for end := len(text); end > 0 && len(out) < signatureLines; {
		start := strings.LastIndexByte(text[:end], '\n') + 1
		if line := oneLine(text[start:end], maxSignatureLine); line != "" {
			out = append([]string{line}, out...)
		}
		end = start - 1
	}
	return out
}

// isClosing knows the formulas that end a letter, in the four languages and
// German.
func isClosing(line string) bool {
	s := strings.ToLower(strings.TrimRight(line, " ,.!-–"))
	if len(s) > 60 {
		return false
	}
	for _, p := range [...]string{
		"best", "best regards", "kind regards", "regards", "warm regards", "many thanks", "thanks", "thank you", "cheers", "sincerely", "yours sincerely", "yours faithfully", "all the best",
		"cordialement", "bien cordialement", "bien à vous", "bien à toi", "salutations", "sincères salutations", "meilleures salutations", "merci", "cdlt", "respectueusement",
		"cordiali saluti", "distinti saluti", "saluti", "un saluto", "un cordiale saluto", "cordialmente", "grazie", "a presto",
		"pozdrawiam", "pozdrawiam serdecznie", "serdecznie pozdrawiam", "z poważaniem", "z wyrazami szacunku", "dziękuję", "pozdrowienia",
		"mit freundlichen grüßen", "freundliche grüße", "viele grüße", "beste grüße", "mfg",
	} {
		if s == p {
			return true
		}
	}
	return false
}

// names tells whether a line is the name of the writer.
func names(line string, from crm.Participant) bool {
	line, name := strings.ToLower(line), strings.ToLower(strings.TrimSpace(from.Name))
	if name == "" || len(line) > shortLine || strings.ContainsRune(line, '@') {
		return false
	}
	words := strings.Fields(strings.ReplaceAll(name, ",", " "))
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return len(words) > 1
}

// line reads one line; at is its place in the block.
func (s *Signature) line(line string, at int, from crm.Participant, homes []crm.Country) {
	if s.legal(line) {
		return
	}
	rest := line
	for _, piece := range pieces(line) {
		switch phone, url := phoneOf(piece, homes), urlOf(piece); {
		case phone != "" && len(s.Phones) < 3:
			if !slices.ContainsFunc(s.Phones, func(d Detail) bool { return d.Value == phone }) {
				s.Phones = append(s.Phones, Detail{phone, line})
			}
		case url != "" && s.URL.Value == "":
			s.URL = Detail{url, line}
		case phone == "" && url == "":
			continue
		}
		rest = strings.Replace(rest, piece, "", 1)
	}
	if at > 5 || len(rest) > 2*shortLine || names(rest, from) {
		rest = afterName(rest, from)
	}
	for _, piece := range pieces(rest) {
		switch {
		case piece == "" || len(piece) > shortLine || strings.ContainsAny(piece, "@?!:"):
		case s.Company.Value == "" && (isCompany(piece) || at <= companyLine && isOfDomain(piece, from)):
			s.Company = Detail{piece, line}
		case s.Title.Value == "" && isTitle(piece):
			s.Title = Detail{piece, line}
		}
	}
}

// legal skips what lawyers put below a signature.
func (s *Signature) legal(line string) bool {
	return len(line) >= maxSignatureLine-1 || strings.Count(line, " ") > 14
}

// afterName is the rest of a line that begins with the writer's name.
func afterName(line string, from crm.Participant) string {
	name := strings.TrimSpace(from.Name)
	if len(line) >= len(name) && name != "" && strings.EqualFold(line[:len(name)], name) {
		return line[len(name):]
	}
	if names(line, from) {
		return ""
	}
	return line
}

// pieces cuts a line at what people put between two things.
func pieces(line string) []string {
	out := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("|•·–—;,\t", r) })
	var list []string
	for _, p := range out {
		for _, q := range strings.Split(p, " - ") {
			list = appendPieces(list, q)
		}
	}
	return list
}

// appendPieces adds a piece; two numbers with a stroke between them are two, and
// a legal form after a comma belongs to the name before it.
func appendPieces(list []string, p string) []string {
	const numbers = "0123456789"
	if a, b, ok := strings.Cut(p, " / "); ok && strings.ContainsAny(a, numbers) && strings.ContainsAny(b, numbers) {
		return appendPieces(appendPieces(list, a), b)
	}
	p = strings.Trim(p, " -*_/")
	if last := len(list) - 1; last >= 0 && !strings.Contains(p, " ") && isCompany("a "+p) {
		list[last] += ", " + p
		return list
	}
	if p != "" {
		list = append(list, p)
	}
	return list
}

// phoneOf reads a telephone number after an optional label; fax numbers are none. One
// without a country code is of the first country where it is in use.
func phoneOf(s string, homes []crm.Country) string {
	label, number, ok := strings.Cut(s, ":")
	if !ok {
		i := strings.IndexAny(s, "+0123456789(")
		if i < 0 {
			return ""
		}
		label, number = s[:i], s[i:]
	}
	if !phoneLabel(strings.ToLower(strings.Trim(label, " .:()"))) {
		return ""
	}
	if label == "" && strings.Trim(number, "0123456789") == "" { // digits alone are an order, a date, a tax number
		return ""
	}
	if phone, err := crm.ParsePhone(number, ""); err == nil {
		return string(phone)
	}
	for i, home := range homes { // ours comes last
		if i < len(homes)-1 && !crm.DialledWithin(number, home) {
			continue
		}
		if phone, err := crm.ParsePhone(number, home); err == nil {
			return string(phone)
		}
	}
	return "" // without a country code or a home it is anybody's guess
}

func phoneLabel(s string) bool {
	switch s {
	case "", "t", "m", "p", "d", "tel", "tel/mobile", "phone", "mobile", "mob", "cell", "direct", "office", "ph", "tél", "téléphone", "portable", "fixe", "ligne directe", "port",
		"telefono", "cellulare", "cell.", "ufficio", "tel.", "telefon", "kom", "komórka", "tel. kom", "tel kom", "mobil", "büro", "tel. dir":
		return true
	}
	return false
}

// urlOf reads the address of a site, without its scheme.
func urlOf(s string) string {
	if _, rest, ok := strings.Cut(s, ": "); ok {
		s = rest
	}
	lower := strings.ToLower(strings.TrimSpace(s))
	rest, schemed := strings.CutPrefix(lower, "https://")
	if !schemed {
		rest, schemed = strings.CutPrefix(lower, "http://")
	}
	if !schemed && !strings.HasPrefix(lower, "www.") || strings.ContainsAny(rest, " @<>\"") {
		return ""
	}
	rest = strings.Trim(rest, "/>")
	host, _, _ := strings.Cut(rest, "/")
	if _, err := crm.ParseDomain(strings.TrimPrefix(host, "www.")); err != nil || !strings.Contains(host, ".") || isNetwork(host) {
		return ""
	}
	return rest
}

// isNetwork knows the sites where everybody has a page.
func isNetwork(host string) bool {
	for _, d := range [...]string{"linkedin.com", "facebook.com", "twitter.com", "x.com", "instagram.com", "youtube.com", "xing.com", "calendly.com", "goo.gl", "maps.google.com"} {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
}

// isCompany knows the legal forms of Europe and the English-speaking world.
func isCompany(s string) bool {
	words := strings.Fields(strings.ToLower(s))
	if len(words) < 2 {
		return false
	}
	joined := " " + strings.Join(words, " ") + " "
	for _, form := range [...]string{
		" ltd ", " ltd. ", " limited ", " llc ", " inc ", " inc. ", " plc ", " corp ", " corp. ", " sa ", " s.a. ", " sas ", " s.a.s. ", " sarl ", " s.à r.l. ", " eurl ",
		" spa ", " s.p.a. ", " srl ", " s.r.l. ", " snc ", " s.n.c. ", " sp. z o.o. ", " sp. z o. o. ", " spółka z o.o. ", " sp.j. ", " s.c. ", " gmbh ", " ag ", " kg ", " se ", " b.v. ", " bv ", " oü ", " ab ",
	} {
		if strings.Contains(joined, form) {
			return true
		}
	}
	return false
}

// isOfDomain tells whether a short text is what the domain of the writer is made
// of, and more than their name: Banque Aubrac of banque-aubrac.example.
func isOfDomain(s string, from crm.Participant) bool {
	label, _, _ := strings.Cut(string(from.Address.Domain()), ".")
	first, _ := utf8.DecodeRuneInString(s)
	words := strings.FieldsFunc(crm.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(label) < 4 || len(words) < 2 || len(words) > 5 || !unicode.IsUpper(first) || strings.ContainsFunc(s, unicode.IsDigit) {
		return false
	}
	own, others := strings.Fields(crm.Fold(from.Name)), 0
	for _, w := range words {
		if !slices.Contains(own, w) {
			others++
		}
	}
	parts := strings.Split(crm.Fold(label), "-")
	whole := !slices.ContainsFunc(parts, func(p string) bool { return !slices.Contains(words, p) })
	return others > 0 && (whole || strings.Join(words, "") == strings.Join(parts, ""))
}

// isTitle knows the words of which job titles are made.
func isTitle(s string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch w {
		case "manager", "director", "head", "chief", "officer", "president", "founder", "partner", "engineer", "buyer", "purchasing", "consultant", "specialist", "assistant", "analyst", "lead", "executive",
			"coordinator", "representative", "owner", "supervisor", "surveyor", "technician", "solicitor", "counsel", "professor", "administrator", "ceo", "cto", "cfo", "coo", "cmo", "vp", "developer", "designer", "architect", "accountant", "secretary",
			"directeur", "directrice", "responsable", "acheteur", "acheteuse", "ingénieur", "ingénieure", "gérant", "gérante", "chargé", "chargée", "président", "présidente", "assistante", "comptable", "associé", "associée", "commercial", "commerciale", "chef", "cheffe", "avocat", "avocate", "notaire", "technicien", "technicienne", "conseiller", "conseillère", "coordinateur", "coordinatrice",
			"direttore", "direttrice", "responsabile", "amministratore", "titolare", "acquisti", "ingegnere", "impiegato", "impiegata", "consulente", "socio", "presidente", "ragioniere", "addetto", "addetta", "avvocato", "avvocata", "geometra", "architetto", "segretario", "segretaria", "tecnico", "coordinatore",
			"dyrektor", "kierownik", "kierowniczka", "specjalista", "specjalistka", "prezes", "inżynier", "handlowiec", "zakupów", "właściciel", "właścicielka", "asystent", "asystentka", "księgowa", "księgowy", "doradca", "przedstawiciel", "redaktor", "redaktorka", "koordynator", "koordynatorka", "architekt", "projektant", "technolog", "menedżer", "adwokat", "administratorka",
			"geschäftsführer", "geschäftsführerin", "leiter", "leiterin", "vertrieb", "einkauf", "einkäufer", "einkäuferin", "inhaber", "inhaberin", "prokurist":
			return true
		}
	}
	return false
}
