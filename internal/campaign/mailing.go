package campaign

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/merge"
	"threadline/internal/store"
	"threadline/internal/track"
)

// Mailing is what the workspace says of mail to many people.
func (s *Service) Mailing(ctx context.Context, v access.Viewer) (crm.Mailing, error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return crm.Mailing{}, err
	}
	return s.mailing(ctx)
}

func (s *Service) mailing(ctx context.Context) (crm.Mailing, error) {
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.MailingID})
	if err != nil || docs[0].Value.Mailing == nil {
		return crm.Mailing{}, err
	}
	return *docs[0].Value.Mailing, nil
}

// Calendar is on which days the workspace works.
func (s *Service) Calendar(ctx context.Context) (crm.Calendar, error) {
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.CalendarID})
	if err != nil || docs[0].Value.Calendar == nil {
		return crm.Calendar{}, err
	}
	return *docs[0].Value.Calendar, nil
}

// SetCalendar writes it down, and returns the batch to undo it.
func (s *Service) SetCalendar(ctx context.Context, v access.Viewer, info store.ChangeInfo, c crm.Calendar) (string, error) {
	if err := v.Require(crm.RightSettings); err != nil {
		return "", err
	}
	if err := c.Check(); err != nil {
		return "", err
	}
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		_, err := store.Settings.GetMany(ctx, tx, []string{crm.CalendarID})
		store.Settings.Put(tx, &crm.Setting{ID: crm.CalendarID, Calendar: &c})
		return err
	})
}

// Links sign and read the addresses of tracking.
func (s *Service) Links(ctx context.Context, base string) (track.Links, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	return track.Links{Base: base, Key: ws.Value.IDKey, More: ws.Value.TrackKeys}, err
}

// keptKeys is how many keys of tracking are kept: addresses that older ones
// signed lead nowhere any more.
const keptKeys = 5

// NewTrackKey makes a key by which addresses of tracking are signed from now on;
// those in mails that were sent still hold.
func (s *Service) NewTrackKey(ctx context.Context, v access.Viewer, random io.Reader) (string, error) {
	if err := v.Require(crm.RightSettings); err != nil {
		return "", err
	}
	key := make(crm.IDKey, 32)
	if _, err := io.ReadFull(random, key); err != nil {
		return "", crm.E(crm.Internal, "campaign.NewTrackKey", "no key can be made", err)
	}
	id := ""
	err := s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Workspaces.Get(ctx, tx, string(s.sp.Workspace()))
		if err != nil {
			return err
		}
		ws, last := doc.Value, 0
		if n := len(ws.TrackKeys); n > 0 {
			last, _ = strconv.Atoi(ws.TrackKeys[n-1].ID[1:])
		}
		id = "k" + strconv.Itoa(last+1)
		ws.TrackKeys = append(ws.TrackKeys, crm.TrackKey{ID: id, Key: key, At: s.sp.Store().Now()})
		if n := len(ws.TrackKeys); n > keptKeys {
			ws.TrackKeys = ws.TrackKeys[n-keptKeys:]
		}
		store.Workspaces.PutIf(tx, &ws, doc.Version)
		return nil
	})
	return id, err
}

// SetMailing writes it down, and returns the batch to undo it.
func (s *Service) SetMailing(ctx context.Context, v access.Viewer, info store.ChangeInfo, m crm.Mailing) (string, error) {
	if err := v.Require(crm.RightSettings); err != nil {
		return "", err
	}
	if m.Postal = strings.TrimSpace(m.Postal); len(m.Postal) > 1000 {
		return "", crm.Errorf(crm.TooLarge, "campaign.SetMailing", "a postal address has at most 500 characters").WithField("postal")
	}
	if err := checkPurposes(m.Purposes); err != nil {
		return "", err
	}
	if m.Single != crm.TrackOff && m.Single != crm.TrackAggregate && m.Single != crm.TrackIndividual {
		return "", crm.Errorf(crm.Invalid, "campaign.SetMailing", "%q is no way of tracking", crm.Clip(string(m.Single), 40)).WithField("single_mails").WithHint("aggregate or individual, or nothing")
	}
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		_, err := store.Settings.GetMany(ctx, tx, []string{crm.MailingID})
		store.Settings.Put(tx, &crm.Setting{ID: crm.MailingID, Mailing: &m})
		return err
	})
}

// purposeKey is the form of a key of a purpose.
var purposeKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func checkPurposes(list []crm.Purpose) error {
	seen := map[string]bool{}
	for _, p := range list {
		switch {
		case !purposeKey.MatchString(p.Key):
			return crm.Errorf(crm.Invalid, "campaign.SetMailing", "%q is no key of a purpose", crm.Clip(p.Key, 40)).WithField("purposes").WithHint("small letters, digits and _, beginning with a letter")
		case seen[p.Key]:
			return crm.Errorf(crm.Invalid, "campaign.SetMailing", "the purpose %s is named twice", p.Key).WithField("purposes")
		case strings.TrimSpace(p.Name) == "":
			return crm.Errorf(crm.Invalid, "campaign.SetMailing", "the purpose %s has no name", p.Key).WithField("purposes").WithHint("write it as your readers would call it")
		}
		seen[p.Key] = true
	}
	return nil
}

// Agree writes down that somebody may be tracked by name: how and when they said
// so. A later word replaces it.
func (s *Service) Agree(ctx context.Context, v access.Viewer, info store.ChangeInfo, c crm.Consent) (string, error) {
	const op = crm.Op("campaign.Agree")
	if err := v.Require(crm.RightCampaigns); err != nil {
		return "", err
	}
	if c.Source = strings.TrimSpace(c.Source); c.Source == "" || len(c.Source) > 500 {
		return "", crm.Errorf(crm.Invalid, op, "a consent says how it was given").WithField("source").WithHint("such as: form on our site, 3 March")
	}
	now := s.sp.Store().Now()
	if c.Given == 0 {
		c.Given = now
	}
	if c.Given > now {
		return "", crm.Errorf(crm.Invalid, op, "a consent was given before now").WithField("given")
	}
	key, err := s.key(ctx)
	if err != nil {
		return "", err
	}
	c.ID, c.By = crm.ConsentID(key, c.Address), info.Actor
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		_, err := store.Consents.GetMany(ctx, tx, []string{c.ID})
		store.Consents.Put(tx, &c)
		return err
	})
}

// MayTrack tells whether the reading of a mail may be tracked by name: nobody has
// to be asked here, or everybody who gets it agreed; and none of them wants no
// mail to many, by their word or ours.
func (s *Service) MayTrack(ctx context.Context, list []crm.Address) (bool, error) {
	m, err := s.mailing(ctx)
	if err != nil {
		return false, err
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return false, err
	}
	gone, err := suppressed(ctx, s.sp, ws.Value.IDKey, list, "")
	for _, why := range gone {
		if why != crm.SuppressedBounced {
			return false, err
		}
	}
	if err != nil || !m.Consent {
		return err == nil, err
	}
	var ids []string
	for _, a := range list {
		if !slices.Contains(ws.Value.OwnDomains, a.Domain()) { // colleagues are not asked
			ids = append(ids, crm.ConsentID(ws.Value.IDKey, a))
		}
	}
	docs, err := store.Consents.GetMany(ctx, s.sp, ids)
	for _, d := range docs {
		if !d.Exists() {
			return false, err
		}
	}
	return err == nil, err
}

// Dress puts what tracks into the HTML of the mail with an id.
type Dress func(id, page string) string

// Single says how far the reading of a mail from a mailbox to some people may be
// found out, at most as far as is wanted, and how the mail is dressed for it. By
// name only where the workspace allows it, and everybody who gets it agreed or
// nobody has to be asked; else it is counted for the mailbox. Where the workspace
// allows nothing the mode is off and there is no dress.
func (s *Service) Single(ctx context.Context, base string, want crm.TrackMode, box crm.MailboxID, to []crm.Address) (crm.TrackMode, Dress, error) {
	m, err := s.mailing(ctx)
	if err != nil || want == crm.TrackOff || m.Single == crm.TrackOff {
		return crm.TrackOff, nil, err
	}
	if want == crm.TrackIndividual {
		ok, err := s.MayTrack(ctx, to)
		if err != nil {
			return crm.TrackOff, nil, err
		}
		if !ok || m.Single != crm.TrackIndividual {
			want = crm.TrackAggregate
		}
	}
	links, err := s.Links(ctx, base)
	if err != nil {
		return crm.TrackOff, nil, err
	}
	return want, func(id, page string) string {
		about := track.About{Campaign: string(box)}
		if want == crm.TrackIndividual {
			about.Recipient = id
		}
		return links.Letter(merge.Clean(page), about)
	}, nil
}

// Seen is what tracking knows of one mail; nil: nothing.
func (s *Service) Seen(ctx context.Context, id string) (*crm.Seen, error) {
	docs, err := store.Sightings.GetMany(ctx, s.sp, []string{id})
	if err != nil || !docs[0].Exists() {
		return nil, err
	}
	return &docs[0].Value, nil
}

// Withdraw takes a consent back.
func (s *Service) Withdraw(ctx context.Context, v access.Viewer, info store.ChangeInfo, a crm.Address) (string, error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return "", err
	}
	key, err := s.key(ctx)
	if err != nil {
		return "", err
	}
	id := crm.ConsentID(key, a)
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Consents.Get(ctx, tx, id); err != nil {
			return crm.Errorf(crm.NotFound, "campaign.Withdraw", "%s gave no consent", a).WithField("address")
		}
		store.Consents.Delete(tx, id)
		return nil
	})
}

// Consents lists who agreed, the last one first.
func (s *Service) Consents(ctx context.Context, v access.Viewer, limit int, cursor string) (store.Page[crm.Consent], error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return store.Page[crm.Consent]{}, err
	}
	return store.Consents.Query(ctx, s.sp, store.Query{Order: "given", Desc: true, Limit: limit, After: cursor})
}

// key is the key from which ids of the workspace are derived.
func (s *Service) key(ctx context.Context) (crm.IDKey, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	return ws.Value.IDKey, err
}
