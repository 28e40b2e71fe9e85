package ledger

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// answers loads what people said about messages of the conversation, and which
// of the records that they spoke of are gone.
func (c *conversation) answers(ctx context.Context, r store.Reader, p *proposal) ([]crm.Answer, fates, error) {
	asked, ids := p.answers() > 0, map[crm.MessageID]bool{}
	for id, m := range c.members {
		asked, ids[id] = asked || m.Answered, true
		for _, was := range m.Was {
			ids[was] = true
		}
	}
	if !asked {
		return nil, fates{}, nil
	}
	var out []crm.Answer
	for chunk := range chunks(keys(ids), 10) {
		q := store.Query{Where: []store.Filter{store.OneOf("message", chunk)}, Limit: store.MaxLimit}
		docs, err := contents(store.Answers.All(ctx, r, q))
		if err != nil {
			return nil, fates{}, err
		}
		out = append(out, docs...)
	}
	out = p.answersAmong(out)
	named := map[crm.RecordID]bool{}
	for _, a := range out {
		if a.Record != "" {
			named[a.Record] = true
		}
	}
	f, err := fatesOf(ctx, r, named)
	return out, f, err
}

// fates are what became of records of which people spoke.
type fates struct {
	gone   map[crm.RecordID]bool     // they do not exist
	closed map[crm.RecordID]crm.Time // of deals: when
}

func fatesOf(ctx context.Context, r store.Reader, ids map[crm.RecordID]bool) (fates, error) {
	docs, err := store.Records.GetMany(ctx, r, texts(keys(ids)))
	f := fates{gone: map[crm.RecordID]bool{}, closed: map[crm.RecordID]crm.Time{}}
	for i := range docs {
		rec := &docs[i].Value
		f.gone[rec.ID] = !docs[i].Exists()
		if at := rec.When("closed_at"); at != 0 {
			f.closed[rec.ID] = at
		}
	}
	return f, err
}

// answersFor picks the answers that reach a message: its own, and those for
// the whole thread unless it is no conversation.
func (c *conversation) answersFor(all []crm.Answer, m *crm.Message) []crm.Answer {
	var out []crm.Answer
	for _, a := range all {
		if a.Message == m.ID || slices.Contains(m.Was, a.Message) || a.Scope == crm.ScopeThread && len(c.members) <= match.MaxThread {
			out = append(out, a)
		}
	}
	return out
}

// about leaves the answers about records that exist; others say nothing of
// links, or have no effect.
func about(said []crm.Answer, gone map[crm.RecordID]bool) []crm.Answer {
	return slices.DeleteFunc(slices.Clone(said), func(a crm.Answer) bool {
		return a.Record == "" && a.Effect != crm.EffectDeal || gone[a.Record]
	})
}

// private tells whether nobody but the owners may know of a message: because of
// an exclusion, or of the latest word about it.
func private(excluded crm.ExclusionEffect, said []crm.Answer) bool {
	if excluded == crm.DropCopy || excluded == crm.OwnerOnly {
		return true
	}
	var last crm.Answer
	for _, a := range said {
		if a.Effect != crm.EffectPrivate && a.Effect != crm.EffectShared {
			continue
		}
		if last.ID == "" || cmp.Or(cmp.Compare(a.At, last.At), cmp.Compare(a.ID, last.ID)) > 0 {
			last = a
		}
	}
	return last.Effect == crm.EffectPrivate
}

// audiences are those on whose timelines the message stands.
func audiences(m *crm.Message) []crm.Audience {
	if !m.Private {
		return []crm.Audience{crm.Members}
	}
	out := make([]crm.Audience, len(m.Owners))
	for i, u := range m.Owners {
		out[i] = crm.Audience(u)
	}
	return out
}
