package records

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Sharing is what a person says of who sees their mail.
func (s *Service) Sharing(ctx context.Context, v access.Viewer) (crm.Sharing, error) {
	if v.User == "" {
		return crm.Sharing{}, crm.Errorf(crm.Denied, "records.Sharing", "who sees mail is for those to say whose mailbox it is in").WithHint("--as EMAIL")
	}
	out := crm.Sharing{Owner: v.User}
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.SharingSetting(out).ID})
	if err == nil && docs[0].Exists() && docs[0].Value.Sharing != nil {
		out = *docs[0].Value.Sharing
	}
	return out, crm.Wrap("records.Sharing", "the setting cannot be read", err)
}

// Share replaces what a person says of who sees their mail. It holds at once,
// and nobody but they can change it.
func (s *Service) Share(ctx context.Context, by By, sharing crm.Sharing) (string, error) {
	const op = crm.Op("records.Share")
	if sharing.Owner = by.Actor; by.Actor == "" {
		return "", crm.Errorf(crm.Denied, op, "who sees mail is for those to say whose mailbox it is in").WithHint("--as EMAIL")
	}
	if err := sharing.Check(); err != nil {
		return "", err
	}
	batch, err := s.sp.Change(ctx, by.info("say who sees one's mail"), func(ctx context.Context, tx *store.Tx) error {
		set := crm.SharingSetting(sharing)
		if _, err := store.Settings.GetMany(ctx, tx, []string{set.ID}); err != nil {
			return err
		}
		if err := s.checkSharing(ctx, tx, by, &sharing); err != nil {
			return err
		}
		return put(tx, set)
	})
	return batch, crm.Wrap(op, "the setting cannot be changed", err)
}

// checkSharing refuses mailboxes, messages and records that are not theirs to
// name.
func (s *Service) checkSharing(ctx context.Context, tx *store.Tx, by By, sharing *crm.Sharing) error {
	const op = crm.Op("records.Share")
	sch, err := readSchema(ctx, tx)
	if err != nil {
		return err
	}
	v := writer(access.NewPolicy(sch), by)
	var mailboxes, messages []string
	var records []crm.RecordID
	var people []ref
	for id := range sharing.Mailboxes {
		mailboxes = append(mailboxes, string(id))
	}
	for _, x := range sharing.Exceptions {
		if x.Message != "" {
			messages = append(messages, string(x.Message))
		}
		if x.Record != "" {
			records = append(records, x.Record)
		}
		people = append(people, userRefs("exceptions", x.To)...)
	}
	boxes, err := store.Mailboxes.GetMany(ctx, tx, mailboxes)
	if err != nil {
		return err
	}
	for i, d := range boxes {
		if !d.Exists() || d.Value.Owner != by.Actor {
			return crm.Errorf(crm.NotFound, op, "there is no mailbox %s of yours", crm.Clip(mailboxes[i], 60)).WithField("mailboxes")
		}
	}
	mails, err := store.Messages.GetMany(ctx, tx, messages)
	if err != nil {
		return err
	}
	for i, d := range mails {
		if !d.Exists() || !slices.Contains(d.Value.Owners, by.Actor) {
			return crm.Errorf(crm.NotFound, op, "there is no message %s of yours", crm.Clip(messages[i], 60)).WithField("exceptions")
		}
	}
	docs, err := fetch(ctx, tx, records)
	if err != nil {
		return err
	}
	for i, d := range docs {
		if !d.Exists() || !v.Reads(&d.Value) {
			return missing(records[i])
		}
	}
	return checkUsers(ctx, tx, people)
}

// sharer is whose word on their mail, or on their clock, a setting is, "" for any
// other setting.
func sharer(id string) crm.UserID {
	for _, prefix := range []string{"sharing_", "clock_"} {
		if who, ok := strings.CutPrefix(id, prefix); ok {
			return crm.UserID(who)
		}
	}
	return ""
}
