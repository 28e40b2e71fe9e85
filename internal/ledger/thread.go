package ledger

import (
	"context"
	"iter"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// chunks cuts a list into pieces of at most n.
func chunks[T any](list []T, n int) iter.Seq[[]T] { return slices.Chunk(list, n) }

func keys[K ~string, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// conversation is one thread as it is after the mail at hand has joined.
type conversation struct {
	id      crm.ThreadID
	members map[crm.MessageID]*crm.Message
	roots   map[crm.ThreadID]bool // names it had so far
	talk    talk
}

// names resolves thread ids to their present names, following aliases.
type names struct {
	r    store.Reader
	into map[crm.ThreadID]crm.ThreadID
}

func (n *names) load(ctx context.Context, ids []crm.ThreadID) error {
	for len(ids) > 0 {
		var ask []string
		for _, id := range ids {
			if _, known := n.into[id]; !known && id != "" {
				n.into[id] = ""
				ask = append(ask, string(id))
			}
		}
		docs, err := store.Threads.GetMany(ctx, n.r, ask)
		if err != nil {
			return err
		}
		ids = ids[:0:0]
		for _, d := range docs {
			if d.Exists() {
				n.into[d.Value.ID] = d.Value.Into
				ids = append(ids, d.Value.Into)
			}
		}
	}
	return nil
}

func (n *names) root(id crm.ThreadID) crm.ThreadID {
	for n.into[id] != "" {
		id = n.into[id]
	}
	return id
}

// Talk returns the present name of a message's conversation.
func Talk(ctx context.Context, r store.Reader, m *crm.Message) (crm.ThreadID, error) {
	n := names{r: r, into: map[crm.ThreadID]crm.ThreadID{}}
	err := n.load(ctx, []crm.ThreadID{m.Thread})
	return m.Talk(n.root), err
}

// Names returns the present name of a thread and every name it had.
func Names(ctx context.Context, r store.Reader, root crm.ThreadID) ([]crm.ThreadID, error) {
	out := []crm.ThreadID{root}
	for asked := 0; asked < len(out); {
		next := min(asked+10, len(out))
		former, err := intoAny(ctx, r, out[asked:next])
		if err != nil {
			return nil, err
		}
		asked = next
		for _, t := range former {
			out = append(out, t.ID)
		}
	}
	return out, nil
}

// Members returns the messages of a thread by its present name, at most n.
func Members(ctx context.Context, r store.Reader, root crm.ThreadID, n int) ([]crm.Message, error) {
	all, err := Names(ctx, r, root)
	if err != nil {
		return nil, err
	}
	var out []crm.Message
	for chunk := range chunks(all, 10) {
		q := store.Query{Where: []store.Filter{store.OneOf("thread", chunk)}, Limit: min(n, store.MaxLimit)}
		page, err := store.Messages.Query(ctx, r, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Values()...)
		if len(out) >= n {
			return out[:n], nil
		}
	}
	return out, nil
}

// mentioning finds stored messages that mention the ids of which the drafts
// speak: all of those that mention the drafts' own, at least one for each
// other. One is enough, because all that mention an id are in one thread.
func mentioning(ctx context.Context, r store.Reader, drafts []*Draft) (map[crm.MessageID]*crm.Message, error) {
	own, others := mentionsOf(drafts)
	out := map[crm.MessageID]*crm.Message{}
	take := func(d store.Doc[crm.Message]) error { out[d.Value.ID] = &d.Value; return nil }
	query := func(ids []crm.RFCID, limit int) store.Query {
		return store.Query{Where: []store.Filter{store.HasAny("mentions", ids)}, Limit: limit}
	}
	for chunk := range chunks(own, 30) {
		if err := store.Messages.Each(ctx, r, query(chunk, store.MaxLimit), take); err != nil {
			return nil, err
		}
	}
	for chunk := range chunks(unspoken(others, out), 30) {
		page, err := store.Messages.Query(ctx, r, query(chunk, mentionPage))
		if err != nil {
			return nil, err
		}
		for i := 0; page.Next != "" && i < len(chunk); i++ {
			one, err := store.Messages.Query(ctx, r, query(chunk[i:i+1], 1))
			if err != nil {
				return nil, err
			}
			page.Items = append(page.Items, one.Items...)
		}
		for _, d := range page.Items {
			out[d.Value.ID] = &d.Value
		}
	}
	return out, nil
}

// unspoken leaves the ids that none of the messages at hand mentions.
func unspoken(ids []crm.RFCID, found map[crm.MessageID]*crm.Message) []crm.RFCID {
	spoken := map[crm.RFCID]bool{}
	for _, m := range found {
		for _, id := range m.Mentions {
			spoken[id] = true
		}
	}
	return slices.DeleteFunc(ids, func(id crm.RFCID) bool { return spoken[id] })
}

// mentionPage is how many messages that mention any of 30 ids are read at once;
// when there are more, one is read for each.
const mentionPage = 200

// converse sorts the messages at hand and the stored ones that they touch into
// conversations, and loads the rest of each.
func converse(ctx context.Context, r store.Reader, drafts []*Draft) ([]*conversation, error) {
	touched, err := mentioning(ctx, r, drafts)
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		touched[d.Message.ID] = d.Message // the draft is newer than what is stored
	}
	n := &names{r: r, into: map[crm.ThreadID]crm.ThreadID{}}
	var ids []crm.ThreadID
	for _, m := range touched {
		ids = append(ids, m.Thread)
	}
	slices.Sort(ids)
	if err := n.load(ctx, slices.Compact(ids)); err != nil {
		return nil, err
	}
	convs := unite(touched, n, nil)
	if err := fill(ctx, r, convs, nil); err != nil {
		return nil, err
	}
	return bySubject(ctx, r, n, convs, drafts)
}

// mentionsOf lists the Message-IDs of the drafts, and those to which they refer.
func mentionsOf(drafts []*Draft) (own, others []crm.RFCID) {
	is := map[crm.RFCID]bool{}
	for _, d := range drafts {
		for _, id := range d.Message.Mentions {
			is[id] = is[id] || id == d.Message.RFCID
		}
	}
	for _, id := range keys(is) {
		if is[id] {
			own = append(own, id)
		} else {
			others = append(others, id)
		}
	}
	return own, others
}

// unite makes the conversations: messages that share a mention or a thread
// name, or are a pair, belong together.
func unite(touched map[crm.MessageID]*crm.Message, n *names, pairs [][2]crm.MessageID) []*conversation {
	parent := map[string]string{}
	var find func(string) string
	find = func(x string) string {
		p, ok := parent[x]
		if !ok || p == x {
			parent[x] = x
			return x
		}
		root := find(p)
		parent[x] = root
		return root
	}
	for id, m := range touched {
		self := "m" + string(id)
		for _, rfc := range m.Mentions {
			parent[find(self)] = find("r" + string(rfc))
		}
		if m.Thread != "" {
			parent[find(self)] = find("t" + string(n.root(m.Thread)))
		}
	}
	for _, p := range pairs {
		parent[find("m"+string(p[0]))] = find("m" + string(p[1]))
	}
	by := map[string]*conversation{}
	for id, m := range touched {
		root := find("m" + string(id))
		c := by[root]
		if c == nil {
			c = &conversation{members: map[crm.MessageID]*crm.Message{}, roots: map[crm.ThreadID]bool{}}
			by[root] = c
		}
		c.members[id] = m
		if m.Thread != "" {
			c.roots[n.root(m.Thread)] = true
		}
	}
	out := make([]*conversation, 0, len(by))
	for _, root := range keys(by) {
		c := by[root]
		c.name()
		out = append(out, c)
	}
	return out
}

// name chooses the smallest id of messages and names so far.
func (c *conversation) name() {
	for id := range c.members {
		if c.id == "" || crm.ThreadID(id) < c.id {
			c.id = crm.ThreadID(id)
		}
	}
	for id := range c.roots {
		c.id = min(c.id, id)
	}
}

// fill loads the stored members that are not at hand, ten names at a time: all
// of a thread that is a conversation, and of a longer one so many that it is
// known to be none. The rest of that one does not matter, because nothing
// passes between its messages. Those by the names in filled are at hand already.
func fill(ctx context.Context, r store.Reader, convs []*conversation, filled map[crm.ThreadID]bool) error {
	of := map[crm.ThreadID]*conversation{}
	root := map[crm.ThreadID]crm.ThreadID{}
	for _, c := range convs {
		for id := range c.roots {
			if !filled[id] {
				of[id], root[id] = c, id
			}
		}
	}
	names := keys(of)
	for asked := 0; asked < len(names); {
		next := min(asked+10, len(names))
		former, err := intoAny(ctx, r, names[asked:next])
		if err != nil {
			return err
		}
		asked = next
		for _, t := range former {
			of[t.ID], root[t.ID] = of[t.Into], root[t.Into]
			names = append(names, t.ID)
		}
	}
	for chunk := range chunks(names, 10) {
		q := store.Query{Where: []store.Filter{store.OneOf("thread", chunk)}, Limit: store.MaxLimit}
		page, err := store.Messages.Query(ctx, r, q)
		if err != nil {
			return err
		}
		for _, d := range page.Items {
			of[d.Value.Thread].join(&d.Value)
		}
		if page.Next == "" {
			continue
		}
		read := map[crm.ThreadID]bool{}
		for _, name := range chunk { // too much at once: each thread by itself
			if read[root[name]] {
				continue
			}
			read[root[name]] = true
			members, err := Members(ctx, r, root[name], match.MaxThread+1)
			if err != nil {
				return err
			}
			for i := range members {
				of[name].join(&members[i])
			}
		}
	}
	return nil
}

// join adds a stored member unless a newer one is at hand.
func (c *conversation) join(m *crm.Message) {
	if c.members[m.ID] == nil {
		c.members[m.ID] = m
	}
}

// intoAny finds the names that were lost to any of at most ten names.
func intoAny(ctx context.Context, r store.Reader, names []crm.ThreadID) ([]crm.Thread, error) {
	docs, err := store.Threads.All(ctx, r, store.Query{Where: []store.Filter{store.OneOf("into", names)}})
	out := make([]crm.Thread, len(docs))
	for i, d := range docs {
		out[i] = d.Value
	}
	return out, err
}

// aliases are the names that the conversation loses.
func (c *conversation) aliases() []crm.Thread {
	var out []crm.Thread
	for _, root := range keys(c.roots) {
		if root != c.id {
			out = append(out, crm.Thread{ID: root, Into: c.id})
		}
	}
	return out
}
