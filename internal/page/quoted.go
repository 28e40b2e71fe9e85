package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// MaxQuoted is how many bytes the HTML of a mail has at most that is quoted with its
// formatting.
const MaxQuoted = 256 << 10

// Quoted makes the HTML of a mail fit to stand within one that is sent: clean, with
// every element ended, so that nothing of it reaches out of the quote. It is "" for
// one that is too large or nested too deep.
func Quoted(source string) string {
	if len(source) > MaxQuoted {
		return ""
	}
	clean, _ := Outgoing(source)
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(clean), body)
	if err != nil {
		return ""
	}
	var out strings.Builder
	for _, n := range nodes {
		if err := html.Render(&out, n); err != nil {
			return ""
		}
	}
	if out.Len() > 2*MaxQuoted { // ending what was open makes it longer
		return ""
	}
	return strings.TrimSpace(out.String())
}
