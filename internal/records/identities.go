package records

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TokensOf returns every identity whose document names the record: those that
// it holds and those that it held.
func TokensOf(r *crm.Record) []crm.Token {
	out := r.Tokens()
	for _, t := range r.List("former") {
		if !slices.Contains(out, crm.Token(t)) {
			out = append(out, crm.Token(t))
		}
	}
	return out
}

// identities are the identity documents that one transaction may change. They
// are read before anything is written.
type identities struct {
	docs  map[crm.Token]*crm.Identity
	dirty map[crm.Token]bool
}

func loadIdentities(ctx context.Context, tx *store.Tx, key crm.IDKey, tokens []crm.Token) (*identities, error) {
	slices.Sort(tokens)
	tokens = slices.Compact(tokens)
	ids := make([]string, len(tokens))
	for i, t := range tokens {
		ids[i] = crm.IdentityID(key, t)
	}
	docs, err := store.Identities.GetMany(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	x := &identities{docs: make(map[crm.Token]*crm.Identity, len(tokens)), dirty: map[crm.Token]bool{}}
	for i, t := range tokens {
		docs[i].Value.Token = t
		x.docs[t] = &docs[i].Value
	}
	return x, nil
}

// hold makes the record a holder from at on. The first holder that there ever
// was reaches back to the beginning.
func (x *identities) hold(t crm.Token, r crm.RecordID, at crm.Time) {
	d := x.docs[t]
	if slices.ContainsFunc(d.Holders, func(h crm.Holder) bool { return h.Record == r && h.To == 0 }) {
		return
	}
	d.Holders = append(d.Holders, crm.Holder{Record: r, From: at})
	x.settle(t)
}

// correct takes the record's present hold away as if it had never been.
func (x *identities) correct(t crm.Token, r crm.RecordID) {
	x.remove(t, func(h crm.Holder) bool { return h.Record == r && h.To == 0 })
}

// forget takes everything away that names the record.
func (x *identities) forget(t crm.Token, r crm.RecordID) {
	x.remove(t, func(h crm.Holder) bool { return h.Record == r })
}

// leave ends the record's present hold at a time. A hold that would have no
// length is taken away.
func (x *identities) leave(t crm.Token, r crm.RecordID, at crm.Time) {
	x.remove(t, func(h crm.Holder) bool { return h.Record == r && h.To == 0 && h.From >= at })
	d := x.docs[t]
	for i, h := range d.Holders {
		if h.Record == r && h.To == 0 {
			d.Holders[i].To = at
			x.dirty[t] = true
		}
	}
}

func (x *identities) remove(t crm.Token, which func(crm.Holder) bool) {
	d := x.docs[t]
	kept := slices.DeleteFunc(slices.Clone(d.Holders), which)
	if len(kept) == len(d.Holders) {
		return
	}
	d.Holders = kept
	x.settle(t)
}

// settle keeps the holders in one order and lets the earliest reach back to the
// beginning: when a wrong first holder is corrected, old mail goes to the next.
func (x *identities) settle(t crm.Token) {
	d := x.docs[t]
	x.dirty[t] = true
	slices.SortFunc(d.Holders, func(a, b crm.Holder) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Record, b.Record))
	})
	if len(d.Holders) > 0 {
		d.Holders[0].From = 0
	}
}

// names tells whether the identity has the record as a holder, now or before.
func (x *identities) names(t crm.Token, r crm.RecordID) bool {
	return slices.ContainsFunc(x.docs[t].Holders, func(h crm.Holder) bool { return h.Record == r })
}

// write stores what changed; an identity that nobody holds or held is deleted.
func (x *identities) write(tx *store.Tx) {
	for t := range x.dirty {
		if d := x.docs[t]; len(d.Holders) == 0 {
			store.Identities.Delete(tx, d.ID)
		} else {
			store.Identities.Put(tx, d)
		}
	}
}

// change moves the holds of one record from what old holds to what r holds and
// notes in r what it held in the past. old is nil for a new record.
func (x *identities) change(old, r *crm.Record, movedOn bool, at crm.Time) {
	var had, all []crm.Token
	if old != nil {
		had, all = old.Tokens(), TokensOf(old)
	}
	has := r.Tokens()
	for _, t := range had {
		switch {
		case slices.Contains(has, t):
		case movedOn:
			x.leave(t, r.ID, at)
		default:
			x.correct(t, r.ID)
		}
	}
	for _, t := range has {
		x.hold(t, r.ID, at)
	}
	var former []string
	for _, t := range all {
		if !slices.Contains(has, t) && x.names(t, r.ID) {
			former = append(former, string(t))
		}
	}
	setList(r, "former", former)
}

// setList sets a list value or clears it.
func setList(r *crm.Record, key string, list []string) {
	if len(list) == 0 {
		delete(r.Values, key)
		return
	}
	r.Values[key] = list
}
