package search

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Tokens is the index in the collection search, for engines without full text:
// every beginning of a word, up to some letters, is an element of an array. One
// array test finds by the word that narrows most; the rest is looked at by the
// caller.
type Tokens struct{ sp *store.Space }

// NewTokens makes the index of a workspace.
func NewTokens(sp *store.Space) *Tokens { return &Tokens{sp: sp} }

const (
	tokenLetters = 6   // of a word that are indexed
	maxTokens    = 200 // of a subject
	stateID      = "job_search"
	clearChunk   = 200
	maxTested    = 30 // alternatives of an array test
)

// Close implements Index.
func (t *Tokens) Close() error { return nil }

// State implements Index.
func (t *Tokens) State(ctx context.Context) (State, error) {
	docs, err := store.Jobs.GetMany(ctx, t.sp, []string{stateID})
	if err != nil || !docs[0].Exists() {
		return State{}, err
	}
	j := docs[0].Value
	var st State
	if json.Unmarshal(j.Spec, &st) != nil { // of another version
		st = State{}
	}
	return st, nil
}

func (t *Tokens) putState(w store.Writer, st State) error {
	spec, err := json.Marshal(st)
	if err != nil {
		return crm.E(crm.Internal, "search.State", "the state of the index cannot be written", err)
	}
	store.Jobs.Put(w, &crm.Job{ID: stateID, Kind: "search", State: crm.JobRunning, Position: st.Position, Spec: spec})
	return nil
}

// Apply implements Index. The state is written last, so that a kill repeats
// what was not finished.
func (t *Tokens) Apply(ctx context.Context, put []subject, gone []string, st State) error {
	for chunk := range slices.Chunk(put, clearChunk) {
		b := t.sp.Batch()
		for i := range chunk {
			doc := t.document(&chunk[i])
			store.Searches.Put(b, &doc)
		}
		if err := b.Commit(ctx); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(gone, clearChunk) {
		b := t.sp.Batch()
		for _, id := range chunk {
			store.Searches.Delete(b, id)
		}
		if err := b.Commit(ctx); err != nil {
			return err
		}
	}
	b := t.sp.Batch()
	if err := t.putState(b, st); err != nil {
		return err
	}
	return b.Commit(ctx)
}

// document writes a subject with its tokens: names first, then words in their
// order, as far as they fit.
func (t *Tokens) document(s *subject) crm.Search {
	d := crm.Search{ID: s.ID, Kind: s.Kind, At: s.At}
	have := map[string]bool{}
	add := func(token string) {
		if len(d.Tokens) < maxTokens && !have[token] {
			have[token] = true
			d.Tokens = append(d.Tokens, token)
		}
	}
	for _, k := range s.Known {
		for _, h := range k.Heads {
			beginnings(h, func(p string) { add(token(k.By, "h", p)) })
		}
	}
	for _, k := range s.Known {
		for _, w := range k.Words {
			beginnings(w, func(p string) { add(token(k.By, "w", p)) })
		}
	}
	return d
}

func token(by crm.Audience, mark, prefix string) string { return string(by) + "/" + mark + prefix }

// beginnings calls f with the first one, two and more letters of a word.
func beginnings(word string, f func(string)) {
	n := 0
	for i := range word {
		if i == 0 {
			continue
		}
		f(word[:i])
		if n++; n == tokenLetters {
			return
		}
	}
	f(word)
}

// begin is the longest beginning of a word that is indexed.
func begin(word string) string {
	out := ""
	beginnings(word, func(p string) { out = p })
	return out
}

// Clear implements Index.
func (t *Tokens) Clear(ctx context.Context) error {
	for {
		page, err := store.Searches.Query(ctx, t.sp, store.Query{Limit: clearChunk})
		if err != nil {
			return err
		}
		b := t.sp.Batch()
		for _, d := range page.Items {
			store.Searches.Delete(b, d.Value.ID)
		}
		store.Jobs.Delete(b, stateID)
		if err := b.Commit(ctx); err != nil || page.Next == "" {
			return err
		}
	}
}

// Find implements Index.
func (t *Tokens) Find(ctx context.Context, q lookup, each func(id string) bool) error {
	mark, word := "h", q.Head
	if word == "" {
		mark, word = "w", slices.MaxFunc(q.Words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	}
	var list []string
	for _, in := range q.In {
		for _, a := range in.By {
			if t := token(a, mark, begin(word)); len(list) < maxTested && !slices.Contains(list, t) {
				list = append(list, t)
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	ask := store.Query{Where: []store.Filter{store.HasAny("tokens", list)}, Order: "at", Desc: true, Limit: 100}
	done := errors.New("enough")
	err := store.Searches.Each(ctx, t.sp, ask, func(d store.Doc[crm.Search]) error {
		if slices.ContainsFunc(q.In, func(in scope) bool { return in.takes(d.Value.Kind) && mayHold(&d.Value, q, in.By) }) && !each(d.Value.ID) {
			return done
		}
		return nil
	})
	if errors.Is(err, done) {
		return nil
	}
	return err
}

// mayHold tells whether the tokens of a document are those of all words.
func mayHold(d *crm.Search, q lookup, by []crm.Audience) bool {
	has := func(mark, word string) bool {
		return slices.ContainsFunc(by, func(a crm.Audience) bool { return slices.Contains(d.Tokens, token(a, mark, begin(word))) })
	}
	if q.Head != "" && !has("h", q.Head) {
		return false
	}
	return !slices.ContainsFunc(q.Words, func(w string) bool { return !has("w", w) })
}
