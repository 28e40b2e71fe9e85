package main

import "threadline/internal/page"

// sayLeft says which pictures of what was written do not go along, each reason
// once.
func (m *Main) sayLeft(left []page.Left) {
	said := map[page.Left]bool{}
	for _, why := range left {
		if said[why] {
			continue
		}
		said[why] = true
		switch why {
		case page.LeftWithin:
			m.say("Pictures within the text do not go along: attach them with --attach, or name their https:// address.")
		case page.LeftInsecure:
			m.say("Pictures at an http:// address do not go along, most programs would not load them: name an https:// address.")
		case page.LeftHidden:
			m.say("Pictures too small to be seen do not go along: they would only tell somebody else who reads the mail.")
		case page.LeftNowhere:
			m.say("Pictures that recipients could not load do not go along: attach them with --attach.")
		}
	}
}
