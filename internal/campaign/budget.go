package campaign

import (
	"context"
	"math"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// room is how many mails a mailbox may still send within 24 hours. It counts by
// the hour, over all campaigns.
type room struct {
	left  int
	hour  crm.Counter
	first crm.Counter // hour in which the mailbox began, of a new one
}

// room reads it; most is what the mailbox may send beside campaigns.
func (w *worker) room(ctx context.Context, tx *store.Tx, now crm.Time, most int) (room, error) {
	hour := now.Std().Unix() / int64(time.Hour/time.Second)
	ids := append(crm.CampaignHours(w.box.ID, now), "warm_"+string(w.box.ID))
	last := len(ids) - 1
	docs, err := store.Counters.GetMany(ctx, tx, ids)
	if err != nil {
		return room{}, err
	}
	var used int64
	for _, d := range docs[:last] {
		used += d.Value.Last
	}
	out := room{hour: crm.Counter{ID: ids[0], Last: docs[0].Value.Last}}
	begun := docs[last].Value.Last
	if begun == 0 {
		begun = hour
		out.first = crm.Counter{ID: ids[last], Last: hour}
	}
	out.left = max(0, min(warm(w.c.Pace, (hour-begun)/24), most)-int(used))
	return out, nil
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
