package gmail

import (
	"context"
	"encoding/base64"

	"google.golang.org/api/gmail/v1"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

// SaveDraft makes or replaces a draft. Its own id stays with drafts.update, while
// the message that it holds gets another one. One with this Message-ID that nobody
// remembers is found again, so that a mail has one draft.
func (s *Sender) SaveDraft(ctx context.Context, m outbox.Mail) (string, error) {
	const op = crm.Op("gmail.SaveDraft")
	if !s.cfg.Drafts {
		return "", crm.Errorf(crm.Denied, op, "The consent at Google does not cover drafts.").WithHint("allow it: threadline mailbox add --gmail --drafts --again " + string(s.cfg.Address))
	}
	raw := withBcc(m)
	if len(raw) > atOnce {
		return "", crm.Errorf(crm.TooLarge, op, "Gmail takes drafts of at most %d MB from us.", atOnce>>20)
	}
	body := &gmail.Draft{Message: &gmail.Message{Raw: base64.URLEncoding.EncodeToString(raw), ThreadId: m.Thread}}
	if m.Draft == "" {
		var err error
		if m.Draft, err = s.draftOf(ctx, m.ID); err != nil {
			return "", err
		}
	}
	var out *gmail.Draft
	err := error(crm.Errorf(crm.NotFound, op, "there is none yet"))
	if m.Draft != "" {
		err = s.call(ctx, DraftsUpdate, func(ctx context.Context) (err error) {
			out, err = s.api.Drafts.Update("me", m.Draft, body).Context(ctx).Do()
			return err
		})
	}
	if crm.IsKind(err, crm.NotFound) {
		err = s.once(ctx, DraftsCreate, func(ctx context.Context) (err error) {
			out, err = s.api.Drafts.Create("me", body).Context(ctx).Do()
			return err
		})
	}
	if err != nil {
		return "", err
	}
	return out.Id, nil
}

// draftOf is the draft with a Message-ID, "" for none.
func (s *Sender) draftOf(ctx context.Context, id crm.RFCID) (string, error) {
	var list *gmail.ListDraftsResponse
	err := s.call(ctx, DraftsList, func(ctx context.Context) (err error) {
		list, err = s.api.Drafts.List("me").Q("rfc822msgid:" + string(id)).MaxResults(5).Context(ctx).Do()
		return err
	})
	if err != nil || len(list.Drafts) == 0 {
		return "", err
	}
	return list.Drafts[0].Id, nil
}

// DropDraft takes a draft away.
func (s *Sender) DropDraft(ctx context.Context, m outbox.Mail) error {
	err := s.call(ctx, DraftsDelete, func(ctx context.Context) error { return s.api.Drafts.Delete("me", m.Draft).Context(ctx).Do() })
	if crm.IsKind(err, crm.NotFound) {
		return nil
	}
	return err
}
