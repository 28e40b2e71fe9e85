package timeline

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// maxScan bounds how many messages one page of a filter without index reads.
const maxScan = 2000

// Messages returns a page of mail, newest first: all of it, that of a record,
// or that of a mailbox. It fails with crm.NotFound for a record or a mailbox
// that does not exist or is not for the viewer, and with crm.Denied for the
// operator.
func (s *Service) Messages(ctx context.Context, v access.Viewer, f Filter, cursor string, limit int) (List, error) {
	const op = crm.Op("timeline.Messages")
	if f.Record == "" {
		f.Record = crm.AllRecords
	}
	tokens, err := s.tokens(ctx, v, f.Record)
	if err == nil {
		err = s.maySearch(ctx, v, f.Mailbox)
	}
	if err != nil {
		return List{}, crm.Wrap(op, "the list cannot be read", err)
	}
	n, err := pageSize(limit)
	if err != nil {
		return List{}, err
	}
	after, err := parsePosition(cursor)
	if err != nil {
		return List{}, err
	}
	found, next, err := s.scan(ctx, v, f.Record, tokens, f.Mailbox, after, n)
	if err != nil {
		return List{}, crm.Wrap(op, "mail cannot be read", err)
	}
	rows, err := s.rows(ctx, v, found)
	return List{Items: rows, Next: next}, crm.Wrap(op, "what the mail is logged on cannot be read", err)
}

// maySearch tells whether the viewer may know what lies in the mailbox.
func (s *Service) maySearch(ctx context.Context, v access.Viewer, id crm.MailboxID) error {
	if id == "" {
		return nil
	}
	docs, err := store.Mailboxes.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil {
		return err
	}
	if !docs[0].Exists() || !access.Mailbox(v, &docs[0].Value) {
		return crm.Errorf(crm.NotFound, "timeline", "there is no mailbox %s", crm.Clip(string(id), 40)).WithField("mailbox")
	}
	return nil
}

// scan reads a page of messages and the cursor behind it. Mail of one mailbox
// is picked from the whole, of which a page reads a bounded part.
func (s *Service) scan(ctx context.Context, v access.Viewer, record crm.RecordID, tokens []crm.FeedToken, mailbox crm.MailboxID, after *position, n int) ([]crm.Message, string, error) {
	var out []crm.Message
	for read := 0; ; read += n {
		part, err := mails(v).read(ctx, s.sp, tokens, after, n+1)
		if err != nil {
			return nil, "", err
		}
		for i := range part[:min(len(part), n)] {
			if len(out) == n || read >= maxScan {
				return out, after.String(), nil
			}
			p := mails(v).place(&part[i])
			after = &p
			listed := record != crm.AllRecords && record != crm.Questions || access.Lists(v, &part[i])
			if listed && (mailbox == "" || inMailbox(&part[i], mailbox)) {
				out = append(out, part[i])
			}
		}
		if len(part) <= n {
			return out, "", nil
		}
		if len(out) == n {
			return out, after.String(), nil
		}
	}
}

func inMailbox(m *crm.Message, id crm.MailboxID) bool {
	return slices.ContainsFunc(m.Copies, func(c crm.CopyRef) bool { return c.Mailbox == id })
}

// rows makes list entries of messages.
func (s *Service) rows(ctx context.Context, v access.Viewer, found []crm.Message) ([]Row, error) {
	look, not := newLookup(s.sp, v), &notLogged{sp: s.sp}
	lists := make([][]crm.Link, len(found))
	ids := make([]crm.ThreadID, len(found))
	for i := range found {
		lists[i], ids[i] = found[i].Links, found[i].Thread
	}
	if err := look.links(ctx, lists...); err != nil {
		return nil, err
	}
	root, err := threads(ctx, s.sp, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(found))
	for i := range found {
		why, err := not.why(ctx, &found[i])
		if err != nil {
			return nil, err
		}
		level := access.Message(v, &found[i])
		m := access.Redact(found[i], level)
		from, to := people(&m)
		out[i] = Row{ID: m.ID, Date: m.Date, Direction: m.Direction, Class: m.Class, Level: level, Subject: m.Subject,
			Snippet: m.Snippet, From: from, To: to, Flags: some(m.Flags), Attachments: len(m.Attachments),
			Links: s.logged(look, m.Links), Not: why, Thread: m.Talk(root)}
	}
	return out, nil
}

// logged words the links of a redacted message.
func (s *Service) logged(look *lookup, links []crm.Link) []Logged {
	links = look.open(links)
	out := make([]Logged, len(links))
	for i, k := range links {
		out[i] = look.because(k).logged(s.lang)
	}
	return out
}

// some turns a missing list into an empty one, which is what answers show.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
