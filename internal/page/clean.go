package page

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// placeholder stands in for a picture that would be loaded from elsewhere: one
// transparent pixel.
const placeholder = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

// ownPicture matches pictures that a mail brings along and that are no
// documents of their own (SVG is one).
var ownPicture = regexp.MustCompile(`^data:image/(png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]+$`)

// shown matches what a picture may name: itself, or the place under which the
// server hands out pictures of a mail.
var shown = regexp.MustCompile(`^(?:data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]+|/api/v1/messages/msg_[a-z2-7]{26}/pictures/[0-9]{1,3}\?[A-Za-z0-9=&_.-]{1,300})$`)

var (
	linkTarget = regexp.MustCompile(`^\s*(?i:https?:|mailto:|tel:)`)
	size       = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,2})?(%|px)?$`)
	small      = regexp.MustCompile(`^[0-9]{1,3}$`)
	color      = regexp.MustCompile(`^(#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,20})$`)
	face       = regexp.MustCompile(`^[\p{L}0-9 ,'_-]{1,120}$`)
)

// policyOf is a list of what is allowed.
type policyOf = *bluemonday.Policy

// policy is made once: it is large and never changed.
var policy = sync.OnceValue(func() policyOf {
	p := newPolicy(shown)
	p.AllowURLSchemeWithCustomPolicy("data", func(u *url.URL) bool { return ownPicture.MatchString("data:" + u.Opaque) })
	return p
})

// newPolicy allows what letters are made of, with pictures of some addresses. Not
// allowed on purpose: class and id (they would dress up as or clash with the page),
// background and every other style that takes an address, position, forms, frames.
func newPolicy(pictures *regexp.Regexp) policyOf {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "div", "span", "center", "b", "strong", "i", "em", "u", "s", "del", "ins", "strike", "small", "big",
		"sub", "sup", "pre", "code", "tt", "kbd", "samp", "blockquote", "q", "cite", "address", "h1", "h2", "h3", "h4", "h5", "h6",
		"ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "font")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowAttrs("href").Matching(linkTarget).OnElements("a")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowRelativeURLs(true) // of pictures alone: links name their scheme
	p.AllowAttrs("src").Matching(pictures).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	p.AllowAttrs("width", "height").Matching(size).OnElements("img", "table", "td", "th", "col", "hr")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center|justify)$`)).OnElements("p", "div", "table", "tr", "td", "th", "img", "h1", "h2", "h3", "hr")
	p.AllowAttrs("valign").Matching(regexp.MustCompile(`^(top|middle|bottom|baseline)$`)).OnElements("tr", "td", "th")
	p.AllowAttrs("cellpadding", "cellspacing", "border", "colspan", "rowspan", "span", "start").Matching(small).OnElements("table", "td", "th", "col", "colgroup", "ol", "img")
	p.AllowAttrs("bgcolor").Matching(color).OnElements("table", "tr", "td", "th")
	p.AllowAttrs("color").Matching(color).OnElements("font")
	p.AllowAttrs("face").Matching(face).OnElements("font")
	p.AllowAttrs("size").Matching(regexp.MustCompile(`^[+-]?[1-7]$`)).OnElements("font")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(ltr|rtl|auto)$`)).Globally()
	p.AllowStyles("color", "font-family", "font-size", "font-style", "font-weight", "text-align", "text-decoration", "text-indent",
		"text-transform", "line-height", "letter-spacing", "vertical-align", "white-space", "width", "max-width", "height",
		"padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
		"border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width",
		"border-collapse", "border-spacing").MatchingHandler(harmless).Globally()
	p.AllowStyles("margin", "margin-top", "margin-right", "margin-bottom", "margin-left").MatchingHandler(outwards).Globally()
	p.AllowStyles("display").MatchingEnum("none", "inline", "block", "inline-block", "table", "table-row", "table-cell").Globally()
	return p
}

// harmless tells whether the value of a style can neither load nor compute
// anything: no functions but colours, no escapes.
func harmless(value string) bool {
	v := strings.ToLower(value)
	if len(v) > 200 || strings.ContainsAny(v, `\<>{}@`) {
		return false
	}
	for _, f := range []string{"rgba(", "rgb(", "hsla(", "hsl("} {
		v = strings.ReplaceAll(v, f, "")
	}
	return !strings.Contains(v, "(")
}

// outwards is harmless and moves nothing over its neighbours.
func outwards(value string) bool { return harmless(value) && !strings.Contains(value, "-") }

// Picture says what to show in the place of the n-th picture of a mail that it
// does not bring along in its own HTML; ref is what it names. "" blocks it.
type Picture func(n int, ref string) (src string)

// Clean makes the HTML of a mail safe to show, and counts the pictures that it
// had to put a placeholder for. A nil show blocks all.
func Clean(source string, show Picture) (clean string, blocked int) {
	if source == "" {
		return "", 0
	}
	tamed, blocked := tame(source, show)
	return policy().Sanitize(tamed), blocked
}

// Pictures lists what the pictures of a mail name, in the order in which Clean
// counts them.
func Pictures(source string) []string {
	var out []string
	_, _ = tame(source, func(_ int, ref string) string {
		out = append(out, ref)
		return ""
	})
	return out
}

// tame replaces what loads from elsewhere before the policy sees it, so that the
// place of a picture is kept, and takes out styles whose reading takes long. It
// proves nothing; the policy does.
func tame(source string, show Picture) (string, int) {
	seen, blocked := 0, 0
	tamed := rewritten(source, func(name, raw string) bool { return name == "img" || heavy(raw) }, func(t *html.Token) {
		calm(t)
		for i := range t.Attr {
			if a := &t.Attr[i]; t.Data == "img" && a.Key == "src" && !ownPicture.MatchString(strings.TrimSpace(a.Val)) {
				src := ""
				if show != nil && seen < MaxPictures {
					src = show(seen, strings.TrimSpace(a.Val))
				}
				seen++
				if src == "" {
					src = placeholder
					blocked++
				}
				a.Val = src
			}
		}
	})
	return tamed, blocked
}

// rewritten is a page whose beginnings of elements are changed where asks says so;
// all else stays byte by byte.
func rewritten(source string, asks func(name, raw string) bool, change func(*html.Token)) string {
	var out strings.Builder
	out.Grow(len(source))
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := string(z.Raw())
		name, _ := z.TagName()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken || !asks(string(name), raw) {
			out.WriteString(raw)
			continue
		}
		t := html.NewTokenizer(strings.NewReader(raw))
		t.Next()
		token := t.Token()
		change(&token)
		out.WriteString(token.String())
	}
}

// MaxPictures is how many pictures of one mail are shown.
const MaxPictures = 200
