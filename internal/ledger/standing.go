package ledger

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/match"
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

// Exclude keeps mail away and returns the exclusion and the batch by which it
// can be undone. What never_store kept out stays out: it was never here, and
// what was stored before stays. It fails with crm.Invalid, naming the field, for
// what would have no effect.
func Exclude(ctx context.Context, sp *store.Space, info store.ChangeInfo, e crm.Exclusion) (crm.Exclusion, string, error) {
	dir, key, err := base(ctx, sp, sp.Workspace())
	if err != nil {
		return e, "", err
	}
	if err := excludable(dir, &e); err != nil {
		return e, "", err
	}
	e.ID = exclusionID(key, &e)
	e.By, e.At = info.Actor, sp.Store().Now()
	batch, err := sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if e.Mailbox != "" {
			m, err := store.Mailboxes.Get(ctx, tx, string(e.Mailbox))
			if err != nil {
				return err
			}
			if e.Owner != "" && m.Value.Owner != e.Owner {
				return crm.Errorf(crm.NotFound, "ledger.Exclude", "there is no mailbox %s", e.Mailbox).WithField("mailbox")
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

// exclusionID derives the id, so that the same is not excluded twice.
func exclusionID(key crm.IDKey, e *crm.Exclusion) string {
	return crm.DerivedID(crm.PrefixExclusion, key, string(e.Owner), string(e.Mailbox), string(e.Pattern), string(e.Effect))
}

// excludable refuses exclusions that would have no effect.
func excludable(dir *match.Directory, e *crm.Exclusion) error {
	const op = crm.Op("ledger.Exclude")
	person := e.Pattern.Address() != "" || e.Pattern.Domain() != ""
	name, _ := e.Pattern.Header()
	switch {
	case person:
		if err := effective(dir, e.Pattern); err != nil {
			return err
		}
	case e.Effect == crm.DropParticipant:
		return crm.Errorf(crm.Invalid, op, "only an address or a domain takes part in mail").WithField("effect").
			WithHint("drop_copy keeps the whole message off the timelines")
	case name != "" && !crm.Excludable(name):
		return crm.Errorf(crm.Invalid, op, "the header field %s only says how mail travelled, or is asked for otherwise", name).WithField("pattern").
			WithHint("exclude an address, a domain, words of the subject, a folder or another header field")
	}
	if e.Mailbox != "" && e.Effect != crm.NeverStore {
		return crm.Errorf(crm.Invalid, op, "only never_store can be for one mailbox").WithField("mailbox").
			WithHint("make it for your own mail")
	}
	return nil
}

// PatternOn reads what an exclusion is about: on an address, domain, folder,
// subject or header; on "" it is what Pattern reads.
func PatternOn(on, s string) (crm.Token, error) {
	const op = crm.Op("ledger.PatternOn")
	s = strings.TrimSpace(s)
	if s == "" {
		return "", crm.Errorf(crm.Invalid, op, "the pattern is empty")
	}
	switch on {
	case "folder":
		return crm.LabelToken(s), nil
	case "subject":
		return crm.SubjectToken(s), nil
	case "header":
		name, words, _ := strings.Cut(s, ":")
		if strings.ContainsAny(strings.TrimSpace(name), " \t") || strings.TrimSpace(name) == "" {
			return "", crm.Errorf(crm.Invalid, op, "%q names no header field", crm.Clip(s, 60)).WithHint("write it as List-Id, or as List-Id: words")
		}
		return crm.HeaderToken(strings.TrimSpace(name), strings.TrimSpace(words)), nil
	}
	t, err := Pattern(s)
	if err == nil && (on == "address" && t.Address() == "" || on == "domain" && t.Domain() == "") {
		err = crm.Errorf(crm.Invalid, op, "%q is no %s", crm.Clip(s, 60), on)
	}
	return t, err
}

// Include takes an exclusion back. Mail that never_store kept out is not here;
// a thorough look at the mailbox fetches it.
func Include(ctx context.Context, sp *store.Space, v access.Viewer, info store.ChangeInfo, id string) (string, error) {
	return sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		e, err := store.Exclusions.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !access.Exclusion(v, &e.Value) {
			return crm.Errorf(crm.NotFound, "ledger.Include", "there is no exclusion %s", id)
		}
		right := crm.RightSettings
		if e.Value.Effect == crm.Erased {
			right = crm.RightAdmin
		}
		if err := v.Require(right); err != nil && e.Value.Owner == "" {
			return err
		}
		store.Exclusions.Delete(tx, id)
		return nil
	})
}

// Exclusions lists what people keep away. What erased people left is not among
// it: it names nobody.
func Exclusions(ctx context.Context, sp *store.Space) ([]crm.Exclusion, error) {
	list, err := contents(store.Exclusions.All(ctx, sp, store.Query{}))
	return slices.DeleteFunc(list, func(e crm.Exclusion) bool { return e.Effect == crm.Erased }), err
}

// Decree makes a standing rule: mail of the address or domain belongs to the
// record, or never does. Making it again with another effect replaces it. What
// could have no effect is refused.
func Decree(ctx context.Context, sp *store.Space, info store.ChangeInfo, r crm.Rule) (crm.Rule, string, error) {
	dir, key, err := base(ctx, sp, sp.Workspace())
	if err == nil {
		err = effective(dir, r.Value)
	}
	if err == nil {
		err = standsFor(dir, r.Value)
	}
	if err != nil {
		return r, "", err
	}
	r.Scope = crm.ScopeDomain
	if strings.HasPrefix(string(r.Value), "a:") {
		r.Scope = crm.ScopeAddress
	}
	r.ID = crm.DerivedID(crm.PrefixRule, key, string(r.Value), string(r.Record))
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
