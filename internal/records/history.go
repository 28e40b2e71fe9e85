package records

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// ChangeView is one change as people read it.
type ChangeView struct {
	ID      string       `json:"id"`
	Batch   string       `json:"batch"`
	Actor   crm.UserID   `json:"actor,omitempty"`
	Cause   crm.Cause    `json:"cause"`
	Title   string       `json:"title,omitempty"`
	At      crm.Time     `json:"at"`
	Undoes  string       `json:"undoes,omitempty"`
	Entries []EntityDiff `json:"entries"`
}

// EntityDiff is what a change did to one entity.
type EntityDiff struct {
	Collection string      `json:"collection"`
	ID         string      `json:"id"`
	Did        string      `json:"did" enum:"created,updated,deleted"`
	Fields     []FieldDiff `json:"fields"`
}

// FieldDiff is one field before and after; nil means that it was not set.
type FieldDiff struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// ChangePage is one page of changes, newest first.
type ChangePage struct {
	Items []ChangeView `json:"items"`
	Next  string       `json:"next"`
}

// History lists what happened to one entity: a record, rule, setting or answer.
// Entries of other entities are left out.
func (s *Service) History(ctx context.Context, v access.Viewer, id string, p Page) (ChangePage, error) {
	return s.changes(ctx, v, p, id, store.Has("touched", id))
}

// Changes lists the changes of the workspace of which the viewer may know.
func (s *Service) Changes(ctx context.Context, v access.Viewer, p Page) (ChangePage, error) {
	return s.changes(ctx, v, p, "")
}

// Batch lists the changes of one batch; crm.NotFound when there are none of
// which the viewer may know.
func (s *Service) Batch(ctx context.Context, v access.Viewer, batch string, p Page) (ChangePage, error) {
	page, err := s.changes(ctx, v, p, "", store.Is("batch", batch))
	if err == nil && len(page.Items) == 0 && p.Cursor == "" {
		err = noBatch(batch)
	}
	return page, err
}

func noBatch(batch string) error {
	return crm.Errorf(crm.NotFound, "records.Batch", "there is no batch %s", crm.Clip(batch, 60))
}

// changes reads on until it finds something that the viewer may know of.
func (s *Service) changes(ctx context.Context, v access.Viewer, p Page, only string, where ...store.Filter) (ChangePage, error) {
	const op = crm.Op("records.Changes")
	if err := mayRead(v); err != nil {
		return ChangePage{}, err
	}
	q := store.Query{Where: where, Order: "at", Desc: true, Limit: p.Limit, After: p.Cursor}
	for {
		page, err := store.ChangeLog.Query(ctx, s.sp, q)
		if err != nil {
			return ChangePage{}, crm.Wrap(op, "the changes cannot be read", err)
		}
		out, err := s.told(ctx, v, page.Values(), only)
		if err != nil {
			return ChangePage{}, crm.Wrap(op, "a change cannot be read", err)
		}
		if q.After = page.Next; len(out) > 0 || page.Next == "" {
			return ChangePage{Items: out, Next: page.Next}, nil
		}
	}
}

// Told are changes of the feed as the viewer may know of them; those of which
// they may know nothing are left out.
func (s *Service) Told(ctx context.Context, v access.Viewer, list []crm.Change) ([]ChangeView, error) {
	if err := mayRead(v); err != nil || len(list) == 0 {
		return nil, err
	}
	return s.told(ctx, v, list, "")
}

// told are changes as the viewer may know of them; of one entity where only
// says which.
func (s *Service) told(ctx context.Context, v access.Viewer, list []crm.Change, only string) ([]ChangeView, error) {
	x := &teller{s: s, v: v, now: map[string]*crm.Record{}}
	if err := x.look(ctx, list); err != nil {
		return nil, err
	}
	out := []ChangeView{}
	for i := range list {
		view, err := x.view(&list[i], only)
		if err != nil {
			return nil, err
		}
		if len(view.Entries) > 0 || only == "" && notes(v, &list[i]) {
			out = append(out, view)
		}
	}
	return out, nil
}

// notes tells whether a change notes something that changed nothing, as that a file
// was taken away: it is told to who did it and to those who look after the workspace.
func notes(v access.Viewer, ch *crm.Change) bool {
	return len(ch.Entries) == 0 && (v.May(crm.RightAdmin) || v.User != "" && v.User == ch.Actor)
}

func did(e crm.ChangeEntry) string {
	switch {
	case e.Before == nil:
		return "created"
	case e.After == nil:
		return "deleted"
	}
	return "updated"
}

// diff lists the fields in which two stored documents differ, sorted. The
// values of a record are named as its fields are.
func (s *Service) diff(before, after []byte) ([]FieldDiff, error) {
	a, err := s.flat(before)
	if err != nil {
		return nil, err
	}
	b, err := s.flat(after)
	if err != nil {
		return nil, err
	}
	out := []FieldDiff{}
	for key, v := range a {
		if !reflect.DeepEqual(v, b[key]) {
			out = append(out, FieldDiff{Field: key, Before: v, After: b[key]})
		}
	}
	for key, v := range b {
		if _, had := a[key]; !had {
			out = append(out, FieldDiff{Field: key, After: v})
		}
	}
	slices.SortFunc(out, func(x, y FieldDiff) int { return strings.Compare(x.Field, y.Field) })
	return out, nil
}

// flat reads a stored document and lifts the values of a record to the top;
// what indexes hold follows from them and is left out.
func (s *Service) flat(data []byte) (map[string]any, error) {
	if data == nil {
		return nil, nil
	}
	m, err := s.sp.Store().Decode(data)
	if err != nil {
		return nil, err
	}
	if values, ok := m["values"].(map[string]any); ok {
		delete(m, "values")
		for key, v := range values {
			m[key] = v
		}
	}
	for _, derived := range []string{"feed", "slots", "alike", "audience"} {
		delete(m, derived)
	}
	return m, nil
}
