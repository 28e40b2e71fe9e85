package campaign

import (
	"context"
	"slices"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Results is what came of a campaign, and when it will be through.
type Results struct {
	Recipients   map[crm.RecipientState]int64 `json:"recipients"`
	Delivered    int64                        `json:"delivered" doc:"Sent, and not sent back"`
	Replied      int64                        `json:"replied"`
	Bounced      map[crm.BounceKind]int64     `json:"bounced"`
	Complained   int64                        `json:"complained"`
	Unsubscribed int64                        `json:"unsubscribed"`
	Away         int64                        `json:"away" doc:"Of whom an absence notice came"`
	Opens        crm.HitCount                 `json:"opens"`
	Clicks       crm.HitCount                 `json:"clicks"`
	Openers      int64                        `json:"openers" doc:"Recipients of whom a human opened it; of an aggregate campaign none"`
	Clickers     int64                        `json:"clickers"`
	Won          []Won                        `json:"won" doc:"Deals of recipients, won after they were written to"`
	PerMinute    int64                        `json:"rate_per_minute" doc:"Sent in the last minute"`
	Trouble      *Trouble                     `json:"trouble,omitempty" doc:"Why letters are tried again, or later"`
	Finish       crm.Time                     `json:"finish,omitempty" doc:"When everybody will have been written to, by hours and budget; of a campaign that is not sending: when it began now"`
}

// reasonSpent is why everybody waits whose mailbox has no budget left.
const reasonSpent = "the mailbox has sent as many mails as it may in 24 hours"

// Trouble is why letters that could be due wait: a mail system that cannot be
// reached, or one that puts them off, or a mailbox whose budget is spent.
type Trouble struct {
	Reason string   `json:"reason"`
	Next   crm.Time `json:"next" doc:"When the first of them is tried again"`
	Spent  bool     `json:"spent,omitempty" doc:"The mailbox has sent what it may in 24 hours"`
}

// Won are the deals that recipients agreed to, in one currency.
type Won struct {
	Currency crm.Currency `json:"currency"`
	Amount   int64        `json:"amount" doc:"In minor units"`
	Deals    int64        `json:"deals"`
}

// Results counts the ledger, what came back and what was tracked.
func (s *Service) Results(ctx context.Context, v access.Viewer, id string) (Results, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return Results{}, err
	}
	out, err := s.Came(ctx, id)
	if err != nil {
		return out, err
	}
	if out.Won, err = s.won(ctx, v, &doc.Value); err != nil {
		return out, err
	}
	waiting := out.Recipients[crm.RecipientQueued]
	if waiting == 0 {
		return out, nil
	}
	room, day, err := s.may(ctx, &doc.Value)
	if err != nil {
		return out, err
	}
	if room.left == 0 && doc.Value.Status == crm.CampaignSending {
		out.Trouble = spent(room)
	}
	out.Finish, err = s.finish(ctx, &doc.Value, waiting, room, day)
	return out, err
}

// Came counts the letters of an errand, what came back, and what was tracked.
func (s *Service) Came(ctx context.Context, id string) (Results, error) {
	var out Results
	var err error
	if out.Recipients, err = s.figures(ctx, id); err != nil {
		return out, err
	}
	if err := s.cameBack(ctx, id, &out); err != nil {
		return out, err
	}
	if out.Trouble, err = s.trouble(ctx, id); err != nil {
		return out, err
	}
	seen, err := store.Sightings.GetMany(ctx, s.sp, []string{id})
	if err != nil {
		return out, err
	}
	x := seen[0].Value
	out.Opens, out.Clicks, out.Openers, out.Clickers = x.Opens, x.Clicks, x.Openers, x.Clickers
	return out, nil
}

// trouble looks at those who are due next: a letter that is put off goes before
// the many that wait for their hours.
func (s *Service) trouble(ctx context.Context, id string) (*Trouble, error) {
	later := store.Filter{Field: "due", Op: store.Gt, Value: s.sp.Store().Now()}
	page, err := store.Recipients.Query(ctx, s.sp, store.Query{Where: append(inState(id, crm.RecipientQueued), later), Order: "due", Limit: 50})
	for _, d := range page.Items {
		if r := d.Value; r.Reason != "" {
			return &Trouble{Reason: r.Reason, Next: r.Due}, err
		}
	}
	return nil, err
}

// cameBack counts what the ledger has of each kind. A line without the moment is
// not in the index of its order.
func (s *Service) cameBack(ctx context.Context, id string, out *Results) error {
	count := func(field string, more ...store.Filter) (int64, error) {
		where := append([]store.Filter{store.Is("campaign", id)}, more...)
		return s.sp.Count(ctx, store.Recipients.Name, store.Query{Where: where, Order: field})
	}
	var err error
	for _, x := range []struct {
		field string
		into  *int64
	}{{"replied", &out.Replied}, {"complained", &out.Complained}, {"left", &out.Unsubscribed}, {"away", &out.Away}} {
		if *x.into, err = count(x.field); err != nil {
			return err
		}
	}
	out.Bounced = map[crm.BounceKind]int64{}
	out.Delivered = out.Recipients[crm.RecipientSent]
	for _, k := range []crm.BounceKind{crm.BounceHard, crm.BounceSoft, crm.BouncePolicy} {
		if out.Bounced[k], err = count("bounced", store.Is("bounce", string(k))); err != nil {
			return err
		}
	}
	back, err := count("bounced", store.Is("state", string(crm.RecipientSent)))
	out.Delivered -= back
	if err != nil {
		return err
	}
	out.PerMinute, err = count("sent", store.Filter{Field: "sent", Op: store.Ge, Value: s.sp.Store().Now().Add(-time.Minute)})
	return err
}

// mostDeals bounds how many deals are looked at for what was won: the newest.
const mostDeals = 5000

// won sums the deals of recipients that were won after they were written to, as
// far as the viewer may read them.
func (s *Service) won(ctx context.Context, v access.Viewer, c *crm.Campaign) ([]Won, error) {
	out := []Won{}
	if c.Status == crm.CampaignDraft || c.Status == crm.CampaignReady {
		return out, nil
	}
	key, err := s.key(ctx)
	if err != nil {
		return nil, err
	}
	left := mostDeals
	for cursor := ""; left > 0; {
		page, err := store.Records.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal)}, Order: "created_at", Desc: true, Limit: min(left, pageSize), After: cursor})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Values() {
			if d.Text("stage_kind") != string(crm.StageWon) || !v.Reads(&d) {
				continue
			}
			if ours, err := s.writtenBefore(ctx, v, key, c.ID, &d); err != nil {
				return nil, err
			} else if ours {
				out = plus(out, &d)
			}
		}
		left -= len(page.Items)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	return out, nil
}

func plus(list []Won, d *crm.Record) []Won {
	cur := crm.Currency(d.Text("currency"))
	amount, _ := d.Values["amount"].(int64)
	i := slices.IndexFunc(list, func(w Won) bool { return w.Currency == cur })
	if i < 0 {
		list, i = append(list, Won{Currency: cur}), len(list)
	}
	list[i].Amount += amount
	list[i].Deals++
	return list
}

// writtenBefore tells whether a contact of a deal had the letter before the deal
// was won.
func (s *Service) writtenBefore(ctx context.Context, v access.Viewer, key crm.IDKey, campaign string, d *crm.Record) (bool, error) {
	var ids []crm.RecordID
	for _, id := range d.List("contacts") {
		ids = append(ids, crm.RecordID(id))
	}
	contacts, err := s.records.GetMany(ctx, v, ids)
	if err != nil {
		return false, err
	}
	var lines []string
	for _, c := range contacts {
		for _, a := range c.Value.List("emails") {
			lines = append(lines, crm.RecipientID(key, campaign, crm.Address(a)))
		}
	}
	docs, err := store.Recipients.GetMany(ctx, s.sp, lines)
	return slices.ContainsFunc(docs, func(x store.Doc[crm.Recipient]) bool {
		return x.Exists() && x.Value.Sent > 0 && x.Value.Sent < d.When("closed_at")
	}), err
}

// finish estimates when the last of those who wait is written to.
func (s *Service) finish(ctx context.Context, c *crm.Campaign, waiting int64, room room, day int) (crm.Time, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return 0, err
	}
	calendar, err := s.Calendar(ctx)
	if err != nil {
		return 0, err
	}
	last, err := store.Recipients.Query(ctx, s.sp, store.Query{Where: inState(c.ID, crm.RecipientQueued), Order: "due", Desc: true, Limit: 1})
	if err != nil || len(last.Items) == 0 {
		return 0, err
	}
	at := crm.At(estimate(s.sp.Store().Now().Std(), waiting, c.Pace, c.Pace.Hours(calendar, zoneOf(ws.Value.Zone), ""), room, day))
	return max(at, last.Items[0].Value.Due), nil // of somebody whose own hours are shut
}

// estimate walks through the days of sending: on the first of them there is the room
// that is left. It knows nothing of other mail that the mailbox is going to send: that
// makes it later.
func estimate(now time.Time, waiting int64, p crm.Pace, hours crm.Hours, room room, day int) time.Time {
	t, left := now, int64(room.left)
	for range 3660 {
		from := hours.Open(t)
		end := hours.Close(from)
		may := min(left, int64(end.Sub(from).Minutes()*float64(p.PerMinute)))
		if waiting <= may {
			return from.Add(time.Duration(float64(waiting) / float64(p.PerMinute) * float64(time.Minute)))
		}
		waiting -= max(may, 0)
		t = end.Add(time.Second)
		if free := room.free.Std(); may == left && free.After(now) && t.Before(free) {
			t = free
		}
		left = int64(day)
	}
	return t
}

// Retry queues those again who failed but for a mailbox that does not exist, and
// lets the campaign go on. Nobody of them had the letter.
func (s *Service) Retry(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Saved, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return Saved{}, err
	}
	switch doc.Value.Status {
	case crm.CampaignDone, crm.CampaignPaused, crm.CampaignSending:
	default:
		return Saved{}, crm.Errorf(crm.Conflict, "campaign.Retry", "the campaign is %s", doc.Value.Status).WithField("status").WithHint("only what was sent can be tried again")
	}
	failed, err := store.Recipients.All(ctx, s.sp, store.Query{Where: inState(id, crm.RecipientFailed), Order: "due"})
	if err != nil {
		return Saved{}, err
	}
	n := 0
	for chunk := range slices.Chunk(failed, pageSize) {
		err := s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, d := range chunk {
				if d.Value.Bounce == crm.BounceHard {
					continue
				}
				r := d.Value
				now := s.sp.Store().Now()
				r.State, r.Reason, r.Tries, r.Due, r.At = crm.RecipientQueued, "", 0, r.DueAnew(doc.Value.Restored, now), now
				r.Bounce, r.Bounced, r.Said = "", 0, ""
				store.Recipients.PutIf(tx, &r, d.Version)
				n++
			}
			return nil
		})
		if err != nil {
			return Saved{}, err
		}
	}
	if n == 0 {
		return Saved{}, crm.Errorf(crm.Conflict, "campaign.Retry", "nobody failed who could be tried again").WithField("status")
	}
	out, err := s.move(ctx, v, info, id, crm.CampaignSending, crm.CampaignDone, crm.CampaignPaused, crm.CampaignSending)
	out.Again = n
	return out, err
}

// Watched is a line of the ledger with what tracking knows of it.
type Watched struct {
	crm.Recipient
	Seen *crm.Seen `json:"seen,omitempty"`
}

// Watch joins lines of the ledger with what tracking knows of them.
func (s *Service) Watch(ctx context.Context, page store.Page[crm.Recipient]) ([]Watched, error) {
	list := page.Values()
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	docs, err := store.Sightings.GetMany(ctx, s.sp, ids)
	out := make([]Watched, len(list))
	for i := range list {
		if out[i].Recipient = list[i]; err == nil && docs[i].Exists() {
			out[i].Seen = &docs[i].Value
		}
	}
	return out, err
}
