package notify

import (
	"context"
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

func (n *Notifier) sendTo(ctx context.Context, id crm.UserID, how crm.MailChoice, list []crm.Notice) error {
	user, err := store.Users.Get(ctx, n.sp, string(id))
	if err != nil && !crm.IsKind(err, crm.NotFound) {
		return err
	}
	if how == crm.MailDigest && err == nil {
		if ready, err := n.digest(ctx, id, list); err != nil || !ready {
			return err
		}
	}
	v, err := n.records.Viewer(ctx, id)
	if err != nil {
		return err
	}
	var items []Item
	for _, x := range list {
		docs, err := n.records.GetMany(ctx, v, []crm.RecordID{x.About})
		if err != nil {
			return err
		}
		if docs[0].Exists() && v.Reads(&docs[0].Value) {
			items = append(items, item(x, v.Show(docs[0].Value)))
		}
	}
	if len(items) > 0 && user.Exists() {
		if err := n.mail(ctx, user.Value, items); err != nil {
			return err
		}
	}
	b := n.sp.Batch()
	for i := range list {
		list[i].Mail = ""
		store.Notices.Put(b, &list[i])
	}
	return b.Commit(ctx)
}

// digest tells whether the hour of somebody's digest has come since the oldest
// of the notices.
func (n *Notifier) digest(ctx context.Context, u crm.UserID, list []crm.Notice) (bool, error) {
	c, err := choices(ctx, n.sp, u)
	if err != nil {
		return false, err
	}
	ws, err := store.Workspaces.Get(ctx, n.sp, string(n.sp.Workspace()))
	if err != nil {
		return false, err
	}
	zone, err := time.LoadLocation(ws.Value.Zone)
	if err != nil {
		zone = time.UTC
	}
	now := n.sp.Store().Now().Std().In(zone)
	y, m, d := now.Date()
	hour := time.Date(y, m, d, c.Hour, 0, 0, 0, zone)
	if now.Before(hour) {
		hour = time.Date(y, m, d-1, c.Hour, 0, 0, 0, zone)
	}
	oldest := list[0].At
	for _, x := range list {
		oldest = min(oldest, x.At)
	}
	return oldest < crm.At(hour), nil
}
