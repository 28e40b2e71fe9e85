package notify

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Notifier finds out what people are to be told. It has one owner, who calls
// Run, or CatchUp now and then.
type Notifier struct {
	sp      *store.Space
	records *records.Service
	log     *slog.Logger
	mail    Mailer
}

// Letter is what a user is to be told by one mail.
type Letter struct {
	User  crm.User
	Key   string // two letters with one key are one
	Items []Item
}

// Mailer sends a letter. A failure is tried again, and so is what was sent just
// before a kill: it must know by the key what it sent.
type Mailer func(ctx context.Context, l Letter) error

// NewNotifier makes the notifier of a workspace; mail is nil where nothing can be
// sent.
func NewNotifier(sp *store.Space, r *records.Service, mail Mailer, log *slog.Logger) *Notifier {
	return &Notifier{sp: sp, records: r, mail: mail, log: log}
}

const (
	notifyID  = "job_notify"
	late      = 7 * 24 * time.Hour // how long after its time a reminder is still told
	lookAhead = time.Minute        // between two looks at the clock
	page      = 200
)

// Run follows the feed and the clock until ctx ends.
func (n *Notifier) Run(ctx context.Context) error {
	pace := store.DefaultPace()
	pace.Every = lookAhead
	return n.sp.Follow(ctx, pace, n.CatchUp, func(err error) { n.log.Error("people cannot be told what concerns them", "err", err) })
}

// CatchUp tells what happened since, and what the clock says.
func (n *Notifier) CatchUp(ctx context.Context) error {
	docs, err := store.Jobs.GetMany(ctx, n.sp, []string{notifyID})
	if err != nil {
		return err
	}
	if !docs[0].Exists() { // what happened before is no news
		end, err := n.sp.FeedEnd(ctx)
		if err != nil {
			return err
		}
		b := n.sp.Batch()
		store.Jobs.Put(b, &crm.Job{ID: notifyID, Kind: "notify", State: crm.JobRunning, Position: string(end)})
		if err := b.Commit(ctx); err != nil {
			return err
		}
	}
	err = n.sp.WorkOff(ctx, notifyID, "notify", page, func(ctx context.Context, items []store.FeedItem) error {
		for _, it := range items {
			if err := n.take(ctx, it); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := n.clock(ctx); err != nil {
		return err
	}
	return n.send(ctx)
}

func (n *Notifier) take(ctx context.Context, it store.FeedItem) error {
	if it.Arrival != nil {
		for _, a := range it.Arrival.Items {
			if a.New && !a.Historical {
				if err := n.arrived(ctx, a.Message); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if it.Change.Cause == crm.CauseImport || it.Change.Cause == crm.CauseUndo {
		return nil
	}
	for _, e := range it.Change.Entries {
		if e.Collection == store.Activities.Name && e.After != nil {
			if err := n.changed(ctx, it.Change, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// changed tells whom an activity concerns more than before.
func (n *Notifier) changed(ctx context.Context, ch *crm.Change, e crm.ChangeEntry) error {
	before, err := n.activity(e.Before)
	if err != nil {
		return err
	}
	after, err := n.activity(e.After)
	if err != nil {
		return err
	}
	tell := func(u crm.UserID, kind crm.NoticeKind) error {
		if u == "" || u == ch.Actor {
			return nil
		}
		return n.tell(ctx, crm.Notice{User: u, Kind: kind, About: crm.RecordID(e.ID), By: ch.Actor, At: ch.At}, ch.ID)
	}
	if after.Kind == crm.KindTask && after.Text("assignee") != before.Text("assignee") {
		if err := tell(crm.UserID(after.Text("assignee")), crm.NoticeAssigned); err != nil {
			return err
		}
	}
	for _, u := range after.List("mentions") {
		if !slices.Contains(before.List("mentions"), u) {
			if err := tell(crm.UserID(u), crm.NoticeMention); err != nil {
				return err
			}
		}
	}
	return nil
}

func (n *Notifier) activity(data []byte) (*crm.Record, error) {
	r := &crm.Record{}
	if data == nil {
		return r, nil
	}
	fields, err := n.sp.Store().Decode(data)
	if err != nil {
		return r, err
	}
	kind, _ := fields["kind"].(string)
	r.Kind = crm.Kind(kind)
	r.Values, _ = fields["values"].(map[string]any)
	return r, nil
}

// tell makes a notice, once for a user, what it is about and why.
func (n *Notifier) tell(ctx context.Context, x crm.Notice, why ...string) error {
	x, told, err := Named(ctx, n.sp, n.sp, x, why...)
	if err != nil || !told {
		return err
	}
	b := n.sp.Batch()
	store.Notices.Create(b, &x)
	if err := b.Commit(ctx); err != nil && !crm.IsKind(err, crm.Exists) {
		return err
	}
	return nil
}

// clock tells what the time has come for.
func (n *Notifier) clock(ctx context.Context) error {
	now := n.sp.Store().Now()
	q := store.Query{Where: []store.Filter{store.Is("kind", crm.KindTask), {Field: "values.remind_at", Op: store.Gt, Value: now.Add(-late)},
		{Field: "values.remind_at", Op: store.Le, Value: now}}, Order: "values.remind_at", Limit: page}
	err := store.Activities.Each(ctx, n.sp, q, func(d store.Doc[crm.Record]) error {
		r := d.Value
		if !open(&r) {
			return nil
		}
		return n.tell(ctx, crm.Notice{User: holder(&r), Kind: crm.NoticeReminder, About: r.ID, At: r.When("remind_at")}, r.When("remind_at").String())
	})
	if err != nil {
		return err
	}
	if err := n.snoozed(ctx, now); err != nil {
		return err
	}
	return n.due(ctx, now)
}

// snoozed tells that tasks are back that were put out of sight until now.
func (n *Notifier) snoozed(ctx context.Context, now crm.Time) error {
	q := store.Query{Where: []store.Filter{store.Is("kind", crm.KindTask), {Field: "values.snoozed_until", Op: store.Gt, Value: now.Add(-late)},
		{Field: "values.snoozed_until", Op: store.Le, Value: now}}, Order: "values.snoozed_until", Limit: page}
	return store.Activities.Each(ctx, n.sp, q, func(d store.Doc[crm.Record]) error {
		r := d.Value
		if !open(&r) {
			return nil
		}
		back := r.When("snoozed_until")
		return n.tell(ctx, crm.Notice{User: holder(&r), Kind: crm.NoticeReminder, About: r.ID, At: back}, "snoozed", back.String())
	})
}

// due tells of tasks whose day has come, where their people live: somewhere on
// earth it is yesterday or tomorrow already.
func (n *Notifier) due(ctx context.Context, now crm.Time) error {
	days := []string{now.Add(-14 * time.Hour).Std().Format(time.DateOnly), now.Add(14 * time.Hour).Std().Format(time.DateOnly)}
	q := store.Query{Where: []store.Filter{store.Is("kind", crm.KindTask), {Field: "values.due", Op: store.Ge, Value: days[0]},
		{Field: "values.due", Op: store.Le, Value: days[1]}}, Order: "values.due", Limit: page}
	zones := map[crm.UserID]*time.Location{}
	return store.Activities.Each(ctx, n.sp, q, func(d store.Doc[crm.Record]) error {
		r := d.Value
		if !open(&r) || r.When("remind_at") != 0 || r.When("snoozed_until") != 0 { // who set a time wants that one
			return nil
		}
		who := holder(&r)
		if zones[who] == nil {
			zone, err := n.zone(ctx, who)
			if err != nil {
				return err
			}
			zones[who] = zone
		}
		if today := now.Std().In(zones[who]).Format(time.DateOnly); r.Text("due") != today {
			return nil
		}
		return n.tell(ctx, crm.Notice{User: who, Kind: crm.NoticeDue, About: r.ID, At: now}, r.Text("due"))
	})
}

// zone is where a user lives.
func (n *Notifier) zone(ctx context.Context, u crm.UserID) (*time.Location, error) {
	ws, err := store.Workspaces.Get(ctx, n.sp, string(n.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	v, err := n.records.Viewer(ctx, u)
	return v.Zone(ws.Value.Zone), err
}

// open tells whether a task is still to be done and waits for nobody.
func open(r *crm.Record) bool {
	waits, _ := r.Values["until_reply"].(bool)
	return r.Text("status") != "done" && r.Text("status") != "cancelled" && !waits
}

// holder is who is to do a task: its assignee, or who made it.
func holder(r *crm.Record) crm.UserID {
	if a := r.Text("assignee"); a != "" {
		return crm.UserID(a)
	}
	return r.CreatedBy
}

// arrived lets tasks go on that waited for a reply.
func (n *Notifier) arrived(ctx context.Context, id crm.MessageID) error {
	docs, err := store.Messages.GetMany(ctx, n.sp, []string{string(id)})
	if err != nil || !docs[0].Exists() {
		return err
	}
	m := docs[0].Value
	if m.Direction != crm.Inbound || m.Class != crm.ClassPerson {
		return nil
	}
	for _, l := range m.Links {
		if err := n.awake(ctx, l.Record, &m); err != nil {
			return err
		}
	}
	return nil
}

func (n *Notifier) awake(ctx context.Context, about crm.RecordID, m *crm.Message) error {
	q := store.Query{Where: []store.Filter{store.Has("feed", crm.Feed(about, crm.Members))}, Order: "at", Desc: true, Limit: page}
	var waiting []store.Doc[crm.Record]
	err := store.Activities.Each(ctx, n.sp, q, func(d store.Doc[crm.Record]) error {
		r := d.Value
		waits, _ := r.Values["until_reply"].(bool)
		if r.Kind == crm.KindTask && waits && r.Text("status") != "done" && r.Text("status") != "cancelled" && m.Date >= r.CreatedAt {
			waiting = append(waiting, d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range waiting {
		by := records.By{Cause: crm.CauseSystem, Title: "go on: the reply has come"}
		if _, err := n.records.Update(ctx, by, d.Value.ID, records.Patch{Values: map[string]any{"until_reply": nil}}); err != nil && !crm.IsKind(err, crm.NotFound) {
			return err
		}
		x := crm.Notice{User: holder(&d.Value), Kind: crm.NoticeReply, About: d.Value.ID, Message: m.ID, By: "", At: n.sp.Store().Now()}
		if x.User == "" {
			continue
		}
		if err := n.tell(ctx, x, string(m.ID)); err != nil {
			return err
		}
	}
	return nil
}
