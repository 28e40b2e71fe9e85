package merge

import (
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Render renders the template.
func (t *Template) Render(v Values) string {
	var out strings.Builder
	out.Grow(t.size + t.size/8)
	t.render(&out, t.nodes, v)
	return out.String()
}

func (t *Template) render(out *strings.Builder, nodes []node, v Values) {
	for i := range nodes {
		n := &nodes[i]
		switch {
		case n.field == "":
			out.WriteString(n.text)
		case !n.test:
			out.WriteString(t.fit(n.filled(v), n.place))
		case present(v(n.field)):
			t.render(out, n.then, v)
		default:
			t.render(out, n.else_, v)
		}
	}
}

// filled is the value of a tag, or its fallback.
func (n *node) filled(v Values) string {
	value := v(n.field)
	if !present(value) || n.place == inAddress && !address(value) {
		return n.fallback
	}
	return value
}

func present(value string) bool { return strings.TrimSpace(value) != "" }

// Missing returns the fields for which a recipient has neither value nor
// fallback where the template would show one, sorted.
func (t *Template) Missing(v Values) []string {
	var out []string
	missing(t.nodes, v, &out)
	slices.Sort(out)
	return slices.Compact(out)
}

func missing(nodes []node, v Values, out *[]string) {
	for i := range nodes {
		n := &nodes[i]
		switch {
		case n.field == "":
		case n.test && present(v(n.field)):
			missing(n.then, v, out)
		case n.test:
			missing(n.else_, v, out)
		case !n.otherwise && !present(n.filled(v)):
			*out = append(*out, n.field)
		}
	}
}

// fit makes a value fit for its place.
func (t *Template) fit(value string, at place) string {
	if t.format == Line {
		return oneLine(value)
	}
	value = strings.Map(printable, value)
	if t.format == Text {
		switch at {
		case inPath:
			return url.PathEscape(oneLine(value))
		case inQuery:
			return url.QueryEscape(oneLine(value))
		}
		return value
	}
	switch at {
	case inValue, inAddress:
		return html.EscapeString(oneLine(value))
	case inPath:
		return html.EscapeString(url.PathEscape(oneLine(value)))
	case inQuery:
		return html.EscapeString(url.QueryEscape(oneLine(value)))
	}
	return strings.ReplaceAll(html.EscapeString(value), "\n", "<br>")
}

// oneLine folds every line end and blank to one blank and drops what cannot be
// seen: a value can then begin no new header.
func oneLine(value string) string {
	return strings.Map(printable, strings.Join(strings.Fields(value), " "))
}

func printable(r rune) rune {
	if r == '\n' || r == '\t' || !unicode.IsControl(r) && r != '\u2028' && r != '\u2029' {
		return r
	}
	return -1
}

// address tells whether a value may begin an address of a link.
func address(value string) bool {
	u, err := url.Parse(strings.TrimSpace(value))
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return false
}
