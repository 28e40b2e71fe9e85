package timeline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// deals gathers the deals that the message is linked to, then the open ones of
// the main person and the company, newest first.
func (b *sheetBuilder) deals(ctx context.Context) error {
	var list []*crm.Record
	linked := map[crm.RecordID]bool{}
	for _, l := range b.m.Links {
		if r := b.look.records[l.Record]; r != nil && r.Kind == crm.KindDeal {
			list = append(list, r)
			linked[r.ID] = true
		}
	}
	open, err := b.openDeals(ctx)
	if err != nil {
		return err
	}
	for _, r := range open {
		if !linked[r.ID] {
			list = append(list, r)
		}
	}
	list = list[:min(len(list), shownDeals)]
	for _, r := range list {
		d := sheetDeal(r, b.desk.pipelines, b.today())
		d.Linked = linked[r.ID]
		b.sheet.Deals = append(b.sheet.Deals, d)
	}
	return nil
}

// openDeals reads the deals of the main contact and of the company.
func (b *sheetBuilder) openDeals(ctx context.Context) ([]*crm.Record, error) {
	var filters []store.Filter
	if c := b.contact(); c != nil {
		filters = append(filters, store.Has("values.contacts", c.ID))
	}
	if c := b.sheet.Company; c != nil {
		filters = append(filters, store.Is("values.company", c.ID))
	}
	var out []*crm.Record
	for _, f := range filters {
		page, err := store.Records.Query(ctx, b.r, store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal), f}, Limit: maxDeals})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			if !b.v.Reads(&page.Items[i].Value) {
				continue
			}
			shown := b.v.Show(page.Items[i].Value)
			r := &shown
			known := slices.ContainsFunc(out, func(o *crm.Record) bool { return o.ID == r.ID })
			if r.Text("stage_kind") == string(crm.StageOpen) && !known {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(x, y *crm.Record) int {
		return cmp.Or(cmp.Compare(y.When("created"), x.When("created")), cmp.Compare(x.ID, y.ID))
	})
	return out, nil
}

// sheetDeal is a deal as it stands on a day.
func sheetDeal(r *crm.Record, pipelines map[string]crm.Pipeline, today time.Time) SheetDeal {
	d := SheetDeal{ID: r.ID, Name: r.Name(), Stage: r.Text("stage"), Key: r.Text("stage"), Pipeline: r.Text("pipeline"),
		Kind: crm.StageKind(r.Text("stage_kind")), Next: r.Text("next_step")}
	if st, ok := pipelines[d.Pipeline].Stage(d.Stage); ok {
		d.Stage = st.Name
		d.Kind = cmp.Or(d.Kind, st.Kind)
	}
	if _, known := r.Values["amount"]; known {
		d.Amount = crm.Money{Minor: r.Int("amount"), Currency: crm.Currency(r.Text("currency"))}
	}
	if t, err := crm.ParseTime(r.Text("expected_close")); err == nil {
		d.Expected = t
	}
	if d.Kind != crm.StageOpen {
		return d
	}
	if !d.Expected.IsZero() {
		d.Late = max(0, days(d.Expected, today))
	}
	for _, st := range pipelines[d.Pipeline].Stages {
		d.Stages = append(d.Stages, SheetStage{st.Key, st.Name, st.Kind})
	}
	return d
}

// days is how many days a date lies before today.
func days(date crm.Time, today time.Time) int { return int(today.Sub(date.Std()) / (24 * time.Hour)) }

// today is the date where the viewer is, as midnight UTC.
func (b *sheetBuilder) today() time.Time { return dateIn(b.desk.zoneOf(b.v), b.s.sp.Store().Now()) }

// dateIn is the date in a zone, as midnight UTC.
func dateIn(zone *time.Location, now crm.Time) time.Time {
	y, m, d := now.Std().In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// touches reads the last contacts with the main person or, when nobody is
// known, with the company; and the open tasks of these and of the deals.
func (b *sheetBuilder) touches(ctx context.Context) error {
	with, about := b.about()
	if len(about) == 0 {
		return nil
	}
	acts, err := activities(b.v).read(ctx, b.r, about, nil, shownActivities)
	if err != nil {
		return err
	}
	b.tasks(acts)
	if with == "" {
		return nil
	}
	tokens := b.v.Tokens(with)
	mail, err := glances(b.v).read(ctx, b.r, tokens, nil, shownTouches+1)
	if err != nil {
		return err
	}
	var out []SheetTouch
	for i := range mail {
		if mail[i].ID != string(b.m.ID) {
			out = append(out, b.mailTouch(&mail[i]))
		}
	}
	for i := range acts {
		shown := b.v.Show(acts[i])
		r := &shown
		if slices.Contains(r.Records("records"), with) && !openTask(r) {
			out = append(out, SheetTouch{Kind: touchKind(r.Kind), ID: string(r.ID), Date: r.At,
				Direction: crm.Direction(r.Text("direction")), Title: activityTitle(r), Off: r.Text("status") == crm.MeetingCancelled && r.Kind == crm.KindMeeting,
				Repeats: r.Frequency() != "", Proposed: r.Proposed()})
		}
	}
	slices.SortStableFunc(out, func(x, y SheetTouch) int { return cmp.Compare(y.Date, x.Date) })
	b.sheet.Touches = out[:min(len(out), shownTouches)]
	return nil
}

// about is whose touches the sheet shows, and the timelines on which its tasks
// stand.
func (b *sheetBuilder) about() (with crm.RecordID, all []crm.FeedToken) {
	var records []crm.RecordID
	if c := b.contact(); c != nil {
		records = append(records, c.ID)
	}
	if c := b.sheet.Company; c != nil {
		records = append(records, c.ID)
	}
	if len(records) > 0 {
		with = records[0]
	}
	for _, d := range b.sheet.Deals {
		if d.Kind == crm.StageOpen {
			records = append(records, d.ID)
		}
	}
	for _, r := range records {
		if tokens := b.v.Tokens(r); len(all)+len(tokens) <= maxFeedTokens {
			all = append(all, tokens...)
		}
	}
	return with, all
}

func openTask(r *crm.Record) bool {
	return r.Kind == crm.KindTask && (r.Text("status") == "todo" || r.Text("status") == "in_progress")
}

// waits tells whether a task waits until somebody whom it is about writes.
func waits(r *crm.Record) bool {
	is, _ := r.Values["until_reply"].(bool)
	return is
}

// tasks picks the open tasks among activities: dated ones first, the earliest at
// the top.
func (b *sheetBuilder) tasks(acts []crm.Record) {
	today := b.today()
	for i := range acts {
		shown := b.v.Show(acts[i])
		r := &shown
		if !openTask(r) {
			continue
		}
		t := SheetTask{ID: r.ID, Title: r.Text("title"), Assignee: b.look.user(crm.UserID(r.Text("assignee"))), Waits: waits(r)}
		if due, err := crm.ParseTime(r.Text("due")); err == nil && r.Text("due") != "" {
			t.Due, t.Late = due, max(0, days(due, today))
		}
		b.sheet.Tasks = append(b.sheet.Tasks, t)
	}
	slices.SortStableFunc(b.sheet.Tasks, func(x, y SheetTask) int {
		if x.Due.IsZero() != y.Due.IsZero() {
			return map[bool]int{true: 1, false: -1}[x.Due.IsZero()]
		}
		return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(x.ID, y.ID))
	})
	b.sheet.Tasks = b.sheet.Tasks[:min(len(b.sheet.Tasks), shownTasks)]
}

// glance is of a stored message what a touch shows and what decides who may see
// it; the rest, which is most, is not decoded.
type glance struct {
	ID        string        `cbor:"-"`
	Date      crm.Time      `cbor:"date"`
	Direction crm.Direction `cbor:"direction"`
	Subject   string        `cbor:"subject"`
	Owners    []crm.UserID  `cbor:"owners"`
	Private   bool          `cbor:"private"`

	Excluded crm.ExclusionEffect `cbor:"excluded"`
	Copies   []crm.CopyRef       `cbor:"copies"`
	Left     []crm.Place         `cbor:"left"`
	Links    []crm.Link          `cbor:"links"`
}

// message is what of a message decides who may see it, and the subject.
func (g *glance) message() crm.Message {
	return crm.Message{ID: crm.MessageID(g.ID), Date: g.Date, Direction: g.Direction, Subject: g.Subject, Owners: g.Owners, Private: g.Private,
		Excluded: g.Excluded, Copies: g.Copies, Left: g.Left, Links: g.Links}
}

func glances(v access.Viewer) stream[glance] {
	known := func(g *glance) bool {
		m := g.message()
		return access.Message(v, &m) != access.None
	}
	return stream[glance]{keep: known, from: store.NewCollection(store.Messages.Name, func(g *glance) *string { return &g.ID }), order: "date",
		place: func(g *glance) position { return position{date: g.Date, id: g.ID} }}
}

func (b *sheetBuilder) mailTouch(g *glance) SheetTouch {
	stored := g.message()
	level := access.Message(b.v, &stored)
	m := access.Redact(stored, level)
	return SheetTouch{Kind: TouchMail, ID: g.ID, Date: m.Date, Direction: m.Direction, Title: m.Subject, Hidden: level != access.Full}
}
