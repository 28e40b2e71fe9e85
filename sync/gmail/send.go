package gmail

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/googleapi"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
)

// MaxRecipients is how many people one mail may go to through the API
// (https://support.google.com/a/answer/166852).
const MaxRecipients = 100

// MaxBytes is how large a mail may be for the API (maxSize of messages.send in its
// discovery document).
const MaxBytes = 36_700_160

// Sender sends from an account: users.messages.send and drafts.send. It is safe for
// concurrent use.
type Sender struct {
	*caller
	hub *Hub
}

// NewSender makes a sender; nothing is asked of Google yet.
func NewSender(ctx context.Context, cfg Config) (*Sender, error) {
	c, err := New(cfg).caller(ctx)
	if err != nil {
		return nil, err
	}
	return &Sender{caller: c, hub: c.cfg.Hub}, nil
}

// Send hands a mail over with its Message-ID and, for a reply, its conversation.
// Gmail takes the recipients from the header, and takes Bcc off what it delivers.
func (s *Sender) Send(ctx context.Context, m outbox.Mail) (outbox.Receipt, error) {
	const op = crm.Op("gmail.Send")
	if len(m.To) > MaxRecipients {
		return outbox.Receipt{}, crm.Errorf(crm.Invalid, op, "Gmail takes at most %d recipients of one mail, not %d.", MaxRecipients, len(m.To)).WithField("to")
	}
	if len(m.Raw) > MaxBytes {
		return outbox.Receipt{}, crm.Errorf(crm.TooLarge, op, "Gmail takes mail of at most %d MB, files and all.", MaxBytes>>20).WithField("files")
	}
	raw := withBcc(m)
	large := len(raw) > atOnce
	method := MessagesSend
	if m.Draft != "" && !large {
		method = DraftsSend
	}
	if err := s.cfg.Quota.Wait(ctx, s.cfg.Address, method); err != nil {
		return outbox.Receipt{}, err
	}
	if _, err := s.cfg.Tokens.Access(ctx); err != nil { // before the body is on its way
		return outbox.Receipt{}, err
	}
	within, done := context.WithTimeoutCause(ctx, s.cfg.Timeout+time.Duration(len(raw)/slowest)*time.Second, errMute)
	defer done()
	var sent *gmail.Message
	var err error
	switch body := (&gmail.Message{ThreadId: m.Thread}); {
	case large:
		sent, err = s.upload(within, body, raw)
	case method == DraftsSend:
		body.Raw = base64.URLEncoding.EncodeToString(raw)
		sent, err = s.api.Drafts.Send("me", &gmail.Draft{Id: m.Draft, Message: body}).Context(within).Do()
	default:
		body.Raw = base64.URLEncoding.EncodeToString(raw)
		sent, err = s.api.Messages.Send("me", body).Context(within).Do()
	}
	if method == DraftsSend && absent(err) {
		return s.withoutDraft(ctx, m)
	}
	if err != nil {
		return outbox.Receipt{}, s.outcome(op, err)
	}
	if s.hub != nil {
		s.hub.Notify(s.cfg.Address, 0)
	}
	return outbox.Receipt{Remote: sent.Id, Thread: sent.ThreadId}, nil
}

// slowest is how many bytes a second a line carries at least that is waited for.
const slowest = 64 << 10

// absent tells whether Gmail said that there is no such thing.
func absent(err error) bool {
	var refused *googleapi.Error
	return errors.As(err, &refused) && refused.Code == http.StatusNotFound
}

// withoutDraft is for a draft that is not there any more: its owner may have sent
// it themselves, or thrown it away.
func (s *Sender) withoutDraft(ctx context.Context, m outbox.Mail) (outbox.Receipt, error) {
	if r, ok, err := s.find(ctx, m.ID); ok || err != nil {
		return r, err
	}
	m.Draft = ""
	return s.Send(ctx, m)
}

// outcome tells apart what certainly did not go out.
func (s *Sender) outcome(op crm.Op, err error) error {
	var own *crm.Error
	var refused *googleapi.Error
	switch {
	case errors.As(err, &own):
		return own
	case !errors.As(err, &refused):
		var dialed *net.OpError
		if errors.As(err, &dialed) && dialed.Op == "dial" {
			return outbox.NotReached(s.explain(op, err))
		}
		return outbox.NotKnown(op, err)
	case refused.Code >= http.StatusInternalServerError:
		return outbox.NotKnown(op, s.explain(op, err))
	case refused.Code == http.StatusBadRequest:
		return crm.Errorf(crm.Invalid, op, "Gmail refuses the mail: %s", crm.Clip(refused.Message, 200))
	}
	return s.explain(op, err)
}

// withBcc adds the recipients that the header does not name.
func withBcc(m outbox.Mail) []byte {
	p := mail.Parse(m.Raw)
	var hidden []string
	for _, a := range m.To {
		named := func(q crm.Participant) bool {
			return q.Address == a && slices.Contains([]crm.Role{crm.RoleTo, crm.RoleCc, crm.RoleBcc}, q.Role)
		}
		if !slices.ContainsFunc(p.Participants, named) {
			hidden = append(hidden, string(a))
		}
	}
	if len(hidden) == 0 {
		return m.Raw
	}
	return append([]byte("Bcc: "+strings.Join(hidden, ",\r\n ")+"\r\n"), bytes.Clone(m.Raw)...)
}

// Proves is true: Gmail keeps whatever it sends in All Mail, from the same step on.
func (s *Sender) Proves() bool { return true }

// Find looks for mails of the account by their Message-IDs.
func (s *Sender) Find(ctx context.Context, ids ...crm.RFCID) (map[crm.RFCID]outbox.Receipt, error) {
	out := map[crm.RFCID]outbox.Receipt{}
	for _, id := range ids {
		r, ok, err := s.find(ctx, id)
		if err != nil {
			return out, err
		}
		if ok {
			out[id] = r
		}
	}
	return out, nil
}

func (s *Sender) find(ctx context.Context, id crm.RFCID) (outbox.Receipt, bool, error) {
	var list *gmail.ListMessagesResponse
	err := s.call(ctx, MessagesList, func(ctx context.Context) (err error) {
		list, err = s.api.Messages.List("me").Q("rfc822msgid:" + string(id)).IncludeSpamTrash(true).MaxResults(5).Context(ctx).Do()
		return err
	})
	if err != nil || len(list.Messages) == 0 {
		return outbox.Receipt{}, false, err
	}
	var drafts *gmail.ListMessagesResponse // bear the same Message-ID
	err = s.call(ctx, MessagesList, func(ctx context.Context) (err error) {
		drafts, err = s.api.Messages.List("me").Q("rfc822msgid:" + string(id)).LabelIds("DRAFT").MaxResults(5).Context(ctx).Do()
		return err
	})
	if err != nil {
		return outbox.Receipt{}, false, err
	}
	for _, m := range list.Messages {
		if !slices.ContainsFunc(drafts.Messages, func(d *gmail.Message) bool { return d.Id == m.Id }) {
			return outbox.Receipt{Remote: m.Id, Thread: m.ThreadId}, true, nil
		}
	}
	return outbox.Receipt{}, false, nil
}
