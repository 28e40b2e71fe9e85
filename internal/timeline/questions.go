package timeline

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
)

// Question is a conversation of which somebody has to say to which deal it
// belongs, by the message that stands for it.
type Question struct {
	Message crm.MessageID `json:"message"`
	Thread  crm.ThreadID  `json:"thread"`
	Date    crm.Time      `json:"date"`
	Level   access.Level  `json:"level" enum:"full,metadata"`
	Subject string        `json:"subject,omitempty"` // empty when only metadata may be seen
	From    Person        `json:"from"`
	To      []Person      `json:"to"`
	Deals   []Logged      `json:"deals"` // among which to choose, the likeliest first
}

// QuestionList is one page of questions, newest first.
type QuestionList struct {
	Items []Question `json:"items"`
	Next  string     `json:"next,omitempty"`
}

// Questions returns a page of the open questions about mail that the viewer may
// know of. It fails with crm.Denied for the operator.
func (s *Service) Questions(ctx context.Context, v access.Viewer, cursor string, limit int) (QuestionList, error) {
	const op = crm.Op("timeline.Questions")
	if err := mayReadMail(v); err != nil {
		return QuestionList{}, err
	}
	n, err := pageSize(limit)
	if err != nil {
		return QuestionList{}, err
	}
	after, err := parsePosition(cursor)
	if err != nil {
		return QuestionList{}, err
	}
	found, next, err := s.scan(ctx, v, crm.Questions, v.Tokens(crm.Questions), "", after, n)
	if err != nil {
		return QuestionList{}, crm.Wrap(op, "mail cannot be read", err)
	}
	items, err := s.questions(ctx, v, found)
	return QuestionList{Items: items, Next: next}, crm.Wrap(op, "the deals in question cannot be read", err)
}

func (s *Service) questions(ctx context.Context, v access.Viewer, found []crm.Message) ([]Question, error) {
	look := newLookup(s.sp, v)
	lists := make([][]crm.Link, len(found))
	ids := make([]crm.ThreadID, len(found))
	for i := range found {
		lists[i], ids[i] = found[i].Asked, found[i].Thread
	}
	if err := look.links(ctx, lists...); err != nil {
		return nil, err
	}
	root, err := threads(ctx, s.sp, ids...)
	out := make([]Question, len(found))
	for i := range found {
		level := access.Message(v, &found[i])
		m := access.Redact(found[i], level)
		from, to := people(&m)
		out[i] = Question{Message: m.ID, Thread: m.Talk(root), Date: m.Date, Level: level, Subject: m.Subject,
			From: from, To: to, Deals: s.logged(look, m.Asked)}
	}
	return out, err
}
