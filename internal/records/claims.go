package records

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// claims are the claim documents of unique values that one transaction may
// change, read before anything is written. Two transactions that want the same
// value want the same document, so that one of them sees the other's.
type claims struct {
	have map[string]crm.Claim // by id; without a record when nobody has it
	was  map[string]bool      // it is in the store
	gone map[string]bool
	made map[string]bool

	quiet func(crm.RecordID) bool // the writer may not know of the record
}

// claims are those that a write of this transaction may change.
func (e *edit) claims(ctx context.Context, tx *store.Tx, lists ...[]crm.Claim) (*claims, error) {
	x, err := loadClaims(ctx, tx, lists...)
	x.quiet = func(id crm.RecordID) bool {
		n, ok := e.schema.NounOfID(id)
		return !ok || !whole(e.viewer, n.Kind)
	}
	return x, err
}

func loadClaims(ctx context.Context, tx *store.Tx, lists ...[]crm.Claim) (*claims, error) {
	x := &claims{have: map[string]crm.Claim{}, was: map[string]bool{}, gone: map[string]bool{}, made: map[string]bool{}}
	var ids []string
	for _, list := range lists {
		for _, c := range list {
			if _, seen := x.have[c.ID]; !seen {
				x.have[c.ID] = crm.Claim{ID: c.ID}
				ids = append(ids, c.ID)
			}
		}
	}
	docs, err := store.Claims.GetMany(ctx, tx, ids)
	for _, d := range docs {
		if d.Exists() {
			x.have[d.Value.ID] = d.Value
			x.was[d.Value.ID] = true
		}
	}
	return x, err
}

// change takes the old claims of a record away and makes its new ones;
// crm.Exists names the field whose value another record has.
func (x *claims) change(old, now []crm.Claim) error {
	for _, c := range old {
		if x.have[c.ID].Record == c.Record {
			x.have[c.ID] = crm.Claim{ID: c.ID}
			x.gone[c.ID] = true
		}
	}
	for _, c := range now {
		switch other := x.have[c.ID].Record; other {
		case "":
			x.have[c.ID] = c
			x.made[c.ID] = true
		case c.Record:
		default:
			quiet := x.quiet(other)
			if quiet {
				other = "another record"
			}
			taken := crm.Errorf(crm.Exists, "records.claims", "%s has this %s already", other, c.Field).WithField(c.Field).
				WithHint("no two may have the same; change that one, or merge them")
			if quiet {
				return telling(taken)
			}
			return taken
		}
	}
	return nil
}

func (x *claims) write(tx *store.Tx) {
	for id, c := range x.have {
		switch {
		case c.Record != "" && x.made[id]:
			store.Claims.Put(tx, &c)
		case c.Record == "" && x.gone[id] && x.was[id]:
			store.Claims.Delete(tx, id)
		}
	}
}
