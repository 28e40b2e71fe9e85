package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// feedPage is how many documents of a timeline are read at once.
const feedPage = 500

// fitsStatistic refuses a statistic over what does not exist.
func fitsStatistic(sch crm.Schema, f crm.Field) error {
	if f.Type != crm.FieldStatistic || f.Stat == nil {
		return nil
	}
	n, _, ok := over(sch, *f.Stat)
	const op = crm.Op("records.fitsStatistic")
	if !ok {
		return crm.Errorf(crm.Invalid, op, "there is nothing called %q to look at", crm.Clip(f.Stat.Over, 60)).WithField("stat.over").
			WithHint("mail, inbound, outbound, calls, tasks, notes, or deals.company: records that point here")
	}
	if f.Stat.Value == "" {
		return nil
	}
	g, known := n.Field(f.Stat.Value)
	if !known || g.List() || g.Type.Derived() || n.Kind == "" {
		return crm.Errorf(crm.Invalid, op, "%s have no single %q", f.Stat.Over, crm.Clip(f.Stat.Value, 40)).WithField("stat.value")
	}
	numeric := g.Type == crm.FieldNumber || g.Type == crm.FieldMoney || g.Type == crm.FieldPercent || g.Type == crm.FieldRating
	if _, ordered := g.Compare(nil, nil); f.Stat.Do == crm.StatSum && !numeric || !ordered {
		return crm.Errorf(crm.Invalid, op, "%s cannot do this with a %s", f.Stat.Do, g.Type).WithField("stat.value")
	}
	return nil
}

// over finds what a statistic looks at: the noun, none for mail, and of records
// that point here the relation.
func over(sch crm.Schema, s crm.Statistic) (crm.Noun, crm.Field, bool) {
	plural, key, related := s.Relation()
	if !related {
		if s.Over == "mail" || s.Over == string(crm.Inbound) || s.Over == string(crm.Outbound) {
			return crm.Noun{}, crm.Field{}, true
		}
		n, ok := sch.Plural(plural)
		return n, crm.Field{}, ok && n.Activity
	}
	n, ok := sch.Plural(plural)
	f, known := n.Field(key)
	return n, f, ok && known && f.Type == crm.FieldRelation && !n.Activity
}

// figures computes the statistics of a record, once.
func (d *deriver) figures(ctx context.Context, n crm.Noun, r *crm.Record) error {
	if d.stats[r.ID] != nil {
		return nil
	}
	d.stats[r.ID] = map[string]any{}
	for _, f := range n.Fields {
		if f.Type != crm.FieldStatistic || f.Stat == nil || d.viewer.Hides(n.Kind, f.Key) {
			continue
		}
		items, err := d.items(ctx, r.ID, *f.Stat)
		if err != nil {
			return err
		}
		if f.Stat.Within > 0 {
			for _, it := range items {
				d.window(it.At, f.Stat.Within)
			}
		}
		if v := f.Stat.Of(items, d.now); v != nil {
			d.stats[r.ID][f.Key] = v
		}
	}
	return nil
}

// items are the things that a statistic looks at.
func (d *deriver) items(ctx context.Context, id crm.RecordID, s crm.Statistic) ([]crm.Item, error) {
	n, relation, ok := over(d.schema, s)
	var out []crm.Item
	switch {
	case !ok:
		return nil, nil
	case n.Activity:
		err := d.activities(ctx, id, func(a *crm.Record) {
			if a.Kind == n.Kind {
				out = append(out, crm.Item{At: a.At, Value: a.Values[s.Value]})
			}
		})
		return out, err
	case n.Kind != "":
		return d.pointing(ctx, id, n, relation, s.Value)
	}
	err := d.mail(ctx, id, func(m *crm.Message) {
		if s.Over == "mail" || s.Over == string(m.Direction) {
			out = append(out, crm.Item{At: m.Date})
		}
	})
	return out, err
}

// pointing are the records of a noun that point to the id by a relation.
func (d *deriver) pointing(ctx context.Context, id crm.RecordID, n crm.Noun, f crm.Field, value string) ([]crm.Item, error) {
	q := store.Query{Where: []store.Filter{store.Is("kind", n.Kind), store.Is("values."+f.Key, id)}, Limit: feedPage}
	if f.Many {
		q.Where[1] = store.Has("values."+f.Key, id)
	}
	if f.Custom {
		q.Where = []store.Filter{store.Has("slots."+crm.LinkSlot, id)}
	}
	var out []crm.Item
	err := store.Records.Each(ctx, d.s.sp, q, func(doc store.Doc[crm.Record]) error {
		r := doc.Value
		if r.Kind != n.Kind || !slices.Contains(r.Records(f.Key), id) || !d.sight.sees(&r) {
			return nil
		}
		at := r.When("created")
		if at == 0 {
			at = r.CreatedAt
		}
		out = append(out, crm.Item{At: at, Value: r.Values[value]})
		return nil
	})
	return out, err
}

// happened reads the timeline of a record for its touches.
func (d *deriver) happened(ctx context.Context, id crm.RecordID) ([]crm.Happened, error) {
	var out []crm.Happened
	err := d.mail(ctx, id, func(m *crm.Message) {
		out = append(out, crm.Happened{At: m.Date, Direction: m.Direction, Person: m.Class == crm.ClassPerson, Turn: m.Turn})
	})
	if err != nil {
		return nil, err
	}
	return out, d.activities(ctx, id, func(a *crm.Record) {
		if a.Kind == crm.KindCall || a.Kind == crm.KindMeeting && a.Text("status") != "not_held" && a.Text("status") != crm.MeetingCancelled {
			out = append(out, crm.Happened{At: a.At, Person: true})
		}
	})
}

// mail calls f with all mail on the timeline that the viewer may know of.
func (d *deriver) mail(ctx context.Context, id crm.RecordID, f func(*crm.Message)) error {
	tokens := d.viewer.Tokens(id)
	if d.everyone {
		tokens = []crm.FeedToken{crm.Feed(id, crm.Members)}
	}
	if len(tokens) == 0 {
		return nil
	}
	q := store.Query{Where: []store.Filter{store.HasAny("feed", tokens)}, Order: "date", Limit: feedPage}
	return store.Messages.Each(ctx, d.s.sp, q, func(doc store.Doc[crm.Message]) error {
		if d.everyone || access.Message(d.viewer, &doc.Value) != access.None {
			f(&doc.Value)
		}
		return nil
	})
}

// activities calls f with all activities on the timeline.
func (d *deriver) activities(ctx context.Context, id crm.RecordID, f func(*crm.Record)) error {
	q := store.Query{Where: []store.Filter{store.Has("feed", crm.Feed(id, crm.Members))}, Order: "at", Limit: feedPage}
	return store.Activities.Each(ctx, d.s.sp, q, func(doc store.Doc[crm.Record]) error {
		if err := d.sight.look(ctx, []store.Doc[crm.Record]{doc}); err != nil {
			return err
		}
		if d.sight.sees(&doc.Value) {
			a := d.viewer.Show(doc.Value)
			f(&a)
		}
		return nil
	})
}
