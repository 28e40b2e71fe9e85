package meeting

import (
	"context"
	"log/slog"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Follower reads the feed of arrivals. It has one owner, who calls Run, or CatchUp
// now and then.
type Follower struct {
	sp      *store.Space
	records *records.Service
	bodies  *store.BodyCodec
	blobs   *store.Blobs
	log     *slog.Logger
}

// New makes the follower of a workspace.
func New(sp *store.Space, r *records.Service, bodies *store.BodyCodec, blobs *store.Blobs, log *slog.Logger) *Follower {
	return &Follower{sp: sp, records: r, bodies: bodies, blobs: blobs, log: log}
}

const (
	followID = "job_meetings"
	page     = 200
)

// Run follows until ctx ends.
func (f *Follower) Run(ctx context.Context) error {
	return f.sp.Follow(ctx, store.DefaultPace(), f.CatchUp, func(err error) {
		f.log.Error("invitations cannot be made meetings", "err", err)
	})
}

// CatchUp works off the feed up to its present end, and moves series on.
func (f *Follower) CatchUp(ctx context.Context) error {
	if err := f.catchUp(ctx); err != nil {
		return err
	}
	return f.turn(ctx)
}

func (f *Follower) catchUp(ctx context.Context) error {
	var d *desk
	return f.sp.WorkOff(ctx, followID, "meetings", page, func(ctx context.Context, items []store.FeedItem) error {
		mails, err := f.calendars(ctx, items)
		if err != nil {
			return err
		}
		if len(mails) > 0 && d == nil {
			if d, err = f.desk(ctx); err != nil {
				return err
			}
		}
		for i := range mails {
			if err := f.arrived(ctx, d, &mails[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// calendars reads the mails with calendar files among those that came, or whose
// links are others.
func (f *Follower) calendars(ctx context.Context, items []store.FeedItem) ([]crm.Message, error) {
	var ids []string
	for _, it := range items {
		if it.Arrival == nil {
			continue
		}
		for _, a := range it.Arrival.Items {
			if id := string(a.Message); (a.New || len(a.Gained) > 0) && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	var out []crm.Message
	for chunk := range slices.Chunk(ids, page) {
		docs, err := store.Messages.GetMany(ctx, f.sp, chunk)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			if d.Exists() && holds(&d.Value) {
				out = append(out, d.Value)
			}
		}
	}
	return out, nil
}

// holds tells whether a mail has a calendar file.
func holds(m *crm.Message) bool {
	return m.Class == crm.ClassCalendar || slices.ContainsFunc(m.Attachments, func(a crm.Attachment) bool {
		return a.Type == "text/calendar" || a.Type == "application/ics"
	})
}

// desk is what invitations are read with.
type desk struct {
	ws      crm.Workspace
	own     func(crm.Address) bool
	viewers []access.Viewer // everybody
}

func (f *Follower) desk(ctx context.Context) (*desk, error) {
	ws, err := store.Workspaces.Get(ctx, f.sp, string(f.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	out := &desk{ws: ws.Value}
	if out.own, err = ledger.Ours(ctx, f.sp, f.sp.Workspace()); err != nil {
		return nil, err
	}
	users, err := store.Users.All(ctx, f.sp, store.Query{})
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		v, err := f.records.Viewer(ctx, u.Value.ID)
		if err != nil {
			return nil, err
		}
		if u.Value.Status != crm.UserLeft && v.Records() {
			out.viewers = append(out.viewers, v)
		}
	}
	return out, nil
}

// everybody is what all who read records may know of a mail.
func (d *desk) everybody(m *crm.Message) access.Level {
	if len(d.viewers) == 0 {
		return access.None
	}
	least := access.Full
	for _, v := range d.viewers {
		if l := access.Message(v, m); l.Less(least) {
			least = l
		}
	}
	return least
}

// arrived makes or moves the meetings of a mail.
func (f *Follower) arrived(ctx context.Context, d *desk, m *crm.Message) error {
	if d.everybody(m) == access.None {
		return nil
	}
	content, err := f.bodies.LoadBody(ctx, f.sp, f.blobs, m.ID)
	if crm.IsKind(err, crm.NotFound) {
		return nil // of a mail whose header alone is kept
	}
	if err != nil {
		return err
	}
	about, err := f.about(ctx, m)
	if err != nil {
		return err
	}
	for _, i := range content.Invites {
		anchor(&i, d.ws.Zone)
		i.From = m.From().Address
		if i.Organizer == "" && i.Method != crm.InviteReply && i.Method != crm.InviteCounter {
			i.Organizer = m.From().Address // who asks to come
		}
		if err := f.follow(ctx, d, m, &i, about); err != nil {
			return err
		}
	}
	return nil
}

// follow makes or moves the meeting of an invitation.
func (f *Follower) follow(ctx context.Context, d *desk, m *crm.Message, i *crm.Invite, about []string) error {
	hides := d.everybody(m) != access.Full
	err := f.keep(ctx, "follow an invitation", crm.MeetingID(d.ws.IDKey, i), func(r *crm.Record, known bool) bool {
		if !known && len(about) == 0 {
			return false
		}
		i.Follow(r, hides, d.own)
		f.stand(r, d.own)
		list := r.List("records")
		for _, to := range about {
			if !slices.Contains(list, to) {
				list = append(list, to)
			}
		}
		if len(list) > 0 {
			r.Values["records"] = list
		}
		return true
	})
	if crm.IsKind(err, crm.Invalid) || crm.IsKind(err, crm.TooLarge) { // it would be refused again, and keep others waiting
		f.log.Error("an invitation cannot be made a meeting", "message", m.ID, "err", err)
		return nil
	}
	return err
}

func (f *Follower) keep(ctx context.Context, title string, id crm.RecordID, change func(r *crm.Record, known bool) bool) error {
	_, err := f.records.Keep(ctx, records.By{Cause: crm.CauseSystem, Title: title}, crm.KindMeeting, id, change)
	return err
}

// about lists the records that a mail is linked to and that are still there.
func (f *Follower) about(ctx context.Context, m *crm.Message) ([]string, error) {
	var ids []crm.RecordID
	for _, l := range m.Links {
		ids = append(ids, l.Record)
	}
	docs, err := f.records.GetMany(ctx, access.Operator(), ids)
	var out []string
	for i, d := range docs {
		if d.Exists() {
			out = append(out, string(ids[i]))
		}
	}
	return out, err
}
