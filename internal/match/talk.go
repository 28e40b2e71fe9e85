package match

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// Member is a message of a conversation that is being decided.
type Member struct {
	*Reading
	Links   []crm.Link   // what Join gave: everything but deals and answers; taken over
	Answers []crm.Answer // what people said about it or its thread, in any order
	Hidden  bool         // not everybody may know of it: it decides nothing about others
}

// Decision is where a message belongs. Asked are the deals among which a person
// has to choose, the likeliest first; nothing is asked of a message that has a
// deal. Asks is set for one message of a conversation of which something is to
// be asked, the newest.
type Decision struct {
	Links []crm.Link
	Asked []crm.Link
	Asks  bool
}

// Choose decides to which deals the messages of one conversation belong, given in any
// order, and applies the answers of people. More than MaxThread messages are no
// conversation: each is decided by itself, and nothing is asked.
func Choose(members []Member) []Decision {
	out := make([]Decision, len(members))
	if len(members) > MaxThread {
		for i := range members {
			out[i] = Choose(members[i : i+1])[0]
			out[i].Asked, out[i].Asks = nil, false
		}
		return out
	}
	hidden := false
	for i := range members {
		m := &members[i]
		m.Answers = inOrder(inForce(m.d, m.m, m.Answers))
		hidden = hidden || m.Hidden
	}
	if hidden {
		apart(members, out)
	} else {
		settle(members, out)
	}
	if i := newestAsked(members, out); i >= 0 {
		out[i].Asks = true
	}
	return out
}

// apart decides where some messages are hidden: the others in the light of each
// other alone, and these in the light of all, because whoever knows of them
// sees the rest as well.
func apart(members []Member, out []Decision) {
	var open []int
	var seen []Member
	for i := range members {
		if m := members[i]; !m.Hidden {
			m.Links = slices.Clone(m.Links)
			open, seen = append(open, i), append(seen, m)
		}
	}
	settle(members, out)
	shown := make([]Decision, len(seen))
	settle(seen, shown)
	for k, i := range open {
		out[i] = shown[k]
	}
}

// newestAsked is the message that stands for the question of a conversation,
// one that is hidden only if need be; -1 when nothing is asked.
func newestAsked(members []Member, out []Decision) int {
	best := -1
	for i := range members {
		if len(out[i].Asked) == 0 {
			continue
		}
		if best < 0 || members[best].Hidden && !members[i].Hidden ||
			members[best].Hidden == members[i].Hidden && earlier(members[best].m, members[i].m) < 0 {
			best = i
		}
	}
	return best
}

func earlier(a, b *crm.Message) int {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID))
}

// settle decides for all members in the light of each other.
func settle(members []Member, out []Decision) {
	t := talk{members: members, out: out, meets: make([][]meeting, 0, len(members))}
	for i := range members {
		t.join(i, members[i].Links)
	}
	if len(t.deals) > 0 {
		t.choose()
	}
	for i := range members {
		links := set(members[i].Links)
		if l := t.linked(i); l != nil {
			links.add(*l)
			members[i].forbid(&links)
		}
		applyAnswers(&links, members[i].Answers)
		out[i].Links = links.sorted()
	}
}

// inForce leaves out answers that a deal has outlived: who chose a deal for a
// conversation while it was open did not speak of mail after its end.
func inForce(d *Directory, m *crm.Message, answers []crm.Answer) []crm.Answer {
	if len(d.Closed) == 0 || len(answers) == 0 {
		return answers
	}
	return slices.DeleteFunc(slices.Clone(answers), func(a crm.Answer) bool {
		closed := d.Closed[a.Record]
		return (a.Effect == crm.EffectLink || a.Effect == crm.EffectDeal) && a.Scope == crm.ScopeThread &&
			a.Message != m.ID && !slices.Contains(m.Was, a.Message) &&
			closed != 0 && a.At < closed && closed <= m.Date
	})
}

// talk is a conversation with the deals that its people and companies have.
type talk struct {
	members []Member
	out     []Decision
	order   []int       // members by date and id
	deals   []subject   // by id, open or not
	meets   [][]meeting // of each member
	text    bool        // the words were looked at
	words   [][]mention // of each member: for each deal what it names
	called  [][]bool    // of each member: whether it names the deal by a word that only that one has
	traces  [][]trace   // of each member: how it names each deal
	beside  []bearing   // of each member
	picked  []verdict   // of each member
}

// subject is a deal that the conversation may be about.
type subject struct {
	Deal
	terms  []term
	rarity []float64      // of each term: 1 when no other deal has it
	people []crm.RecordID // its contacts that take part anywhere in the conversation
}

// meeting is how a message and a deal have people in common.
type meeting struct {
	deal     crm.RecordID
	via      crm.RecordID // the contact or company that leads from one to the other
	main     bool         // a contact of the deal wrote, or was written to
	contacts []crm.RecordID
	company  bool
}

// verdict is what was decided for a message so far.
type verdict struct {
	deal   crm.RecordID // "" while open
	link   *crm.Link    // nil when a person said it
	person bool
	none   bool // a person said that there is no deal, or it is about one that is over
	past   bool // it is about one that is over
}

// join notes the deals of the linked people and companies of a message.
func (t *talk) join(i int, links set) {
	var meets []meeting
	m := &t.members[i]
	for k := range links {
		l := &links[k]
		kind := kindOf(l.Record)
		if kind != crm.KindContact && kind != crm.KindCompany {
			continue
		}
		for _, d := range m.d.DealsOf[l.Record] {
			k := slices.IndexFunc(meets, func(x meeting) bool { return x.deal == d.ID })
			if k < 0 {
				k, meets = len(meets), append(meets, meeting{deal: d.ID})
			}
			meets[k].take(l, kind, m.m.Direction)
			t.add(d, l.Record, kind)
		}
	}
	t.meets = append(t.meets, meets)
}

func (t *talk) add(d Deal, rec crm.RecordID, kind crm.Kind) {
	i, found := slices.BinarySearchFunc(t.deals, d.ID, func(s subject, id crm.RecordID) int { return cmp.Compare(s.ID, id) })
	if !found {
		t.deals = slices.Insert(t.deals, i, subject{Deal: d})
	}
	if kind == crm.KindContact && !slices.Contains(t.deals[i].people, rec) {
		t.deals[i].people = append(t.deals[i].people, rec)
	}
}

// meeting returns what the message and the deal have in common, nil for nothing.
func (t *talk) meeting(i int, deal crm.RecordID) *meeting {
	for k := range t.meets[i] {
		if t.meets[i][k].deal == deal {
			return &t.meets[i][k]
		}
	}
	return nil
}

// take adds a linked record that leads to the deal.
func (x *meeting) take(l *crm.Link, kind crm.Kind, dir crm.Direction) {
	if kind == crm.KindCompany {
		if len(x.contacts) == 0 && (!x.company || l.Record < x.via) {
			x.via = l.Record
		}
		x.company = true
		return
	}
	role := l.Evidence.Role
	main := role == crm.RoleFrom || role == crm.RoleSender || role == crm.RoleReplyTo || dir == crm.Outbound && role == crm.RoleTo
	if len(x.contacts) == 0 || main && !x.main || main == x.main && l.Record < x.via {
		x.via = l.Record
	}
	x.main = x.main || main
	if !slices.Contains(x.contacts, l.Record) {
		x.contacts = append(x.contacts, l.Record)
	}
}

// choose decides in order of time, each message in the light of those before;
// then what stayed open, in the light of those after.
func (t *talk) choose() {
	t.order = make([]int, len(t.members))
	for i := range t.order {
		t.order[i] = i
	}
	slices.SortFunc(t.order, func(a, b int) int { return earlier(t.members[a].m, t.members[b].m) })
	t.picked = make([]verdict, len(t.members))
	for i := range t.members {
		t.picked[i] = t.said(i)
	}
	t.matters()
	t.sweep(t.order, false)
	if len(t.order) > 1 {
		backwards := slices.Clone(t.order)
		slices.Reverse(backwards)
		t.sweep(backwards, true)
	}
}

// sweep decides what is still open, remembering the last decided message. On
// the way back that is what a later one may change.
func (t *talk) sweep(order []int, back bool) {
	last := -1
	for k, i := range order {
		if p := &t.picked[i]; p.deal == "" && !p.none && (!back || last >= 0) {
			if !back && k > 0 && t.picked[order[k-1]].past && !t.namesAny(i) {
				p.none, p.past = true, true // an answer goes on with what it answers
				continue
			}
			p.link, t.out[i].Asked, p.past = t.weigh(i, last)
			p.none = p.past
			if p.link != nil {
				p.deal = p.link.Record
			}
		}
		if t.picked[i].deal != "" {
			last = i
		}
	}
}

// said is what a person decided, by a rule or an answer.
func (t *talk) said(i int) verdict {
	links, answers := set(t.members[i].Links), t.members[i].Answers
	if len(answers) > 0 {
		links = slices.Clone(links)
		applyAnswers(&links, answers)
	}
	for _, l := range links {
		if kindOf(l.Record) == crm.KindDeal {
			return verdict{deal: l.Record, person: true}
		}
	}
	none := false
	for _, a := range answers {
		if a.Effect == crm.EffectDeal {
			none = a.Record == ""
		}
	}
	return verdict{none: none}
}

func (t *talk) linked(i int) *crm.Link {
	if t.picked == nil {
		return nil
	}
	return t.picked[i].link
}

// refused tells whether a person took the deal away from the message.
func (t *talk) refused(i int, deal crm.RecordID) bool {
	last := false
	for _, a := range t.members[i].Answers {
		if a.Record == deal {
			last = a.Effect == crm.EffectNever
		}
	}
	return last || t.members[i].forbids(deal)
}

// forbids tells whether a rule of a person keeps the record away.
func (r *Reading) forbids(rec crm.RecordID) bool {
	return slices.ContainsFunc(r.standing(), func(x standing) bool { return x.Record == rec && x.Effect == crm.EffectNever })
}

// outside tells whether anybody takes part who may match.
func (r *Reading) outside() bool {
	return slices.ContainsFunc(r.parties, func(p party) bool { return !p.dropped })
}

// names are the words that stand in all mail of these people: what the addresses
// and domains of those are made of who are known.
func (t *talk) names() []string {
	seen := map[string]bool{}
	for i := range t.members {
		for k := range t.members[i].parties {
			p := &t.members[i].parties[k]
			if !slices.ContainsFunc(t.members[i].Links, func(l crm.Link) bool {
				return l.Evidence.Address == p.Address || l.Evidence.Domain != "" && (l.Evidence.Domain == p.own || l.Evidence.Domain == p.registered)
			}) {
				continue
			}
			label, _, _ := strings.Cut(string(p.registered), ".")
			words := append(strings.Split(label, "-"), strings.ReplaceAll(label, "-", ""))
			words = append(words, strings.FieldsFunc(p.Address.Local(), func(r rune) bool { return strings.ContainsRune("._-+", r) })...)
			for _, w := range words {
				seen[crm.Fold(w)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
