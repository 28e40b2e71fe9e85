package ledger

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// proposal is what somebody is about to say: the documents that it would put or
// delete. A nil one says nothing.
type proposal struct {
	said     []crm.Answer
	rules    []crm.Rule
	excluded []crm.Exclusion
	included []crm.Exclusion // exclusions to be taken back
}

// answers counts the answers.
func (p *proposal) answers() int {
	if p == nil {
		return 0
	}
	return len(p.said)
}

func (p *proposal) answersAmong(list []crm.Answer) []crm.Answer {
	if p == nil {
		return list
	}
	return among(list, p.said, func(a crm.Answer) string { return a.ID })
}

func (p *proposal) rulesAmong(list []crm.Rule) []crm.Rule {
	if p == nil {
		return list
	}
	return among(list, p.rules, func(r crm.Rule) string { return r.ID })
}

func (p *proposal) exclusionsAmong(list []crm.Exclusion) []crm.Exclusion {
	if p == nil {
		return list
	}
	id := func(e crm.Exclusion) string { return e.ID }
	for _, e := range p.included {
		list = slices.DeleteFunc(list, func(have crm.Exclusion) bool { return have.ID == e.ID })
	}
	return among(list, p.excluded, id)
}

// among puts documents among others, in the place of those with the same id.
func among[T any](list, put []T, id func(T) string) []T {
	for _, p := range put {
		list = slices.DeleteFunc(list, func(have T) bool { return id(have) == id(p) })
	}
	return append(list, put...)
}

// touches adds the mail that the proposal is about.
func (p *proposal) touches(t *touched, free func(crm.Domain) bool) {
	for _, a := range p.said {
		t.messages[a.Message] = true
	}
	for _, r := range p.rules {
		t.tokens[r.Value] = true
	}
	for _, e := range slices.Concat(p.excluded, p.included) {
		t.pattern(free, e.Pattern)
	}
}

// carry writes the proposal, as one change. What it says already is let be.
func (p *proposal) carry(ctx context.Context, sp *store.Space, info store.ChangeInfo, check func(context.Context, *store.Tx) error) (string, error) {
	return sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if err := check(ctx, tx); err != nil {
			return err
		}
		if err := p.read(ctx, tx); err != nil {
			return err
		}
		for i := range p.said {
			store.Answers.Put(tx, &p.said[i])
		}
		for i := range p.rules {
			store.Rules.Put(tx, &p.rules[i])
		}
		for i := range p.excluded {
			store.Exclusions.Put(tx, &p.excluded[i])
		}
		for _, e := range p.included {
			store.Exclusions.Delete(tx, e.ID)
		}
		return nil
	})
}

// read reads what is to be written, so that the change knows what was there.
func (p *proposal) read(ctx context.Context, tx *store.Tx) error {
	var said, rules, exclusions []string
	for _, a := range p.said {
		said = append(said, a.ID)
	}
	for _, r := range p.rules {
		rules = append(rules, r.ID)
	}
	for _, e := range slices.Concat(p.excluded, p.included) {
		exclusions = append(exclusions, e.ID)
	}
	if _, err := store.Answers.GetMany(ctx, tx, said); err != nil {
		return err
	}
	if _, err := store.Rules.GetMany(ctx, tx, rules); err != nil {
		return err
	}
	_, err := store.Exclusions.GetMany(ctx, tx, exclusions)
	return err
}
