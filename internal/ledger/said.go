package ledger

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// answers loads what people said about messages of the threads, and what became
// of the records that they spoke of: for all threads at once.
func answers(ctx context.Context, r store.Reader, threads []*conversation, p *proposal) (map[*conversation][]crm.Answer, fates, error) {
	of := map[crm.MessageID]*conversation{}
	for _, c := range threads {
		c.asked(p, of)
	}
	var qs []store.Query
	for chunk := range chunks(keys(of), store.Width(r)) {
		qs = append(qs, store.Query{Where: []store.Filter{store.AmongAll("message", chunk)}, Limit: store.MaxLimit})
	}
	out, named := map[*conversation][]crm.Answer{}, map[crm.RecordID]bool{}
	err := store.Answers.Gather(ctx, r, qs, func(d store.Doc[crm.Answer]) error {
		out[of[d.Value.Message]] = append(out[of[d.Value.Message]], d.Value)
		return nil
	})
	if err != nil {
		return nil, fates{}, err
	}
	for _, c := range threads {
		out[c] = p.answersAmong(out[c])
		for _, a := range out[c] {
			if a.Record != "" {
				named[a.Record] = true
			}
		}
	}
	f, err := fatesOf(ctx, r, named)
	return out, f, err
}

// asked notes the messages of the conversation, by every id that they had, if
// somebody may have said something about one.
func (c *conversation) asked(p *proposal, of map[crm.MessageID]*conversation) {
	asked := p.answers() > 0
	for _, m := range c.members {
		asked = asked || m.Answered
	}
	if !asked {
		return
	}
	for id, m := range c.members {
		of[id] = c
		for _, was := range m.Was {
			of[was] = c
		}
	}
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
