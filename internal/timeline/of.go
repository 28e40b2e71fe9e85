package timeline

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

const (
	shownRecipients = 10  // of a mail in a list
	maxExcerpt      = 200 // runes of an activity's text
)

// Of returns a page of a record's timeline, newest first: mail that is linked
// to the record, and the tasks, notes and calls about it. It fails with
// crm.NotFound when there is no such record and with crm.Denied for the
// operator, who reads mail as a user only.
func (s *Service) Of(ctx context.Context, v access.Viewer, record crm.RecordID, cursor string, limit int) (Page, error) {
	const op = crm.Op("timeline.Of")
	tokens, err := s.tokens(ctx, v, record)
	if err != nil {
		return Page{}, crm.Wrap(op, "the timeline cannot be read", err)
	}
	n, err := pageSize(limit)
	if err != nil {
		return Page{}, err
	}
	after, err := parsePosition(cursor)
	if err != nil {
		return Page{}, err
	}
	mail, err := mails(v).read(ctx, s.sp, tokens, after, n+1)
	if err != nil {
		return Page{}, crm.Wrap(op, "the mail of the record cannot be read", err)
	}
	acts, err := activities(v).read(ctx, s.sp, tokens, after, n+1)
	if err != nil {
		return Page{}, crm.Wrap(op, "the activities of the record cannot be read", err)
	}
	return s.merge(ctx, v, record, mail, acts, n)
}

// tokens are the feed tokens of a record's timeline, or of all mail, for a
// viewer who may have it.
func (s *Service) tokens(ctx context.Context, v access.Viewer, record crm.RecordID) ([]crm.FeedToken, error) {
	if err := mayReadMail(v); err != nil {
		return nil, err
	}
	if record != crm.AllRecords {
		r, err := s.record(ctx, record)
		if err == nil && !v.Reads(&r) {
			collection := store.Records.Name
			if n, _ := crm.NounOf(r.Kind); n.Activity {
				collection = store.Activities.Name
			}
			err = crm.Errorf(crm.NotFound, "timeline", "there is no %s %s", collection, record)
		}
		if err != nil {
			return nil, err
		}
	}
	return v.Tokens(record), nil
}

func mayReadMail(v access.Viewer) error {
	if len(v.Audiences()) > 0 {
		return nil
	}
	return crm.Errorf(crm.Denied, "timeline", "mail is read as a user of the workspace").
		WithHint("name the user, on the command line with --as EMAIL")
}

// record finds a record or an activity.
func (s *Service) record(ctx context.Context, id crm.RecordID) (crm.Record, error) {
	from := store.Records
	n, ok := crm.NounOfID(id)
	if !ok {
		return crm.Record{}, crm.Errorf(crm.NotFound, "timeline", "%q is not the id of a record", crm.Clip(string(id), 40)).WithField("record")
	}
	if n.Activity {
		from = store.Activities
	}
	doc, err := from.Get(ctx, s.sp, string(id))
	return doc.Value, err
}

// merge orders both streams as one and cuts them to a page.
func (s *Service) merge(ctx context.Context, v access.Viewer, record crm.RecordID, mail []crm.Message, acts []crm.Record, n int) (Page, error) {
	look := newLookup(s.sp, v)
	shown := mail[:min(len(mail), n)]
	var lists [][]crm.Link
	var ids []crm.ThreadID
	for i := range shown {
		lists = append(lists, linkTo(shown[i].Links, record))
		ids = append(ids, shown[i].Thread)
	}
	if err := look.links(ctx, lists...); err != nil {
		return Page{}, err
	}
	root, err := threads(ctx, s.sp, ids...)
	if err != nil {
		return Page{}, err
	}
	seen, err := s.seen(ctx, v, shown...)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: []Entry{}}
	var last position
	for (len(mail) > 0 || len(acts) > 0) && len(page.Items) < n {
		if len(acts) == 0 || len(mail) > 0 && mail[0].Date >= acts[0].At {
			e := s.mailEntry(v, look, &mail[0], record)
			e.Thread, e.Seen = mail[0].Talk(root), seen[mail[0].ID]
			page.Items = append(page.Items, e)
			last, mail = mails(v).place(&mail[0]), mail[1:]
			continue
		}
		shown := v.Show(acts[0])
		page.Items = append(page.Items, activityEntry(&shown))
		last, acts = activities(v).place(&acts[0]), acts[1:]
	}
	if len(mail)+len(acts) > 0 {
		page.Next = last.String()
	}
	return page, nil
}

// linkTo leaves the link to the record.
func linkTo(links []crm.Link, record crm.RecordID) []crm.Link {
	if i := slices.IndexFunc(links, func(l crm.Link) bool { return l.Record == record }); i >= 0 {
		return links[i : i+1]
	}
	return nil
}

func (s *Service) mailEntry(v access.Viewer, look *lookup, stored *crm.Message, record crm.RecordID) Entry {
	level := access.Message(v, stored)
	m := access.Redact(*stored, level)
	from, to := people(&m)
	e := Entry{Kind: TouchMail, ID: string(m.ID), Date: m.Date, Level: level, Direction: m.Direction, Class: m.Class,
		Title: m.Subject, Snippet: m.Snippet, From: &from, To: to}
	for _, k := range look.open(linkTo(m.Links, record)) {
		logged := look.because(k).logged(s.lang)
		e.Because = &logged
	}
	return e
}

func activityEntry(r *crm.Record) Entry {
	e := Entry{Kind: touchKind(r.Kind), ID: string(r.ID), Date: r.At, Level: access.Full, Direction: crm.Direction(r.Text("direction")),
		Title: activityTitle(r), Snippet: excerpt(r), Status: r.Text("status"), Due: r.Text("due")}
	if r.Kind == crm.KindMeeting {
		allDay, _ := r.Values["all_day"].(bool)
		e.Meeting = &Appointment{Ends: r.When("ends"), AllDay: allDay, Repeats: r.Frequency(), Attendance: r.Text("attendance"), Moves: r.Moves(), Proposed: r.Proposed()}
	}
	return e
}

func touchKind(k crm.Kind) TouchKind {
	switch k {
	case crm.KindCall:
		return TouchCall
	case crm.KindNote:
		return TouchNote
	case crm.KindMeeting:
		return TouchMeeting
	case crm.KindComment:
		return TouchComment
	case crm.KindTask:
		return TouchTask
	}
	return TouchKind(k) // that the workspace made
}

// activityTitle is the title or, of a note without one, its first line.
func activityTitle(r *crm.Record) string {
	if t := r.Text("title"); t != "" {
		return t
	}
	line, _, _ := strings.Cut(activityText(r), "\n")
	return crm.Clip(strings.TrimSpace(line), 80)
}

func activityText(r *crm.Record) string {
	if t := r.Text("text"); t != "" {
		return t
	}
	return r.Text("about")
}

func excerpt(r *crm.Record) string {
	return crm.Clip(strings.Join(strings.Fields(activityText(r)), " "), maxExcerpt)
}

// people are the sender and the first of those to whom a message went.
func people(m *crm.Message) (from Person, to []Person) {
	sender := m.From()
	to = []Person{}
	for _, p := range m.Participants {
		if (p.Role == crm.RoleTo || p.Role == crm.RoleCc) && len(to) < shownRecipients {
			to = append(to, Person{Name: p.Name, Address: p.Address})
		}
	}
	return Person{Name: sender.Name, Address: sender.Address}, to
}
