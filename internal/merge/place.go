package merge

import "strings"

// place is where in HTML a value comes to stand.
type place string

const (
	inText    place = ""        // between elements, or no HTML at all
	inValue   place = "value"   // an attribute
	inAddress place = "address" // an attribute that is an address, from its beginning
	inPath    place = "path"    // further on in an address
	inQuery   place = "query"   // behind its question mark or hash
	nowhere   place = "nowhere" // a name, a comment, a script
)

// scanner follows HTML far enough to know where it is. The HTML is what Clean
// leaves, so attributes are in double quotes and nothing is raw. Of plain text it
// knows when it is in an address that mail programs make a link of.
type scanner struct {
	html  bool
	plain bool
	state rune   // 0 text, '<' in a tag, '"' or '\'' in a value, '!' in a comment
	name  string // of the attribute
	value string // of the attribute so far: its first bytes suffice
	begun bool   // the value has a beginning that is no tag's
}

// addresses are the attributes whose value is an address.
var addresses = map[string]bool{"href": true, "src": true, "background": true, "action": true}

// now is the place at which the scanner stands.
func (s *scanner) now() place {
	switch {
	case s.plain && linked(s.value):
		if strings.ContainsAny(s.value, "?#") {
			return inQuery
		}
		return inPath
	case !s.html || s.state == 0:
		return inText
	case s.state == '<' || s.state == '!':
		return nowhere
	case !addresses[s.name]:
		return inValue
	case strings.ContainsAny(s.value, "?#"):
		return inQuery
	case s.begun:
		return inPath
	}
	return inAddress
}

// filled notes that a value stands here.
func (s *scanner) filled() { s.begun = s.begun || s.state == '"' || s.state == '\'' }

// read moves on over literal text.
func (s *scanner) read(text string) {
	if s.plain {
		s.word(text)
	}
	if !s.html {
		return
	}
	for i := 0; i < len(text); i++ {
		s.step(text[i], text[i:])
	}
}

// word keeps the word of plain text at which the scanner stands.
func (s *scanner) word(text string) {
	if at := strings.LastIndexAny(text, " \t\r\n()<>[]\""); at >= 0 {
		s.value, text = "", text[at+1:]
	}
	s.value += text
}

// linked tells whether a word of plain text is an address.
func linked(word string) bool {
	return strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://")
}

func (s *scanner) step(c byte, rest string) {
	switch s.state {
	case 0:
		if c != '<' {
			return
		}
		s.state, s.name = '<', ""
		if strings.HasPrefix(rest, "<!--") {
			s.state = '!'
		}
	case '!':
		if strings.HasPrefix(rest, "-->") {
			s.state = '<'
		}
	case '<':
		s.tag(c)
	default:
		if rune(c) == s.state {
			s.state, s.name = '<', ""
			return
		}
		if s.value, s.begun = s.value+string(c), true; len(s.value) > 512 {
			s.value = s.value[:512] // enough to hold whatever decides
		}
	}
}

// tag reads a byte of a tag outside of values.
func (s *scanner) tag(c byte) {
	switch c {
	case '>':
		s.state = 0
	case '"', '\'':
		s.state, s.value, s.begun = rune(c), "", false
	case ' ', '\t', '\n', '\r', '/':
		s.name = ""
	case '=':
	default:
		s.name += strings.ToLower(string(c))
	}
}
