package directory

import (
	"context"
	"maps"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// Fill adds the holders of the tokens and what hangs on them: the companies of
// contacts, the deals of both; and takes out rules for records that are gone. It
// returns as of when that is, 0 for the moment of the reader.
func (d *Directory) Fill(ctx context.Context, r store.Reader, m *match.Directory, key crm.IDKey, tokens []crm.Token) (crm.Time, error) {
	l, at, err := d.look(ctx, r)
	if err != nil {
		return 0, err
	}
	f := filling{look: l, m: m, seen: map[crm.RecordID]bool{}}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return f.identities(ctx, key, tokens) },
		func(ctx context.Context) error { return f.rules(ctx, tokens) },
		f.companies,
		f.allDeals,
	} {
		if err := step(ctx); err != nil {
			return 0, err
		}
	}
	return at, nil
}

// filling is one Fill: the records that were met so far.
type filling struct {
	*look
	m       *match.Directory
	records []crm.RecordID
	seen    map[crm.RecordID]bool
}

func (f *filling) add(id crm.RecordID) {
	if id != "" && !f.seen[id] {
		f.seen[id] = true
		f.records = append(f.records, id)
	}
}

func (f *filling) identities(ctx context.Context, key crm.IDKey, tokens []crm.Token) error {
	ids := make([]string, len(tokens))
	for i, t := range tokens {
		ids[i] = crm.IdentityID(key, t)
	}
	found, err := find(f.look, func(d *Directory) *latest[string, []crm.Holder] { return d.holders }, ids, func(ids []string) (map[string][]crm.Holder, error) {
		docs, err := store.Identities.GetMany(ctx, f.r, ids)
		out := make(map[string][]crm.Holder, len(docs))
		for _, doc := range docs {
			if doc.Exists() {
				out[doc.Value.ID] = doc.Value.Holders
			}
		}
		return out, err
	})
	for i, t := range tokens {
		if holders := found[ids[i]]; len(holders) > 0 {
			f.m.Holders[t] = holders
			for _, h := range holders {
				f.add(h.Record)
			}
		}
	}
	return err
}

// rules adds the records of the rules in question; a rule for a record that is
// gone has no effect.
func (f *filling) rules(ctx context.Context, tokens []crm.Token) error {
	about := map[crm.RecordID]bool{}
	for _, t := range tokens {
		for _, rule := range f.m.Rules[t] {
			about[rule.Record] = true
		}
	}
	ids := slices.Sorted(maps.Keys(about))
	found, err := f.people(ctx, ids)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if f.m.Rules[t] != nil {
			f.m.Rules[t] = slices.DeleteFunc(f.m.Rules[t], func(rule crm.Rule) bool { return !found[rule.Record].there })
		}
	}
	for _, id := range ids {
		if found[id].there {
			f.add(id)
		}
	}
	return nil
}

func (f *filling) companies(ctx context.Context) error {
	contacts := slices.DeleteFunc(slices.Clone(f.records), func(id crm.RecordID) bool {
		n, _ := crm.NounOfID(id)
		return n.Kind != crm.KindContact
	})
	found, err := f.people(ctx, contacts)
	for _, id := range contacts {
		if company := found[id].company; company != "" {
			f.m.CompanyOf[id] = company
			f.add(company)
		}
	}
	return err
}

// people reads records.
func (f *filling) people(ctx context.Context, ids []crm.RecordID) (map[crm.RecordID]person, error) {
	return find(f.look, func(d *Directory) *latest[crm.RecordID, person] { return d.people }, ids, func(ids []crm.RecordID) (map[crm.RecordID]person, error) {
		texts := make([]string, len(ids))
		for i, id := range ids {
			texts[i] = string(id)
		}
		docs, err := store.Records.GetMany(ctx, f.r, texts)
		out := make(map[crm.RecordID]person, len(docs))
		for _, doc := range docs {
			if doc.Exists() {
				out[doc.Value.ID] = person{true, crm.RecordID(doc.Value.Text("company"))}
			}
		}
		return out, err
	})
}

// allDeals adds the deals of the contacts and companies.
func (f *filling) allDeals(ctx context.Context) error {
	holders := slices.DeleteFunc(slices.Clone(f.records), func(id crm.RecordID) bool {
		n, _ := crm.NounOfID(id)
		return n.Kind != crm.KindContact && n.Kind != crm.KindCompany
	})
	found, err := find(f.look, func(d *Directory) *latest[crm.RecordID, []match.Deal] { return d.deals }, holders,
		func(ids []crm.RecordID) (map[crm.RecordID][]match.Deal, error) { return f.dealsOf(ctx, ids) })
	maps.Copy(f.m.DealsOf, found)
	return err
}

// dealsOf reads the deals of contacts and companies, each by its own index.
func (f *filling) dealsOf(ctx context.Context, ids []crm.RecordID) (map[crm.RecordID][]match.Deal, error) {
	want, by := map[crm.RecordID]bool{}, map[crm.Kind][]crm.RecordID{}
	for _, id := range slices.Sorted(slices.Values(ids)) {
		n, _ := crm.NounOfID(id)
		want[id], by[n.Kind] = true, append(by[n.Kind], id)
	}
	var qs []store.Query
	ask := func(ids []crm.RecordID, filter func([]crm.RecordID) store.Filter) {
		for chunk := range slices.Chunk(ids, store.Width(f.r)) {
			qs = append(qs, store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal), filter(chunk)}, Limit: store.MaxLimit})
		}
	}
	ask(by[crm.KindContact], func(ids []crm.RecordID) store.Filter { return store.HasAmong("values.contacts", ids) })
	ask(by[crm.KindCompany], func(ids []crm.RecordID) store.Filter { return store.AmongAll("values.company", ids) })
	out := map[crm.RecordID][]match.Deal{}
	err := store.Records.Gather(ctx, f.r, qs, func(doc store.Doc[crm.Record]) error {
		deal := match.Deal{ID: doc.Value.ID, Created: doc.Value.When("created"), Closed: doc.Value.When("closed_at"),
			Name: doc.Value.Text("name"), Amount: doc.Value.Int("amount")}
		for _, holder := range holdersOf(&doc.Value) {
			if want[holder] && !slices.Contains(out[holder], deal) {
				out[holder] = append(out[holder], deal)
			}
		}
		return nil
	})
	for holder, list := range out { // in one order, whoever was asked about beside
		slices.SortFunc(list, func(a, b match.Deal) int { return strings.Compare(string(a.ID), string(b.ID)) })
		out[holder] = slices.Clip(list)
	}
	return out, err
}
