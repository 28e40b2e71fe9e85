package timeline

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// deals gathers the deals that the message is linked to, then the open ones of
// the main person and the company, newest first.
func (b *sheetBuilder) deals(ctx context.Context) error {
	var list []*crm.Record
	linked := map[crm.RecordID]bool{}
	for _, l := range b.m.Links {
		if r := b.look.records[l.Record]; r != nil && r.Kind == crm.KindDeal {
			list = append(list, r)
			linked[r.ID] = true
		}
	}
	open, err := b.openDeals(ctx)
	if err != nil {
		return err
	}
	for _, r := range open {
		if !linked[r.ID] {
			list = append(list, r)
		}
	}
	list = list[:min(len(list), shownDeals)]
	for _, r := range list {
		d := sheetDeal(r, b.desk.pipelines)
		d.Linked = linked[r.ID]
		b.sheet.Deals = append(b.sheet.Deals, d)
	}
	return nil
}

// openDeals reads the deals of the main contact and of the company.
func (b *sheetBuilder) openDeals(ctx context.Context) ([]*crm.Record, error) {
	var filters []store.Filter
	if c := b.contact(); c != nil {
		filters = append(filters, store.Has("values.contacts", c.ID))
	}
	if c := b.sheet.Company; c != nil {
		filters = append(filters, store.Is("values.company", c.ID))
	}
	var out []*crm.Record
	for _, f := range filters {
		page, err := store.Records.Query(ctx, b.s.sp, store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal), f}, Limit: maxDeals})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			if !b.v.Reads(&page.Items[i].Value) {
				continue
			}
			shown := b.v.Show(page.Items[i].Value)
			r := &shown
			known := slices.ContainsFunc(out, func(o *crm.Record) bool { return o.ID == r.ID })
			if r.Text("stage_kind") == string(crm.StageOpen) && !known {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(x, y *crm.Record) int {
		return cmp.Or(cmp.Compare(y.When("created"), x.When("created")), cmp.Compare(x.ID, y.ID))
	})
	return out, nil
}

func sheetDeal(r *crm.Record, pipelines map[string]crm.Pipeline) SheetDeal {
	d := SheetDeal{ID: r.ID, Name: r.Name(), Stage: r.Text("stage"), Kind: crm.StageKind(r.Text("stage_kind"))}
	if st, ok := pipelines[r.Text("pipeline")].Stage(d.Stage); ok {
		d.Stage = st.Name
		d.Kind = cmp.Or(d.Kind, st.Kind)
	}
	if _, known := r.Values["amount"]; known {
		d.Amount = crm.Money{Minor: r.Int("amount"), Currency: crm.Currency(r.Text("currency"))}
	}
	if t, err := crm.ParseTime(r.Text("expected_close")); err == nil {
		d.Expected = t
	}
	return d
}

// touches reads the last contacts with the main person or, when nobody is
// known, with the company.
func (b *sheetBuilder) touches(ctx context.Context) error {
	var with crm.RecordID
	if c := b.contact(); c != nil {
		with = c.ID
	} else if c := b.sheet.Company; c != nil {
		with = c.ID
	} else {
		return nil
	}
	tokens := b.v.Tokens(with)
	mail, err := glances(b.v).read(ctx, b.s.sp, tokens, nil, shownTouches+1)
	if err != nil {
		return err
	}
	acts, err := activities(b.v).read(ctx, b.s.sp, tokens, nil, shownTouches)
	if err != nil {
		return err
	}
	var out []SheetTouch
	for i := range mail {
		if mail[i].ID != string(b.m.ID) {
			out = append(out, b.mailTouch(&mail[i]))
		}
	}
	for i := range acts {
		shown := b.v.Show(acts[i])
		r := &shown
		out = append(out, SheetTouch{Kind: touchKind(r.Kind), ID: string(r.ID), Date: r.At,
			Direction: crm.Direction(r.Text("direction")), Title: activityTitle(r)})
	}
	slices.SortStableFunc(out, func(x, y SheetTouch) int { return cmp.Compare(y.Date, x.Date) })
	b.sheet.Touches = out[:min(len(out), shownTouches)]
	return nil
}

// glance is of a stored message what a touch shows and what decides who may see
// it; the rest, which is most, is not decoded.
type glance struct {
	ID        string        `cbor:"-"`
	Date      crm.Time      `cbor:"date"`
	Direction crm.Direction `cbor:"direction"`
	Subject   string        `cbor:"subject"`
	Owners    []crm.UserID  `cbor:"owners"`
	Private   bool          `cbor:"private"`

	Excluded crm.ExclusionEffect `cbor:"excluded"`
	Copies   []crm.CopyRef       `cbor:"copies"`
	Left     []crm.Place         `cbor:"left"`
	Links    []crm.Link          `cbor:"links"`
}

// message is what of a message decides who may see it, and the subject.
func (g *glance) message() crm.Message {
	return crm.Message{ID: crm.MessageID(g.ID), Date: g.Date, Direction: g.Direction, Subject: g.Subject, Owners: g.Owners, Private: g.Private,
		Excluded: g.Excluded, Copies: g.Copies, Left: g.Left, Links: g.Links}
}

func glances(v access.Viewer) stream[glance] {
	known := func(g *glance) bool {
		m := g.message()
		return access.Message(v, &m) != access.None
	}
	return stream[glance]{keep: known, from: store.NewCollection(store.Messages.Name, func(g *glance) *string { return &g.ID }), order: "date",
		place: func(g *glance) position { return position{date: g.Date, id: g.ID} }}
}

func (b *sheetBuilder) mailTouch(g *glance) SheetTouch {
	stored := g.message()
	level := access.Message(b.v, &stored)
	m := access.Redact(stored, level)
	return SheetTouch{Kind: TouchMail, ID: g.ID, Date: m.Date, Direction: m.Direction, Title: m.Subject, Hidden: level != access.Full}
}
