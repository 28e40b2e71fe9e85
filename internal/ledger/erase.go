package ledger

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Erase decides what stays of the conversations that lose messages: links that
// were passed on by these go with them. It only reads; the caller writes the
// outcome and deletes the messages and their bodies in the same transaction.
// The arrival tells which links are lost with them. Answers about them stay:
// they have no effect, and are in the history.
//
// changed are messages that the same transaction changes: they are in the
// outcome as they will be, if they stay in one of the conversations.
//
// Of a thread of more than store.MaxLimit messages, which passes no links on before
// and after, the newest are decided on.
func Erase(ctx context.Context, r store.Reader, ws crm.WorkspaceID, gone []crm.Message, changed map[crm.MessageID]*crm.Message) (*Outcome, error) {
	is := map[crm.MessageID]bool{}
	for _, m := range gone {
		is[m.ID] = true
	}
	drafts, err := bereaved(ctx, r, gone, is, changed)
	if err != nil {
		return nil, err
	}
	out := &Outcome{}
	if len(drafts) > 0 {
		drafts[0].Replaces = keys(is)
		if out, err = Link(ctx, r, ws, drafts); err != nil {
			return nil, err
		}
	}
	for _, m := range gone {
		out.Items = append(out.Items, crm.ArrivalItem{Message: m.ID, Historical: true, Lost: missingFrom(m.Links, nil)})
	}
	return out, nil
}

// bereaved are the messages that stay in the threads of those that go.
func bereaved(ctx context.Context, r store.Reader, gone []crm.Message, is map[crm.MessageID]bool, changed map[crm.MessageID]*crm.Message) ([]*Draft, error) {
	n := &names{r: r, into: map[crm.ThreadID]crm.ThreadID{}}
	threads := map[crm.ThreadID]bool{}
	for _, m := range gone {
		if err := n.load(ctx, []crm.ThreadID{m.Thread}); err != nil {
			return nil, err
		}
		threads[n.root(m.Thread)] = true
	}
	var out []*Draft
	for _, root := range keys(threads) {
		members, err := Members(ctx, r, root, store.MaxLimit)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			if is[m.ID] {
				continue
			}
			old, next := m, m
			if c := changed[m.ID]; c != nil {
				next = *c
			}
			out = append(out, &Draft{Message: &next, Old: &old, Historical: true})
		}
	}
	return out, nil
}
