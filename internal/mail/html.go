package mail

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// textOfHTML renders HTML as text: blocks become lines, quotes get "> ", cells
// are separated, scripts and styles are left out. It reads tokens and builds no
// tree, so depth costs nothing and time is linear.
func textOfHTML(page string) string { return renderText(page, false) }

// PlainText is the text part of a letter that was written as HTML: as above, and
// behind the words of a link stands where it leads.
func PlainText(page string) string { return renderText(page, true) }

func renderText(page string, links bool) string {
	w := htmlText{limit: maxText, links: links}
	w.out.Grow(min(len(page)/2, maxText))
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(maxHTML + 1)
	for w.out.Len() < w.limit {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimRight(w.out.String(), " \n")
		case html.TextToken:
			if w.hidden == 0 {
				w.text(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attrs := z.TagName()
			w.start(name, attrs, z)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(name)
		}
	}
	return cutBytes(w.out.String(), w.limit)
}

type htmlText struct {
	out    strings.Builder
	limit  int
	lines  int  // line ends due before the next word
	space  bool // a blank is due before the next word
	begun  bool
	hidden int // depth of script, style and their like
	quotes int // depth of blockquote
	pre    int
	links  bool   // write where links lead
	href   string // of the link that is open
	from   int    // where its words begin
}

// maxQuotes bounds the "> " in front of a line.
const maxQuotes = 8

func (w *htmlText) start(name []byte, attrs bool, z *html.Tokenizer) {
	switch string(name) {
	case "script", "style", "head", "noscript", "template", "svg", "object":
		w.hidden++
	case "body":
		w.hidden = 0 // a head that was never closed
	case "br":
		w.breakLine()
	case "hr":
		w.block(1)
		w.text([]byte("---"))
		w.block(1)
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl":
		w.block(2)
	case "blockquote":
		w.block(1)
		w.quotes++
	case "pre":
		w.block(1)
		w.pre++
	case "li":
		w.block(1)
		w.text([]byte("- "))
	case "td", "th":
		w.space = true
	case "div", "tr", "section", "article", "header", "footer", "center", "address", "form", "dt", "dd", "fieldset", "title":
		w.block(1)
	case "img":
		if attrs {
			w.alt(z)
		}
	case "a":
		if w.href = ""; w.links && attrs {
			w.href, w.from = target(z), w.out.Len()
		}
	}
}

// target is the address of a link, "" when it is none to be written out.
func target(z *html.Tokenizer) string {
	for more, n := true, 0; more && n < maxParameters; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "href" && !bytes.HasPrefix(value, []byte("#")) {
			return strings.TrimPrefix(string(value), "mailto:")
		}
	}
	return ""
}

// leads writes where the link that ends leads, unless its words say so.
func (w *htmlText) leads() {
	if words := strings.TrimSpace(w.out.String()[min(w.from, w.out.Len()):]); w.href != "" && words != w.href {
		w.space = w.out.Len() > 0
		w.text([]byte("(" + w.href + ")"))
	}
	w.href = ""
}

func (w *htmlText) end(name []byte) {
	switch string(name) {
	case "script", "style", "head", "noscript", "template", "svg", "object":
		w.hidden = max(w.hidden-1, 0)
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl":
		w.block(2)
	case "blockquote":
		w.quotes = max(w.quotes-1, 0)
		w.block(1)
	case "pre":
		w.pre = max(w.pre-1, 0)
		w.block(1)
	case "a":
		w.leads()
	case "div", "tr", "li", "section", "article", "header", "footer", "center", "address", "form", "dt", "dd", "fieldset":
		w.block(1)
	}
}

// alt writes the words that stand for a picture.
func (w *htmlText) alt(z *html.Tokenizer) {
	for more, n := true, 0; more && n < maxParameters; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "alt" && len(value) > 0 && len(value) < maxName && w.hidden == 0 {
			w.text(value)
			return
		}
	}
}

// block asks for n line ends; blocks that touch share them.
func (w *htmlText) block(n int) {
	if w.hidden == 0 {
		w.lines, w.space = max(w.lines, n), false
	}
}

// breakLine asks for one more line end, up to a blank line.
func (w *htmlText) breakLine() {
	if w.hidden == 0 {
		w.lines, w.space = min(w.lines+1, 3), false
	}
}

func (w *htmlText) text(b []byte) {
	if w.pre > 0 {
		w.preformatted(b)
		return
	}
	for len(b) > 0 {
		n := wordLength(b)
		if n > 0 {
			w.word(b[:n])
			b = b[n:]
			continue
		}
		_, size := utf8.DecodeRune(b)
		w.space = true
		b = b[size:]
	}
}

// wordLength counts the bytes up to the next blank.
func wordLength(b []byte) int {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			if c <= ' ' {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if unicode.IsSpace(r) {
			return i
		}
		i += size
	}
	return len(b)
}

func (w *htmlText) word(b []byte) {
	w.due()
	if w.space {
		w.out.WriteByte(' ')
	}
	w.out.Write(b)
	w.space = bytes.HasSuffix(b, []byte{' '})
	w.begun = true
}

// due writes the line ends that blocks have asked for, and the quote marks.
func (w *htmlText) due() {
	if w.lines == 0 && (w.begun || w.quotes == 0) {
		if !w.begun {
			w.space = false
		}
		return
	}
	for ; w.lines > 0 && w.begun; w.lines-- {
		w.out.WriteByte('\n')
	}
	w.lines, w.space = 0, false
	for range min(w.quotes, maxQuotes) {
		w.out.WriteString("> ")
	}
}

func (w *htmlText) preformatted(b []byte) {
	for {
		i := bytes.IndexByte(b, '\n')
		line := b
		if i >= 0 {
			line = b[:i]
		}
		if len(line) > 0 {
			w.due()
			w.out.Write(line)
			w.begun = true
		}
		if i < 0 {
			return
		}
		w.lines = min(w.lines+1, 3)
		b = b[i+1:]
	}
}
