package sequence

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/preflight"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Service keeps the sequences of one workspace. It is safe for concurrent use.
type Service struct {
	sp        *store.Space
	records   *records.Service
	letters   *letter.Service
	campaigns *campaign.Service
}

// New makes the service of a workspace.
func New(sp *store.Space, r *records.Service, l *letter.Service, c *campaign.Service) *Service {
	return &Service{sp: sp, records: r, letters: l, campaigns: c}
}

const (
	maxSteps = 20
	maxWait  = 250 // working days: a year
)

// Draft is what a person writes of a sequence.
type Draft struct {
	Name       string
	Mailbox    crm.MailboxID
	Steps      []crm.SequenceStep // without letters
	Pace       crm.Pace
	Track      crm.TrackMode
	Marketing  bool
	Purpose    string
	StopOnDeal bool
}

// Saved is a sequence after a write, and the batch to undo it.
type Saved struct {
	Sequence crm.Sequence
	Version  store.Version
	Batch    string
}

// Save makes a sequence, or changes the one with the id; a version other than 0
// must be the present one. Its letters are taken over from their templates as
// they are now. People who are in it go on with the steps as they are then.
func (s *Service) Save(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, d Draft, version store.Version) (Saved, error) {
	v, err := s.campaigns.Author(ctx, v, d.Mailbox)
	if err != nil {
		return Saved{}, err
	}
	q, err := s.check(ctx, v, d)
	if err != nil {
		return Saved{}, err
	}
	q.ID, q.Status, q.Owner, q.At = id, crm.SequenceDraft, v.User, s.sp.Store().Now()
	if id == "" {
		if q.ID, err = s.sp.Store().NewID(crm.PrefixSequence); err != nil {
			return Saved{}, err
		}
	}
	batch, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if id == "" {
			store.Sequences.Create(tx, &q)
			return nil
		}
		return s.replace(ctx, tx, v, &q, version)
	})
	if err != nil {
		return Saved{}, err
	}
	doc, err := store.Sequences.Get(ctx, s.sp, q.ID)
	return Saved{Sequence: doc.Value, Version: doc.Version, Batch: batch}, err
}

// replace keeps what a draft does not say. A mailbox stays once somebody is in
// it: conversations go on where they began.
func (s *Service) replace(ctx context.Context, tx *store.Tx, v access.Viewer, q *crm.Sequence, version store.Version) error {
	old, err := s.get(ctx, tx, v, q.ID)
	if err != nil {
		return err
	}
	if version != 0 && old.Version != version {
		return crm.Errorf(crm.Conflict, "sequence.Save", "the sequence was changed in the meantime").WithField("version").WithHint("read it again, then save your change")
	}
	some, err := store.Enrolments.Query(ctx, tx, store.Query{Where: []store.Filter{store.Is("sequence", q.ID)}, Order: "at", Limit: 1})
	if err != nil {
		return err
	}
	switch begun := len(some.Items) > 0; {
	case begun && old.Value.Mailbox != q.Mailbox:
		return crm.Errorf(crm.Conflict, "sequence.Save", "people are in it: their conversations lie in its mailbox").WithField("mailbox").WithHint("make another sequence")
	case begun && len(q.Steps) < len(old.Value.Steps):
		return crm.Errorf(crm.Conflict, "sequence.Save", "people are in it, who may have had the last step").WithField("steps").WithHint("change a step, or make another sequence")
	}
	q.Status, q.Why, q.Restored = old.Value.Status, old.Value.Why, old.Value.Restored
	if old.Value.Owner != "" { // the command line once made sequences of nobody
		q.Owner = old.Value.Owner
	}
	store.Sequences.Put(tx, q)
	return nil
}

func (s *Service) check(ctx context.Context, v access.Viewer, d Draft) (crm.Sequence, error) {
	const op = crm.Op("sequence.check")
	q := crm.Sequence{Name: strings.TrimSpace(d.Name), Mailbox: d.Mailbox, Pace: d.Pace, Track: d.Track, Marketing: d.Marketing, Purpose: d.Purpose, StopOnDeal: d.StopOnDeal}
	if err := v.Require(crm.RightCampaigns); err != nil {
		return q, err
	}
	if q.Name == "" || utf8.RuneCountInString(q.Name) > 200 {
		return q, crm.Errorf(crm.Invalid, op, "a sequence has a name of at most 200 characters").WithField("name")
	}
	if err := q.Pace.Check(); err != nil {
		return q, err
	}
	if d.Track != crm.TrackOff && d.Track != crm.TrackAggregate && d.Track != crm.TrackIndividual {
		return q, crm.Errorf(crm.Invalid, op, "there is no tracking %q", crm.Clip(string(d.Track), 20)).WithField("track").WithHint("aggregate, individual, or nothing")
	}
	if _, err := s.campaigns.Box(ctx, v, d.Mailbox); err != nil {
		return q, err
	}
	if err := s.campaigns.PurposeKnown(ctx, d.Purpose); err != nil {
		return q, err
	}
	if len(d.Steps) == 0 || len(d.Steps) > maxSteps {
		return q, crm.Errorf(crm.Invalid, op, "a sequence has between 1 and %d steps", maxSteps).WithField("steps")
	}
	for i, step := range d.Steps {
		if err := s.checkStep(ctx, v, &step); err != nil {
			return q, inStep(err, i)
		}
		q.Steps = append(q.Steps, step)
	}
	return q, nil
}

// inStep names the step that an error is about.
func inStep(err error, i int) error {
	return crm.E("", "sequence.check", fmt.Sprintf("step %d", i+1), err).WithField(fmt.Sprintf("steps[%d]", i))
}

// checkStep reads a step, and takes its letter over.
func (s *Service) checkStep(ctx context.Context, v access.Viewer, x *crm.SequenceStep) error {
	const op = crm.Op("sequence.check")
	if x.Wait < 0 || x.Wait > maxWait {
		return crm.Errorf(crm.Invalid, op, "a step waits for 0 to %d working days", maxWait).WithField("wait")
	}
	t, err := s.letters.Get(ctx, v, x.Template)
	if crm.IsKind(err, crm.NotFound) {
		return crm.Errorf(crm.Invalid, op, "there is no template %s", crm.Clip(x.Template, 60)).WithField("template")
	}
	if err != nil {
		return err
	}
	if t.Value.Kind != crm.TemplateMail {
		return crm.Errorf(crm.Invalid, op, "a snippet is no letter").WithField("template")
	}
	x.Letter, x.If = &t.Value, strings.TrimSpace(x.If)
	if x.If == "" {
		return nil
	}
	q, err := s.records.Parse(ctx, v, x.If)
	if err != nil {
		return crm.E("", op, "the condition cannot be understood", err).WithField("if")
	}
	if q.Kind != crm.KindContact && q.Kind != crm.KindDeal {
		return crm.Errorf(crm.Invalid, op, "a condition is about contacts or deals, not about %s", q.Kind).WithField("if").WithHint("such as: deals where stage = proposal")
	}
	return nil
}

// List returns the sequences, newest first.
func (s *Service) List(ctx context.Context, v access.Viewer, limit int, cursor string) (store.Page[crm.Sequence], error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return store.Page[crm.Sequence]{}, err
	}
	return store.Sequences.Query(ctx, s.sp, store.Query{Order: "at", Desc: true, Limit: limit, After: cursor})
}

// Get returns one sequence.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (store.Doc[crm.Sequence], error) {
	return s.get(ctx, s.sp, v, id)
}

func (s *Service) get(ctx context.Context, r store.Reader, v access.Viewer, id string) (store.Doc[crm.Sequence], error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return store.Doc[crm.Sequence]{}, err
	}
	if _, err := crm.ParseID[string](crm.PrefixSequence, id); err != nil {
		return store.Doc[crm.Sequence]{}, crm.Errorf(crm.NotFound, "sequence.Get", "there is no sequence %s", crm.Clip(id, 60))
	}
	return store.Sequences.Get(ctx, r, id)
}

// Start lets a sequence send.
func (s *Service) Start(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return Saved{}, err
	}
	if err := s.campaigns.Startable(ctx, doc.Value.Marketing); err != nil {
		return Saved{}, err
	}
	return s.move(ctx, v, info, id, crm.SequenceActive, "")
}

// Begin is Start, but for a sequence whose first mail would be refused.
func (s *Service) Begin(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	found, err := s.Checks(ctx, v, id)
	if err == nil {
		err = preflight.Refused(found)
	}
	if err != nil {
		return Saved{}, err
	}
	return s.Start(ctx, v, info, id)
}

// Checks looks at a sequence as it would be sent now.
func (s *Service) Checks(ctx context.Context, v access.Viewer, id string) ([]preflight.Finding, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return nil, err
	}
	var letters []*crm.Template
	for i := range doc.Value.Steps {
		letters = append(letters, doc.Value.Steps[i].Letter)
	}
	return s.campaigns.CheckLetters(ctx, v, doc.Value.Mailbox, doc.Value.Marketing, letters...)
}

// Pause stops it for everybody; what was claimed is still handed over.
func (s *Service) Pause(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	return s.move(ctx, v, info, id, crm.SequencePaused, "")
}

func (s *Service) move(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, to crm.SequenceStatus, why string) (Saved, error) {
	var q crm.Sequence
	batch, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := s.get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		q = doc.Value
		if q.Status == to || q.Status == crm.SequenceDraft && to == crm.SequencePaused {
			return crm.Errorf(crm.Conflict, "sequence.move", "the sequence is %s", q.Status).WithField("status")
		}
		q.Status, q.Why, q.At = to, why, s.sp.Store().Now()
		store.Sequences.Put(tx, &q)
		return nil
	})
	return Saved{Sequence: q, Batch: batch}, err
}
