package content

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Opened notes that the viewer opens the body of a mail of somebody else's. It
// is to be called before the body is handed out; without it nothing may be.
func (s *Service) Opened(ctx context.Context, v access.Viewer, m *crm.Message, way crm.OpenedBy) error {
	if v.User == "" || slices.Contains(m.Owners, v.User) || len(m.Owners) == 0 {
		return nil
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return err
	}
	now := s.sp.Store().Now()
	day := now.Std().UTC().Format("2006-01-02")
	ids := make([]string, len(m.Owners))
	for i, o := range m.Owners {
		ids[i] = crm.DerivedID(crm.PrefixOpening, ws.Value.IDKey, string(o), string(v.User), string(m.ID), day)
	}
	noted, err := store.Openings.GetMany(ctx, s.sp, ids)
	if err != nil || !slices.ContainsFunc(noted, func(d store.Doc[crm.Opening]) bool { return !slices.Contains(d.Value.Ways, way) }) {
		return err
	}
	return s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Openings.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		for i, d := range docs {
			o := d.Value
			if !d.Exists() {
				o = crm.Opening{ID: ids[i], Owner: m.Owners[i], By: v.User, Message: m.ID, At: now}
			}
			if !slices.Contains(o.Ways, way) {
				o.Ways = append(o.Ways, way)
				store.Openings.Put(tx, &o)
			}
		}
		return nil
	})
}

// Openings is a page of openings, newest first.
type Openings struct {
	Items []crm.Opening `json:"items"`
	Next  string        `json:"next,omitempty"`
}

// Openings lists who opened the viewer's mail: all of it, or one message.
func (s *Service) Openings(ctx context.Context, v access.Viewer, id crm.MessageID, cursor string, limit int) (Openings, error) {
	const op = crm.Op("content.Openings")
	if v.User == "" {
		return Openings{}, crm.Errorf(crm.Denied, op, "who opened mail is told to those whose mail it is").WithHint("--as EMAIL")
	}
	q := store.Query{Where: []store.Filter{store.Is("owner", v.User)}, Order: "at", Desc: true, Limit: limit, After: cursor}
	if id != "" {
		q.Where = []store.Filter{store.Is("message", id), store.Is("owner", v.User)}
	}
	found, err := store.Openings.Query(ctx, s.sp, q)
	if err != nil {
		return Openings{}, crm.Wrap(op, "who opened mail cannot be read", err)
	}
	return Openings{Items: append([]crm.Opening{}, found.Values()...), Next: found.Next}, nil
}

// Subjects are those of messages, as the viewer may see them.
func (s *Service) Subjects(ctx context.Context, v access.Viewer, ids []crm.MessageID) (map[crm.MessageID]string, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	docs, err := store.Messages.GetMany(ctx, s.sp, keys)
	out := map[crm.MessageID]string{}
	for _, d := range docs {
		m := access.Redact(d.Value, access.Message(v, &d.Value))
		out[d.Value.ID] = m.Subject
	}
	return out, err
}
