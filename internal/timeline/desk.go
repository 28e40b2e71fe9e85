package timeline

import (
	"cmp"
	"context"
	"sync"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// deskAge is how long what lies on the desk is good for at most. Pipelines are
// read again as soon as a change is committed in this process; users and the
// workspace are not in the feed, nor does another process ring, so that a new
// name or zone may take as long to show. Nothing that decides about access lies
// here.
const deskAge = crm.Time(2_000_000)

// desk keeps at hand what every sheet names and what hardly ever changes: the
// workspace, the names of users and the pipelines.
type desk struct {
	mu   sync.Mutex
	have *things
}

// things are never changed once they lie on the desk.
type things struct {
	ws        crm.Workspace
	zone      *time.Location // of the workspace: reading one from the system's files costs more than a query
	users     map[crm.UserID]string
	pipelines map[string]crm.Pipeline
	home      crm.Country
	at        crm.Time
	bell      <-chan struct{} // closed by the next commit that may change them
}

// get returns what is at hand, or reads it.
func (d *desk) get(ctx context.Context, sp *store.Space) (*things, error) {
	now := sp.Store().Now()
	d.mu.Lock()
	have := d.have
	d.mu.Unlock()
	if have.good(now) {
		return have, nil
	}
	fresh, err := readThings(ctx, sp, now)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.have = fresh
	d.mu.Unlock()
	return fresh, nil
}

func (t *things) good(now crm.Time) bool {
	if t == nil || now-t.at > deskAge || now < t.at {
		return false
	}
	select {
	case <-t.bell:
		return false
	default:
		return true
	}
}

// readThings takes the bell before it reads: a commit in between spoils what
// was read, and the next caller reads again.
func readThings(ctx context.Context, sp *store.Space, now crm.Time) (*things, error) {
	t := &things{users: map[crm.UserID]string{}, pipelines: map[string]crm.Pipeline{}, at: now, bell: sp.Woken()}
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return nil, err
	}
	t.ws, t.zone = ws.Value, crm.ZoneOr(ws.Value.Zone)
	users, err := store.Users.All(ctx, sp, store.Query{})
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		t.users[u.Value.ID] = userName(&u.Value)
	}
	settings, err := store.Settings.All(ctx, sp, store.Query{})
	for _, s := range settings {
		if p := s.Value.Pipeline; p != nil {
			t.pipelines[p.Key] = *p
		}
		if h := s.Value.Home; h != nil {
			t.home = h.Country
		}
	}
	return t, err
}

// zoneOf is the zone that a viewer lives by.
func (t *things) zoneOf(v access.Viewer) *time.Location { return cmp.Or(v.OwnZone(), t.zone) }

// userName is the name or, without one, the address.
func userName(u *crm.User) string {
	if u.Name != "" {
		return u.Name
	}
	return string(u.Email)
}
