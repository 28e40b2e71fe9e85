package ledger

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// subjects finds the answers that only their subject places, and what they may
// answer, among the mail at hand and in the store.
type subjects struct {
	thread  map[crm.MessageID]*conversation // of the mail at hand
	nodes   map[crm.MessageID]match.Node
	found   map[crm.MessageID]*crm.Message
	mails   map[string][]crm.MessageID // mail at hand, by topic
	orphans map[string][]crm.MessageID // answers at hand to what is not here, by topic
	pairs   [][2]crm.MessageID
}

// bySubject joins the threads between which nothing but a subject tells.
func bySubject(ctx context.Context, r store.Reader, n *names, threads []*conversation, drafts []*Draft) ([]*conversation, error) {
	s := &subjects{thread: map[crm.MessageID]*conversation{}, nodes: map[crm.MessageID]match.Node{},
		found: map[crm.MessageID]*crm.Message{}, mails: map[string][]crm.MessageID{}, orphans: map[string][]crm.MessageID{}}
	for _, c := range threads {
		for id := range c.members {
			s.thread[id] = c
		}
	}
	s.sort(drafts)
	if err := s.look(ctx, r); err != nil {
		return nil, err
	}
	s.pair()
	if len(s.pairs) == 0 {
		return threads, nil
	}
	return s.unite(ctx, r, n, threads, drafts)
}

// sort notes what the drafts may answer, or be answered by.
func (s *subjects) sort(drafts []*Draft) {
	for _, d := range drafts {
		if d.Settled {
			continue // whatever answers by its subject is in its thread
		}
		n := nodeOf(d.Message)
		c := s.thread[n.ID]
		if n.Topic == "" || c == nil || len(c.members) > match.MaxThread {
			continue
		}
		s.nodes[n.ID] = n
		s.mails[n.Topic] = append(s.mails[n.Topic], n.ID)
		if n.Reply && !c.holds(n) {
			s.orphans[n.Topic] = append(s.orphans[n.Topic], n.ID)
		}
	}
}

// holds tells whether the thread has something that the message refers to.
func (c *conversation) holds(n match.Node) bool {
	refs := map[crm.RFCID]bool{}
	for _, ref := range n.Refs {
		refs[ref] = true
	}
	for _, m := range c.members {
		if m.RFCID != "" && m.RFCID != n.RFCID && refs[m.RFCID] {
			return true
		}
	}
	return false
}

// look reads the stored answers to the mails, and the mails to the answers.
func (s *subjects) look(ctx context.Context, r store.Reader) error {
	var qs []store.Query
	for chunk := range chunks(keys(s.mails), store.Width(r)) {
		var topics []string
		for _, t := range chunk {
			topics = append(topics, crm.TopicOrphan+t)
		}
		from, to := s.span(s.mails, chunk)
		qs = append(qs, withTopic(topics, from, to.Add(match.SubjectReach)))
	}
	for chunk := range chunks(keys(s.orphans), store.Width(r)/2) {
		var topics []string
		for _, t := range chunk {
			topics = append(topics, crm.TopicOrphan+t, crm.TopicKnown+t)
		}
		from, to := s.span(s.orphans, chunk)
		qs = append(qs, withTopic(topics, from.Add(-match.SubjectReach), to))
	}
	return store.Messages.Gather(ctx, r, qs, func(d store.Doc[crm.Message]) error {
		if _, known := s.nodes[d.Value.ID]; !known {
			s.found[d.Value.ID] = &d.Value
			s.nodes[d.Value.ID] = nodeOf(&d.Value)
		}
		return nil
	})
}

// span is the time of the messages with the topics.
func (s *subjects) span(of map[string][]crm.MessageID, topics []string) (from, to crm.Time) {
	for _, t := range topics {
		for _, id := range of[t] {
			date := s.nodes[id].Date
			if from == 0 || date < from {
				from = date
			}
			to = max(to, date)
		}
	}
	return from, to
}

func withTopic(topics []string, from, to crm.Time) store.Query {
	return store.Query{Order: "date", Limit: store.MaxLimit, Where: []store.Filter{store.AmongAll("topic", topics),
		{Field: "date", Op: store.Ge, Value: from}, {Field: "date", Op: store.Le, Value: to}}}
}

// pair joins each answer with the latest mail that it may answer, and each mail
// at hand with the stored answers to it.
func (s *subjects) pair() {
	for _, id := range keys(s.found) {
		n := s.nodes[id]
		if s.found[id].Topic == crm.TopicOrphan+n.Topic {
			for _, mail := range s.mails[n.Topic] {
				s.join(mail, id)
			}
		}
	}
	for _, topic := range keys(s.orphans) {
		for _, id := range s.orphans[topic] {
			s.join(s.nearest(id, topic), id)
		}
	}
}

func (s *subjects) nearest(answer crm.MessageID, topic string) crm.MessageID {
	best := crm.MessageID("")
	a := s.nodes[answer]
	try := func(id crm.MessageID) {
		n, have := s.nodes[id], s.nodes[best]
		if before(n, a) && match.BySubject(&n, &a) && (best == "" || before(have, n)) {
			best = id
		}
	}
	for _, id := range s.mails[topic] {
		try(id)
	}
	for _, id := range keys(s.found) {
		try(id)
	}
	return best
}

func before(a, b match.Node) bool { return a.Date < b.Date || a.Date == b.Date && a.ID < b.ID }

func (s *subjects) join(mail, answer crm.MessageID) {
	m, a := s.nodes[mail], s.nodes[answer]
	apart := s.thread[mail] == nil || s.thread[mail] != s.thread[answer]
	if mail != "" && apart && match.BySubject(&m, &a) {
		s.pairs = append(s.pairs, [2]crm.MessageID{mail, answer})
	}
}

// unite makes the threads anew, with what was found.
func (s *subjects) unite(ctx context.Context, r store.Reader, n *names, threads []*conversation, drafts []*Draft) ([]*conversation, error) {
	touched, filled := map[crm.MessageID]*crm.Message{}, map[crm.ThreadID]bool{}
	for _, c := range threads {
		for id, m := range c.members {
			touched[id] = m
		}
		for root := range c.roots {
			filled[root] = true
		}
	}
	var ids []crm.ThreadID
	for _, p := range s.pairs {
		for _, id := range p {
			if m := s.found[id]; m != nil && touched[id] == nil {
				touched[id] = m
				ids = append(ids, m.Thread)
			}
		}
	}
	if err := n.load(ctx, ids); err != nil {
		return nil, err
	}
	threads = unite(touched, n, s.pairs)
	return threads, fill(ctx, r, threads, drafts, filled)
}
