package campaign

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/outbox"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/view"
)

// Service keeps the campaigns of one workspace. It is safe for concurrent use.
type Service struct {
	sp        *store.Space
	records   *records.Service
	letters   *letter.Service
	views     *view.Service
	preflight Preflight // nil: nothing is looked at
	beside    func(ctx context.Context, m *crm.Mailbox) (outbox.Budget, error)

	accounts accounts
	mu       sync.Mutex
	shares   map[string]*shares // by errand
}

// New makes the service of a workspace.
func New(sp *store.Space, r *records.Service, l *letter.Service, v *view.Service) *Service {
	return &Service{sp: sp, records: r, letters: l, views: v, shares: map[string]*shares{}}
}

// sharesOf are the shares of domains in an errand.
func (s *Service) sharesOf(id string) *shares {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shares[id] == nil {
		s.shares[id] = &shares{}
	}
	return s.shares[id]
}

// Draft is what a person writes of a campaign.
type Draft struct {
	Name      string
	Template  string
	Audience  string
	Segment   string // in place of an audience
	Mailbox   crm.MailboxID
	Spare     crm.CampaignSpare
	Pace      crm.Pace
	Track     crm.TrackMode
	Marketing bool
	Purpose   string
}

// Saved is a campaign after a write, and the batch to undo it.
type Saved struct {
	Campaign crm.Campaign
	Version  store.Version
	Batch    string
	Again    int // how many of those who failed are tried again, of Retry
}

// Create makes a campaign. It fails with crm.Invalid, naming the field, for what
// could never be sent.
func (s *Service) Create(ctx context.Context, v access.Viewer, info store.ChangeInfo, d Draft) (Saved, error) {
	return s.save(ctx, v, info, "", d, 0)
}

// Edit changes a campaign that nothing was sent of; its recipients have to be
// prepared again.
func (s *Service) Edit(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, d Draft, version store.Version) (Saved, error) {
	return s.save(ctx, v, info, id, d, version)
}

func (s *Service) save(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, d Draft, version store.Version) (Saved, error) {
	v, err := s.Author(ctx, v, d.Mailbox)
	if err != nil {
		return Saved{}, err
	}
	c, err := s.check(ctx, v, d)
	if err != nil {
		return Saved{}, err
	}
	c.ID, c.Status, c.Owner, c.At = id, crm.CampaignDraft, v.User, s.sp.Store().Now()
	if id == "" {
		if c.ID, err = s.sp.Store().NewID(crm.PrefixCampaign); err != nil {
			return Saved{}, err
		}
	}
	batch, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if id == "" {
			store.Campaigns.Create(tx, &c)
			return nil
		}
		old, err := s.get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if version != 0 && old.Version != version {
			return crm.Errorf(crm.Conflict, "campaign.Edit", "the campaign was changed in the meantime").WithField("version").WithHint("read it again, then save your change")
		}
		if old.Value.Status != crm.CampaignDraft && old.Value.Status != crm.CampaignReady {
			return crm.Errorf(crm.Conflict, "campaign.Edit", "the campaign has begun").WithField("status").WithHint("cancel it and make another")
		}
		c.Restored = old.Value.Restored
		store.Campaigns.Put(tx, &c)
		return nil
	})
	if err != nil {
		return Saved{}, err
	}
	doc, err := store.Campaigns.Get(ctx, s.sp, c.ID)
	return Saved{Campaign: doc.Value, Version: doc.Version, Batch: batch}, err
}

// check reads a draft.
func (s *Service) check(ctx context.Context, v access.Viewer, d Draft) (crm.Campaign, error) {
	const op = crm.Op("campaign.check")
	c := crm.Campaign{Name: strings.TrimSpace(d.Name), Template: d.Template, Audience: strings.TrimSpace(d.Audience), Segment: d.Segment, Mailbox: d.Mailbox, Spare: d.Spare, Pace: d.Pace, Track: d.Track, Marketing: d.Marketing, Purpose: d.Purpose}
	if err := v.Require(crm.RightCampaigns); err != nil {
		return c, err
	}
	if c.Name == "" || utf8.RuneCountInString(c.Name) > 200 {
		return c, crm.Errorf(crm.Invalid, op, "a campaign has a name of at most 200 characters").WithField("name")
	}
	if err := c.Pace.Check(); err != nil {
		return c, err
	}
	if d.Track != crm.TrackOff && d.Track != crm.TrackAggregate && d.Track != crm.TrackIndividual {
		return c, crm.Errorf(crm.Invalid, op, "there is no tracking %q", crm.Clip(string(d.Track), 20)).WithField("track").WithHint("aggregate, individual, or nothing")
	}
	t, err := s.letters.Get(ctx, v, d.Template)
	if err != nil {
		return c, blame(err, "template")
	}
	if t.Value.Kind != crm.TemplateMail {
		return c, crm.Errorf(crm.Invalid, op, "a snippet is no letter").WithField("template")
	}
	if _, err := s.Box(ctx, v, d.Mailbox); err != nil {
		return c, err
	}
	if err := s.PurposeKnown(ctx, d.Purpose); err != nil {
		return c, err
	}
	_, err = s.People(ctx, v, c.Audience, c.Segment)
	return c, err
}

// Box is a mailbox that the viewer may let mail be sent from.
func (s *Service) Box(ctx context.Context, v access.Viewer, id crm.MailboxID) (crm.Mailbox, error) {
	box, err := store.Mailboxes.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil {
		return crm.Mailbox{}, err
	}
	if !box[0].Exists() || !access.Mailbox(v, &box[0].Value) {
		return crm.Mailbox{}, crm.Errorf(crm.NotFound, "campaign.Box", "there is no mailbox %s of yours", crm.Clip(string(id), 60)).WithField("mailbox")
	}
	return box[0].Value, nil
}

// Author is who answers for the letters of a mailbox, and in whose eyes they are made:
// the viewer, or, for the person at the command line, whose mailbox it is.
func (s *Service) Author(ctx context.Context, v access.Viewer, id crm.MailboxID) (access.Viewer, error) {
	if !v.Operator {
		return v, nil
	}
	box, err := s.Box(ctx, v, id)
	if err != nil {
		return v, err
	}
	if v, err = s.records.Viewer(ctx, box.Owner); err == nil && !v.May(crm.RightCampaigns) {
		err = crm.Errorf(crm.Denied, "campaign.Author", "the owner of the mailbox may not write to many").WithField("mailbox").
			WithHint("give them a role that may, with: threadline role give EMAIL ROLE")
	}
	return v, err
}

// PurposeKnown refuses a purpose that the workspace does not name.
func (s *Service) PurposeKnown(ctx context.Context, key string) error {
	m, err := s.mailing(ctx)
	if err != nil || key == "" || slices.ContainsFunc(m.Purposes, func(p crm.Purpose) bool { return p.Key == key }) {
		return err
	}
	return crm.Errorf(crm.Invalid, "campaign.purpose", "there is no purpose %q", crm.Clip(key, 40)).WithField("purpose").WithHint("name it among the purposes of the workspace first")
}

// blame names the field that an error is about.
func blame(err error, field string) error {
	if crm.IsKind(err, crm.NotFound) {
		return crm.E(crm.Invalid, "campaign.check", "there is no such "+field, nil).WithField(field).WithHint("list them with: threadline " + field + " list")
	}
	return err
}

// List returns the campaigns, newest first.
func (s *Service) List(ctx context.Context, v access.Viewer, limit int, cursor string) (store.Page[crm.Campaign], error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return store.Page[crm.Campaign]{}, err
	}
	return store.Campaigns.Query(ctx, s.sp, store.Query{Order: "at", Desc: true, Limit: limit, After: cursor})
}

// Get returns one campaign.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (store.Doc[crm.Campaign], error) {
	return s.get(ctx, s.sp, v, id)
}

func (s *Service) get(ctx context.Context, r store.Reader, v access.Viewer, id string) (store.Doc[crm.Campaign], error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return store.Doc[crm.Campaign]{}, err
	}
	if _, err := crm.ParseID[string](crm.PrefixCampaign, id); err != nil {
		return store.Doc[crm.Campaign]{}, crm.Errorf(crm.NotFound, "campaign.Get", "there is no campaign %s", crm.Clip(id, 60))
	}
	return store.Campaigns.Get(ctx, r, id)
}
