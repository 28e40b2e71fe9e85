package merge

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"

	"threadline/internal/page"
)

// policy is made once: it is large and never changed.
var policy = sync.OnceValue(newPolicy)

// newPolicy allows what letters are made of, and nothing that runs, loads a
// style, or hides where it leads.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "div", "span", "center", "b", "strong", "i", "em", "u", "s", "small", "sub", "sup", "pre", "code", "blockquote",
		"h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true) // a tag in place of an address looks like one; leading says which stay
	p.AllowAttrs("href").Matching(leading).OnElements("a")
	p.AllowAttrs("src").Matching(picture).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img", "a")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[0-9]{1,4}%?$`)).OnElements("img", "table", "td", "th", "hr")
	p.AllowAttrs("align", "valign").Matching(regexp.MustCompile(`^[a-z]{3,8}$`)).OnElements("p", "div", "table", "tr", "td", "th", "img", "h1", "h2", "h3", "h4")
	p.AllowAttrs("cellpadding", "cellspacing", "border", "colspan", "rowspan").Matching(regexp.MustCompile(`^[0-9]{1,3}$`)).OnElements("table", "td", "th")
	p.AllowAttrs("bgcolor").Matching(regexp.MustCompile(`^#?[0-9A-Za-z]{3,20}$`)).OnElements("table", "tr", "td", "th")
	p.AllowStyles("color", "background-color", "font-family", "font-size", "font-style", "font-weight", "text-align", "text-decoration", "line-height",
		"vertical-align", "width", "max-width", "height", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
		"margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "border", "border-top", "border-bottom", "border-radius", "display").
		MatchingHandler(func(v string) bool { return len(v) <= 200 && !strings.ContainsAny(v, `\<>{}@(`) }).Globally()
	return p
}

// leading matches addresses that leave the mail, and tags.
var leading = regexp.MustCompile(`^(?i:https?://|mailto:|tel:|mergetag[0-9]+x)`)

// picture matches what a picture of a letter may name: a place from which its
// recipients can load it, and tags.
var picture = regexp.MustCompile(`^(?i:https://|mergetag[0-9]+x)`)

var (
	tags  = regexp.MustCompile(`\{\{[^{}\n]*\}\}`)
	marks = regexp.MustCompile(`mergetag([0-9]+)x`)
)

// Clean takes out of the HTML of a template what has no place in a letter:
// scripts, forms, frames, styles that load or move things. Tags stay as they
// are, unless what they stand in goes. The result is what is stored, shown
// and sent; cleaning it again changes nothing.
func Clean(source string) string {
	if strings.Contains(source, "mergetag") {
		source = strings.ReplaceAll(source, "mergetag", "merge-tag")
	}
	var kept []string
	marked := tags.ReplaceAllStringFunc(source, func(tag string) string {
		kept = append(kept, tag)
		return fmt.Sprintf("mergetag%dx", len(kept)-1)
	})
	return marks.ReplaceAllStringFunc(policy().Sanitize(page.Calm(marked)), func(mark string) string {
		var n int
		if _, err := fmt.Sscanf(mark, "mergetag%dx", &n); err != nil || n >= len(kept) {
			return ""
		}
		return kept[n]
	})
}
