package erase

import (
	"context"
	"encoding/json"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Kind names the work.
const Kind = "erase"

// Stages of an erasure.
const (
	StagePlanned = "planned" // it waits for a person
	stageStones  = "stones"
	stageRecord  = "record"
	stageMail    = "mail"
	stageLedgers = "ledgers"
	stageFiles   = "files"
	stagePapers  = "papers"
	stageLog     = "log"
	StageErased  = "erased"
)

// Service erases in one workspace. It is safe for concurrent use.
type Service struct {
	sp      *store.Space
	bodies  *store.BodyCodec
	blobs   *store.Blobs
	records *records.Service
	seal    func(context.Context) error // brings the audit chain up to date
	jobs    *job.Service
}

// New makes the service; seal adds to the audit chain what it does not hold yet.
func New(sp *store.Space, bodies *store.BodyCodec, blobs *store.Blobs, rec *records.Service, seal func(context.Context) error) *Service {
	return &Service{sp: sp, bodies: bodies, blobs: blobs, records: rec, seal: seal}
}

// Kind is the work of this room, for package job.
func (s *Service) Kind() job.Kind {
	return job.Kind{Name: Kind, Open: s.open, Waits: func(j *crm.Job) bool { return j.Stage == StagePlanned }}
}

// With tells the service who keeps its jobs.
func (s *Service) With(jobs *job.Service) *Service {
	s.jobs = jobs
	return s
}

// person is what an erasure is about. It is blanked when that is done.
type person struct {
	Record    crm.RecordID   `json:"record"`
	Name      string         `json:"name,omitempty"`
	Files     []string       `json:"files,omitempty"` // content addresses that fields of theirs name, or named
	Addresses []crm.Address  `json:"addresses,omitempty"`
	Tokens    []crm.Token    `json:"tokens,omitempty"`
	Alone     []crm.RecordID `json:"alone,omitempty"` // their other records, and activities about them alone
	IDs       []string       `json:"ids"`             // of documents whose history is blanked, sorted

	// Of a retention instead: what is older goes.
	Bodies, Hits crm.Time
}

// Plan finds out what erasing the person of a contact or a lead would take, and
// waits. Only admins and the operator may.
func (s *Service) Plan(ctx context.Context, v access.Viewer, by records.By, id crm.RecordID) (job.Progress, error) {
	const op = crm.Op("erase.Plan")
	if err := v.Require(crm.RightAdmin); err != nil {
		return job.Progress{}, err
	}
	doc, err := s.records.Get(ctx, v, id)
	if err != nil {
		return job.Progress{}, err
	}
	if err := isPerson(&doc.Value); err != nil {
		return job.Progress{}, err
	}
	stored, err := records.Stored(ctx, s.sp, id)
	if err != nil {
		return job.Progress{}, err
	}
	p, counts, err := s.about(ctx, &stored)
	if err != nil {
		return job.Progress{}, crm.Wrap(op, "what is to be erased cannot be found", err)
	}
	spec, err := json.Marshal(p)
	if err != nil {
		return job.Progress{}, crm.E(crm.Internal, op, "the plan cannot be written down", err)
	}
	return s.jobs.Add(ctx, crm.Job{Kind: Kind, State: crm.JobWaiting, Stage: StagePlanned, By: by.Actor, Title: "erase a person", Spec: spec, Counts: counts})
}

// is tells whether a record is one of the person.
func (p *person) is(id crm.RecordID) bool {
	return id != "" && (id == p.Record || slices.Contains(p.Alone, id))
}

// isPerson refuses a record that is about something else.
func isPerson(r *crm.Record) error {
	if r.Kind == crm.KindContact || r.Kind == crm.KindLead {
		return nil
	}
	return crm.Errorf(crm.Invalid, "erase.isPerson", "a %s is no person", r.Kind).WithField("record").WithHint("name a contact or a lead")
}

// Confirm begins what was planned.
func (s *Service) Confirm(ctx context.Context, v access.Viewer, id string) (job.Progress, error) {
	if err := v.Require(crm.RightAdmin); err != nil {
		return job.Progress{}, err
	}
	return s.jobs.Edit(ctx, v, id, func(j *crm.Job) error {
		switch {
		case j.Kind != Kind:
			return crm.Errorf(crm.NotFound, "erase.Confirm", "there is no erasure %s", crm.Clip(id, 60)).WithField("id")
		case j.Stage != StagePlanned:
			return crm.Errorf(crm.Conflict, "erase.Confirm", "the erasure waits for nothing").WithHint("it is " + j.Stage)
		}
		job.Begin(j)
		j.Stage, j.Counts = stageStones, nil
		return nil
	})
}

// about collects what there is of a person.
func (s *Service) about(ctx context.Context, r *crm.Record) (person, map[string]int64, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return person{}, nil, err
	}
	key := ws.Value.IDKey
	p := person{Record: r.ID, Name: r.Text(titleOf(r)), Tokens: records.TokensOf(r), IDs: []string{string(r.ID)}}
	counts := map[string]int64{"records": 1}
	others, err := s.others(ctx, r)
	if err != nil {
		return p, nil, err
	}
	for i := range others {
		p.Alone, p.IDs = append(p.Alone, others[i].ID), append(p.IDs, string(others[i].ID))
		p.Tokens = append(p.Tokens, records.TokensOf(&others[i])...)
		counts["records"]++
	}
	slices.Sort(p.Tokens)
	p.Tokens = slices.Compact(p.Tokens)
	for _, id := range append([]crm.RecordID{r.ID}, p.Alone...) {
		was, err := s.merged(ctx, id)
		if err != nil {
			return p, nil, err
		}
		p.IDs = append(p.IDs, was...)
	}
	for _, t := range p.Tokens {
		p.IDs = append(p.IDs, crm.IdentityID(key, t))
		if a := t.Address(); a != "" {
			p.Addresses = append(p.Addresses, a)
			p.IDs = append(p.IDs, crm.ConsentID(key, a))
		}
	}
	err = store.Activities.Each(ctx, s.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Record]) error {
		about := d.Value.Records("records")
		if len(about) > 0 && !slices.ContainsFunc(about, func(id crm.RecordID) bool { return !p.is(id) }) {
			p.Alone, p.IDs = append(p.Alone, d.Value.ID), append(p.IDs, string(d.Value.ID))
			counts["activities"]++
		}
		return nil
	})
	if err == nil {
		err = s.ledgers(ctx, &p, func(name, id string) error {
			counts[name]++
			p.IDs = append(p.IDs, id)
			return nil
		})
	}
	for _, a := range p.Addresses {
		if err == nil {
			err = s.mailOf(ctx, a, func(*crm.Message) error { counts["mails"]++; return nil })
		}
	}
	slices.Sort(p.IDs)
	p.IDs = slices.Compact(p.IDs)
	if err == nil {
		p.Files, err = s.filesOf(ctx, &p)
		counts["files"] = int64(len(p.Files))
	}
	return p, counts, err
}

func titleOf(r *crm.Record) string {
	n, _ := crm.NounOf(r.Kind) // a person's noun is built in
	return n.Title
}

// mailOf walks the mail that an address takes part in.
func (s *Service) mailOf(ctx context.Context, a crm.Address, f func(*crm.Message) error) error {
	q := store.Query{Where: []store.Filter{{Field: "seek", Op: store.Contains, Value: crm.AddressToken(a)}}, Limit: 200}
	return store.Messages.Each(ctx, s.sp, q, func(d store.Doc[crm.Message]) error { return f(&d.Value) })
}

// ledgers walks the documents that are about the person beside records and mail,
// by their collections.
func (s *Service) ledgers(ctx context.Context, p *person, f func(collection, id string) error) error {
	is := func(a crm.Address) bool { return a != "" && slices.Contains(p.Addresses, a) }
	return each(
		walk(ctx, s.sp, store.Suppressions, func(x *crm.Suppression) (string, bool) { return x.ID, is(x.Address) }, f),
		walk(ctx, s.sp, store.Consents, func(x *crm.Consent) (string, bool) { return x.ID, is(x.Address) }, f),
		walk(ctx, s.sp, store.Enrolments, func(x *crm.Enrolment) (string, bool) { return x.ID, p.is(x.Contact) || is(x.Address) }, f),
		walk(ctx, s.sp, store.Suggestions, func(x *crm.Suggestion) (string, bool) { return x.ID, p.is(x.Contact) || is(x.Address) }, f),
		walk(ctx, s.sp, store.Rules, func(x *crm.Rule) (string, bool) {
			return x.ID, p.is(x.Record) || slices.Contains(p.Tokens, x.Value)
		}, f),
		walk(ctx, s.sp, store.Recipients, func(x *crm.Recipient) (string, bool) { return x.ID, p.is(x.Contact) || is(x.Address) }, f),
		walk(ctx, s.sp, store.Settings, func(x *crm.Setting) (string, bool) {
			return x.ID, x.Away != nil && p.mentioned(x.Away.Text+" "+x.Away.Subject)
		}, f),
		walk(ctx, s.sp, store.Outgoing, func(x *crm.Outgoing) (string, bool) { return x.ID, slices.ContainsFunc(x.To, is) }, f),
	)
}

func each(steps ...func() error) error {
	for _, f := range steps {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func walk[T any](ctx context.Context, sp *store.Space, c store.Collection[T], is func(*T) (string, bool), f func(collection, id string) error) func() error {
	return func() error {
		return c.Each(ctx, sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[T]) error {
			if id, ok := is(&d.Value); ok {
				return f(c.Name, id)
			}
			return nil
		})
	}
}
