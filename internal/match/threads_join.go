package match

import (
	"slices"

	"threadline/internal/crm"
)

// bond is what two messages have to have in common.
type bond struct {
	ref   crm.RFCID
	with  crm.Token // participant outside, "" for mail among ourselves
	label int
}

// people joins the messages that people wrote.
func (t *talks) people() {
	first := map[bond]int{}
	for i := range t.in {
		n := &t.in[i]
		if robot(n.Class) {
			continue
		}
		if p := t.parent[i]; p >= 0 {
			t.join(i, p)
		}
		for _, ref := range n.Refs {
			if o := t.owner(i, ref, false); o >= 0 {
				t.join(i, o)
			} else {
				t.bind(first, i, ref, t.label[i])
			}
		}
		if n.RFCID != "" {
			t.bind(first, i, n.RFCID, t.label[i])
		}
	}
}

// join unites two messages unless something was cut between them.
func (t *talks) join(a, b int) {
	if t.label[a] == t.label[b] {
		t.unite(a, b)
	}
}

// bind unites a message with those that have the same bond.
func (t *talks) bind(first map[bond]int, i int, ref crm.RFCID, label int) {
	with := t.in[i].Outside
	if len(with) == 0 {
		with = []crm.Token{""}
	}
	for _, token := range with {
		b := bond{ref, token, label}
		if o, known := first[b]; known {
			t.unite(i, o)
		} else {
			first[b] = i
		}
	}
}

// robots joins robots with their like, then each such group with the one
// conversation of people that it is about. Where there are several, each
// message goes to its own; nobody is joined by it.
func (t *talks) robots() {
	var all []int
	first := map[bond]int{}
	for i := range t.in {
		n := &t.in[i]
		if !robot(n.Class) {
			continue
		}
		all = append(all, i)
		if n.Class == crm.ClassBounce {
			continue // many are of one daemon
		}
		for _, ref := range n.Refs {
			t.bind(first, i, ref, -1)
		}
		if n.RFCID != "" {
			t.bind(first, i, n.RFCID, -1)
		}
	}
	t.attach(all, t.wanted(all))
}

// wanted lists the conversations that each group of robots is about, by what
// its messages name and by who answered them.
func (t *talks) wanted(robots []int) map[int][]int {
	out := map[int][]int{}
	want := func(robot, person int) {
		g, talk := t.find(robot), t.find(person)
		if !slices.Contains(out[g], talk) {
			out[g] = append(out[g], talk)
		}
	}
	for _, i := range robots {
		if o := t.about(i); o >= 0 {
			want(i, o)
		}
	}
	for i := range t.in {
		if robot(t.in[i].Class) {
			continue
		}
		for _, ref := range t.in[i].Refs {
			if o := t.owner(i, ref, true); o >= 0 && t.share(i, o) {
				want(o, i)
			}
		}
	}
	return out
}

// about is the message of a person that a robot's message names: any for a
// bounce, else one with which it shares a participant.
func (t *talks) about(i int) int {
	n := &t.in[i]
	o := t.latest(i, n.Direct, false)
	if o < 0 {
		o = t.latest(i, n.Refs, false)
	}
	if o >= 0 && (n.Class == crm.ClassBounce || t.share(i, o)) {
		t.parent[i] = o
		return o
	}
	if n.Class == crm.ClassBounce {
		if o = t.latest(i, n.Refs, true); o >= 0 {
			t.parent[i] = o
		}
	}
	return -1
}

// attach moves robots to the conversations they are about. All decisions are
// made before anything is moved.
func (t *talks) attach(robots []int, wanted map[int][]int) {
	to := make(map[int]int, len(robots))
	for _, i := range robots {
		switch talks := wanted[t.find(i)]; {
		case len(talks) == 1:
			to[i] = talks[0]
		case t.parent[i] >= 0 && !robot(t.in[t.parent[i]].Class):
			to[i] = t.find(t.parent[i])
		}
	}
	for _, i := range robots { // a bounce goes with the bulk mail that it is about
		if p := t.parent[i]; p >= 0 && robot(t.in[p].Class) && t.in[p].Class != crm.ClassBounce {
			if talk, moved := to[p]; moved {
				to[i] = talk
			} else {
				to[i] = t.find(p)
			}
		}
	}
	for _, i := range robots {
		t.label[i] = t.find(i)
	}
	for i, talk := range to {
		t.label[i] = talk
	}
}

// seats names the conversations by their smallest id.
func (t *talks) seats() []Seat {
	talk := make([]int, len(t.in))
	names := map[int]crm.ThreadID{}
	for i := range t.in {
		talk[i] = t.find(i)
		if robot(t.in[i].Class) {
			talk[i] = t.label[i]
		}
		id := crm.ThreadID(t.in[i].ID)
		if have, ok := names[talk[i]]; !ok || id < have {
			names[talk[i]] = id
		}
	}
	out := make([]Seat, len(t.in))
	for i := range t.in {
		out[i] = Seat{Talk: names[talk[i]], Orphan: t.orphan[i]}
		p := t.parent[i]
		if p < 0 {
			continue
		}
		out[i].Parent = t.in[p].ID
		if t.in[i].Forward && names[talk[p]] != out[i].Talk {
			out[i].Origin = t.in[p].ID
		}
	}
	return out
}
