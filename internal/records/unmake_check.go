package records

import (
	"bytes"
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// possible works out which steps of a lot can be taken, all of them in the
// result. What hangs together stays together: a record and the identities and
// claims that name it.
func (m *Unmaking) possible(ctx context.Context, tx *store.Tx, lot *Lot, look bool) (*undo, []Clash, error) {
	u := &undo{s: m.s, by: m.by, all: map[string]*step{}}
	if look {
		u.inside = m.inside
	}
	steps := stepsOf(lot)
	left, clashes, err := m.unchanged(ctx, tx, u, lot, steps, look)
	if err != nil {
		return nil, nil, err
	}
	if err := m.mine(ctx, u, tx, left); err != nil {
		return nil, nil, err
	}
	bad := map[string]bool{}
	for _, c := range clashes {
		bad[c.Collection+"/"+c.ID] = true
	}
	for {
		if left, err = m.together(steps, left, bad); err != nil {
			return nil, nil, err
		}
		u.all = map[string]*step{}
		for i := range left {
			u.all[left[i].key()] = &left[i]
		}
		more, err := u.clashes(ctx, tx, left)
		if err != nil || len(more) == 0 {
			return u, clashes, err
		}
		for _, c := range more {
			bad[c.Collection+"/"+c.ID] = true
		}
		clashes = append(clashes, more...)
	}
}

// unchanged are the steps whose entities are as the lot left them. Those that
// are already as they were before it are done.
func (m *Unmaking) unchanged(ctx context.Context, tx *store.Tx, u *undo, lot *Lot, steps []step, look bool) (left []step, clashes []Clash, err error) {
	for _, c := range collections(steps) {
		var part []step
		var ids []string
		for _, st := range steps {
			if st.collection == c {
				part, ids = append(part, st), append(ids, st.id)
			}
		}
		raws, err := tx.GetEncoded(ctx, c, ids)
		if err != nil {
			return nil, nil, err
		}
		for i, st := range part {
			have := raws[i].Data
			if bytes.Equal(have, st.from) {
				left = append(left, st)
				continue
			}
			if bytes.Equal(have, st.to) {
				continue
			}
			if was, err := u.onlyReached(st, have); err != nil {
				return nil, nil, err
			} else if was != nil {
				if *was {
					left = append(left, st)
				}
				continue
			}
			if look {
				if ours, err := m.onlyOurs(ctx, tx, lot, st); err != nil {
					return nil, nil, err
				} else if ours {
					continue
				}
			}
			clash, err := m.clash(ctx, st, have)
			if err != nil {
				return nil, nil, err
			}
			clashes = append(clashes, clash)
		}
	}
	return left, clashes, nil
}

// onlyOurs tells whether nothing but later changes of the batch touched an
// entity since: these will have been taken back by then.
func (m *Unmaking) onlyOurs(ctx context.Context, r store.Reader, lot *Lot, st step) (bool, error) {
	q := store.Query{Where: []store.Filter{store.Has("touched", st.id)}, Order: "at", Desc: true, Limit: 20}
	for {
		page, err := store.ChangeLog.Query(ctx, r, q)
		if err != nil {
			return false, err
		}
		for _, d := range page.Items {
			if lot.changes[d.Value.ID] {
				return true, nil
			}
			if d.Value.Batch != m.batch && touches(&d.Value, st) {
				return false, nil
			}
		}
		if q.After = page.Next; page.Next == "" {
			return false, nil
		}
	}
}

func touches(ch *crm.Change, st step) bool {
	for _, e := range ch.Entries {
		if e.ID == st.id && e.Collection == st.collection {
			return true
		}
	}
	return false
}

// clash says how an entity differs from what the batch left.
func (m *Unmaking) clash(ctx context.Context, st step, have []byte) (Clash, error) {
	err := (&undo{s: m.s, by: m.by}).conflict(ctx, st, have)
	out, err := clashOf(st, err)
	if err != nil || have == nil || st.from == nil {
		return out, err
	}
	out.Fields, err = m.s.diff(st.from, have)
	return out, err
}

// clashOf is a conflict as people read it; any other error stays one.
func clashOf(st step, err error) (Clash, error) {
	e, ok := err.(*crm.Error)
	if !ok || e.Kind != crm.Conflict {
		return Clash{}, err
	}
	return Clash{Collection: st.collection, ID: st.id, Code: e.Kind, Detail: e.Msg, Hint: e.Hint}, nil
}

// mine refuses what whoever takes the batch back may not do or know.
func (m *Unmaking) mine(ctx context.Context, u *undo, tx *store.Tx, left []step) error {
	if err := u.allowed(ctx, tx, left); err != nil {
		if crm.IsKind(err, crm.NotFound) {
			return crm.Errorf(crm.Denied, "records.Unmaking", "the batch touched more than your role reaches")
		}
		return err
	}
	if m.by.Actor == "" {
		return nil
	}
	for _, st := range left {
		for _, data := range [][]byte{st.from, st.to} {
			whose, err := m.s.whose(st.collection, data)
			if err != nil {
				return err
			}
			if whose != "" && whose != m.by.Actor {
				return crm.Errorf(crm.Denied, "records.Unmaking", "somebody else decided who may know of their mail").
					WithHint("they, or the operator, can take it back")
			}
		}
	}
	return nil
}

// together leaves out the bad steps and whatever hangs together with them.
func (m *Unmaking) together(steps, left []step, bad map[string]bool) ([]step, error) {
	if len(bad) == 0 {
		return left, nil
	}
	for more := true; more; {
		more = false
		for _, st := range steps {
			names, err := m.named(st)
			if err != nil {
				return nil, err
			}
			spoilt := bad[st.key()]
			for _, key := range names {
				spoilt = spoilt || bad[key]
			}
			if !spoilt {
				continue
			}
			for _, key := range append(names, st.key()) {
				more = more || !bad[key]
				bad[key] = true
			}
		}
	}
	var out []step
	for _, st := range left {
		if !bad[st.key()] {
			out = append(out, st)
		}
	}
	return out, nil
}

// named are the records that an identity or a claim names.
func (m *Unmaking) named(st step) ([]string, error) {
	if st.collection != store.Identities.Name && st.collection != store.Claims.Name {
		return nil, nil
	}
	var out []string
	for _, data := range [][]byte{st.from, st.to} {
		if data == nil {
			continue
		}
		fields, err := m.s.sp.Store().Decode(data)
		if err != nil {
			return nil, err
		}
		if id, ok := fields["record"].(string); ok {
			out = append(out, store.Records.Name+"/"+id)
		}
		holders, _ := fields["holders"].([]any)
		for _, h := range holders {
			if one, ok := h.(map[string]any); ok {
				id, _ := one["record"].(string)
				out = append(out, store.Records.Name+"/"+id)
			}
		}
	}
	return out, nil
}

// clashes are the steps that would leave relations to nothing. All of them are
// looked at together, and one by one only where something is wrong.
func (u *undo) clashes(ctx context.Context, tx *store.Tx, left []step) ([]Clash, error) {
	var out []Clash
	note := func(st step, err error) error {
		if err == nil {
			return nil
		}
		c, err := clashOf(st, err)
		if err == nil {
			out = append(out, c)
		}
		return err
	}
	if err := u.nobodyPoints(ctx, tx, left); crm.IsKind(err, crm.Conflict) {
		for _, st := range left {
			if err := note(st, u.nobodyPoints(ctx, tx, []step{st})); err != nil {
				return nil, err
			}
		}
	} else if err != nil {
		return nil, err
	}
	for _, st := range left {
		switch {
		case st.collection == store.Settings.Name:
			if err := note(st, u.settled(ctx, tx, st)); err != nil {
				return nil, err
			}
		case st.to != nil && isRecord(st.collection):
			if err := note(st, u.relationsExist(ctx, tx, st)); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
