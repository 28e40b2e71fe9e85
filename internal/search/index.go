package search

import (
	"context"
	"slices"

	"threadline/internal/crm"
)

// Index keeps subjects by their words. There is one beside SQLite and one on
// the document store.
type Index interface {
	// State says what the index holds.
	State(ctx context.Context) (State, error)
	// Apply puts and removes subjects and moves the state on. A repeat changes
	// nothing.
	Apply(ctx context.Context, put []subject, gone []string, st State) error
	// Clear empties the index and forgets its state.
	Clear(ctx context.Context) error
	// Find calls f with ids, the newest first, until f returns false. An id may
	// come although its subject holds less than was asked.
	Find(ctx context.Context, q lookup, f func(id string) bool) error
	// Close releases the index; nothing may be running.
	Close() error
}

// State says how far an index has come.
type State struct {
	Version  int    // of the words in it; another one is made anew
	Building string // collection and cursor of the documents being read; empty when all are
	Position string // in the feed
}

// lookup is one question to an index: names that begin with Head, or subjects
// with a word that begins with each of Words, within any of the scopes.
type lookup struct {
	Head  string
	Words []string
	In    []scope
}

// scope is a part of what a viewer may find: what is known to any of the
// audiences, of some kinds or, when there are none, of any.
type scope struct {
	By    []crm.Audience
	Kinds []crm.Kind
}

func (s scope) takes(k crm.Kind) bool { return len(s.Kinds) == 0 || slices.Contains(s.Kinds, k) }
