package card

import "encoding/json"

// cut is a section while it is being fitted: how many widgets it still has.
type cut struct {
	Section
	keep int
}

// fit gives a card its sections, at least one, and returns its JSON within the
// limits. A menu too large for even an empty card goes last.
func fit(c *cardJSON, sections []Section) []byte {
	var cuts []*cut
	for _, s := range sections {
		if len(s.widgets) > 0 {
			cuts = append(cuts, &cut{s, min(len(s.widgets), MaxWidgets)})
		}
	}
	for {
		c.Sections = render(cuts)
		if count(c.Sections) <= MaxWidgets {
			if b := encode(c); len(b) <= MaxBytes {
				return b
			}
		}
		if !shrink(cuts) {
			c.CardActions = nil
			return encode(c)
		}
	}
}

// shrink takes one widget away. It tells whether there was one.
func shrink(cuts []*cut) bool {
	for i := len(cuts) - 1; i >= 0; i-- {
		if s := cuts[i]; s.more != nil && s.keep > 0 {
			s.keep--
			return true
		}
	}
	for i := len(cuts) - 1; i >= 0; i-- {
		s := cuts[i]
		if s.more == nil && s.keep > 0 {
			s.keep--
			return true
		}
	}
	return false
}

func render(cuts []*cut) []*sectionJSON {
	var out []*sectionJSON
	for _, s := range cuts {
		widgets := s.widgets[:s.keep:s.keep]
		if hidden := len(s.widgets) - s.keep; hidden > 0 && s.more != nil {
			widgets = append(widgets, Paragraph(s.more(hidden)).w)
		}
		if len(widgets) == 0 {
			continue
		}
		j := &sectionJSON{Header: s.header.html, Widgets: widgets}
		if s.shown > 0 && s.shown < len(widgets) {
			j.Collapsible, j.UncollapsibleWidgetsCount = true, s.shown
		}
		out = append(out, j)
	}
	if out == nil {
		out = []*sectionJSON{{Widgets: []*widgetJSON{Paragraph(Text{}).w}}}
	}
	return out
}

func count(sections []*sectionJSON) int {
	n := 0
	for _, s := range sections {
		n += len(s.Widgets)
	}
	return n
}

// encode writes a part of an answer. Our own structs of strings and numbers
// always encode.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("card: " + err.Error())
	}
	return b
}
