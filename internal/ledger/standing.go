package ledger

import (
	"context"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Pattern reads what a rule or an exclusion is about: a mail address, or a
// domain and everything registered below it.
func Pattern(s string) (crm.Token, error) {
	if strings.Contains(s, "@") {
		a, err := crm.ParseAddress(s)
		return crm.AddressToken(a), err
	}
	d, err := crm.ParseDomain(s)
	if err == nil && !strings.Contains(string(d), ".") {
		err = crm.Errorf(crm.Invalid, "ledger.Pattern", "%q is neither an address nor a domain", crm.Clip(s, 60))
	}
	return crm.DomainToken(d), err
}

// Exclude keeps mail of an address or a domain away, and returns the exclusion
// and the batch by which it can be undone. What never_store kept out stays out:
// it was never here. Ours is refused, because it is in every message.
func Exclude(ctx context.Context, sp *store.Space, info store.ChangeInfo, e crm.Exclusion) (crm.Exclusion, string, error) {
	const op = crm.Op("ledger.Exclude")
	dir, key, err := base(ctx, sp, sp.Workspace())
	if err != nil {
		return e, "", err
	}
	if address, ok := strings.CutPrefix(string(e.Pattern), "a:"); ok && dir.Own(crm.Address(address)) {
		return e, "", crm.Errorf(crm.Invalid, op, "%s is ours and in every message", address).WithField("pattern")
	}
	if domain, ok := strings.CutPrefix(string(e.Pattern), "d:"); ok && dir.OwnDomains[crm.Domain(domain)] {
		return e, "", crm.Errorf(crm.Invalid, op, "%s is ours and in every message", domain).WithField("pattern")
	}
	e.ID = crm.DerivedID(crm.PrefixExclusion, key, string(e.Mailbox), string(e.Pattern), string(e.Effect))
	e.By, e.At = info.Actor, sp.Store().Now()
	batch, err := sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if e.Mailbox != "" {
			if _, err := store.Mailboxes.Get(ctx, tx, string(e.Mailbox)); err != nil {
				return err
			}
		}
		old, err := store.Exclusions.GetMany(ctx, tx, []string{e.ID})
		if err != nil || old[0].Exists() {
			return err
		}
		store.Exclusions.Create(tx, &e)
		return nil
	})
	return e, batch, err
}

// Include takes an exclusion back. Mail that never_store kept out is not here;
// a thorough look at the mailbox fetches it.
func Include(ctx context.Context, sp *store.Space, info store.ChangeInfo, id string) (string, error) {
	return sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Exclusions.Get(ctx, tx, id); err != nil {
			return err
		}
		store.Exclusions.Delete(tx, id)
		return nil
	})
}

// Exclusions lists them all.
func Exclusions(ctx context.Context, sp *store.Space) ([]crm.Exclusion, error) {
	return contents(store.Exclusions.All(ctx, sp, store.Query{}))
}

// Decree makes a standing rule: mail of the address or domain belongs to the
// record, or never does. Making it again with another effect replaces it.
func Decree(ctx context.Context, sp *store.Space, info store.ChangeInfo, r crm.Rule) (crm.Rule, string, error) {
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return r, "", err
	}
	r.Scope = crm.ScopeDomain
	if strings.HasPrefix(string(r.Value), "a:") {
		r.Scope = crm.ScopeAddress
	}
	r.ID = crm.DerivedID(crm.PrefixRule, ws.Value.IDKey, string(r.Value), string(r.Record))
	r.By, r.At = info.Actor, sp.Store().Now()
	batch, err := sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Records.Get(ctx, tx, string(r.Record)); err != nil {
			return err
		}
		old, err := store.Rules.GetMany(ctx, tx, []string{r.ID})
		if err != nil || old[0].Exists() && old[0].Value.Effect == r.Effect {
			return err
		}
		store.Rules.Put(tx, &r)
		return nil
	})
	return r, batch, err
}

// Repeal takes a standing rule back.
func Repeal(ctx context.Context, sp *store.Space, info store.ChangeInfo, id string) (string, error) {
	return sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Rules.Get(ctx, tx, id); err != nil {
			return err
		}
		store.Rules.Delete(tx, id)
		return nil
	})
}

// Rules lists the standing rules.
func Rules(ctx context.Context, sp *store.Space) ([]crm.Rule, error) {
	return contents(store.Rules.All(ctx, sp, store.Query{}))
}

func contents[T any](docs []store.Doc[T], err error) ([]T, error) {
	out := make([]T, len(docs))
	for i, d := range docs {
		out[i] = d.Value
	}
	return out, err
}
