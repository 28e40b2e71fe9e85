package firestore

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"threadline/internal/store"
)

// Transactions of this process that collided over a document queue up for it
// here for a while, instead of running into each other's locks on the server,
// where the loser waits for seconds. The server alone decides what is right:
// whoever waited long enough goes on without the lane.
const (
	laneLife = 10 * time.Second
	laneWait = time.Second
)

type lanes struct {
	mu  sync.Mutex
	hot map[store.Key]*lane
}

type lane struct {
	turn chan struct{} // holds one token while nobody is in the lane
	end  time.Time
}

// collided opens lanes for documents, and forgets old ones.
func (l *lanes) collided(now time.Time, keys []store.Key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hot == nil {
		l.hot = map[store.Key]*lane{}
	}
	for k, a := range l.hot {
		if now.After(a.end) {
			delete(l.hot, k)
		}
	}
	for _, k := range keys {
		a := l.hot[k]
		if a == nil {
			a = &lane{turn: make(chan struct{}, 1)}
			a.turn <- struct{}{}
			l.hot[k] = a
		}
		a.end = now.Add(laneLife)
	}
}

// enter waits for the turn at each document that has a lane, in one order for
// everybody, and returns the lanes to leave.
func (l *lanes) enter(ctx context.Context, keys []store.Key) []*lane {
	l.mu.Lock()
	wait := map[string]*lane{}
	for _, k := range keys {
		if a := l.hot[k]; a != nil {
			wait[string(k.Workspace)+"/"+k.Collection+"/"+k.ID] = a
		}
	}
	l.mu.Unlock()
	if len(wait) == 0 {
		return nil
	}
	names := make([]string, 0, len(wait))
	for name := range wait {
		names = append(names, name)
	}
	slices.SortFunc(names, strings.Compare)
	ctx, cancel := context.WithTimeout(ctx, laneWait)
	defer cancel()
	var held []*lane
	for _, name := range names {
		select {
		case <-wait[name].turn:
			held = append(held, wait[name])
		case <-ctx.Done():
			return held
		}
	}
	return held
}

func leave(held []*lane) {
	for _, a := range held {
		a.turn <- struct{}{}
	}
}
