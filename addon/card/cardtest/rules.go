package cardtest

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

const (
	maxWidgets = 100
	maxBytes   = 32 << 10
)

// widgets that the Gmail sidebar shows and we use.
var sidebarWidgets = []string{
	"textParagraph", "decoratedText", "buttonList", "chipList", "image", "divider",
	"textInput", "selectionInput", "dateTimePicker",
}

// elsewhere lists fields that only other hosts understand, or that strip the
// card in Gmail.
var elsewhere = []string{
	"interaction", "carousel", "columns", "grid", "bottomLabelText", "contentText", "startIconVerticalAlignment",
	"topLabelText", "materialIcon", "iconUrl", "platformDataSource", "placeholderText", "textSyntax",
	"id", "visibility", "eventActions", "expressionData", "icon",
}

// formatted lists the fields that the host reads as markup.
var formatted = []string{"text", "topLabel", "bottomLabel", "header"}

func (c *checker) rules(path string, card object, size int) {
	if size > maxBytes {
		c.bad(path, "%d bytes", size)
	}
	h, _ := card["header"].(object)
	c.need(path+".header", h, "title")
	sections, _ := card["sections"].([]any)
	if len(sections) == 0 {
		c.bad(path, "no sections")
	}
	total := 0
	for i, v := range sections {
		s, _ := v.(object)
		total += c.section(fmt.Sprintf("%s.sections[%d]", path, i), s)
	}
	if total > maxWidgets {
		c.bad(path, "%d widgets", total)
	}
	c.walk(path, card)
}

func (c *checker) section(path string, s object) int {
	widgets, _ := s["widgets"].([]any)
	if len(widgets) == 0 {
		c.bad(path, "no widgets")
	}
	if n, ok := s["uncollapsibleWidgetsCount"].(float64); ok && (s["collapsible"] != true || int(n) >= len(widgets)) {
		c.bad(path, "folds nothing away")
	}
	for i, v := range widgets {
		w, _ := v.(object)
		p := fmt.Sprintf("%s.widgets[%d]", path, i)
		if len(w) != 1 {
			c.bad(p, "%d members in a union", len(w))
		}
		c.only(p, w, sidebarWidgets...)
	}
	return len(widgets)
}

// need refuses an object without the text of the keys.
func (c *checker) need(path string, o object, keys ...string) {
	for _, k := range keys {
		if s, _ := o[k].(string); strings.TrimSpace(s) == "" {
			c.bad(path, "%s is required", k)
		}
	}
}

// walk applies the rules of single fields wherever they stand.
func (c *checker) walk(path string, v any) {
	switch x := v.(type) {
	case []any:
		for i, e := range x {
			c.walk(fmt.Sprintf("%s[%d]", path, i), e)
		}
	case object:
		for k, e := range x {
			p := path + "." + k
			if contains(elsewhere, k) {
				c.bad(p, "not for the Gmail sidebar")
			}
			if s, ok := e.(string); ok {
				c.text(p, k, s)
			}
			if o, ok := e.(object); ok {
				c.field(p, k, o)
			}
			c.list(p, k, e)
			c.walk(p, e)
		}
	}
}

func (c *checker) field(path, key string, o object) {
	switch key {
	case "textParagraph", "decoratedText":
		c.need(path, o, "text")
	case "button":
		c.button(path, o)
	case "image":
		c.need(path, o, "imageUrl")
	case "selectionInput":
		c.need(path, o, "name", "type")
	case "textInput":
		c.need(path, o, "name", "label")
	case "dateTimePicker":
		c.need(path, o, "name", "type")
	case "onClick":
		c.click(path, o)
	case "action", "onChangeAction", "autoCompleteAction":
		f, _ := o["function"].(string)
		c.address(path+".function", f)
	case "openLink":
		c.link(path, o)
	}
}

func (c *checker) list(path, key string, v any) {
	items, ok := v.([]any)
	if !ok {
		return
	}
	if len(items) == 0 || len(items) > 100 {
		c.bad(path, "%d items", len(items))
	}
	for i, e := range items {
		o, _ := e.(object)
		p := fmt.Sprintf("%s[%d]", path, i)
		switch key {
		case "buttons":
			c.button(p, o)
		case "chips":
			c.need(p, o, "label")
		case "items":
			c.need(p, o, "text")
		case "parameters":
			c.need(p, o, "key")
		case "cardActions":
			c.need(p, o, "actionLabel")
			c.hasClick(p, o)
		}
	}
}

func (c *checker) button(path string, o object) {
	c.need(path, o, "text")
	c.hasClick(path, o)
}

func (c *checker) hasClick(path string, o object) {
	if _, ok := o["onClick"].(object); !ok {
		c.bad(path, "onClick is required")
	}
}

func (c *checker) click(path string, o object) {
	if len(o) != 1 {
		c.bad(path, "%d members in a union", len(o))
	}
	c.only(path, o, "action", "openLink")
}

func (c *checker) link(path string, o object) {
	c.only(path, o, "url", "openAs", "onClose")
	s, _ := o["url"].(string)
	if strings.HasPrefix(s, "mailto:") || strings.HasPrefix(s, "tel:") {
		return
	}
	c.address(path+".url", s)
}

// address accepts https, and http on this machine for the demo.
func (c *checker) address(path, s string) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		c.bad(path, "%q is no absolute address", s)
		return
	}
	local := u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
	if u.Scheme != "https" && !local {
		c.bad(path, "%q is not https", s)
	}
}

func (c *checker) text(path, key, s string) {
	for _, r := range s {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			c.bad(path, "holds %U", r)
		}
	}
	if contains(formatted, key) && !strings.Contains(path, "buttons[") && !strings.Contains(path, ".button.") && !strings.Contains(path, ".items[") {
		c.markup(path, s)
	}
	if key == "imageUrl" {
		c.address(path, s)
		if strings.HasSuffix(strings.ToLower(s), ".svg") {
			c.bad(path, "SVG is not shown")
		}
	}
}

// markup accepts the tags that the host draws, closed in order.
func (c *checker) markup(path, s string) {
	z := html.NewTokenizer(strings.NewReader(s))
	var open []string
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			break
		}
		t := z.Token()
		switch {
		case tt == html.TextToken:
		case t.Data == "br":
		case tt == html.StartTagToken && contains([]string{"b", "i", "u", "s"}, t.Data) && len(t.Attr) == 0:
			open = append(open, t.Data)
		case tt == html.EndTagToken && len(open) > 0 && open[len(open)-1] == t.Data:
			open = open[:len(open)-1]
		default:
			c.bad(path, "unexpected markup %q", t.String())
		}
	}
	if len(open) > 0 {
		c.bad(path, "unclosed <%s>", open[len(open)-1])
	}
}
