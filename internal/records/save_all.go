package records

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// edited is one record of several that one transaction writes; old is nil for a
// new one.
type edited struct {
	noun crm.Noun
	old  *crm.Record
	now  *crm.Record
	said map[string]any
}

// saveAll checks several records together and writes them with their identities
// and claims: all of them, or none. What one lets go another may take.
func (e *edit) saveAll(ctx context.Context, tx *store.Tx, list []edited) error {
	made := map[crm.RecordID]bool{}
	for _, d := range list {
		made[d.now.ID] = d.old == nil
	}
	var tokens []crm.Token
	var claimed []crm.Claim
	for _, d := range list {
		if err := e.check(d.noun, d.old, d.now, d.said); err != nil {
			return err
		}
		relations, users := refsOf(d.noun, d.old, d.now)
		if err := e.checkRelations(ctx, tx, relations, made); err != nil {
			return err
		}
		if err := checkUsers(ctx, tx, users); err != nil {
			return err
		}
		tokens = append(tokens, d.now.Tokens()...)
		claimed = append(claimed, d.noun.Claims(e.ws.IDKey, d.now)...)
		if d.old != nil {
			tokens = append(tokens, TokensOf(d.old)...)
			claimed = append(claimed, d.noun.Claims(e.ws.IDKey, d.old)...)
		}
	}
	x, err := loadIdentities(ctx, tx, e.ws.IDKey, slices.Clone(tokens))
	if err != nil {
		return err
	}
	unique, err := e.claims(ctx, tx, claimed)
	if err != nil {
		return err
	}
	return e.writeAll(tx, list, x, unique)
}

func (e *edit) writeAll(tx *store.Tx, list []edited, x *identities, unique *claims) error {
	for _, d := range list {
		var old []crm.Claim
		if d.old != nil {
			old = d.noun.Claims(e.ws.IDKey, d.old)
		}
		if err := unique.change(old, d.noun.Claims(e.ws.IDKey, d.now)); err != nil {
			return err
		}
		x.change(d.old, d.now, false, e.at)
		if d.old == nil {
			collectionOf(d.noun).Create(tx, d.now)
		} else {
			collectionOf(d.noun).Put(tx, d.now)
		}
	}
	x.write(tx)
	unique.write(tx)
	return nil
}
