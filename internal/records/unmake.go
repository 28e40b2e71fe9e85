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

// MayUnmake refuses a batch of which the viewer may not know.
func (s *Service) MayUnmake(ctx context.Context, v access.Viewer, batch string) (title string, err error) {
	page, err := s.Batch(ctx, v, strings.TrimSpace(batch), Page{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return "", err
	}
	return page.Items[0].Title, nil
}
