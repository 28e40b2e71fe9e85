package campaign

import (
	"context"
	"math"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/internal/store"
)

// room is how many mails a mailbox may still send within 24 hours. It counts by
// the hour, over all campaigns.
type room struct {
	left  int
	hour  crm.Counter
	first crm.Counter // hour in which the mailbox began, of a new one
	free  crm.Time    // when the first of those that it sent count no more; 0: it sent none
}

// room reads it; most is what the mailbox may send beside campaigns.
func (w *worker) room(ctx context.Context, tx *store.Tx, now crm.Time, most int) (room, error) {
	return roomOf(ctx, tx, w.c.Pace, w.box.ID, now, most)
}

func roomOf(ctx context.Context, r store.Reader, p crm.Pace, box crm.MailboxID, now crm.Time, most int) (room, error) {
	hour := now.Std().Unix() / int64(time.Hour/time.Second)
	ids := append(crm.CampaignHours(box, now), "warm_"+string(box))
	last := len(ids) - 1
	docs, err := store.Counters.GetMany(ctx, r, ids)
	if err != nil {
		return room{}, err
	}
	out := room{hour: crm.Counter{ID: ids[0], Last: docs[0].Value.Last}}
	var used int64
	for i, d := range docs[:last] {
		if used += d.Value.Last; d.Value.Last > 0 {
			out.free = crm.At(time.Unix((hour-int64(i)+int64(last))*3600, 0))
		}
	}
	begun := docs[last].Value.Last
	if begun == 0 {
		begun = hour
		out.first = crm.Counter{ID: ids[last], Last: hour}
	}
	out.left = max(0, min(warm(p, (hour-begun)/24), most)-int(used))
	return out, nil
}

// Counting says what a mailbox sent beside campaigns.
func (s *Service) Counting(beside func(ctx context.Context, m *crm.Mailbox) (outbox.Budget, error)) {
	s.beside = beside
}

// may is the room of the mailbox of a campaign, and how many mails it sends in any
// 24 hours at most.
func (s *Service) may(ctx context.Context, c *crm.Campaign) (left room, day int, err error) {
	now := s.sp.Store().Now()
	b := outbox.Budget{Limit: c.Pace.PerDay}
	if s.beside != nil {
		box, err := store.Mailboxes.Get(ctx, s.sp, string(c.Mailbox))
		if err != nil {
			return left, 0, err
		}
		if b, err = s.beside(ctx, &box.Value); err != nil {
			return left, 0, err
		}
	}
	left, err = roomOf(ctx, s.sp, c.Pace, c.Mailbox, now, b.Left())
	if left.left == 0 && left.free == 0 { // mail of its owner
		left.free = max(b.FreeAt, now.Add(time.Hour))
	}
	return left, min(c.Pace.PerDay, b.Limit), err
}

// spent is what those are told who wait for room.
func spent(r room) *Trouble { return &Trouble{Reason: reasonSpent, Next: r.free, Spent: true} }

// Spent tells of an errand on its terms that its mailbox has no budget left, and when
// it goes on; nil: it has some, or nobody is due before that.
func (s *Service) Spent(ctx context.Context, c *crm.Campaign) (*Trouble, error) {
	next, err := store.Recipients.Query(ctx, s.sp, store.Query{Where: inState(c.ID, crm.RecipientQueued), Order: "due", Limit: 1})
	if err != nil || len(next.Items) == 0 {
		return nil, err
	}
	room, _, err := s.may(ctx, c)
	if err != nil || room.left > 0 || next.Items[0].Value.Due > room.free {
		return nil, err
	}
	return spent(room), nil
}

// warm is how many mails a mailbox sends on a day since its first one.
func warm(p crm.Pace, day int64) int {
	if p.Warmup == 0 {
		return p.PerDay
	}
	return int(min(float64(p.PerDay), float64(p.Warmup)*math.Pow(warmupGrowth, float64(day))))
}

// warmupGrowth is by how much a new mailbox may send more on each day. Providers
// name no figure; senders of the field double every two days.
const warmupGrowth = 1.5

// use counts mails that are about to be sent. Those that turn out not to go out
// stay counted: a budget may be kept too well.
func (r room) use(tx *store.Tx, n int) {
	r.hour.Last += int64(n)
	store.Counters.Put(tx, &r.hour)
	if r.first.ID != "" {
		store.Counters.Put(tx, &r.first)
	}
}
