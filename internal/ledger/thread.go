package ledger

import (
	"cmp"
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
		former, err := intoAny(ctx, r, out[asked:])
		if err != nil {
			return nil, err
		}
		asked = len(out)
		for _, t := range former {
			out = append(out, t.ID)
		}
	}
	return out, nil
}

// Members returns the newest messages of a thread by its present name, at most n,
// which is not more than store.MaxLimit.
func Members(ctx context.Context, r store.Reader, root crm.ThreadID, n int) ([]crm.Message, error) {
	all, err := Names(ctx, r, root)
	if err != nil {
		return nil, err
	}
	var out []crm.Message
	for chunk := range chunks(all, store.Width(r)) {
		page, err := store.Messages.Query(ctx, r, newest(chunk, n))
		if err != nil {
			return nil, err
		}
		out = append(out, page.Values()...)
	}
	slices.SortFunc(out, func(a, b crm.Message) int { return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(b.ID, a.ID)) })
	return out[:min(n, len(out))], nil
}

// newest asks for the newest messages of threads by some of their names.
func newest(names []crm.ThreadID, n int) store.Query {
	return store.Query{Where: []store.Filter{store.AmongAll("thread", names)}, Order: "date", Desc: true, Limit: min(n, store.MaxLimit)}
}

// mentioning finds stored messages that mention the ids of which the drafts
// speak, and are no drafts: all of those that mention the drafts' own, at least
// one for each other. One is enough, because all that mention an id are in one
// thread.
func mentioning(ctx context.Context, r store.Reader, drafts []*Draft) (map[crm.MessageID]*crm.Message, error) {
	own, others := mentionsOf(drafts)
	out, hand := map[crm.MessageID]*crm.Message{}, map[crm.MessageID]bool{}
	for _, d := range drafts {
		hand[d.Message.ID] = true
	}
	var qs []store.Query
	for chunk := range chunks(own, store.Width(r)) {
		qs = append(qs, mention(chunk, store.MaxLimit, hand))
	}
	err := store.Messages.Gather(ctx, r, qs, func(d store.Doc[crm.Message]) error { out[d.Value.ID] = &d.Value; return nil })
	if err != nil {
		return nil, err
	}
	return out, oneEach(ctx, r, unspoken(others, out, drafts), hand, out)
}

func mention(ids []crm.RFCID, limit int, but map[crm.MessageID]bool) store.Query {
	return store.Query{Where: []store.Filter{store.HasAmong("mentions", ids)}, Limit: limit, Without: has(but)}
}

// has tells of documents by their ids.
func has[K ~string, V any](m map[K]V) func(string) bool {
	return func(id string) bool { _, have := m[K(id)]; return have }
}

// oneEach adds for each id a message that mentions it, if there is any: of many
// ids at once, and where too many messages mention those, of each by itself.
func oneEach(ctx context.Context, r store.Reader, ids []crm.RFCID, but map[crm.MessageID]bool, out map[crm.MessageID]*crm.Message) error {
	var qs []store.Query
	var asked [][]crm.RFCID
	for chunk := range chunks(ids, store.Width(r)) {
		qs, asked = append(qs, mention(chunk, min(mentionPage*len(chunk), store.MaxLimit), but)), append(asked, chunk)
	}
	pages, err := store.Messages.Pages(ctx, r, qs)
	if err != nil {
		return err
	}
	var left []store.Query
	for i, page := range pages {
		for _, d := range page.Items {
			out[d.Value.ID] = &d.Value
		}
		if page.Next == "" {
			continue
		}
		for _, id := range unspoken(slices.Clone(asked[i]), out, nil) {
			left = append(left, mention([]crm.RFCID{id}, 1, nil))
		}
	}
	pages, err = store.Messages.Pages(ctx, r, left)
	for _, page := range pages {
		for _, d := range page.Items {
			out[d.Value.ID] = &d.Value
		}
	}
	return err
}

// unspoken leaves the ids that none of the stored messages at hand mentions.
func unspoken(ids []crm.RFCID, found map[crm.MessageID]*crm.Message, drafts []*Draft) []crm.RFCID {
	spoken := map[crm.RFCID]bool{}
	for _, m := range found {
		for _, id := range m.Mentions {
			spoken[id] = true
		}
	}
	for _, d := range drafts {
		if d.Old == nil {
			continue
		}
		for _, id := range d.Old.Mentions {
			spoken[id] = true
		}
	}
	return slices.DeleteFunc(ids, func(id crm.RFCID) bool { return spoken[id] })
}

// mentionPage is how many messages to an id are read at once; when more mention
// them, one is read for each.
const mentionPage = 7

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
	if settled(drafts) {
		convs := byName(touched, n)
		return convs, fill(ctx, r, convs, drafts, nil)
	}
	convs := unite(touched, n, nil)
	if err := fill(ctx, r, convs, drafts, nil); err != nil {
		return nil, err
	}
	return bySubject(ctx, r, n, convs, drafts)
}

// settled tells whether all that belongs together has one thread already.
func settled(drafts []*Draft) bool {
	return !slices.ContainsFunc(drafts, func(d *Draft) bool { return !d.Settled || d.Message.Thread == "" })
}

// byName makes the threads of settled messages.
func byName(touched map[crm.MessageID]*crm.Message, n *names) []*conversation {
	by := map[crm.ThreadID]*conversation{}
	for id, m := range touched {
		root := n.root(m.Thread)
		c := by[root]
		if c == nil {
			c = &conversation{members: map[crm.MessageID]*crm.Message{}, roots: map[crm.ThreadID]bool{root: true}}
			by[root] = c
		}
		c.members[id] = m
	}
	out := make([]*conversation, 0, len(by))
	for _, root := range keys(by) {
		by[root].name()
		out = append(out, by[root])
	}
	return out
}

// mentionsOf lists the Message-IDs of the drafts that are not settled, and those to
// which they refer.
func mentionsOf(drafts []*Draft) (own, others []crm.RFCID) {
	is := map[crm.RFCID]bool{}
	for _, d := range drafts {
		if d.Settled {
			continue
		}
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

// fill loads the stored members that are not at hand: all of a thread that is a
// conversation, and the newest of a longer one, by which it is known to be none and
// told whose turn it is. The rest of that one does not matter, because nothing else
// passes between its messages. Those by the names in filled are at hand already.
func fill(ctx context.Context, r store.Reader, convs []*conversation, drafts []*Draft, filled map[crm.ThreadID]bool) error {
	f := filling{r: r, of: map[crm.ThreadID]*conversation{}, hand: map[crm.MessageID]bool{}, enough: match.MaxThread + 1}
	for _, d := range drafts {
		f.enough += 1 + len(d.Replaces)
	}
	for _, c := range convs {
		for id := range c.members {
			f.hand[id] = true
		}
		for id := range c.roots {
			if !filled[id] {
				f.of[id] = c
			}
		}
	}
	names := keys(f.of)
	for asked := 0; asked < len(names); {
		former, err := intoAny(ctx, r, names[asked:])
		if err != nil {
			return err
		}
		asked = len(names)
		for _, t := range former {
			f.of[t.ID] = f.of[t.Into]
			names = append(names, t.ID)
		}
	}
	return f.load(ctx, slices.Collect(chunks(names, min(store.Width(r), mostFilled))))
}

// mostFilled is how many threads are read by one query: of so many a page has
// place for 16 messages each.
const mostFilled = 60

// filling is the way from the names of threads to their members.
type filling struct {
	r      store.Reader
	of     map[crm.ThreadID]*conversation
	hand   map[crm.MessageID]bool // what need not be read
	enough int                    // so many of the newest hold those that are the newest, without the drafts and with them
}

// load reads threads by some of their names. Of names that have too much for a
// page, each half is read, down to a thread by itself.
func (f *filling) load(ctx context.Context, names [][]crm.ThreadID) error {
	qs := make([]store.Query, len(names))
	for i, some := range names {
		n := store.MaxLimit
		if len(some) == 1 {
			n = f.enough
		}
		qs[i] = newest(some, n)
		qs[i].Without = has(f.hand)
	}
	pages, err := store.Messages.Pages(ctx, f.r, qs)
	if err != nil {
		return err
	}
	var halves [][]crm.ThreadID
	for i, page := range pages {
		f.join(page)
		switch n := len(names[i]); {
		case page.Next == "":
		case n > 1:
			halves = append(halves, names[i][:n/2], names[i][n/2:])
		default:
			if err := f.more(ctx, qs[i], page.Next); err != nil {
				return err
			}
		}
	}
	if len(halves) == 0 {
		return nil
	}
	return f.load(ctx, halves)
}

func (f *filling) join(page store.Page[crm.Message]) {
	for _, d := range page.Items {
		f.of[d.Value.Thread].join(&d.Value)
		f.hand[d.Value.ID] = true
	}
}

// more goes on with a long thread until enough of it was read.
func (f *filling) more(ctx context.Context, q store.Query, next string) error {
	for n := q.Limit; n < f.enough && next != ""; n += q.Limit {
		q.After = next
		page, err := store.Messages.Query(ctx, f.r, q)
		if err != nil {
			return err
		}
		f.join(page)
		next = page.Next
	}
	return nil
}

// join adds a stored member unless a newer one is at hand.
func (c *conversation) join(m *crm.Message) {
	if c.members[m.ID] == nil {
		c.members[m.ID] = m
	}
}

// intoAny finds the names that were lost to any of the names.
func intoAny(ctx context.Context, r store.Reader, names []crm.ThreadID) ([]crm.Thread, error) {
	var qs []store.Query
	for chunk := range chunks(names, store.Width(r)) {
		qs = append(qs, store.Query{Where: []store.Filter{store.AmongAll("into", chunk)}, Limit: store.MaxLimit})
	}
	var out []crm.Thread
	err := store.Threads.Gather(ctx, r, qs, func(d store.Doc[crm.Thread]) error { out = append(out, d.Value); return nil })
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
