package notify

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Named completes a notice for whoever puts it into a transaction of theirs;
// false when its user does not want to know. why sets apart two notices of one
// kind about one thing.
func Named(ctx context.Context, sp *store.Space, r store.Reader, x crm.Notice, why ...string) (crm.Notice, bool, error) {
	ws, err := store.Workspaces.Get(ctx, r, string(sp.Workspace()))
	if err != nil {
		return x, false, err
	}
	c, err := choices(ctx, r, x.User)
	if err != nil {
		return x, false, err
	}
	told, how := c.Tells(x.Kind)
	key := append([]string{string(x.User), string(x.Kind), string(x.About)}, why...)
	x.ID, x.Unread, x.Mail = crm.DerivedID(crm.PrefixNotice, ws.Value.IDKey, key...), true, how
	return x, told, nil
}

// items completes notices with what they are about, and leaves out what the
// viewer may not know of.
func (s *Service) items(ctx context.Context, v access.Viewer, list []crm.Notice) ([]Item, error) {
	var records []crm.RecordID
	var mails []string
	for _, n := range list {
		if n.About != "" {
			records = append(records, n.About)
		} else {
			mails = append(mails, string(n.Message))
		}
	}
	docs, err := s.records.GetMany(ctx, v, records)
	if err != nil {
		return nil, err
	}
	messages, err := store.Messages.GetMany(ctx, s.sp, mails)
	if err != nil {
		return nil, err
	}
	out := []Item{}
	for _, n := range list {
		if n.About == "" {
			m := messages[0]
			messages = messages[1:]
			if level := access.Message(v, &m.Value); m.Exists() && level != access.None {
				shown := access.Redact(m.Value, level)
				out = append(out, Item{Notice: n, Title: titleOf(&shown)})
			}
			continue
		}
		d := docs[0]
		docs = docs[1:]
		if d.Exists() && v.Reads(&d.Value) {
			out = append(out, item(n, v.Show(d.Value)))
		}
	}
	return out, nil
}

// titleOf is what a mail is called: its subject, or who wrote it.
func titleOf(m *crm.Message) string {
	if m.Subject != "" {
		return m.Subject
	}
	if from := m.From(); from.Name != "" {
		return from.Name
	}
	return string(m.From().Address)
}
