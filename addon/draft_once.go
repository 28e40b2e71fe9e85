package addon

import (
	"context"
	"sync"
	"time"
)

// draftSettles is how long a click that comes again gets the draft that it made
// before. Later it is meant: the draft may be sent by then, or thrown away.
const draftSettles = time.Minute

// drafting are the drafts that were made in Gmail a moment ago. Gmail cannot be asked
// for them: the tokens of an event may make a draft and not look for one.
type drafting struct {
	mu     sync.Mutex
	drafts map[string]*making // by what the click is named after
}

// making is one draft, at work until done is closed.
type making struct {
	done  chan struct{}
	draft GmailDraft
	err   error
	at    time.Time // when it was begun
}

// once makes the draft of a key, or returns the one that another click of the same
// key makes or has made. A failure is told to whoever waits, and then forgotten.
func (m *drafting) once(ctx context.Context, key string, now time.Time, begin func() (GmailDraft, error)) (GmailDraft, error) {
	one, first := m.of(key, now)
	if !first {
		select {
		case <-one.done:
			return one.draft, one.err
		case <-ctx.Done():
			return GmailDraft{}, context.Cause(ctx)
		}
	}
	defer close(one.done)
	if one.draft, one.err = begin(); one.err != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.drafts, key)
	}
	return one.draft, one.err
}

// of finds the draft of a key; first tells whether the caller has to make it.
func (m *drafting) of(key string, now time.Time) (one *making, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, old := range m.drafts {
		if now.Sub(old.at) > draftSettles {
			delete(m.drafts, k)
		}
	}
	if one = m.drafts[key]; one != nil {
		return one, false
	}
	if m.drafts == nil {
		m.drafts = map[string]*making{}
	}
	one = &making{done: make(chan struct{}), at: now}
	m.drafts[key] = one
	return one, true
}
