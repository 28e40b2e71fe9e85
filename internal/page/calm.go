package page

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Calm takes out of the styles of a page what would be refused anyhow, and would
// take the reader of styles for a minute: it goes back to the beginning for each
// bracket within brackets, and there may be half a million.
func Calm(source string) string {
	return rewritten(source, func(_, raw string) bool { return heavy(raw) }, calm)
}

// usual is how long the beginning of an element may be for which reading its style
// costs nothing, whatever it says, but for what odd holds.
const (
	usual = 300
	odd   = `(\{}@&[`
)

// heavy tells whether the style of an element is to be looked at before it is read.
func heavy(raw string) bool {
	return (len(raw) > usual || strings.ContainsAny(raw, odd)) && strings.Contains(strings.ToLower(raw), "style")
}

var property = regexp.MustCompile(`^\s*[A-Za-z-]{2,40}\s*$`)

// calm leaves of the style of an element the parts that a policy may take.
func calm(t *html.Token) {
	for i := range t.Attr {
		a := &t.Attr[i]
		if a.Key != "style" {
			continue
		}
		var kept []string
		for part := range strings.SplitSeq(a.Val, ";") {
			if name, value, ok := strings.Cut(part, ":"); ok && property.MatchString(name) && harmless(value) {
				kept = append(kept, part)
			}
		}
		a.Val = strings.Join(kept, ";")
	}
}
