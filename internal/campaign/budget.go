package campaign

import (
	"context"
	"fmt"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// dayHours are the hours that a rolling day touches: it never counts too few.
const dayHours = 25

// room is how many mails a mailbox may still send within 24 hours. It counts by
// the hour, over all campaigns.
type room struct {
	left int
	hour crm.Counter
}

// room reads it; most is what the mailbox may send beside campaigns.
func (w *worker) room(ctx context.Context, tx *store.Tx, now crm.Time, most int) (room, error) {
	hour := now.Std().Unix() / int64(time.Hour/time.Second)
	ids := make([]string, dayHours)
	for i := range ids {
		ids[i] = fmt.Sprintf("sent_%s_%d", w.box.ID, hour-int64(i))
	}
	docs, err := store.Counters.GetMany(ctx, tx, ids)
	if err != nil {
		return room{}, err
	}
	var used int64
	for _, d := range docs {
		used += d.Value.Last
	}
	return room{left: max(0, min(w.c.Pace.PerDay, most)-int(used)), hour: crm.Counter{ID: ids[0], Last: docs[0].Value.Last}}, nil
}

// use counts mails that are about to be sent. Those that turn out not to go out
// stay counted: a budget may be kept too well.
func (r room) use(tx *store.Tx, n int) {
	r.hour.Last += int64(n)
	store.Counters.Put(tx, &r.hour)
}
