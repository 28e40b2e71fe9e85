package main

import (
	"context"
	"time"

	"threadline/addon"
	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/timeline"
	"threadline/sync/engine"
)

// lookup finds the sheet of a message, or asks the viewer's mail servers for
// one that is not stored. Gmail's own numbers are looked up among the copies of
// the viewer's accounts; in another's they would be another mail.
func (w *workers) lookup(ctx context.Context, viewer crm.UserID, ref addon.Ref) (*timeline.Sheet, error) {
	v, err := w.house.Records.Viewer(ctx, viewer)
	switch {
	case err != nil:
		return nil, err
	case ref.ID != "":
		return w.house.Timeline.Sheet(ctx, v, string(ref.ID))
	case ref.RFC != "":
		s, err := w.house.Timeline.Sheet(ctx, v, string(ref.RFC))
		if crm.IsKind(err, crm.NotFound) {
			return w.missing(ctx, viewer, ref.RFC)
		}
		return s, err
	}
	return w.numbered(ctx, v, ref.Gmail)
}

// numbered finds the copy with Gmail's number.
func (w *workers) numbered(ctx context.Context, v access.Viewer, k crm.Key) (*timeline.Sheet, error) {
	docs, err := store.Mailboxes.All(ctx, w.house.Space, store.Query{Where: []store.Filter{store.Is("owner", v.User)}})
	if err != nil {
		return nil, err
	}
	for i := range docs {
		if docs[i].Value.Kind != crm.KindGmail {
			continue
		}
		where, message, err := w.house.Engine.Known(ctx, &docs[i].Value, k)
		switch {
		case err != nil:
			return nil, err
		case message != "":
			return w.house.Timeline.Sheet(ctx, v, string(message))
		case where.State == engine.WhereSkipped:
			return &timeline.Sheet{Missing: timeline.MissingSkipped, Skip: where.Skip}, nil
		case where.State == engine.WhereWaiting:
			return &timeline.Sheet{Missing: timeline.MissingWaiting}, nil
		}
	}
	return nil, crm.Errorf(crm.NotFound, "lookup", "no copy with this number is known")
}

// serverPatience is how long a card waits for a mail server to say where a
// message is.
const serverPatience = 3 * time.Second

// missing asks the servers of the viewer's mailboxes. One that cannot be asked
// in time knows nothing.
func (w *workers) missing(ctx context.Context, viewer crm.UserID, id crm.RFCID) (*timeline.Sheet, error) {
	docs, err := store.Mailboxes.All(ctx, w.house.Space, store.Query{Where: []store.Filter{store.Is("owner", viewer)}})
	if err != nil {
		return nil, err
	}
	patient, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	out := &timeline.Sheet{Missing: timeline.MissingUnseen}
	for i := range docs {
		where, err := w.house.Engine.Where(patient, &docs[i].Value, id)
		if err != nil {
			w.house.log.Debug("a mail server did not say where a message is", "mailbox", docs[i].Value.ID, "error", err)
			continue
		}
		switch where.State {
		case engine.WhereWaiting, engine.WhereStored: // on its way, or about to be written
			return &timeline.Sheet{Missing: timeline.MissingWaiting}, nil
		case engine.WhereSkipped:
			out = &timeline.Sheet{Missing: timeline.MissingSkipped, Skip: where.Skip}
		}
	}
	return out, nil
}

func (w *workers) home(ctx context.Context, user crm.UserID) (*timeline.Home, error) {
	v, err := w.house.Records.Viewer(ctx, user)
	if err != nil {
		return nil, err
	}
	day, err := w.house.Timeline.Home(ctx, v)
	if err != nil {
		return nil, err
	}
	news, err := w.house.Notify.List(ctx, v, true, "", homeNotices)
	for _, n := range news.Items {
		day.Notices = append(day.Notices, timeline.HomeNotice{ID: n.ID, Kind: n.Kind, About: n.About, Message: n.Message, Title: n.Title, At: n.At})
	}
	if err == nil {
		day.Mailings, err = w.mailings(ctx, v)
	}
	return day, err
}

// Limits of campaigns on the card of the day.
const (
	homeMailings = 3
	mailingsLook = 20                 // newest ones that are looked at
	mailingsFor  = 3 * 24 * time.Hour // after they are done
)

// mailings are the campaigns of a viewer that are under way or were just done.
func (w *workers) mailings(ctx context.Context, v access.Viewer) ([]timeline.HomeMailing, error) {
	page, err := w.house.Campaigns.List(ctx, v, mailingsLook, "")
	if crm.IsKind(err, crm.Denied) {
		return nil, nil
	}
	var out []timeline.HomeMailing
	since := w.house.store.Now().Add(-mailingsFor)
	for _, c := range page.Values() {
		going := c.Status == crm.CampaignSending || c.Status == crm.CampaignPaused || c.Status == crm.CampaignDone && c.At > since
		if c.Owner != v.User || !going || len(out) == homeMailings {
			continue
		}
		m, err := w.mailing(ctx, v, &c)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, err
}

func (w *workers) mailing(ctx context.Context, v access.Viewer, c *crm.Campaign) (timeline.HomeMailing, error) {
	came, err := w.house.Campaigns.Results(ctx, v, c.ID)
	m := timeline.HomeMailing{ID: c.ID, Name: c.Name, Status: c.Status, Sent: came.Recipients[crm.RecipientSent],
		Replied: came.Replied, PerMinute: came.PerMinute, Finish: came.Finish, Trouble: c.Why}
	for state, n := range came.Recipients {
		if state != crm.RecipientExcluded {
			m.People += n
		}
	}
	if came.Trouble != nil && c.Status == crm.CampaignSending {
		m.Trouble = came.Trouble.Reason
	}
	return m, err
}

// homeNotices is how many of what is new stand on the card of the day.
const homeNotices = 5
