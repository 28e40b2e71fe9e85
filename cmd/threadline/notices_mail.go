package main

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/mail"
	"threadline/internal/notify"
	"threadline/internal/outbox"
	"threadline/internal/store"
	"threadline/sync/gmail"
)

// noticeMail sends people what they want to be told by mail, from their own
// mailbox to themselves. Who has none that sends is told in the app alone.
func (h *house) noticeMail(base *url.URL) notify.Mailer {
	return func(ctx context.Context, l notify.Letter) error {
		box, ok, err := h.sendingBox(ctx, l.User.ID)
		if err != nil || !ok {
			return err
		}
		v, err := h.Records.Viewer(ctx, l.User.ID)
		if err != nil {
			return err
		}
		subject, text := noticeText(l, base)
		_, err = h.Outbox.Add(ctx, v, outbox.Draft{Mailbox: box.ID, To: []mail.Party{{Name: l.User.Name, Address: l.User.Email}},
			Subject: subject, Text: text, Origin: "notice", Key: "notice " + l.Key, Headers: []crm.Header{{Name: "Auto-Submitted", Value: "auto-generated"}}})
		if err != nil && !crm.IsKind(err, crm.Unavailable) { // it would be refused again, and keep others waiting
			h.log.Error("somebody cannot be told by mail", "user", l.User.ID, "err", err)
			return nil
		}
		return err
	}
}

// sendingBox is a mailbox of a user from which mail can go.
func (h *house) sendingBox(ctx context.Context, u crm.UserID) (crm.Mailbox, bool, error) {
	boxes, err := store.Mailboxes.All(ctx, h.Space, store.Query{})
	for _, d := range boxes {
		m := d.Value
		sends := m.SMTP != "" || m.Kind == crm.KindGmail && slices.Contains(m.Scopes, gmail.ScopeSend)
		if m.Owner == u && sends && m.State != crm.StateDeleted && m.State != crm.StateDeleting {
			return m, true, nil
		}
	}
	return crm.Mailbox{}, false, err
}

// noticeText is a letter in the language of its reader.
func noticeText(l notify.Letter, base *url.URL) (subject, text string) {
	lang, _ := i18n.ParseLang(l.User.Locale)
	line := func(it notify.Item) string {
		return lang.T(i18n.Key("notice."+string(it.Kind)), crm.Clip(strings.Join(strings.Fields(it.Title), " "), 120))
	}
	subject = line(l.Items[0])
	if len(l.Items) > 1 {
		subject = lang.T(i18n.NoticeDigest, int64(len(l.Items)))
	}
	var b strings.Builder
	for _, it := range l.Items {
		b.WriteString(line(it) + "\r\n")
		if it.Due != "" {
			b.WriteString("  " + it.Due + "\r\n")
		}
		if it.Text != "" && it.Text != it.Title {
			b.WriteString("  " + it.Text + "\r\n")
		}
		for _, id := range it.Records[:min(len(it.Records), 1)] {
			b.WriteString("  " + base.JoinPath("records", string(id)).String() + "\r\n")
		}
		b.WriteString("\r\n")
	}
	return subject, b.String()
}
