package directory

import (
	"context"
	"slices"
	"sync"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// Directory is the memory of one workspace. It is safe for concurrent use. A nil
// one keeps nothing.
type Directory struct {
	sp    *store.Space
	watch *store.Watch // nil: keep nothing

	mu      sync.Mutex
	age     uint64                              // looks that found something
	holders *latest[string, []crm.Holder]       // by the id of the identity
	people  *latest[crm.RecordID, person]       // records of any kind
	deals   *latest[crm.RecordID, []match.Deal] // by contact or company
}

// person is what matters of a record: whether it is there and, of a contact, the
// company.
type person struct {
	there   bool
	company crm.RecordID
}

// New makes an empty directory.
func New(sp *store.Space) *Directory {
	return &Directory{sp: sp, watch: sp.Watch(store.ChangeLog.Name), holders: newLatest[string, []crm.Holder](Most),
		people: newLatest[crm.RecordID, person](Most), deals: newLatest[crm.RecordID, []match.Deal](Most)}
}

// look is the directory as of one moment or later.
type look struct {
	r   store.Reader
	d   *Directory // nil: keep nothing
	age uint64
}

// look asks for news and returns as of when the directory is; 0 for the moment of
// the reader, with which it is read then.
func (d *Directory) look(ctx context.Context, r store.Reader) (*look, crm.Time, error) {
	if d == nil || d.watch == nil {
		return &look{r: r}, 0, nil
	}
	at, err := d.watch.Look(ctx, d.drop)
	d.mu.Lock()
	defer d.mu.Unlock()
	return &look{r: d.sp, d: d, age: d.age}, at, err
}

// drop forgets what the news are about.
func (d *Directory) drop(news []store.FeedItem, all bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, it := range news {
		for _, e := range it.Change.Entries {
			all = !d.dropEntry(e) || all
		}
	}
	if all {
		d.holders.clear()
		d.people.clear()
		d.deals.clear()
	}
	d.age++
}

// dropEntry forgets what one entry names; false when that cannot be told.
func (d *Directory) dropEntry(e crm.ChangeEntry) bool {
	if !Concerns(e) {
		return true
	}
	if e.Collection == store.Identities.Name {
		d.holders.drop(e.ID)
		return true
	}
	d.people.drop(crm.RecordID(e.ID))
	if n, _ := crm.NounOfID(crm.RecordID(e.ID)); n.Kind != crm.KindDeal {
		return true
	}
	told := false // not when a person who was erased was taken out of the log
	for _, data := range [][]byte{e.Before, e.After} {
		if data == nil {
			continue
		}
		rec, err := store.Records.Decode(d.sp, e.ID, data)
		if err != nil {
			return false
		}
		told = true
		for _, holder := range holdersOf(&rec) {
			d.deals.drop(holder)
		}
	}
	return told
}

// holdersOf are the contacts and the company on whom a deal hangs.
func holdersOf(deal *crm.Record) []crm.RecordID {
	return append(deal.Records("contacts"), crm.RecordID(deal.Text("company")))
}

// Concerns tells whether the directory may be another after a change.
func Concerns(e crm.ChangeEntry) bool {
	return e.Collection == store.Identities.Name || e.Collection == store.Records.Name
}

// Overtook tells whether the directory may have changed after a moment that Fill
// returned.
func Overtook(ctx context.Context, sp *store.Space, at crm.Time) (bool, error) {
	changes, all, err := sp.ChangesAfter(ctx, at)
	return all || slices.ContainsFunc(changes, func(c crm.Change) bool { return slices.ContainsFunc(c.Entries, Concerns) }), err
}

// find returns what is kept of the questions, and those that must be asked. It
// keeps what asked returns for these, unless news came since the look: of them the
// answer may know nothing.
func find[K comparable, V any](l *look, of func(*Directory) *latest[K, V], questions []K, asked func([]K) (map[K]V, error)) (map[K]V, error) {
	out, ask := map[K]V{}, questions
	if l.d != nil {
		ask = nil
		l.d.mu.Lock()
		for _, q := range questions {
			if is, have := of(l.d).find(q); have {
				out[q] = is
			} else {
				ask = append(ask, q)
			}
		}
		l.d.mu.Unlock()
	}
	answers, err := asked(ask)
	if err != nil {
		return nil, err
	}
	for _, q := range ask {
		out[q] = answers[q]
	}
	if l.d == nil {
		return out, nil
	}
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	for _, q := range ask {
		if l.d.age == l.age {
			of(l.d).keep(q, answers[q])
		}
	}
	return out, nil
}
