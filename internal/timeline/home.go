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

// Limits of a home sheet.
const (
	homeItems   = 10
	waitReach   = 60 * 24 * time.Hour // what waits longer than that waits for nothing
	answerReach = 7 * 24 * time.Hour
	homeTasks   = 100 // open tasks up to today that are looked at
	homeDeals   = 200 // deals of a person that are looked at
)

// Home is a person's day.
type Home struct {
	Waiting   []HomeMail    `json:"waiting"` // conversations that wait for their answer, oldest first
	Answers   []HomeMail    `json:"answers"` // who answered them in the last days, newest first
	Tasks     []HomeTask    `json:"tasks"`   // open ones up to today, the most overdue first
	Idle      []SheetDeal   `json:"idle"`    // their open deals without a next step, newest first
	Mailboxes []HomeMailbox `json:"mailboxes"`
	Notices   []HomeNotice  `json:"notices,omitempty"`  // what they were told and have not read, newest first
	Mailings  []HomeMailing `json:"mailings,omitempty"` // their campaigns under way or just done, newest first
	More      HomeMore      `json:"more"`
	AsOf      crm.Time      `json:"as_of"`
	Zone      string        `json:"zone"` // IANA
}

// HomeMore tells which lists go on.
type HomeMore struct {
	Waiting bool `json:"waiting,omitempty"`
	Tasks   bool `json:"tasks,omitempty"`
	Idle    bool `json:"idle,omitempty"`
}

// HomeMail is a conversation by the message that decides.
type HomeMail struct {
	ID      crm.MessageID `json:"id"`
	Thread  crm.ThreadID  `json:"thread"`
	Subject string        `json:"subject,omitempty"`
	From    Person        `json:"from"`
	Date    crm.Time      `json:"date"`
	Days    int           `json:"days"` // since then
}

// HomeTask is a task to be done.
type HomeTask struct {
	ID    crm.RecordID `json:"id"`
	Title string       `json:"title"`
	Due   crm.Time     `json:"due"`  // a date: midnight UTC
	Late  int          `json:"late"` // days overdue; 0 is today
}

// HomeNotice is something that a person is told. Home leaves them out: the room
// that keeps them fills them in.
type HomeNotice struct {
	ID      string         `json:"id"`
	Kind    crm.NoticeKind `json:"kind"`
	About   crm.RecordID   `json:"about,omitempty"` // empty when it is about a message alone
	Message crm.MessageID  `json:"message,omitempty"`
	Title   string         `json:"title"`
	At      crm.Time       `json:"at"`
}

// HomeMailing is how far a campaign is. Home leaves them out: the room that keeps
// them fills them in.
type HomeMailing struct {
	ID        string             `json:"id"`
	Name      string             `json:"name"`
	Status    crm.CampaignStatus `json:"status"`
	People    int64              `json:"people"` // who get it
	Sent      int64              `json:"sent"`
	Replied   int64              `json:"replied"`
	PerMinute int64              `json:"rate_per_minute"`
	Finish    crm.Time           `json:"finish,omitempty"`
	Trouble   string             `json:"trouble,omitempty"` // why letters are tried again, or why it is paused
}

// HomeMailbox is what a mailbox of theirs has come to: Server = Stored +
// Skipped + Queued + Dead, as of the last listing of each folder.
type HomeMailbox struct {
	ID      crm.MailboxID    `json:"id"`
	Address crm.Address      `json:"address"`
	State   crm.MailboxState `json:"state"`
	Trouble crm.ErrorKind    `json:"trouble,omitempty"`
	Server  int64            `json:"server"`
	Stored  int64            `json:"stored"`
	Skipped int64            `json:"skipped"`
	Queued  int64            `json:"queued"`
	Dead    int64            `json:"dead"`
}

// Adds tells whether the equation holds.
func (m HomeMailbox) Adds() bool { return m.Server == m.Stored+m.Skipped+m.Queued+m.Dead }

// Home returns the day of a member. It reads the same number of pages whatever
// the size of the workspace. It fails with crm.Denied for the operator.
func (s *Service) Home(ctx context.Context, v access.Viewer) (*Home, error) {
	const op = crm.Op("timeline.Home")
	if err := mayReadMail(v); err != nil {
		return nil, err
	}
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return nil, crm.Wrap(op, "the day cannot be read", err)
	}
	b := &homeBuilder{s: s, v: v, desk: desk, home: Home{AsOf: s.sp.Store().Now(), Zone: desk.zoneOf(v).String()}}
	for _, step := range []func(context.Context) error{b.mail, b.tasks, b.idle, b.mailboxes} {
		if err := step(ctx); err != nil {
			return nil, crm.Wrap(op, "the day cannot be read", err)
		}
	}
	return &b.home, nil
}

type homeBuilder struct {
	s    *Service
	v    access.Viewer
	desk *things
	home Home
}

// today is the date where the viewer is, as midnight UTC.
func (b *homeBuilder) today() time.Time { return dateIn(b.desk.zoneOf(b.v), b.home.AsOf) }

func (b *homeBuilder) mail(ctx context.Context) error {
	ours, more, err := b.waiting(ctx, crm.WaitOurs, waitReach)
	if err != nil {
		return err
	}
	answers, _, err := b.waiting(ctx, crm.WaitAnswer, answerReach)
	if err != nil {
		return err
	}
	both := slices.Concat(ours, answers)
	ids := make([]crm.ThreadID, len(both))
	for i := range both {
		ids[i] = both[i].Thread
	}
	root, err := threads(ctx, b.s.sp, ids...)
	list := make([]HomeMail, len(both))
	for i := range both {
		stored := &both[i]
		m := access.Redact(*stored, access.Message(b.v, stored))
		from, _ := people(&m)
		list[i] = HomeMail{ID: stored.ID, Subject: m.Subject, From: from, Date: stored.Date,
			Days: int(b.home.AsOf.Std().Sub(stored.Date.Std()) / (24 * time.Hour))}
		if err == nil {
			list[i].Thread = stored.Talk(root)
		}
	}
	b.home.Waiting, b.home.Answers, b.home.More.Waiting = list[:len(ours)], list[len(ours):], more
	return err
}

// waiting reads the beginning of a list, and whether it goes on.
func (b *homeBuilder) waiting(ctx context.Context, list crm.WaitList, reach time.Duration) ([]crm.Message, bool, error) {
	q := waiting(b.v, list, b.home.AsOf.Add(-reach))
	q.Limit = homeItems + 1
	page, err := store.Messages.Query(ctx, b.s.sp, q)
	found := page.Values()
	return found[:min(len(found), homeItems)], len(found) > homeItems, err
}

// tasks are those that somebody gave them, and those that nobody has; one that
// waits for a reply comes back with it.
func (b *homeBuilder) tasks(ctx context.Context) error {
	today := b.today()
	q := store.Query{Order: "values.due", Limit: homeTasks, Where: []store.Filter{store.Is("kind", crm.KindTask),
		store.OneOf("values.status", []string{"todo", "in_progress"}),
		{Field: "values.due", Op: store.Le, Value: today.Format(time.DateOnly)}}}
	page, err := store.Activities.Query(ctx, b.s.sp, q)
	b.home.Tasks = []HomeTask{}
	for i := range page.Items {
		r := &page.Items[i].Value
		if !b.v.Reads(r) || waits(r) || r.When("snoozed_until") > b.home.AsOf {
			continue
		}
		due, bad := crm.ParseTime(r.Text("due"))
		if who := r.Text("assignee"); bad != nil || who != "" && crm.UserID(who) != b.v.User {
			continue
		}
		b.home.Tasks = append(b.home.Tasks, HomeTask{ID: r.ID, Title: r.Text("title"), Due: due, Late: days(due, today)})
	}
	b.home.More.Tasks = page.Next != "" || len(b.home.Tasks) > homeItems
	b.home.Tasks = b.home.Tasks[:min(len(b.home.Tasks), homeItems)]
	return err
}

func (b *homeBuilder) idle(ctx context.Context) error {
	q := store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal), store.Is("values.owner", string(b.v.User))}, Limit: homeDeals}
	page, err := store.Records.Query(ctx, b.s.sp, q)
	var open []*crm.Record
	for i := range page.Items {
		r := &page.Items[i].Value
		if b.v.Reads(r) && r.Text("stage_kind") == string(crm.StageOpen) && r.Text("next_step") == "" {
			open = append(open, r)
		}
	}
	slices.SortFunc(open, func(x, y *crm.Record) int {
		return cmp.Or(cmp.Compare(y.When("created"), x.When("created")), cmp.Compare(x.ID, y.ID))
	})
	b.home.More.Idle = page.Next != "" || len(open) > homeItems
	b.home.Idle = []SheetDeal{}
	for _, stored := range open[:min(len(open), homeItems)] {
		shown := b.v.Show(*stored)
		r := &shown
		b.home.Idle = append(b.home.Idle, sheetDeal(r, b.desk.pipelines, b.today()))
	}
	return err
}

func (b *homeBuilder) mailboxes(ctx context.Context) error {
	docs, err := store.Mailboxes.All(ctx, b.s.sp, store.Query{Where: []store.Filter{store.Is("owner", b.v.User)}})
	if err != nil {
		return err
	}
	b.home.Mailboxes = make([]HomeMailbox, 0, len(docs))
	var ids []crm.MailboxID
	for _, d := range docs {
		m := HomeMailbox{ID: d.Value.ID, Address: d.Value.Address, State: d.Value.State}
		if d.Value.Trouble != nil {
			m.Trouble = d.Value.Trouble.Kind
		}
		b.home.Mailboxes, ids = append(b.home.Mailboxes, m), append(ids, m.ID)
	}
	for chunk := range slices.Chunk(ids, 10) {
		boxes, err := store.Boxes.All(ctx, b.s.sp, store.Query{Where: []store.Filter{store.OneOf("mailbox", chunk)}})
		if err != nil {
			return err
		}
		for i := range boxes {
			b.box(&boxes[i].Value)
		}
	}
	return nil
}

// box adds a folder to its mailbox.
func (b *homeBuilder) box(box *crm.Box) {
	i := slices.IndexFunc(b.home.Mailboxes, func(m HomeMailbox) bool { return m.ID == box.Mailbox })
	if i < 0 || box.Gone {
		return
	}
	m := &b.home.Mailboxes[i]
	m.Server += box.Server
	m.Stored += box.Counts.Stored
	m.Queued += box.Counts.Queued + box.Counts.Retrying
	for _, n := range box.Counts.Skipped {
		m.Skipped += n
	}
	for _, n := range box.Counts.Dead {
		m.Dead += n
	}
}
