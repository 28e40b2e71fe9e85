package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/match"
	"threadline/internal/store"
)

// nodeOf is a message as the rules of conversations see it. Seek holds the
// addresses of exactly the participants outside.
func nodeOf(m *crm.Message) match.Node {
	n := match.Node{ID: m.ID, RFCID: m.RFCID, Direct: m.InReplyTo, Date: m.Date, Class: m.Class, Topic: topicOf(m)}
	for _, id := range m.Mentions {
		if id != m.RFCID {
			n.Refs = append(n.Refs, id)
		}
	}
	lists := listsOf(m)
	switch mail.SubjectPrefix(m.Subject, lists...) {
	case mail.PrefixReply:
		n.Reply = true
	case mail.PrefixForward:
		n.Forward = true
	}
	for _, t := range m.Seek {
		if strings.HasPrefix(string(t), "a:") && takesPart(m, t.Address()) {
			n.Outside = append(n.Outside, t)
		}
	}
	n.Near = n.Outside
	if len(lists) > 0 {
		n.Near = slices.DeleteFunc(slices.Clone(n.Outside), func(t crm.Token) bool { return slices.Contains(lists, t.Address().Local()) })
	}
	return n
}

// takesPart tells whether an address is more than one to which answers go: forms
// and campaigns have one for all who write.
func takesPart(m *crm.Message, a crm.Address) bool {
	answers := false
	for i := range m.Participants {
		if p := &m.Participants[i]; p.Address == a {
			if p.Role != crm.RoleReplyTo {
				return true
			}
			answers = true
		}
	}
	return !answers
}

// listsOf names the mailing lists of which a subject tells in brackets: a list is
// called like its address, or as its header says (RFC 2919 §3).
func listsOf(m *crm.Message) []string {
	tag := mail.Tag(m.Subject)
	if tag == "" {
		return nil
	}
	var out []string
	for _, p := range m.Participants {
		if local := p.Address.Local(); local == tag {
			out = append(out, local)
		}
	}
	for _, h := range m.Heads {
		if h.Name != "list-id" {
			continue
		}
		phrase, id, _ := strings.Cut(strings.ToLower(h.Value), "<")
		name, _, _ := strings.Cut(id, ".")
		if name == tag || strings.Trim(phrase, " \"") == tag {
			out = append(out, tag, name)
		}
	}
	return out
}

// topicOf is a short hash of what the subject is about, "" for nothing and for
// mail that no subject places.
func topicOf(m *crm.Message) string {
	if m.Class == crm.ClassBulk || m.Class == crm.ClassNotification || m.Class == crm.ClassBounce {
		return ""
	}
	topic := mail.Topic(m.Subject, listsOf(m)...)
	if topic == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(topic))
	return hex.EncodeToString(sum[:8])
}

// talk is the part of a thread that is one conversation.
type talk struct {
	part    crm.ThreadID // "" when it is called like the thread
	seats   map[crm.MessageID]match.Seat
	stays   bool          // the messages have their places already
	whole   *conversation // the thread
	answers []crm.Answer  // what people said of its messages
	fates
}

// divide sorts the messages of each thread into conversations.
func divide(ctx context.Context, r store.Reader, threads []*conversation, drafts map[crm.MessageID]*Draft, p *proposal) ([]*conversation, error) {
	said, fates, err := answers(ctx, r, threads, p)
	if err != nil {
		return nil, err
	}
	var out []*conversation
	for _, c := range threads {
		c.talk = talk{whole: c, answers: said[c], fates: fates}
		switch {
		case len(c.members) > match.MaxThread:
			out = append(out, c)
		case c.still(drafts):
			out = append(out, c.parts()...)
		default:
			out = append(out, c.divide()...)
		}
	}
	return out, nil
}

// still tells whether nothing changed on which the conversations of a thread hang:
// then they are as they were when the last of it arrived.
func (c *conversation) still(drafts map[crm.MessageID]*Draft) bool {
	if len(c.talk.answers) > 0 || len(c.roots) != 1 || !c.roots[c.id] {
		return false
	}
	for id, m := range c.members {
		was := m
		if d := drafts[id]; d != nil {
			if was = d.Old; !d.Settled || !slices.Equal(m.Seek, was.Seek) {
				return false
			}
		}
		if was.Answered || was.RuleSet != crm.RuleSet {
			return false
		}
	}
	return true
}

// parts are the conversations of a thread as they are stored.
func (c *conversation) parts() []*conversation {
	by := map[crm.ThreadID]*conversation{}
	for id, m := range c.members {
		t := by[m.Part]
		if t == nil {
			t = &conversation{id: c.id, members: map[crm.MessageID]*crm.Message{}, talk: talk{stays: true, whole: c, fates: c.talk.fates}}
			by[m.Part] = t
		}
		t.members[id] = m
	}
	out := make([]*conversation, 0, len(by))
	for _, part := range keys(by) {
		out = append(out, by[part])
	}
	return out
}

// divide makes the conversations of a thread. The first takes the names over
// that the thread has lost.
func (c *conversation) divide() []*conversation {
	ids, seats := keys(c.members), c.seats()
	by := map[crm.ThreadID]*conversation{}
	for i, id := range ids {
		t := by[seats[i].Talk]
		if t == nil {
			t = &conversation{id: c.id, members: map[crm.MessageID]*crm.Message{}, talk: talk{seats: map[crm.MessageID]match.Seat{}, whole: c, fates: c.talk.fates}}
			if seats[i].Talk != c.id {
				t.talk.part = seats[i].Talk
			}
			by[seats[i].Talk] = t
		}
		t.members[id] = c.members[id]
		t.talk.seats[id] = seats[i]
	}
	var out []*conversation
	for i, id := range keys(by) {
		if i == 0 {
			by[id].roots = c.roots
		}
		known := by[id].known()
		for _, a := range c.talk.answers {
			if known[a.Message] != "" {
				by[id].talk.answers = append(by[id].talk.answers, a)
			}
		}
		out = append(out, by[id])
	}
	return out
}

// seats gives each message, in order of id, its place.
func (c *conversation) seats() []match.Seat {
	known, split := c.known(), map[crm.MessageID]bool{}
	for _, a := range c.talk.answers {
		if a.Effect == crm.EffectSplit {
			split[known[a.Message]] = true
		}
	}
	ids := keys(c.members)
	nodes := make([]match.Node, len(ids))
	for i, id := range ids {
		nodes[i] = nodeOf(c.members[id])
		nodes[i].Split = split[id]
	}
	return match.Threads(nodes)
}

// known finds a message by its id, and by those that it had.
func (c *conversation) known() map[crm.MessageID]crm.MessageID {
	out := map[crm.MessageID]crm.MessageID{}
	for _, id := range keys(c.members) {
		for _, was := range c.members[id].Was {
			out[was] = id
		}
	}
	for id := range c.members {
		out[id] = id
	}
	return out
}

// seat puts a message into its conversation.
func (t *talk) seat(m *crm.Message) {
	m.Turn, m.Wait = "", nil
	if t.stays {
		return
	}
	s := t.seats[m.ID]
	m.Part, m.Origin = t.part, s.Origin
	m.Topic = topicOf(m)
	switch {
	case m.Topic == "":
	case s.Orphan:
		m.Topic = crm.TopicOrphan + m.Topic
	default:
		m.Topic = crm.TopicKnown + m.Topic
	}
}

// recent are the newest members, of which as many are looked at as make a
// conversation.
func recent(members []*crm.Message) []*crm.Message {
	if len(members) <= match.MaxThread {
		return members
	}
	out := slices.Clone(members)
	slices.SortFunc(out, func(a, b *crm.Message) int { return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(b.ID, a.ID)) })
	return out[:match.MaxThread]
}

// turn marks the message that decides whose turn it is.
func (c *conversation) turn(members []*crm.Message) {
	var done map[crm.MessageID]bool
	if len(c.talk.answers) > 0 {
		known := c.known()
		done = map[crm.MessageID]bool{}
		for _, a := range c.talk.answers {
			if a.Effect == crm.EffectDone {
				done[known[a.Message]] = true
			}
		}
	}
	d := match.Decide(members, done)
	if d.By != nil {
		d.By.Turn, d.By.Wait = d.Turn, d.Wait()
	}
}

func sameTalk(a, b *crm.Message) bool {
	return a.Part == b.Part && a.Origin == b.Origin && a.Topic == b.Topic && a.Turn == b.Turn && slices.Equal(a.Wait, b.Wait)
}

// pointers notes what the newest messages of a thread that is no conversation pass
// on, where that is among them.
func pointers(members []*crm.Message) {
	nodes := make([]match.Node, len(members))
	forwards := false
	for i, m := range members {
		nodes[i] = nodeOf(m)
		forwards = forwards || nodes[i].Forward
	}
	if !forwards {
		return
	}
	for i, s := range match.Threads(nodes) {
		if nodes[i].Forward {
			members[i].Origin = s.Parent
		}
	}
}

// Conversation returns the messages of a message's conversation, itself among
// them, and its present name. Of a thread of more than match.MaxThread messages,
// which is no conversation, it returns the newest.
func Conversation(ctx context.Context, r store.Reader, m *crm.Message) (crm.ThreadID, []crm.Message, error) {
	n := names{r: r, into: map[crm.ThreadID]crm.ThreadID{}}
	if err := n.load(ctx, []crm.ThreadID{m.Thread}); err != nil {
		return "", nil, err
	}
	all, err := Members(ctx, r, n.root(m.Thread), match.MaxThread)
	if !slices.ContainsFunc(all, func(o crm.Message) bool { return o.ID == m.ID }) {
		all = append(all[:min(len(all), match.MaxThread-1)], *m)
	}
	return m.Talk(n.root), slices.DeleteFunc(all, func(o crm.Message) bool { return o.Part != m.Part }), err
}

// SubjectChanges are the messages of a conversation that are about something else
// than what they answer: a person may want to split it there. Of a part of a long
// thread, what they answer is looked for; known tells what may be.
func SubjectChanges(ctx context.Context, r store.Reader, conversation []crm.Message, known func(*crm.Message) bool) (map[crm.MessageID]bool, error) {
	at := make(map[crm.MessageID]*match.Node, len(conversation))
	nodes := make([]match.Node, 0, len(conversation))
	for i := range conversation {
		nodes = append(nodes, nodeOf(&conversation[i]))
	}
	if len(conversation) >= match.MaxThread { // not all of the thread
		more, err := answered(ctx, r, conversation)
		if err != nil {
			return nil, err
		}
		for i := range more {
			if known(&more[i]) {
				nodes = append(nodes, nodeOf(&more[i]))
			}
		}
	}
	for i := range nodes {
		at[nodes[i].ID] = &nodes[i]
	}
	out := map[crm.MessageID]bool{}
	for i, s := range match.Threads(nodes) {
		if s.Parent != "" && match.SubjectChanged(at[s.Parent], &nodes[i]) {
			out[nodes[i].ID] = true
		}
	}
	return out, nil
}

// answered finds what messages answer directly and is not among them: as far as
// one page for thirty of them tells.
func answered(ctx context.Context, r store.Reader, some []crm.Message) ([]crm.Message, error) {
	have, want := map[crm.RFCID]bool{}, map[crm.RFCID]bool{}
	for i := range some {
		have[some[i].RFCID] = true
	}
	for i := range some {
		for _, id := range some[i].InReplyTo {
			if !have[id] {
				want[id] = true
			}
		}
	}
	var out []crm.Message
	for chunk := range chunks(keys(want), 30) {
		page, err := store.Messages.Query(ctx, r, store.Query{Where: []store.Filter{store.HasAny("mentions", chunk)}, Limit: store.MaxLimit})
		if err != nil {
			return nil, err
		}
		for _, m := range page.Values() {
			if want[m.RFCID] && !slices.ContainsFunc(some, func(o crm.Message) bool { return o.ID == m.ID }) {
				out = append(out, m)
			}
		}
	}
	return out, nil
}
