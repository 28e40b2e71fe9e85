package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// compute computes the figures of records, and takes away those of records that
// are gone.
func (p *Projector) compute(ctx context.Context, ids []crm.RecordID) error {
	for chunk := range slices.Chunk(ids, projectChunk) {
		docs, err := fetch(ctx, p.s.sp, chunk)
		if err != nil {
			return err
		}
		d, err := p.s.deriver(ctx, access.Operator())
		if err != nil {
			return err
		}
		d.everyone = true
		fresh := make([]*crm.Figures, len(chunk))
		for i := range docs {
			if fresh[i], err = d.figuresOf(ctx, docs[i]); err != nil {
				return err
			}
		}
		err = p.s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error { return putFigures(ctx, tx, chunk, fresh) })
		if err != nil {
			return err
		}
	}
	return nil
}

// figuresOf are the figures of a record, nil of one that is gone or has none.
func (d *deriver) figuresOf(ctx context.Context, doc store.Doc[crm.Record]) (*crm.Figures, error) {
	r := &doc.Value
	n, ok := d.schema.Noun(r.Kind)
	if !doc.Exists() || !ok || n.Activity {
		return nil, nil
	}
	d.due = 0
	if err := d.derive(ctx, r); err != nil {
		return nil, err
	}
	f := &crm.Figures{ID: r.ID, Kind: r.Kind, Values: map[string]any{}, Due: d.due, Audience: r.Audience}
	for key, v := range r.Derived {
		f.Values[key] = v
	}
	if task, ok := f.Values[crm.NextTask].(map[string]any); ok {
		f.Values[crm.NextTask] = task["title"]
		if due, _ := task["due"].(string); due != "" {
			f.Values[crm.NextTaskDue] = due
		}
	}
	if stage := r.Text("stage"); n.Staged && stage != "" {
		t := tallyOf(r)
		f.Cell, f.Amount = t.ID, r.Int("amount")
	}
	return f, nil
}

// tallyOf is the cell in which a record is counted, empty.
func tallyOf(r *crm.Record) crm.Tally {
	t := crm.Tally{Kind: r.Kind, Pipeline: r.Text("pipeline"), Stage: r.Text("stage"), Currency: crm.Currency(r.Text("currency")), Audience: r.Audience}
	key := []string{string(t.Kind), t.Pipeline, t.Stage, string(t.Currency)}
	for _, a := range t.Audience {
		key = append(key, string(a))
	}
	sum := sha256.Sum256([]byte(strings.Join(key, "\x00")))
	t.ID = "tly_" + hex.EncodeToString(sum[:16])
	return t
}

// soon notes when time alone changes what is computed.
func (d *deriver) soon(at crm.Time) {
	if at > d.now && (d.due == 0 || at < d.due) {
		d.due = at
	}
}

// window notes when something leaves a window of days, or comes into the past.
func (d *deriver) window(at crm.Time, days int) {
	d.soon(at)
	d.soon(at.Add(time.Duration(days)*24*time.Hour) + 1)
}

// tomorrow is when the next day of the workspace begins.
func (d *deriver) tomorrow() crm.Time {
	y, m, day := d.now.Std().In(d.zone).Date()
	return crm.At(crm.DayBegins(y, m, day+1, d.zone))
}

// putFigures writes figures and moves records between the cells of the sums.
func putFigures(ctx context.Context, tx *store.Tx, ids []crm.RecordID, fresh []*crm.Figures) error {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	had, err := store.Figures.GetMany(ctx, tx, keys)
	if err != nil {
		return err
	}
	records, err := store.Records.GetMany(ctx, tx, keys)
	if err != nil {
		return err
	}
	m := &moves{cells: map[string]*crm.Tally{}}
	for i := range had {
		if had[i].Exists() {
			m.add(crm.Tally{ID: had[i].Value.Cell}, -1, -had[i].Value.Amount)
		}
		if f := fresh[i]; f != nil && f.Cell != "" {
			t := tallyOf(&records[i].Value)
			if t.ID != f.Cell { // changed since: another entry of the feed says so
				t = crm.Tally{ID: f.Cell}
			}
			m.add(t, 1, f.Amount)
		}
	}
	if err := m.load(ctx, tx); err != nil {
		return err
	}
	for i, f := range fresh {
		if f == nil {
			store.Figures.Delete(tx, keys[i])
		} else {
			store.Figures.Put(tx, f)
		}
	}
	m.write(tx)
	return nil
}

// moves are changes of sums.
type moves struct{ cells map[string]*crm.Tally }

func (m *moves) add(t crm.Tally, count, amount int64) {
	if t.ID == "" {
		return
	}
	c := m.cells[t.ID]
	if c == nil {
		c = &crm.Tally{ID: t.ID}
		m.cells[t.ID] = c
	}
	if t.Kind != "" {
		t.Count, t.Sum = c.Count, c.Sum
		*c = t
	}
	c.Count += count
	c.Sum += amount
}

// load adds what the cells hold.
func (m *moves) load(ctx context.Context, tx *store.Tx) error {
	var ids []string
	for id := range m.cells {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	docs, err := store.Tallies.GetMany(ctx, tx, ids)
	for i, d := range docs {
		c := m.cells[ids[i]]
		if d.Exists() {
			have := d.Value
			have.Count, have.Sum = have.Count+c.Count, have.Sum+c.Sum
			*c = have
		}
	}
	return err
}

func (m *moves) write(tx *store.Tx) {
	for id, c := range m.cells {
		if c.Count == 0 && c.Sum == 0 {
			store.Tallies.Delete(tx, id)
		} else {
			store.Tallies.Put(tx, c)
		}
	}
}
