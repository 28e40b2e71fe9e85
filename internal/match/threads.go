package match

import (
	"cmp"
	"slices"
	"time"

	"threadline/internal/crm"
)

// Node is a message as the rules of conversations see it.
type Node struct {
	ID      crm.MessageID
	RFCID   crm.RFCID
	Direct  []crm.RFCID // In-Reply-To
	Refs    []crm.RFCID // In-Reply-To and References
	Date    crm.Time
	Class   crm.Class
	Topic   string      // what the subject is about, "" for nothing
	Reply   bool        // the subject says that it answers
	Forward bool        // the subject says that it passes something on
	Outside []crm.Token // addresses of the participants outside
	Near    []crm.Token // those of them who are no mailing list
	Split   bool        // a person said that another conversation begins here
}

// Seat is where a message has its place.
type Seat struct {
	Talk   crm.ThreadID  // smallest id of the conversation
	Parent crm.MessageID // what it answers or passes on, "" if that is not here
	Origin crm.MessageID // Parent, if that is in another conversation because this one passes it on
	Orphan bool          // it answers something and that is not here
}

// SubjectReach is how long after a mail its subject still says that an answer
// without references belongs to it.
const SubjectReach = 30 * 24 * time.Hour

// Threads sorts messages into conversations. It is a pure function of the set:
// the order of the nodes decides nothing.
//
//   - A message belongs to what its References and In-Reply-To name. When nothing
//     of that is here, and its subject says that it is an answer, it belongs to
//     the latest mail with that subject of the 30 days before that shares a
//     participant outside; a mailing list is none. Reply-To is no evidence.
//   - Answers to mail that is not here, and messages with one Message-ID, belong
//     together if they share a participant outside.
//   - A person's split, and passing something on, begin another conversation,
//     which takes along what answers it.
//   - Bulk mail, notifications and bounces join nobody: they are with what they
//     are about, or with others of their like that share a participant outside.
func Threads(nodes []Node) []Seat {
	t := newTalks(nodes)
	t.parents()
	t.cut()
	t.people()
	t.robots()
	return t.seats()
}

// talks is the work on one set, with the nodes in order of date.
type talks struct {
	in     []Node
	order  []int // positions in in, by date and id
	owners map[crm.RFCID][]int
	shares []map[crm.Token]bool // by position
	parent []int                // -1: none
	label  []int                // the message with which its conversation was cut off, -1: none
	group  []int                // union of conversations
	orphan []bool
}

func newTalks(nodes []Node) *talks {
	n := len(nodes)
	t := &talks{in: nodes, order: make([]int, n), owners: map[crm.RFCID][]int{}, shares: make([]map[crm.Token]bool, n),
		parent: make([]int, n), label: make([]int, n), group: make([]int, n), orphan: make([]bool, n)}
	for i := range nodes {
		t.order[i], t.parent[i], t.label[i], t.group[i] = i, -1, -1, i
		t.shares[i] = make(map[crm.Token]bool, len(nodes[i].Outside))
		for _, token := range nodes[i].Outside {
			t.shares[i][token] = true
		}
	}
	slices.SortFunc(t.order, func(a, b int) int { return t.compare(a, b) })
	for _, i := range t.order {
		if id := nodes[i].RFCID; id != "" {
			t.owners[id] = append(t.owners[id], i)
		}
	}
	return t
}

func (t *talks) compare(a, b int) int {
	return cmp.Or(cmp.Compare(t.in[a].Date, t.in[b].Date), cmp.Compare(t.in[a].ID, t.in[b].ID))
}

// robot tells whether nobody wrote the message to somebody.
func robot(c crm.Class) bool {
	return c == crm.ClassBulk || c == crm.ClassNotification || c == crm.ClassBounce
}

func (t *talks) share(a, b int) bool {
	if len(t.shares[a]) > len(t.shares[b]) {
		a, b = b, a
	}
	for token := range t.shares[a] {
		if t.shares[b][token] {
			return true
		}
	}
	return false
}

// owner finds who is meant by a reference: of several messages with the id, one
// that shares a participant, then the earliest. -1: nobody, or only robots
// unless they are asked for.
func (t *talks) owner(of int, ref crm.RFCID, robots bool) int {
	found := -1
	for _, o := range t.owners[ref] {
		if o == of || t.in[o].RFCID == t.in[of].RFCID || robot(t.in[o].Class) != robots {
			continue
		}
		if t.share(of, o) {
			return o
		}
		if found < 0 {
			found = o
		}
	}
	return found
}

// latest is the last of the messages that the references name.
func (t *talks) latest(of int, refs []crm.RFCID, robots bool) int {
	best := -1
	for _, ref := range refs {
		if o := t.owner(of, ref, robots); o >= 0 && (best < 0 || t.compare(o, best) > 0) {
			best = o
		}
	}
	return best
}

// parents finds what each message answers. A ring of references is cut where
// its latest message would close it.
func (t *talks) parents() {
	for at, i := range t.order {
		n := &t.in[i]
		p := t.latest(i, n.Direct, false)
		if p < 0 {
			p = t.latest(i, n.Refs, false)
		}
		if robot(n.Class) {
			continue
		}
		t.orphan[i] = n.Reply && n.Topic != "" && p < 0 && t.latest(i, n.Refs, true) < 0
		if t.orphan[i] {
			p = t.bySubject(at)
		}
		if p >= 0 && !t.above(p, i) {
			t.parent[i] = p
		}
	}
}

// above tells whether the line of a message leads to another one.
func (t *talks) above(from, to int) bool {
	for i := from; i >= 0; i = t.parent[i] {
		if i == to {
			return true
		}
	}
	return false
}

// bySubject finds what an answer without references belongs to.
func (t *talks) bySubject(at int) int {
	of := t.order[at]
	for k := at - 1; k >= 0; k-- {
		i := t.order[k]
		if !BySubject(&t.in[i], &t.in[of]) {
			if t.in[of].Date > t.in[i].Date.Add(SubjectReach) {
				return -1
			}
			continue
		}
		return i
	}
	return -1
}

// BySubject tells whether the subject of an answer of which nothing else is
// known may mean that mail.
func BySubject(mail, answer *Node) bool {
	return answer.Reply && answer.Topic != "" && mail.Topic == answer.Topic && mail.ID != answer.ID && !robot(mail.Class) &&
		!robot(answer.Class) && mail.Date <= answer.Date && answer.Date <= mail.Date.Add(SubjectReach) &&
		slices.ContainsFunc(mail.Near, func(x crm.Token) bool { return slices.Contains(answer.Near, x) })
}

// SubjectChanged tells whether an answer is about something else than what it
// answers: a person may want to split the conversation there.
func SubjectChanged(mail, answer *Node) bool {
	return !answer.Split && !answer.Forward && !robot(answer.Class) && answer.Class != crm.ClassAutoReply &&
		answer.Topic != "" && mail.Topic != "" && answer.Topic != mail.Topic
}

// cut labels the messages with the innermost split or forward above them.
func (t *talks) cut() {
	done := make([]bool, len(t.in))
	var label func(i int) int
	label = func(i int) int {
		if done[i] {
			return t.label[i]
		}
		done[i] = true
		switch n := &t.in[i]; {
		case robot(n.Class):
		case n.Split, n.Forward && len(n.Refs) > 0:
			t.label[i] = i
		case t.parent[i] >= 0:
			t.label[i] = label(t.parent[i])
		}
		return t.label[i]
	}
	for i := range t.in {
		label(i)
	}
}

func (t *talks) find(i int) int {
	for t.group[i] != i {
		t.group[i] = t.group[t.group[i]]
		i = t.group[i]
	}
	return i
}

func (t *talks) unite(a, b int) { t.group[t.find(a)] = t.find(b) }
