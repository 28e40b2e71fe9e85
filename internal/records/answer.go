package records

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// answer is one page in the making.
type answer struct {
	s       *Service
	sight   *sight
	text    string
	same    []byte // what all pages of the query have in common
	b       *query.Bound
	plan    plan
	at      place
	near    *near
	scanned int
	cut     bool
}

// place is where a page begins.
type place struct {
	now   crm.Time // of the first page
	after string   // cursor of the store
	tail  bool     // among the records without the ordered field
	last  *crm.Record
}

// page finds the next records.
func (a *answer) page(ctx context.Context) (store.Page[crm.Record], error) {
	var out store.Page[crm.Record]
	if a.plan.none {
		return out, nil
	}
	out, err := a.found(ctx)
	for i := range out.Items {
		out.Items[i].Value = a.sight.v.Show(out.Items[i].Value)
		a.told(&out.Items[i].Value)
	}
	return out, err
}

// found is a page of records with all their fields.
func (a *answer) found(ctx context.Context) (store.Page[crm.Record], error) {
	if a.plan.sorted {
		return a.sortedPage(ctx)
	}
	var out store.Page[crm.Record]
	q := a.plan.query
	if a.at.tail {
		q = a.tailQuery()
	}
	q.After = a.at.after
	for {
		next, err := a.stream(ctx, q, &out)
		switch {
		case err != nil:
			return out, err
		case next != "":
			out.Next, err = a.cursor(place{now: a.at.now, after: next, tail: a.at.tail})
			return out, err
		case !a.plan.tail || a.at.tail:
			return out, nil
		}
		a.at.tail = true
		q = a.tailQuery()
		if len(out.Items) == a.b.Limit || a.scanned >= scanBound {
			out.Next, err = a.cursor(place{now: a.at.now, tail: true})
			return out, err
		}
	}
}

// tailQuery reads what has no value in the ordered field: those records stand
// in no index of it.
func (a *answer) tailQuery() store.Query {
	return store.Query{Where: a.plan.query.Where, Order: query.CreatedAt, Desc: true}
}

// stream reads an index until the page is full or the bound is reached, and
// returns where to go on, "" at the end.
func (a *answer) stream(ctx context.Context, q store.Query, out *store.Page[crm.Record]) (string, error) {
	plain := len(a.plan.rest) == 0 && !a.at.tail
	for {
		q.Limit = min(scanPage, scanBound-a.scanned)
		if plain {
			q.Limit = a.b.Limit - len(out.Items)
		}
		page, err := a.read(ctx, q)
		if err != nil {
			return "", err
		}
		for i, d := range page.Items {
			if ok, err := a.match(ctx, &d.Value, page.Items[i:]); err != nil {
				return "", err
			} else if !ok || a.at.tail && a.b.HasOrder(&d.Value) {
				continue
			}
			if out.Items = append(out.Items, d); len(out.Items) == a.b.Limit {
				return page.After(i)
			}
		}
		if page.Next == "" {
			return "", nil
		}
		if !plain && a.scanned >= scanBound {
			a.cut = true
			return page.Next, nil
		}
		q.After = page.Next
	}
}

// read reads a part of an index.
func (a *answer) read(ctx context.Context, q store.Query) (store.Page[crm.Record], error) {
	page, err := a.source(ctx, q)
	a.scanned += len(page.Items)
	for i := range page.Items {
		tidy(&page.Items[i].Value)
	}
	if err == nil {
		err = a.sight.look(ctx, page.Items)
	}
	return page, err
}

// match tests a record; ahead are the records that will be tested next, whose
// relations are fetched together.
func (a *answer) match(ctx context.Context, r *crm.Record, ahead []store.Doc[crm.Record]) (bool, error) {
	if !a.sight.sees(r) {
		return false, nil
	}
	if len(a.plan.rest) == 0 && !a.plan.figure {
		return true, nil
	}
	if err := a.near.fetch(ctx, r, ahead); err != nil {
		return false, err
	}
	return a.b.Match(r, a.near.get), nil
}

// all reads up to the bound and calls f with what matches.
func (a *answer) all(ctx context.Context, f func(store.Doc[crm.Record])) error {
	q := a.plan.query
	for {
		q.Limit = min(scanPage, scanBound-a.scanned)
		page, err := a.read(ctx, q)
		if err != nil {
			return err
		}
		for i, d := range page.Items {
			ok, err := a.match(ctx, &d.Value, page.Items[i:])
			if err != nil {
				return err
			}
			if ok {
				f(d)
			}
		}
		if page.Next == "" {
			return nil
		}
		if a.scanned >= scanBound {
			a.cut = true
			return nil
		}
		q.After = page.Next
	}
}

// sortedPage reads everything and makes the order.
func (a *answer) sortedPage(ctx context.Context) (store.Page[crm.Record], error) {
	var out store.Page[crm.Record]
	err := a.all(ctx, func(d store.Doc[crm.Record]) {
		if a.at.last == nil || a.b.Compare(&d.Value, a.at.last) > 0 {
			out.Items = append(out.Items, d)
		}
	})
	if err != nil {
		return out, err
	}
	slices.SortFunc(out.Items, func(x, y store.Doc[crm.Record]) int { return a.b.Compare(&x.Value, &y.Value) })
	if len(out.Items) > a.b.Limit {
		out.Items = out.Items[:a.b.Limit]
		last := out.Items[a.b.Limit-1].Value
		out.Next, err = a.cursor(place{now: a.at.now, last: &last})
	}
	return out, err
}

// cursor writes a place, which belongs to this query alone.
func (a *answer) cursor(p place) (string, error) {
	fields := map[string]any{"q": a.same, "now": p.now, "after": p.after, "tail": p.tail}
	if p.last != nil {
		key := map[string]any{"id": string(p.last.ID), "at": p.last.CreatedAt}
		if a.b.Order != nil {
			key["v"] = a.b.OrderValue(p.last)
		}
		fields["last"] = key
	}
	data, err := a.s.sp.Store().Encode(fields)
	return base64.RawURLEncoding.EncodeToString(data), err
}

// sameQuery tells queries apart, whatever the size of their pages.
func sameQuery(q query.Query, schema query.Schema) []byte {
	q.Limit = 0
	sum := sha256.Sum256([]byte(query.Format(&q, schema)))
	return sum[:12]
}

// readCursor reads what cursor wrote.
func (s *Service) readCursor(cursor string, q *query.Query, same []byte) (place, error) {
	var p place
	if cursor == "" {
		return p, nil
	}
	foreign := crm.Errorf(crm.Invalid, "records.cursor", "the cursor does not belong to this query").
		WithField("cursor").WithHint("start again without a cursor")
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return p, foreign
	}
	fields, err := s.sp.Store().Decode(data)
	if of, _ := fields["q"].([]byte); err != nil || !bytes.Equal(of, same) {
		return p, foreign
	}
	p.now, _ = fields["now"].(crm.Time)
	p.after, _ = fields["after"].(string)
	p.tail, _ = fields["tail"].(bool)
	if key, ok := fields["last"].(map[string]any); ok {
		id, _ := key["id"].(string)
		at, _ := key["at"].(crm.Time)
		values := map[string]any{q.Order: key["v"]}
		p.last = &crm.Record{ID: crm.RecordID(id), CreatedAt: at, Values: values, Derived: values}
	}
	if p.now == 0 {
		return p, foreign
	}
	return p, nil
}
