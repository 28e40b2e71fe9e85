package notify

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Service shows notices. It is safe for concurrent use.
type Service struct {
	sp      *store.Space
	records *records.Service
}

// New makes the service of a workspace.
func New(sp *store.Space, r *records.Service) *Service { return &Service{sp: sp, records: r} }

// Item is a notice with what it is about.
type Item struct {
	crm.Notice
	Title   string         `json:"title" doc:"What people call that which it is about"`
	Text    string         `json:"text,omitempty" doc:"The beginning of a comment or a note"`
	Due     string         `json:"due,omitempty"`
	Records []crm.RecordID `json:"records,omitempty" doc:"What the task or the comment is about"`
}

// Page is a part of the notices of a user, newest first.
type Page struct {
	Items  []Item `json:"items"`
	Next   string `json:"next,omitempty"`
	Unread int64  `json:"unread" doc:"How many are unread, at most 100"`
}

const maxUnread = 100

// List returns the notices of the viewer.
func (s *Service) List(ctx context.Context, v access.Viewer, unread bool, cursor string, limit int) (Page, error) {
	const op = crm.Op("notify.List")
	if v.User == "" {
		return Page{}, crm.Errorf(crm.Denied, op, "only users are told anything").WithHint("say in whose name: --as EMAIL")
	}
	q := store.Query{Where: []store.Filter{store.Is("user", v.User)}, Order: "at", Desc: true, Limit: limit, After: cursor}
	if unread {
		q.Where = append(q.Where, store.Is("unread", true))
	}
	found, err := store.Notices.Query(ctx, s.sp, q)
	if err != nil {
		return Page{}, crm.Wrap(op, "the notices cannot be read", err)
	}
	out := Page{Next: found.Next}
	if out.Items, err = s.items(ctx, v, found.Values()); err != nil {
		return Page{}, err
	}
	count := store.Query{Where: []store.Filter{store.Is("user", v.User), store.Is("unread", true)}, Order: "at", Limit: maxUnread}
	waiting, err := store.Notices.Query(ctx, s.sp, count)
	out.Unread = int64(len(waiting.Items))
	return out, crm.Wrap(op, "the notices cannot be counted", err)
}

func item(n crm.Notice, r crm.Record) Item {
	out := Item{Notice: n, Title: r.Text("title"), Due: r.Text("due"), Records: r.Records("records")}
	if text := r.Text("text"); text != "" {
		if out.Text = crm.Clip(text, 200); out.Title == "" {
			out.Title = crm.Clip(text, 80)
		}
	}
	return out
}

// Read marks notices of the viewer as read: those that are named, or all.
func (s *Service) Read(ctx context.Context, v access.Viewer, ids []string, all bool) error {
	const op = crm.Op("notify.Read")
	if v.User == "" {
		return crm.Errorf(crm.Denied, op, "only users are told anything").WithHint("say in whose name: --as EMAIL")
	}
	for _, id := range ids {
		if _, err := crm.ParseID[string](crm.PrefixNotice, id); err != nil {
			return crm.Errorf(crm.Invalid, op, "%q is no notice", crm.Clip(id, 40)).WithField("ids")
		}
	}
	if !all {
		return s.read(ctx, v.User, ids)
	}
	for {
		q := store.Query{Where: []store.Filter{store.Is("user", v.User), store.Is("unread", true)}, Order: "at", Limit: maxUnread}
		page, err := store.Notices.Query(ctx, s.sp, q)
		if err != nil || len(page.Items) == 0 {
			return err
		}
		ids = nil
		for _, d := range page.Items {
			ids = append(ids, d.Value.ID)
		}
		if err := s.read(ctx, v.User, ids); err != nil {
			return err
		}
	}
}

func (s *Service) read(ctx context.Context, u crm.UserID, ids []string) error {
	return s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Notices.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if d.Exists() && d.Value.User == u && d.Value.Unread {
				d.Value.Unread = false
				store.Notices.Put(tx, &d.Value)
			}
		}
		return nil
	})
}

// Choices are what the viewer wants to be told.
func (s *Service) Choices(ctx context.Context, v access.Viewer) (crm.NoticeChoices, error) {
	if v.User == "" {
		return crm.NoticeChoices{}, crm.Errorf(crm.Denied, "notify.Choices", "only users are told anything").WithHint("say in whose name: --as EMAIL")
	}
	return choices(ctx, s.sp, v.User)
}

func choices(ctx context.Context, r store.Reader, u crm.UserID) (crm.NoticeChoices, error) {
	docs, err := store.NoticeChoices.GetMany(ctx, r, []string{string(u)})
	if err != nil || !docs[0].Exists() {
		return crm.DefaultNoticeChoices(u), err
	}
	return docs[0].Value, nil
}

// Choose keeps what the viewer wants to be told.
func (s *Service) Choose(ctx context.Context, v access.Viewer, by records.By, c crm.NoticeChoices) (string, error) {
	c.ID = v.User
	if err := c.Check(); err != nil {
		return "", err
	}
	if _, err := s.Choices(ctx, v); err != nil {
		return "", err
	}
	info := store.ChangeInfo{Actor: by.Actor, Cause: by.Cause, Title: "choose what to be told"}
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		old, err := store.NoticeChoices.GetMany(ctx, tx, []string{string(c.ID)})
		if err != nil {
			return err
		}
		if c := c; old[0].Exists() {
			store.NoticeChoices.Put(tx, &c)
		} else {
			store.NoticeChoices.Create(tx, &c)
		}
		return nil
	})
}
