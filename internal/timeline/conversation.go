package timeline

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// State is whose turn it is in a conversation.
type State struct {
	Turn    crm.Turn      `json:"turn,omitempty" enum:"ours,theirs,done"` // empty: nobody has to write
	Since   crm.Time      `json:"since,omitempty"`                        // date of the message that decides
	Decides crm.MessageID `json:"decides,omitempty"`                      // the last message that counts
}

// Conversation is one conversation whole, as a viewer may see it.
type Conversation struct {
	ID crm.ThreadID `json:"id"`
	State
	Messages []Row           `json:"messages"`         // oldest first
	Splits   []crm.MessageID `json:"splits"`           // where the subject changes: a split is proposed
	Origin   *Row            `json:"origin,omitempty"` // what was passed on: a message of another conversation
}

// Conversation returns a conversation by its name, or by a name that it had. It
// fails with crm.NotFound when the viewer may know of nothing in it and with
// crm.Denied for the operator.
func (s *Service) Conversation(ctx context.Context, v access.Viewer, id crm.ThreadID) (Conversation, error) {
	const op = crm.Op("timeline.Conversation")
	if err := mayReadMail(v); err != nil {
		return Conversation{}, err
	}
	first, err := s.anyOf(ctx, id)
	if err != nil {
		return Conversation{}, err
	}
	name, members, err := ledger.Conversation(ctx, s.sp, first)
	if err != nil {
		return Conversation{}, crm.Wrap(op, "the conversation cannot be read", err)
	}
	members = known(v, members)
	if len(members) == 0 {
		return Conversation{}, noThread(id)
	}
	c := Conversation{ID: name, State: stateOf(members)}
	if c.Messages, err = s.rows(ctx, v, members); err == nil {
		c.Splits, err = s.splits(ctx, v, members)
	}
	if err == nil {
		c.Origin, err = s.origin(ctx, v, members)
	}
	return c, crm.Wrap(op, "the conversation cannot be read", err)
}

func noThread(id crm.ThreadID) error {
	return crm.Errorf(crm.NotFound, "timeline.Conversation", "there is no conversation %s", crm.Clip(string(id), 60)).WithField("id")
}

// anyOf finds a message of the conversation: the one that gave it its name, or
// any of the thread that once had that name.
func (s *Service) anyOf(ctx context.Context, id crm.ThreadID) (*crm.Message, error) {
	if _, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, string(id)); err != nil {
		return nil, noThread(id)
	}
	docs, err := store.Messages.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil || docs[0].Exists() {
		return &docs[0].Value, err
	}
	root, err := threads(ctx, s.sp, id)
	if err != nil {
		return nil, err
	}
	members, err := ledger.Members(ctx, s.sp, root(id), 1)
	if err == nil && len(members) == 0 {
		err = noThread(id)
	}
	if err != nil {
		return nil, err
	}
	return &members[0], nil
}

// known leaves the messages of which the viewer may know, oldest first.
func known(v access.Viewer, members []crm.Message) []crm.Message {
	known := knownTo(v)
	out := slices.DeleteFunc(members, func(m crm.Message) bool { return !known(&m) })
	slices.SortFunc(out, func(a, b crm.Message) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID)) })
	return out
}

func knownTo(v access.Viewer) func(*crm.Message) bool {
	return func(m *crm.Message) bool { return access.Message(v, m) != access.None }
}

func stateOf(members []crm.Message) State {
	for i := range members {
		if m := &members[i]; m.Turn != "" {
			return State{Turn: m.Turn, Since: m.Date, Decides: m.ID}
		}
	}
	return State{}
}

// splits lists where a split is proposed: to those who may read the subject.
func (s *Service) splits(ctx context.Context, v access.Viewer, members []crm.Message) ([]crm.MessageID, error) {
	changes, err := ledger.SubjectChanges(ctx, s.sp, members, knownTo(v))
	out := []crm.MessageID{}
	for i := range members {
		if m := &members[i]; changes[m.ID] && access.Message(v, m) == access.Full {
			out = append(out, m.ID)
		}
	}
	return out, err
}

// origin is what the first message of a conversation passes on.
func (s *Service) origin(ctx context.Context, v access.Viewer, members []crm.Message) (*Row, error) {
	if members[0].Origin == "" {
		return nil, nil
	}
	docs, err := store.Messages.GetMany(ctx, s.sp, []string{string(members[0].Origin)})
	if err != nil || !docs[0].Exists() || access.Message(v, &docs[0].Value) == access.None {
		return nil, err
	}
	rows, err := s.rows(ctx, v, []crm.Message{docs[0].Value})
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// Waiting is a page of the conversations of a person's list, each by the message
// that decides: those that wait longest first, answers newest first. After is
// Next of the page before.
func (s *Service) Waiting(ctx context.Context, v access.Viewer, list crm.WaitList, after string, limit int) (List, error) {
	if err := mayReadMail(v); err != nil {
		return List{}, err
	}
	n, err := pageSize(limit)
	if err != nil {
		return List{}, err
	}
	q := waiting(v, list, 0)
	q.After, q.Limit = after, n
	page, err := store.Messages.Query(ctx, s.sp, q)
	if err != nil {
		return List{}, crm.Wrap("timeline.Waiting", "the list cannot be read", err)
	}
	rows, err := s.rows(ctx, v, page.Values())
	return List{Items: rows, Next: page.Next}, crm.Wrap("timeline.Waiting", "the list cannot be read", err)
}

// waiting asks for a list of a person, as far back as since.
func waiting(v access.Viewer, list crm.WaitList, since crm.Time) store.Query {
	return store.Query{Order: "date", Desc: list == crm.WaitAnswer, Where: []store.Filter{
		store.Has("wait", crm.Wait(v.User, list)), {Field: "date", Op: store.Ge, Value: since}}}
}
