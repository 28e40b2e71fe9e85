package table

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"threadline/internal/crm"
)

// Encoding says how the text of a file is written.
type Encoding string

const (
	UTF8        Encoding = "utf-8" // with or without a byte order mark
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1250 Encoding = "windows-1250" // Central Europe
	Windows1252 Encoding = "windows-1252" // Western Europe
)

// Encodings lists what can be read.
func Encodings() []Encoding { return []Encoding{UTF8, UTF16LE, UTF16BE, Windows1250, Windows1252} }

// delimiters are what separates cells, the more likely ones first.
const delimiters = ",;\t|"

// Dialect is how a file is written.
type Dialect struct {
	Encoding  Encoding `json:"encoding" enum:"utf-8,utf-16le,utf-16be,windows-1250,windows-1252"`
	Delimiter string   `json:"delimiter" enum:"comma,semicolon,tab,bar"`
	Header    bool     `json:"header" doc:"The first row holds headings"`
}

// delimiterNames are the delimiters in words, in the order of delimiters.
var delimiterNames = [...]string{"comma", "semicolon", "tab", "bar"}

// Check refuses a dialect that cannot be read.
func (d Dialect) Check() error {
	if !slices.Contains(Encodings(), d.Encoding) {
		return crm.Errorf(crm.Invalid, "table.Check", "there is no encoding %q", crm.Clip(string(d.Encoding), 40)).WithField("encoding").
			WithHint("one of utf-8, utf-16le, utf-16be, windows-1250, windows-1252")
	}
	if !slices.Contains(delimiterNames[:], d.Delimiter) {
		return crm.Errorf(crm.Invalid, "table.Check", "there is no delimiter %q", crm.Clip(d.Delimiter, 40)).WithField("delimiter").
			WithHint("one of comma, semicolon, tab, bar")
	}
	return nil
}

func (d Dialect) delimiter() byte {
	return delimiters[max(0, slices.Index(delimiterNames[:], d.Delimiter))]
}

// decode reads the text of a file as UTF-8, without a byte order mark.
func decode(r io.Reader, e Encoding) io.Reader {
	var enc encoding.Encoding
	switch e {
	case UTF16LE:
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case UTF16BE:
		enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case Windows1250:
		enc = charmap.Windows1250
	case Windows1252:
		enc = charmap.Windows1252
	default:
		return r
	}
	return enc.NewDecoder().Reader(r)
}

var mark = []byte{0xEF, 0xBB, 0xBF}

// Guess says how a file is written, from its first bytes; some tens of kB are
// enough.
func Guess(sample []byte) Dialect { return GuessAs(sample, "", "") }

// GuessAs is Guess where some of it is known.
func GuessAs(sample []byte, encoding Encoding, delimiter string) Dialect {
	d := Dialect{Encoding: cmp.Or(encoding, guessEncoding(sample)), Delimiter: delimiter}
	text, _ := io.ReadAll(decode(bytes.NewReader(sample), d.Encoding)) // the end may be cut
	if said := saidDelimiter(bytes.TrimPrefix(text, mark)); delimiter == "" && said != "" {
		delimiter, d.Delimiter = said, said
	}
	best := -1.0
	for i, name := range delimiterNames {
		if delimiter != "" {
			break
		}
		if score := consistency(text, delimiters[i]); score > best {
			best, d.Delimiter = score, name
		}
	}
	d.Header = guessHeader(bytes.TrimPrefix(text, mark), d)
	return d
}

// saidDelimiter is what a file says itself in its first line, for spreadsheets:
// "sep=;".
func saidDelimiter(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	for i, name := range delimiterNames {
		if sayingDelimiter(string(bytes.TrimRight(line, "\r")), delimiters[i]) {
			return name
		}
	}
	return ""
}

func sayingDelimiter(line string, delimiter byte) bool {
	return strings.EqualFold(strings.Trim(line, `"`), "sep="+string(delimiter))
}

// Text refuses a file that is no table of text at all, by its first bytes: those
// that spreadsheets keep are archives.
func Text(sample []byte) error {
	for _, begin := range []string{"PK\x03\x04", "\xD0\xCF\x11\xE0", "%PDF-"} {
		if bytes.HasPrefix(sample, []byte(begin)) {
			return crm.Errorf(crm.Invalid, "table.Text", "the file is no table of text but the document of another program").
				WithField("file").WithHint("open it there and save it as CSV, best as UTF-8")
		}
	}
	return nil
}

func guessEncoding(b []byte) Encoding {
	switch {
	case bytes.HasPrefix(b, mark):
		return UTF8
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return UTF16LE
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return UTF16BE
	}
	var zeros [2]int
	for i, c := range b {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch { // headings are mostly ASCII: every other byte is zero
	case zeros[1] > len(b)/8 && zeros[1] > 4*zeros[0]:
		return UTF16LE
	case zeros[0] > len(b)/8 && zeros[0] > 4*zeros[1]:
		return UTF16BE
	}
	if utf8.Valid(b[:wholeRunes(b)]) {
		return UTF8
	}
	return guessWindows(b)
}

// wholeRunes is the length of b without a rune that its end cuts.
func wholeRunes(b []byte) int {
	for back := 1; back <= min(3, len(b)); back++ {
		if c := b[len(b)-back]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-back:]) {
				return len(b) - back
			}
			break
		}
	}
	return len(b)
}

// guessWindows tells Central from Western Europe: bytes that are letters in the
// one and signs in the other stand inside words.
func guessWindows(b []byte) Encoding {
	const central = "\xB9\xB3\xBF\x9F\xA5\xA3\xAF\x8F\x9D\xBE\xBC" // ą ł ż ź Ą Ł Ż Ź ť ľ Ľ
	for i, c := range b {
		if strings.IndexByte(central, c) < 0 {
			continue
		}
		before := i > 0 && wordByte(b[i-1])
		after := i+1 < len(b) && wordByte(b[i+1])
		if before || after {
			return Windows1250
		}
	}
	return Windows1252
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xC0
}

// consistency says how well the delimiter cuts text into rows of the same
// width: 0 for a single column, more for more rows alike.
func consistency(text []byte, delimiter byte) float64 {
	r := &Reader{r: bytes.NewReader(text), delimiter: delimiter}
	widths := map[int]int{}
	rows := 0
	for rows < 200 {
		row, err := r.Read()
		if err != nil {
			break
		}
		if row.Err == nil {
			widths[len(row.Cells)]++
			rows++
		}
	}
	most, width := 0, 0
	for w, n := range widths {
		if n > most || n == most && w > width {
			most, width = n, w
		}
	}
	if width < 2 {
		return 0
	}
	return float64(most)/float64(rows) + float64(min(width, 50))/1000
}

// guessHeader tells whether the first row reads like headings: short texts, no
// two alike, none an address or a number.
func guessHeader(text []byte, d Dialect) bool {
	r := &Reader{r: bytes.NewReader(text), delimiter: d.delimiter()}
	row, err := r.Read()
	if err != nil || row.Err != nil {
		return false
	}
	seen := map[string]bool{}
	for _, c := range row.Cells {
		c = crm.Fold(strings.TrimSpace(c))
		if c == "" {
			continue
		}
		if len(c) > 80 || strings.ContainsAny(c, "@") || !strings.ContainsFunc(c, isLetter) || seen[c] {
			return false
		}
		seen[c] = true
	}
	return len(seen) > 0
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 0x80 }
