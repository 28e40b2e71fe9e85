package export

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// checkMessages looks at each message by itself and notes which copies it
// lists.
func (v *verifier) checkMessages(ctx context.Context) error {
	v.messages, v.copies = map[crm.MessageID]bool{}, map[crm.CopyID]crm.MessageID{}
	return store.Messages.Each(ctx, v.sp, store.Query{Limit: 500}, func(d store.Doc[crm.Message]) error {
		m := &d.Value
		v.messages[m.ID] = false
		for _, c := range m.Copies {
			v.copies[c.Copy] = m.ID
			if err := v.knownMailbox(ctx, c.Mailbox); err != nil {
				return err
			}
		}
		v.message(m)
		v.step()
		return nil
	})
}

func (v *verifier) message(m *crm.Message) {
	at := func(todo, format string, args ...any) {
		v.find(store.Messages.Name, string(m.ID), todo, format, args...)
	}
	if _, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, string(m.ID)); err != nil {
		at(todoTell, "its id has not the form of a message's id")
	}
	if m.Date <= 0 {
		at(todoTell, "it has no date")
	}
	if m.Class == "" || m.Direction == "" {
		at(todoRematch, "it has no class or no direction")
	}
	if root := v.threads.root(m.Thread); m.Thread == "" || root > crm.ThreadID(m.ID) {
		at(todoRematch, "its thread %q is not named by the smallest id", root)
	}
	if m.Part > crm.ThreadID(m.ID) {
		at(todoRematch, "its conversation %q is not named by the smallest id", m.Part)
	}
	var flags []crm.Flag
	for i, c := range m.Copies {
		flags = append(flags, c.Flags...)
		if i > 0 && m.Copies[i-1].Copy >= c.Copy {
			at(todoSync, "its copies are out of order or listed twice")
		}
		if owner, ok := v.owners[c.Mailbox]; !ok {
			at(todoSync, "it lists a copy in mailbox %s, which does not exist", c.Mailbox)
		} else if !slices.Contains(m.Owners, owner) {
			at(todoSync, "the owner of mailbox %s, which holds a copy, is not among its owners and cannot read it", c.Mailbox)
		}
	}
	slices.Sort(flags)
	if !slices.Equal(slices.Compact(flags), m.Flags) {
		at(todoSync, "its flags are not those of its copies")
	}
}

// checkBodies reads every body and the blobs that it names, then names the
// messages that have none.
func (v *verifier) checkBodies(ctx context.Context) error {
	err := store.Bodies.Each(ctx, v.sp, store.Query{Limit: 200}, func(d store.Doc[crm.Body]) error {
		v.step()
		id := d.Value.ID
		if _, known := v.messages[id]; !known {
			return v.again(ctx, func(ctx context.Context, r *store.Tx) ([]Finding, error) { return orphan(ctx, r, id) })
		}
		v.messages[id] = true
		return v.body(ctx, &d.Value)
	})
	if err != nil {
		return err
	}
	for id, found := range v.messages {
		if found {
			continue
		}
		if err := v.again(ctx, func(ctx context.Context, r *store.Tx) ([]Finding, error) { return bodiless(ctx, r, id) }); err != nil {
			return err
		}
	}
	return nil
}

// body reads the content and the raw bytes of a body.
func (v *verifier) body(ctx context.Context, b *crm.Body) error {
	data := b.Data
	if b.Blob != "" {
		var err error
		if data, err = v.blob(ctx, store.Bodies.Name, string(b.ID), b.Blob, "its body"); err != nil || data == nil {
			return err
		}
	}
	if _, err := v.bodies.Unpack(data); err != nil {
		v.find(store.Bodies.Name, string(b.ID), todoRestore, "it cannot be unpacked")
	}
	if b.Raw == "" {
		return nil
	}
	_, err := v.blob(ctx, store.Bodies.Name, string(b.ID), b.Raw, "its raw bytes")
	return err
}

// orphan reports a body whose message is not there.
func orphan(ctx context.Context, r store.Reader, id crm.MessageID) ([]Finding, error) {
	body, message, err := pair(ctx, r, id)
	if err != nil || !body || message {
		return nil, err
	}
	return []Finding{{store.Bodies.Name, string(id), "it belongs to no message", todoTell}}, nil
}

// bodiless reports a message whose body is not there.
func bodiless(ctx context.Context, r store.Reader, id crm.MessageID) ([]Finding, error) {
	body, message, err := pair(ctx, r, id)
	if err != nil || body || !message {
		return nil, err
	}
	return []Finding{{store.Messages.Name, string(id), "it has no body", todoRestore}}, nil
}

func pair(ctx context.Context, r store.Reader, id crm.MessageID) (body, message bool, err error) {
	bodies, err := store.Bodies.GetMany(ctx, r, []string{string(id)})
	if err != nil {
		return false, false, err
	}
	messages, err := store.Messages.GetMany(ctx, r, []string{string(id)})
	if err != nil {
		return false, false, err
	}
	return bodies[0].Exists(), messages[0].Exists(), nil
}
