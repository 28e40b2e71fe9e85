package mail

import (
	"html"
	"regexp"
	"strings"
)

// webAddress is a whole address in a text, without the mark that ends a sentence.
var webAddress = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)\]]`)

// Page writes a text as HTML: its paragraphs, lines and web addresses.
func Page(text string) string {
	var out strings.Builder
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if strings.TrimSpace(p) == "" {
			continue
		}
		out.WriteString("<p>")
		last := 0
		for _, at := range webAddress.FindAllStringIndex(p, -1) {
			out.WriteString(lines(p[last:at[0]]))
			link := html.EscapeString(p[at[0]:at[1]])
			out.WriteString(`<a href="` + link + `">` + link + "</a>")
			last = at[1]
		}
		out.WriteString(lines(p[last:]) + "</p>")
	}
	return out.String()
}

func lines(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>")
}
