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

// Proposal is another time for a meeting, from somebody who is invited.
type Proposal struct {
	Start Time    `json:"start"`
	End   Time    `json:"end,omitempty"`
	By    Address `json:"by"`
	Of    Time    `json:"of,omitempty"`     // the one of a series that it is about, by when it was to be
	Whole bool    `json:"series,omitempty"` // it is about all of a series
}

// counter is the latest proposal as it is kept.
type counter struct {
	Start Time    `json:"start"`
	End   Time    `json:"end,omitempty"`
	By    Address `json:"by"`
	At    Time    `json:"at"`
	Of    Time    `json:"of,omitempty"`
}

// propose keeps the latest proposal, whatever the order in which they come.
func (i *Invite) propose(r *Record) {
	c := counter{Start: i.Start, By: i.From, At: i.Stamp, Of: i.Planned}
	if i.End > i.Start {
		c.End = i.End
	}
	have := r.counter()
	if cmp.Or(cmp.Compare(c.At, have.At), cmp.Compare(c.Start, have.Start), cmp.Compare(c.End, have.End), cmp.Compare(c.By, have.By), cmp.Compare(c.Of, have.Of)) > 0 {
		r.Values["counter"] = lines([]counter{c})[0]
	}
}

func (r *Record) counter() counter {
	for _, c := range readLines[counter]([]string{r.Text("counter")}) {
		return c
	}
	return counter{}
}

// OpenProposal shows the time that was proposed for a meeting for as long as it
// is one: until the organizer says anew when it is, it is at that time, or the one
// of a series that it is about is over.
func (r *Record) OpenProposal() {
	c := r.counter()
	invited := c.By != "" && (string(c.By) == r.Text("organizer") || slices.Contains(r.List("attendees"), string(c.By)))
	s, series := r.Series()
	open := c.Start != 0 && invited && r.Text("called_off") == "" && (r.Int("sequence") < 0 || c.At > r.When("stamped"))
	switch {
	case c.Of != 0:
		open = open && c.opens(s, r.When("started"))
	case series:
		open = open && (c.Start != s.Start || c.End != s.End)
	default:
		open = open && (c.Start != r.When("started") || c.End != r.When("ends"))
	}
	put(r, "proposed", c.Start, open)
	put(r, "proposed_ends", c.End, open && c.End != 0)
	put(r, "proposed_by", string(c.By), open)
	put(r, "proposed_of", c.Of, open && c.Of != 0)
}

// opens tells whether one of a series is to come, at another time than is proposed,
// and of which the organizer has said nothing since. stands is where the series is.
func (c counter) opens(s Series, stands Time) bool {
	at := c.Of
	for _, o := range s.Changed {
		if o.Planned != c.Of {
			continue
		}
		if o.Cancelled || o.Stamp >= c.At {
			return false
		}
		at = o.Start
	}
	return at >= stands && c.Start != at
}

// Proposed is the time that is proposed for a meeting, nil for none. Only that of a
// single meeting can be taken over by changing the meeting: see Alone.
func (r *Record) Proposed() *Proposal {
	if r.When("proposed") == 0 {
		return nil
	}
	p := &Proposal{Start: r.When("proposed"), End: r.When("proposed_ends"), By: Address(r.Text("proposed_by")), Of: r.When("proposed_of")}
	_, series := r.Series()
	p.Whole = series && p.Of == 0
	return p
}

// Alone tells whether a proposal is about a single meeting.
func (p *Proposal) Alone() bool { return p.Of == 0 && !p.Whole }
