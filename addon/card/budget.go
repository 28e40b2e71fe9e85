package card

import "encoding/json"

// cut is a section while it is being fitted: how many widgets it still has.
type cut struct {
	Section
	keep int
}

// fit returns the sections of a card within its limits, at least one. A menu
// that is too large by itself goes first.
func fit(c *cardJSON, sections []Section) []*sectionJSON {
	if size(c) > MaxBytes {
		c.CardActions = nil
	}
	var cuts []*cut
	for _, s := range sections {
		if len(s.widgets) > 0 {
			cuts = append(cuts, &cut{s, min(len(s.widgets), MaxWidgets)})
		}
	}
	for {
		c.Sections = render(cuts)
		if count(c.Sections) <= MaxWidgets && size(c) <= MaxBytes || !shrink(cuts) {
			return c.Sections
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

// size is the length of the card as it is sent. Encoding our own structs of
// strings and numbers cannot fail.
func size(c *cardJSON) int {
	b, err := json.Marshal(c)
	if err != nil {
		return MaxBytes + 1
	}
	return len(b)
}
