package meeting

import (
	"context"
	"time"

	"threadline/internal/crm"
	"threadline/internal/series"
	"threadline/internal/store"
)

// stand puts a meeting of a series at the one that goes on or comes next. A rule
// that makes no series leaves a single meeting.
func (f *Follower) stand(r *crm.Record, own func(crm.Address) bool) {
	s, ok := r.Series()
	if !ok {
		r.StandAlone()
		return
	}
	now := f.sp.Store().Now()
	at, some, err := series.Current(s, now)
	if err != nil { // it is the file's fault, and nothing comes of saying it again
		s.Repeats = ""
		delete(r.Values, "repeats")
		if at, some, err = series.Current(s, now); err != nil {
			return
		}
	}
	over := max(at.End, at.Start)
	if over <= now {
		over = 0 // the last
	}
	r.Stand(at, over, !some, own)
}

// turn moves the series on whose meeting is over.
func (f *Follower) turn(ctx context.Context) error {
	due := store.Query{Where: []store.Filter{store.Is("kind", crm.KindMeeting), {Field: "values.over", Op: store.Gt, Value: crm.Time(0)},
		{Field: "values.over", Op: store.Le, Value: f.sp.Store().Now()}}, Order: "values.over", Limit: page}
	docs, err := store.Activities.All(ctx, f.sp, due)
	if err != nil || len(docs) == 0 {
		return err
	}
	d, err := f.desk(ctx)
	if err != nil {
		return err
	}
	for _, doc := range docs {
		err := f.keep(ctx, "go on to the next meeting of a series", doc.Value.ID, func(r *crm.Record, known bool) bool {
			if r.Text("status") == crm.MeetingCancelled { // by a person
				delete(r.Values, "over")
			} else {
				f.stand(r, d.own)
			}
			return known
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// anchor puts times on the reader's clock into the zone of the workspace.
func anchor(i *crm.Invite, name string) {
	if !i.Floats {
		return
	}
	zone := crm.ZoneOr(name)
	put := func(at *crm.Time) {
		if *at != 0 {
			t := at.Std()
			*at = crm.At(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone))
		}
	}
	for _, at := range []*crm.Time{&i.Start, &i.End, &i.Planned} {
		put(at)
	}
	for _, list := range [][]crm.Time{i.Except, i.Besides} {
		for n := range list {
			put(&list[n])
		}
	}
	i.Zone = zone.String()
}
