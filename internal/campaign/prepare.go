package campaign

import (
	"context"
	"strconv"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/letter"
	"threadline/internal/merge"
	"threadline/internal/store"
)

const (
	pageSize = 500 // contacts that are judged in one transaction

	// PrepareKind names the jobs that write recipients down.
	PrepareKind = "campaign"

	stageClear = "clear" // what an earlier preparation wrote
	stageWrite = "write"
)

// Prepare starts the job that writes down every recipient, with the reason of
// each who gets no letter. What it leaves is what is sent, and is shown first.
func (s *Service) Prepare(ctx context.Context, v access.Viewer, info store.ChangeInfo, jobs *job.Service, id string) (job.Progress, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return job.Progress{}, err
	}
	c := doc.Value
	if c.Status != crm.CampaignDraft && c.Status != crm.CampaignReady {
		return job.Progress{}, crm.Errorf(crm.Conflict, "campaign.Prepare", "the campaign has begun").WithField("status")
	}
	if v, err = s.Author(ctx, v, c.Mailbox); err != nil {
		return job.Progress{}, err
	}
	if c.Owner == "" { // the command line once made campaigns of nobody
		c.Owner = v.User
	}
	t, err := s.letters.Get(ctx, v, c.Template)
	if err != nil {
		return job.Progress{}, blame(err, "template")
	}
	j := crm.Job{Kind: PrepareKind, State: crm.JobRunning, Title: info.Title, By: v.User, Spec: []byte(id), Stage: stageClear}
	job.Begin(&j)
	if j, err = jobs.New(j); err != nil {
		return job.Progress{}, err
	}
	c.Letter, c.Status, c.Prepared = &t.Value, crm.CampaignDraft, j.ID
	_, err = s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		now, err := store.Campaigns.Get(ctx, tx, id)
		if err == nil && now.Version != doc.Version {
			err = crm.Errorf(crm.Conflict, "campaign.Prepare", "the campaign was changed in the meantime").WithHint("prepare it again")
		}
		if err == nil {
			store.Campaigns.Put(tx, &c)
			store.Jobs.Create(tx, &j)
		}
		return err
	})
	if err != nil {
		return job.Progress{}, err
	}
	return jobs.Added(j), nil
}

// Kind is the work of writing recipients down.
func (s *Service) Kind() job.Kind { return job.Kind{Name: PrepareKind, Open: s.open} }

// preparing is one preparation being worked on.
type preparing struct {
	s      *Service
	job    crm.Job
	c      crm.Campaign
	box    crm.Mailbox
	j      judge
	people People
}

func (s *Service) open(ctx context.Context, j crm.Job) (job.Run, error) {
	p := &preparing{s: s, job: j}
	v, err := s.records.Viewer(ctx, j.By)
	if err != nil {
		return nil, err
	}
	doc, err := s.get(ctx, s.sp, v, string(j.Spec))
	if err != nil {
		return nil, err
	}
	p.c = doc.Value
	if p.c.Status != crm.CampaignDraft || p.c.Prepared != j.ID || p.c.Letter == nil {
		return nil, crm.Errorf(crm.Conflict, "campaign.open", "the campaign was changed in the meantime").WithHint("prepare it again")
	}
	box, err := store.Mailboxes.Get(ctx, s.sp, string(p.c.Mailbox))
	if err != nil {
		return nil, err
	}
	p.box = box.Value
	if p.people, err = s.People(ctx, v, p.c.Audience, p.c.Segment); err != nil {
		return nil, err
	}
	p.j, err = s.judge(ctx, v, &p.c)
	return p, err
}

// judge gathers what decides over contacts.
func (s *Service) judge(ctx context.Context, v access.Viewer, c *crm.Campaign) (judge, error) {
	b, err := s.Bench(ctx, v, c.Owner)
	if err != nil {
		return judge{}, err
	}
	compiled, err := b.Compile(c.Letter)
	return judge{Bench: b, sp: s.sp, campaign: c, letter: compiled}, err
}

func (j *judge) values(contact, company *crm.Record) merge.Values {
	about := j.about
	about.Contact, about.Company = contact, company
	return letter.Values(j.schema, about)
}

// Close implements job.Run.
func (p *preparing) Close() error { return nil }

// Next implements job.Run.
func (p *preparing) Next(ctx context.Context) (job.Chunk, error) {
	if p.job.Stage == stageClear {
		return job.Chunk{Write: p.clear}, nil
	}
	page, err := p.people.Page(ctx, p.job.Position, pageSize)
	if err != nil {
		return job.Chunk{}, err
	}
	list, err := p.decide(ctx, page.Values())
	if err != nil {
		return job.Chunk{}, err
	}
	next := page.Next
	return job.Chunk{Info: store.ChangeInfo{Actor: p.job.By, Cause: crm.CauseSystem, Title: p.job.Title}, Write: func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		c, err := p.still(ctx, tx)
		if err != nil {
			return err
		}
		if err := p.write(ctx, tx, j, list); err != nil {
			return err
		}
		if j.Position = next; next == "" {
			j.State, c.Status = crm.JobDone, crm.CampaignReady
			store.Campaigns.Put(tx, &c)
		}
		p.job = *j
		return nil
	}}, nil
}

// clear deletes what an earlier preparation left, a group at a time.
func (p *preparing) clear(ctx context.Context, tx *store.Tx, j *crm.Job) error {
	page, err := store.Recipients.Query(ctx, tx, store.Query{Where: []store.Filter{store.Is("campaign", p.c.ID)}, Order: "address", Limit: pageSize})
	if err != nil {
		return err
	}
	for _, d := range page.Items {
		if d.Value.State != crm.RecipientQueued && d.Value.State != crm.RecipientExcluded {
			return crm.Errorf(crm.Conflict, "campaign.clear", "the campaign has begun").WithField("status")
		}
		store.Recipients.Delete(tx, d.Value.ID)
	}
	cleared, _ := strconv.Atoi(j.Position)
	j.Position = strconv.Itoa(cleared + len(page.Items))
	if len(page.Items) == 0 {
		j.Stage, j.Position = stageWrite, ""
	}
	p.job = *j
	return nil
}

// decide makes a line of the ledger of each contact.
func (p *preparing) decide(ctx context.Context, contacts []crm.Record) ([]crm.Recipient, error) {
	companies, err := p.companies(ctx, contacts)
	if err != nil {
		return nil, err
	}
	suppressed, err := suppressions(ctx, p.s.sp, p.j.key, contacts, p.c.Purpose)
	if err != nil {
		return nil, err
	}
	now := p.s.sp.Store().Now()
	out := make([]crm.Recipient, 0, len(contacts))
	for i := range contacts {
		r := crm.Recipient{Campaign: p.c.ID, Mailbox: p.c.Mailbox, Contact: contacts[i].ID, At: now, Due: now}
		if p.c.Restored > 0 { // it may have been prepared and sent before, in a past that is lost
			r.Due = p.c.Restored - 1
		}
		if list := contacts[i].List("emails"); len(list) > 0 {
			r.Address = crm.Address(list[0])
		}
		if p.c.Pace.Recipient {
			r.Zone = crm.ZoneOf(&contacts[i], companies[contacts[i].Text("company")])
		}
		r.ID = crm.RecipientID(p.j.key, p.c.ID, r.Address)
		if r.Reason, err = p.j.verdictOf(ctx, &contacts[i], companies[contacts[i].Text("company")], suppressed[r.Address]); err != nil {
			return nil, err
		}
		if r.State = crm.RecipientExcluded; r.Reason == "" {
			r.State = crm.RecipientQueued
			r.RFCID = crm.RFCID(r.ID + "@" + string(p.box.Address.Domain()))
		}
		if r.Reason == reasonNoAddress {
			r.ID = crm.RecipientID(p.j.key, p.c.ID, crm.Address(r.Contact))
		}
		out = append(out, r)
	}
	return out, nil
}

func (p *preparing) companies(ctx context.Context, contacts []crm.Record) (map[string]*crm.Record, error) {
	var ids []crm.RecordID
	out := map[string]*crm.Record{}
	for i := range contacts {
		if id := contacts[i].Text("company"); id != "" && out[id] == nil {
			out[id] = &crm.Record{}
			ids = append(ids, crm.RecordID(id))
		}
	}
	docs, err := p.s.records.GetMany(ctx, p.j.viewer, ids)
	for i := range docs {
		if out[string(ids[i])] = nil; docs[i].Exists() {
			out[string(ids[i])] = &docs[i].Value
		}
	}
	return out, err
}

// write stores lines; an address that is in the ledger already is a duplicate,
// and stands there under the contact.
func (p *preparing) write(ctx context.Context, tx *store.Tx, j *crm.Job, list []crm.Recipient) error {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	have, err := store.Recipients.GetMany(ctx, tx, ids)
	if err != nil {
		return err
	}
	if j.Counts == nil {
		j.Counts = map[string]int64{}
	}
	seen := map[string]crm.RecordID{}
	for i, r := range list {
		if have[i].Exists() {
			seen[r.ID] = have[i].Value.Contact
		}
		if first, ok := seen[r.ID]; ok && first != r.Contact {
			r.ID = crm.RecipientID(p.j.key, p.c.ID, crm.Address(r.Contact))
			r.State, r.Reason, r.RFCID = crm.RecipientExcluded, reasonDuplicate, ""
		}
		seen[r.ID] = r.Contact
		j.Counts[string(r.State)]++
		j.Done++
		store.Recipients.Put(tx, &r)
	}
	return nil
}

// still reads the campaign and refuses one that was edited meanwhile.
func (p *preparing) still(ctx context.Context, tx *store.Tx) (crm.Campaign, error) {
	doc, err := store.Campaigns.Get(ctx, tx, p.c.ID)
	if err == nil && (doc.Value.Status != crm.CampaignDraft || doc.Value.Prepared != p.job.ID) {
		err = crm.Errorf(crm.Conflict, "campaign.still", "the campaign was changed in the meantime").WithHint("prepare it again")
	}
	return doc.Value, err
}
