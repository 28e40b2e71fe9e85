package crm

import (
	"cmp"
	"slices"
)

// names are title and place of a meeting as all of a series have them, and as
// they were put last: what differs from that a person wrote, and it stays.
type names struct {
	Title string `json:"title,omitempty"`
	Place string `json:"place,omitempty"`

	PutTitle string `json:"put_title,omitempty"`
	PutPlace string `json:"put_place,omitempty"`
}

// named remembers title and place of a meeting as a revision says them.
func (r *Record) named() {
	title, place := r.Text("title"), r.Text("place")
	r.Values["named"] = lines([]names{{Title: title, Place: place, PutTitle: title, PutPlace: place}})[0]
}

// name gives a meeting title and place of the one of a series that it stands at,
// where that has its own.
func (r *Record) name(at Occurrence) {
	have := readLines[names]([]string{r.Text("named")})
	if len(have) == 0 { // of before this was kept
		return
	}
	n := have[0]
	if want := cmp.Or(at.Title, n.Title); want != n.PutTitle {
		r.Values["title"], n.PutTitle = want, want
	}
	if want := cmp.Or(at.Place, n.Place); want != n.PutPlace {
		put(r, "place", want, want != "")
		n.PutPlace = want
	}
	r.Values["named"] = lines([]names{n})[0]
}

// proposal is another time for a meeting, from somebody who is invited.
type proposal struct {
	Start Time    `json:"start"`
	End   Time    `json:"end,omitempty"`
	By    Address `json:"by"`
	At    Time    `json:"at"`
}

// propose keeps the latest proposal, whatever the order in which they come.
func (i *Invite) propose(r *Record) {
	p := proposal{Start: i.Start, By: i.From, At: i.Stamp}
	if i.End > i.Start {
		p.End = i.End
	}
	for _, have := range readLines[proposal]([]string{r.Text("counter")}) {
		if cmp.Or(cmp.Compare(p.At, have.At), cmp.Compare(p.Start, have.Start), cmp.Compare(p.End, have.End), cmp.Compare(p.By, have.By)) <= 0 {
			return
		}
	}
	r.Values["counter"] = lines([]proposal{p})[0]
}

// OpenProposal shows the time that was proposed for a meeting for as long as it
// is one: until the organizer says anew when it is, or it is at that time. Of a
// series none is shown.
func (r *Record) OpenProposal() {
	var p proposal
	for _, have := range readLines[proposal]([]string{r.Text("counter")}) {
		p = have
	}
	_, series := r.Series()
	invited := p.By != "" && (string(p.By) == r.Text("organizer") || slices.Contains(r.List("attendees"), string(p.By)))
	same := p.Start == r.When("started") && p.End == r.When("ends")
	open := p.Start != 0 && invited && !series && !same && r.Text("called_off") == "" && (r.Int("sequence") < 0 || p.At > r.When("stamped"))
	put(r, "proposed", p.Start, open)
	put(r, "proposed_ends", p.End, open && p.End != 0)
	put(r, "proposed_by", string(p.By), open)
}
