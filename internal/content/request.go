package content

import (
	"context"
	"slices"
	"strings"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/notify"
	"threadline/internal/records"
	"threadline/internal/store"
)

const (
	maxNote   = 500                // runes of the note of who asks
	askAgain  = 7 * 24 * time.Hour // after a refusal
	manyOwner = 20                 // owners of one message who are asked at most
)

// Ask asks the owners of a message to show it to the viewer; each is told. Who
// was refused may ask again after a week.
func (s *Service) Ask(ctx context.Context, v access.Viewer, id crm.MessageID, level crm.MailLevel, note string) ([]crm.MailRequest, error) {
	const op = crm.Op("content.Ask")
	docs, err := store.Messages.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil {
		return nil, err
	}
	m := &docs[0].Value
	has := access.Message(v, m)
	switch {
	case !docs[0].Exists() || has == access.None:
		return nil, crm.Errorf(crm.NotFound, op, "there is no message %s", crm.Clip(string(id), 60)).WithField("id")
	case level != access.Full && level != access.Subject:
		return nil, crm.Errorf(crm.Invalid, op, "one asks for the subject or for the full message").WithField("level")
	case !has.Less(level):
		return nil, crm.Errorf(crm.Exists, op, "you see this message already").WithField("level")
	case len([]rune(note)) > maxNote:
		return nil, crm.Errorf(crm.TooLarge, op, "a note has at most %d characters", maxNote).WithField("note")
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	var out []crm.MailRequest
	err = s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.ask(ctx, tx, v, m, crm.MailRequest{Level: level, Note: strings.TrimSpace(note)}, ws.Value.IDKey)
		return err
	})
	return out, crm.Wrap(op, "nobody could be asked", err)
}

func (s *Service) ask(ctx context.Context, tx *store.Tx, v access.Viewer, m *crm.Message, wish crm.MailRequest, key crm.IDKey) ([]crm.MailRequest, error) {
	owners := m.Owners[:min(len(m.Owners), manyOwner)]
	ids := make([]string, len(owners))
	for i, o := range owners {
		ids[i] = crm.DerivedID(crm.PrefixRequest, key, string(m.ID), string(o), string(v.User))
	}
	docs, err := store.Requests.GetMany(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	now := s.sp.Store().Now()
	var out []crm.MailRequest
	var tell []crm.Notice
	for i, d := range docs {
		old := d.Value
		if d.Exists() && old.State == crm.RequestRefused && now < old.Answered.Add(askAgain) {
			return nil, crm.Errorf(crm.Conflict, "content.ask", "this was refused a few days ago").WithHint("ask again in a week, or speak with the owner")
		}
		if d.Exists() && old.State == crm.RequestOpen && !old.Level.Less(wish.Level) {
			out = append(out, old) // it waits already
			continue
		}
		r := crm.MailRequest{ID: ids[i], Owner: owners[i], By: v.User, Message: m.ID, Level: wish.Level, Note: wish.Note, State: crm.RequestOpen, At: now}
		n, told, err := notify.Named(ctx, s.sp, tx, crm.Notice{User: r.Owner, Kind: crm.NoticeAsked, Message: m.ID, By: v.User, At: r.At}, r.ID, r.At.String())
		if err != nil {
			return nil, err
		}
		if out = append(out, r); told {
			tell = append(tell, n)
		}
	}
	for i := range out {
		if out[i].At == now {
			store.Requests.Put(tx, &out[i])
		}
	}
	for i := range tell {
		store.Notices.Put(tx, &tell[i])
	}
	return out, nil
}

// Requests is a page of requests, newest first.
type Requests struct {
	Items []crm.MailRequest `json:"items"`
	Next  string            `json:"next,omitempty"`
}

// Requests lists those that wait for the viewer's word, or those of the viewer.
func (s *Service) Requests(ctx context.Context, v access.Viewer, mine bool, cursor string, limit int) (Requests, error) {
	const op = crm.Op("content.Requests")
	if v.User == "" {
		return Requests{}, crm.Errorf(crm.Denied, op, "only users ask or are asked").WithHint("--as EMAIL")
	}
	q := store.Query{Where: []store.Filter{store.Is("owner", v.User), store.Is("state", crm.RequestOpen)}, Order: "at", Desc: true, Limit: limit, After: cursor}
	if mine {
		q.Where = []store.Filter{store.Is("by", v.User)}
	}
	found, err := store.Requests.Query(ctx, s.sp, q)
	return Requests{Items: append([]crm.MailRequest{}, found.Values()...), Next: found.Next}, crm.Wrap(op, "the requests cannot be read", err)
}

// Answer says yes or no to a request that the caller was asked. Yes is an
// exception in what they say of who sees their mail, as a batch that can be
// taken back; the one who asked is told either way.
func (s *Service) Answer(ctx context.Context, rec *records.Service, by records.By, id string, yes bool) (crm.MailRequest, string, error) {
	const op = crm.Op("content.Answer")
	docs, err := store.Requests.GetMany(ctx, s.sp, []string{id})
	if err != nil {
		return crm.MailRequest{}, "", err
	}
	r := docs[0].Value
	switch {
	case !docs[0].Exists() || r.Owner != by.Actor:
		return crm.MailRequest{}, "", crm.Errorf(crm.NotFound, op, "nobody asked you this").WithField("id")
	case r.State != crm.RequestOpen:
		return crm.MailRequest{}, "", crm.Errorf(crm.Conflict, op, "this was answered already").WithField("id")
	}
	batch := ""
	if yes {
		if batch, err = s.grant(ctx, rec, by, &r); err != nil {
			return crm.MailRequest{}, "", err
		}
	}
	err = s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := store.Requests.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		r = now.Value
		told := crm.Notice{User: r.By, Kind: crm.NoticeRefused, Message: r.Message, By: r.Owner, At: s.sp.Store().Now()}
		if r.State, r.Answered = crm.RequestRefused, told.At; yes {
			r.State, told.Kind = crm.RequestGranted, crm.NoticeGranted
		}
		n, wants, err := notify.Named(ctx, s.sp, tx, told, r.ID, r.At.String())
		if err != nil {
			return err
		}
		if store.Requests.Put(tx, &r); wants {
			store.Notices.Put(tx, &n)
		}
		return nil
	})
	return r, batch, crm.Wrap(op, "the answer cannot be stored", err)
}

// grant makes the exception. Done twice, it is there once.
func (s *Service) grant(ctx context.Context, rec *records.Service, by records.By, r *crm.MailRequest) (string, error) {
	v, err := rec.Viewer(ctx, by.Actor)
	if err != nil {
		return "", err
	}
	says, err := rec.Sharing(ctx, v)
	if err != nil {
		return "", err
	}
	says.Exceptions = slices.DeleteFunc(slices.Clone(says.Exceptions), func(x crm.Exception) bool { return x.Message == r.Message && x.To == r.By })
	says.Exceptions = append(says.Exceptions, crm.Exception{Message: r.Message, To: r.By, Level: r.Level})
	return rec.Share(ctx, by, says)
}
