package records

import (
	"bytes"
	"context"
	"hash/maphash"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Unmaking takes a batch of any size back, lot by lot, the newest first.
// What it keeps of the batch in memory is eight bytes for each entity.
type Unmaking struct {
	s       *Service
	by      By
	batch   string
	seed    maphash.Seed
	touched map[uint64]struct{}
	entries int64
}

// Clash is an entity that cannot be taken back, because of what happened since.
type Clash struct {
	Collection string        `json:"collection"`
	ID         string        `json:"id"`
	Code       crm.ErrorKind `json:"code"`
	Detail     string        `json:"detail"`
	Hint       string        `json:"hint,omitempty"`
	Fields     []FieldDiff   `json:"fields,omitempty" doc:"What the batch left there, and what is there now"`
}

// Unmaking looks through a batch; crm.NotFound when there is none.
func (s *Service) Unmaking(ctx context.Context, by By, batch string) (*Unmaking, error) {
	m := &Unmaking{s: s, by: by, batch: batch, seed: maphash.MakeSeed(), touched: map[uint64]struct{}{}}
	q := m.query()
	q.Limit = 20
	err := store.ChangeLog.Each(ctx, s.sp, q, func(d store.Doc[crm.Change]) error {
		for _, e := range d.Value.Entries {
			if e.Erased {
				return erased(batch)
			}
			m.touched[m.hash(e.Collection+"/"+e.ID)] = struct{}{}
		}
		m.entries += int64(len(d.Value.Entries))
		return nil
	})
	if err == nil && m.entries == 0 {
		err = noBatch(batch)
	}
	return m, err
}

func (m *Unmaking) hash(key string) uint64 { return maphash.String(m.seed, key) }

func (m *Unmaking) inside(key string) bool {
	_, ok := m.touched[m.hash(key)]
	return ok
}

func (m *Unmaking) query() store.Query {
	return store.Query{Where: []store.Filter{store.Is("batch", m.batch)}, Order: "at", Desc: true}
}

// Entries is how many entities the changes of the batch name, those that several
// changes name as often.
func (m *Unmaking) Entries() int64 { return m.entries }

// Lot is what changes of a batch that are taken back together did, one entry an
// entity, the newest changes first.
type Lot struct {
	Entries []crm.ChangeEntry
	Changed int // entries of the changes, in all
	at      map[string]int
	changes map[string]bool // ids
	last    crm.Time
	bytes   int
}

// lotBytes is about how much is brought in or taken back in one transaction where
// the engine takes it, some thousand usual records: each commit writes most pages
// of the indexes anew.
const lotBytes = 4_500_000

// Next reads the changes behind a cursor that are taken back next, as many as fit
// into one transaction; nil behind the last.
func (m *Unmaking) Next(ctx context.Context, cursor string) (lot *Lot, next string, err error) {
	room := m.s.sp.Store().Room()
	q := m.query()
	for q.Limit, q.After = 1, cursor; ; q.After = next {
		page, err := store.ChangeLog.Query(ctx, m.s.sp, q)
		if err != nil || len(page.Items) == 0 {
			return lot, "", err
		}
		if ch := &page.Items[0].Value; lot == nil {
			lot = &Lot{at: map[string]int{}, changes: map[string]bool{}}
			lot.add(ch)
		} else if !lot.takes(ch, room) {
			return lot, next, nil
		} else {
			lot.add(ch)
		}
		if next = page.Next; next == "" {
			return lot, "", nil
		}
	}
}

// takes tells whether an older change can be taken back with the lot: what it
// fits into, or a part of the same transaction, and nothing came in between.
func (l *Lot) takes(ch *crm.Change, room store.Room) bool {
	if ch.At != l.last && (l.Changed+len(ch.Entries) > room.Writes-100 || l.bytes+weigh(ch) > min(lotBytes, room.Bytes/6)) {
		return false
	}
	for _, e := range ch.Entries {
		if i, again := l.at[e.Collection+"/"+e.ID]; again && !bytes.Equal(l.Entries[i].Before, e.After) {
			return false
		}
	}
	return true
}

func (l *Lot) add(ch *crm.Change) {
	for _, e := range ch.Entries {
		key := e.Collection + "/" + e.ID
		if i, again := l.at[key]; again {
			l.Entries[i].Before = e.Before
			continue
		}
		l.at[key] = len(l.Entries)
		l.Entries = append(l.Entries, e)
	}
	l.Changed += len(ch.Entries)
	l.bytes += weigh(ch)
	l.changes[ch.ID], l.last = true, ch.At
}

func weigh(ch *crm.Change) int {
	n := 0
	for _, e := range ch.Entries {
		n += len(e.Before) + len(e.After) + 100
	}
	return n
}

// Look says what of a lot cannot be taken back, and writes nothing. It
// refuses what whoever takes the batch back may not do.
func (m *Unmaking) Look(ctx context.Context, tx *store.Tx, lot *Lot) ([]Clash, error) {
	_, clashes, err := m.possible(ctx, tx, lot, true)
	return clashes, err
}

// Take takes a lot back, and returns how many entities became what they were
// and what could not.
func (m *Unmaking) Take(ctx context.Context, tx *store.Tx, lot *Lot) (int, []Clash, error) {
	u, clashes, err := m.possible(ctx, tx, lot, false)
	if err != nil {
		return 0, nil, err
	}
	var list []step
	for _, st := range stepsOf(lot) {
		if u.all[st.key()] != nil {
			list = append(list, st)
		}
	}
	return len(list), clashes, u.put(tx, list)
}

func stepsOf(lot *Lot) []step {
	out := make([]step, len(lot.Entries))
	for i, e := range lot.Entries {
		out[i] = step{collection: e.Collection, id: e.ID, from: e.After, to: e.Before}
	}
	return out
}

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
			clash, err := m.clash(st, have)
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
func (m *Unmaking) clash(st step, have []byte) (Clash, error) {
	err := (&undo{s: m.s}).conflict(st, have)
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

// MayUnmake refuses a batch of which the viewer may not know.
func (s *Service) MayUnmake(ctx context.Context, v access.Viewer, batch string) (title string, err error) {
	page, err := s.Batch(ctx, v, strings.TrimSpace(batch), Page{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return "", err
	}
	return page.Items[0].Title, nil
}
