package notify

import (
	"context"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// send mails what is to be mailed: at once, or with the digest of the day.
func (n *Notifier) send(ctx context.Context) error {
	if n.mail == nil {
		return nil
	}
	for _, how := range []crm.MailChoice{crm.MailNow, crm.MailDigest} {
		docs, err := store.Notices.All(ctx, n.sp, store.Query{Where: []store.Filter{store.Is("mail", how)}})
		if err != nil {
			return err
		}
		byUser := map[crm.UserID][]crm.Notice{}
		var order []crm.UserID
		for _, d := range docs {
			if byUser[d.Value.User] == nil {
				order = append(order, d.Value.User)
			}
			byUser[d.Value.User] = append(byUser[d.Value.User], d.Value)
		}
		for _, u := range order {
			if err := n.sendTo(ctx, u, how, byUser[u]); err != nil {
				return err
			}
		}
	}
	return nil
}

// sendTo mails a user what they are to be told: each notice by itself, or those
// of before the last hour of their digest together. The keys of the letters
// follow from what is in them.
func (n *Notifier) sendTo(ctx context.Context, id crm.UserID, how crm.MailChoice, list []crm.Notice) error {
	users, err := store.Users.GetMany(ctx, n.sp, []string{string(id)})
	if err != nil {
		return err
	}
	if !users[0].Exists() || users[0].Value.Status == crm.UserLeft {
		return n.mailed(ctx, list)
	}
	if how == crm.MailNow {
		for _, x := range list {
			if err := n.letter(ctx, users[0].Value, x.ID, []crm.Notice{x}); err != nil {
				return err
			}
		}
		return nil
	}
	hour, err := n.digest(ctx, id)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(x crm.Notice) bool { return x.At >= hour })
	if len(list) == 0 {
		return nil
	}
	return n.letter(ctx, users[0].Value, "digest "+string(id)+" "+hour.String(), list)
}

// letter sends a letter about notices, and notes that it did.
func (n *Notifier) letter(ctx context.Context, u crm.User, key string, list []crm.Notice) error {
	v, err := n.records.Viewer(ctx, u.ID)
	if err != nil {
		return err
	}
	l := Letter{User: u, Key: key}
	if l.Items, err = New(n.sp, n.records).items(ctx, v, list); err != nil {
		return err
	}
	if len(l.Items) > 0 {
		if err := n.mail(ctx, l); err != nil {
			return err
		}
	}
	return n.mailed(ctx, list)
}

// mailed notes that notices need no mail any more.
func (n *Notifier) mailed(ctx context.Context, list []crm.Notice) error {
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.ID
	}
	return n.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Notices.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if x := d.Value; d.Exists() && x.Mail != "" {
				x.Mail = ""
				store.Notices.Put(tx, &x)
			}
		}
		return nil
	})
}

// digest is the last hour at which somebody's digest was to go.
func (n *Notifier) digest(ctx context.Context, u crm.UserID) (crm.Time, error) {
	c, err := choices(ctx, n.sp, u)
	if err != nil {
		return 0, err
	}
	zone, err := n.zone(ctx, u)
	if err != nil {
		return 0, err
	}
	now := n.sp.Store().Now().Std().In(zone)
	y, m, d := now.Date()
	hour := time.Date(y, m, d, c.Hour, 0, 0, 0, zone)
	if now.Before(hour) {
		hour = time.Date(y, m, d-1, c.Hour, 0, 0, 0, zone)
	}
	return crm.At(hour), nil
}
