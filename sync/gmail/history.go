package gmail

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"google.golang.org/api/gmail/v1"

	"threadline/internal/crm"
	"threadline/sync/source"
)

func cursorOf(history uint64) string { return strconv.FormatUint(history, 10) }

// Delta reads the history since the cursor. Where it has expired nothing is
// said of what happened, but a cursor is taken, and everything is to be compared.
func (s *session) Delta(ctx context.Context, folder, cursor string) (source.Delta, error) {
	return bounded(ctx, s, func(ctx context.Context) (source.Delta, error) {
		if folder != AllMail {
			return s.snapshot(ctx, folder)
		}
		start, err := strconv.ParseUint(cursor, 10, 64)
		if err != nil || cursorOf(start) != cursor || start == 0 {
			d, err := s.snapshot(ctx, folder)
			d.Void = cursor != ""
			return d, err
		}
		d, err := s.since(ctx, start)
		if crm.IsKind(err, crm.NotFound) { // expired, or of another life of the account
			p, err := s.profile(ctx)
			if err != nil {
				return source.Delta{}, err
			}
			s.told = p.HistoryId
			return source.Delta{Epoch: epoch, Cursor: cursorOf(p.HistoryId), Count: -1, Lost: true}, nil
		}
		return d, err
	})
}

// snapshot takes the cursor before it lists, so that what happens meanwhile is
// told again.
func (s *session) snapshot(ctx context.Context, folder string) (source.Delta, error) {
	if _, ok := labelOf(folder); !ok {
		return source.Delta{}, noFolder(folder)
	}
	p, err := s.profile(ctx)
	if err != nil {
		return source.Delta{}, err
	}
	keys, err := s.keys(ctx, folder)
	if err != nil {
		return source.Delta{}, err
	}
	s.told = p.HistoryId
	return source.Delta{Epoch: epoch, Cursor: cursorOf(p.HistoryId), Added: keys, Count: keys.Size()}, nil
}

// since reads every page after a history id. The cursor is the last record that
// was told: what the server answers beside a page may be newer than the page.
func (s *session) since(ctx context.Context, start uint64) (source.Delta, error) {
	var all changes
	last := start
	for page := ""; ; {
		var res *gmail.ListHistoryResponse
		err := s.call(ctx, HistoryList, func(ctx context.Context) (err error) {
			c := s.api.History.List("me").StartHistoryId(start).MaxResults(500).Context(ctx)
			if page != "" {
				c.PageToken(page)
			}
			res, err = c.Do()
			return err
		})
		if err != nil {
			return source.Delta{}, err
		}
		for _, h := range res.History {
			if err := all.add(h); err != nil {
				return source.Delta{}, err
			}
			last = max(last, h.Id)
		}
		s.told = max(s.told, res.HistoryId)
		if page = res.NextPageToken; page == "" {
			if last == start {
				last = max(res.HistoryId, start)
			}
			d := all.fold()
			d.Epoch, d.Cursor = epoch, cursorOf(last)
			return d, nil
		}
	}
}

// changes is what a stretch of history says, by message.
type changes struct{ of map[crm.Key]*story }

// story is what happened to one message, in order.
type story struct {
	added, deleted bool
	events         []event
	labels         []string // after the last event
	known          bool     // labels are
}

type event struct{ added, removed []string }

func (c *changes) add(h *gmail.History) error {
	for _, e := range h.MessagesAdded {
		if err := c.note(e.Message, func(s *story) { s.added, s.deleted = true, false }); err != nil {
			return err
		}
	}
	for _, e := range h.LabelsAdded {
		if err := c.note(e.Message, func(s *story) { s.events = append(s.events, event{added: e.LabelIds}) }); err != nil {
			return err
		}
	}
	for _, e := range h.LabelsRemoved {
		if err := c.note(e.Message, func(s *story) { s.events = append(s.events, event{removed: e.LabelIds}) }); err != nil {
			return err
		}
	}
	for _, e := range h.MessagesDeleted {
		if err := c.note(e.Message, func(s *story) { s.deleted = true }); err != nil {
			return err
		}
	}
	return nil
}

func (c *changes) note(m *gmail.Message, f func(*story)) error {
	if m == nil {
		return crm.Errorf(crm.Internal, "gmail.history", "Gmail tells of a change without a message.")
	}
	k, err := keyOf(m.Id)
	if err != nil {
		return err
	}
	if c.of == nil {
		c.of = map[crm.Key]*story{}
	}
	s := c.of[k]
	if s == nil {
		s = &story{}
		c.of[k] = s
	}
	f(s)
	s.labels, s.known = m.LabelIds, s.known && !s.deleted || m.LabelIds != nil
	return nil
}

// fold tells what came to All Mail, what left it, and whose flags changed, by
// comparing where each message was before with where it is now.
func (c *changes) fold() source.Delta {
	d := source.Delta{Count: -1}
	var added, gone []crm.Key
	for k, s := range c.of {
		was, is, sure := s.places()
		switch {
		case !was && is:
			added = append(added, k)
		case was && !is:
			gone = append(gone, k)
		case was && is && s.flagged():
			if s.known {
				d.Flags = append(d.Flags, source.FlagChange{Key: k, Flags: flagsOf(s.labels)})
			} else {
				d.NoFlags = true
			}
		}
		d.Recount = d.Recount || !sure
	}
	slices.SortFunc(d.Flags, func(a, b source.FlagChange) int { return cmp.Compare(a.Key, b.Key) })
	d.Added, d.Gone = crm.Keys(added...), crm.Keys(gone...)
	return d
}

// places tells whether the message was and is in All Mail. Where the history
// tells no labels it may be either, and that is not sure.
func (s *story) places() (was, is, sure bool) {
	labels := slices.Clone(s.labels)
	is = !s.deleted && member(labels)
	for i := len(s.events) - 1; i >= 0; i-- {
		e := s.events[i]
		labels = slices.DeleteFunc(labels, func(l string) bool { return slices.Contains(e.added, l) })
		labels = append(labels, e.removed...)
	}
	was = !s.added && member(labels)
	if s.known {
		return was, is, true
	}
	touched := s.deleted || slices.ContainsFunc(s.events, func(e event) bool { return !member(e.added) || !member(e.removed) })
	return was, is, s.added && !s.deleted || !touched
}

// flagged tells whether a label that is a flag came or went.
func (s *story) flagged() bool {
	return slices.ContainsFunc(s.events, func(e event) bool {
		for _, l := range slices.Concat(e.added, e.removed) {
			if l == "UNREAD" || l == "STARRED" {
				return true
			}
		}
		return false
	})
}
