package timeline

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// Limits of a sheet.
const (
	shownOthers  = 10
	shownDeals   = 10
	shownTouches = 5
	shownTasks   = 5
	maxDeals     = 100 // of one contact or company that are looked at

	shownActivities = 30 // newest ones among which touches and open tasks are looked for
	maxFeedTokens   = 30 // of one question, see store.HasAny
)

// Sheet returns the sheet of a stored message by our id, or by a Message-ID
// with or without angle brackets; where several messages share one, of the one
// that the viewer sees most of, in doubt the newest. It fails with crm.NotFound
// when none is stored and with crm.Denied for the operator.
func (s *Service) Sheet(ctx context.Context, v access.Viewer, ref string) (*Sheet, error) {
	const op = crm.Op("timeline.Sheet")
	if err := mayReadMail(v); err != nil {
		return nil, err
	}
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return nil, crm.Wrap(op, "the workspace cannot be read", err)
	}
	var b *sheetBuilder
	err = s.shelf.Read(ctx, func(r store.Reader) error {
		found, err := s.find(ctx, r, v, ref)
		if err != nil {
			return crm.Wrap(op, "the message cannot be looked up", err)
		}
		b = s.sheet(v, mostSeen(v, found), r, desk)
		return b.build(ctx)
	})
	if err == nil {
		err = b.updates(ctx)
	}
	if err != nil {
		return nil, crm.Wrap(op, "the sheet of the message cannot be read", err)
	}
	return &b.sheet, nil
}

// mostSeen chooses among messages with one Message-ID, given oldest first.
func mostSeen(v access.Viewer, found []crm.Message) *crm.Message {
	best := &found[0]
	for i := range found {
		if m := &found[i]; access.Message(v, m) == access.Full || access.Message(v, best) != access.Full {
			best = m
		}
	}
	return best
}

// sheetBuilder reads what a sheet needs, each collection at most once or twice
// whatever the message holds.
type sheetBuilder struct {
	s    *Service
	r    store.Reader
	v    access.Viewer
	m    *crm.Message
	look *lookup
	desk *things
	out  []outsider
	main int // index in out, -1 for nobody
	talk struct {
		name    crm.ThreadID
		members []crm.Message
		changes map[crm.MessageID]bool // where the subject is another
	}
	sheet Sheet
}

func (s *Service) sheet(v access.Viewer, m *crm.Message, r store.Reader, desk *things) *sheetBuilder {
	b := &sheetBuilder{s: s, r: r, v: v, m: m, look: newLookup(r, v), desk: desk}
	b.look.known = desk.users
	return b
}

// outsider is a participant from outside the workspace.
type outsider struct {
	crm.Participant
	contact crm.RecordID
}

func (b *sheetBuilder) build(ctx context.Context) error {
	for _, step := range []func(context.Context) error{b.people, b.records, b.deals, b.touches, b.reasons, b.conversation} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	b.message()
	b.sheet.AsOf, b.sheet.Zone = b.s.sp.Store().Now(), b.desk.zoneOf(b.v).String()
	return nil
}

// people finds out who from outside takes part and which of them are contacts.
// Seek holds the tokens of exactly the participants outside.
func (b *sheetBuilder) people(ctx context.Context) error {
	var strangers []int // without a link by address
	for _, p := range b.m.Participants {
		known := slices.ContainsFunc(b.out, func(o outsider) bool { return o.Address == p.Address })
		if p.Address == "" || known || !slices.Contains(b.m.Seek, crm.AddressToken(p.Address)) {
			continue
		}
		o := outsider{Participant: p, contact: linkedBy(b.m.Links, p.Address)}
		b.out = append(b.out, o)
		if o.contact == "" && len(b.out) <= shownOthers+1 {
			strangers = append(strangers, len(b.out)-1)
		}
	}
	b.sheet.More = max(len(b.out)-shownOthers-1, 0) + b.m.Omitted
	b.out = b.out[:min(len(b.out), shownOthers+1)]
	if err := b.holders(ctx, strangers); err != nil {
		return err
	}
	b.main = b.choose()
	return nil
}

// linkedBy is the contact that the message is linked to by the address.
func linkedBy(links []crm.Link, a crm.Address) crm.RecordID {
	for _, l := range links {
		if l.Rule == crm.ByAddress && l.Evidence.Address == a {
			return l.Record
		}
	}
	return ""
}

// holders asks the directory who held the addresses at the time of the mail: a
// correction may have taken the link away and yet we know the person.
func (b *sheetBuilder) holders(ctx context.Context, strangers []int) error {
	ids := make([]string, len(strangers))
	for i, n := range strangers {
		ids[i] = crm.IdentityID(b.desk.ws.IDKey, crm.AddressToken(b.out[n].Address))
	}
	docs, err := store.Identities.GetMany(ctx, b.r, ids)
	for i, d := range docs {
		for _, h := range d.Value.Holders {
			if h.Held(b.m.Date) {
				b.out[strangers[i]].contact = h.Record
			}
		}
	}
	return err
}

// choose picks the main person: who wrote or, of mail that we wrote, the first
// contact to whom it went.
func (b *sheetBuilder) choose() int {
	best, rank := -1, 0
	for i, o := range b.out {
		r := 1
		if o.contact != "" {
			r++
		}
		if o.Role == crm.RoleFrom || b.m.Direction == crm.Outbound && o.Role == crm.RoleTo {
			r += 4
		}
		if r > rank {
			best, rank = i, r
		}
	}
	return best
}

// records loads what the sheet names: linked records and what led to them, the
// contacts, the company and the users who look after or own something.
func (b *sheetBuilder) records(ctx context.Context) error {
	for _, o := range b.out {
		if o.contact != "" {
			b.look.want(o.contact)
		}
	}
	if err := b.look.links(ctx, b.m.Links, b.m.Asked); err != nil {
		return err
	}
	var company crm.RecordID
	var owner crm.UserID
	if c := b.contact(); c != nil {
		company, owner = crm.RecordID(c.Text("company")), crm.UserID(c.Text("owner"))
	}
	if company == "" {
		company = linkedCompany(b.m.Links)
	}
	if err := b.look.load(ctx, company); err != nil {
		return err
	}
	users := []crm.UserID{owner}
	if access.Message(b.v, b.m) != access.Full {
		users = append(users, b.m.Owners...)
	}
	if err := b.look.loadUsers(ctx, users...); err != nil {
		return err
	}
	b.persons(owner)
	b.company(company)
	return nil
}

func linkedCompany(links []crm.Link) crm.RecordID {
	var best crm.Link
	for _, l := range links {
		if n, _ := crm.NounOfID(l.Record); n.Kind == crm.KindCompany && l.Confidence > best.Confidence {
			best = l
		}
	}
	return best.Record
}

// contact is the record of the main person, nil when there is none.
func (b *sheetBuilder) contact() *crm.Record {
	if b.main < 0 {
		return nil
	}
	return b.look.records[b.out[b.main].contact]
}

func (b *sheetBuilder) persons(owner crm.UserID) {
	for i, o := range b.out {
		p := SheetPerson{Name: o.Name, Address: o.Address, Role: o.Role}
		if c := b.look.records[o.contact]; c != nil {
			p.Contact, p.Title = c.ID, c.Text("title")
			p.Name = cmp.Or(c.Text("name"), p.Name)
			if phones := c.List("phones"); len(phones) > 0 {
				p.Phone = crm.Phone(phones[0])
			}
		}
		if i == b.main {
			p.Owner = b.look.user(owner)
			b.sheet.Person = &p
			continue
		}
		b.sheet.Others = append(b.sheet.Others, p)
	}
}

func (b *sheetBuilder) company(id crm.RecordID) {
	r := b.look.records[id]
	if r == nil {
		return
	}
	c := SheetCompany{ID: r.ID, Name: r.Name()}
	for i, d := range r.List("domains") {
		if i == 0 || b.main >= 0 && slices.Contains(b.out[b.main].Address.Domain().Parents(), crm.Domain(d)) {
			c.Domain = crm.Domain(d)
		}
	}
	b.sheet.Company = &c
}

// reasons tells why the message is logged where it is, or why nowhere.
func (b *sheetBuilder) reasons(ctx context.Context) error {
	m := access.Redact(*b.m, access.Message(b.v, b.m))
	for _, k := range b.look.open(m.Links) {
		b.sheet.Because = append(b.sheet.Because, b.look.because(k))
	}
	surestFirst(b.sheet.Because)
	for _, k := range b.look.open(m.Asked) {
		b.sheet.Asked = append(b.sheet.Asked, b.look.because(k))
	}
	var err error
	b.sheet.Not, err = (&notLogged{sp: b.r}).why(ctx, b.m)
	return err
}

// surestFirst orders the reasons of each kind, whatever the ids of the records:
// what a person said before what was concluded, then by name.
func surestFirst(list []Because) {
	rank := map[crm.Kind]int{}
	for i := range list {
		if _, ok := rank[list[i].Kind]; !ok {
			rank[list[i].Kind] = i
		}
	}
	slices.SortStableFunc(list, func(x, y Because) int {
		return cmp.Or(cmp.Compare(rank[x.Kind], rank[y.Kind]), cmp.Compare(y.Confidence, x.Confidence), strings.Compare(crm.Fold(x.Name), crm.Fold(y.Name)))
	})
}

// conversation reads what the viewer may know of the conversation.
func (b *sheetBuilder) conversation(ctx context.Context) error {
	name, members, err := ledger.Conversation(ctx, b.r, b.m)
	b.talk.name, b.talk.members = name, known(b.v, members)
	if err == nil {
		b.talk.changes, err = ledger.SubjectChanges(ctx, b.r, b.talk.members, knownTo(b.v))
	}
	return err
}

func (b *sheetBuilder) message() {
	level := access.Message(b.v, b.m)
	m := access.Redact(*b.m, level)
	b.sheet.Message = SheetMessage{ID: m.ID, Thread: b.talk.name, Subject: m.Subject, Date: m.Date,
		Direction: m.Direction, Class: m.Class, Access: SheetAccess(level), Private: m.Private, Marks: m.Marks, Origin: m.Origin,
		State: stateOf(b.talk.members), Split: level == access.Full && b.talk.changes[m.ID]}
	if level != access.Full && len(m.Owners) > 0 {
		b.sheet.Message.Owner = b.look.user(m.Owners[0])
	}
}
