package auth

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Place is a workspace that the sidebar of somebody can show.
type Place struct {
	ID    crm.WorkspaceID
	Name  string
	Shown bool // it is the one that Google's events go to
}

// sidebars is what is known of all of them.
type sidebars struct {
	mu    sync.Mutex
	many  bool // there are several workspaces
	until crm.Time
	moves atomic.Int64
}

// manyFor is how long it is believed that there is one workspace alone.
const manyFor = 10 * time.Second

// several tells whether the server has more than one workspace.
func (s *Service) several(ctx context.Context) (bool, error) {
	b := s.sidebars
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := s.store.Now(); !b.many && now >= b.until {
		ids, err := s.store.Workspaces(ctx)
		if err != nil {
			return false, err
		}
		b.many, b.until = len(ids) > 1, now.Add(manyFor)
	}
	return b.many, nil
}

// Places lists the workspaces among which a user chooses what their sidebar
// shows; none when they have one alone.
func (s *Service) Places(ctx context.Context, sp *store.Space, id crm.UserID) ([]Place, error) {
	if many, err := s.several(ctx); err != nil || !many {
		return nil, err
	}
	u, err := s.Active(ctx, sp, id)
	if err != nil {
		return nil, err
	}
	seats, err := s.Seats(ctx, sp, &u)
	if err != nil || len(seats) < 2 {
		return nil, err
	}
	shown, at := u.AccountIn(sp.Workspace()).Home()
	home, err := store.Users.GetMany(ctx, s.store.In(shown), []string{string(at)})
	if err != nil {
		return nil, err
	}
	chosen := home[0].Value.Sidebar
	if slices.ContainsFunc(seats, func(x Seat) bool { return x.Workspace.ID == chosen }) {
		shown = chosen
	}
	var out []Place
	for _, x := range seats {
		out = append(out, Place{ID: x.Workspace.ID, Name: x.Workspace.Name, Shown: x.Workspace.ID == shown})
	}
	return out, nil
}

// Show makes the sidebar of a user show one of their workspaces; to others it does
// not exist. It takes effect at once in this process, and in others within
// seconds.
func (s *Service) Show(ctx context.Context, sp *store.Space, id crm.UserID, ws crm.WorkspaceID) error {
	const op = crm.Op("auth.Show")
	places, err := s.Places(ctx, sp, id)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(places, func(p Place) bool { return p.ID == ws }) {
		return crm.Errorf(crm.NotFound, op, "there is no such workspace").WithField("workspace")
	}
	u, err := s.Active(ctx, sp, id)
	if err != nil {
		return err
	}
	home, at := u.AccountIn(sp.Workspace()).Home()
	err = s.store.In(home).Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Users.Get(ctx, tx, string(at))
		if err != nil || d.Value.Sidebar == ws {
			return err
		}
		d.Value.Sidebar = ws
		store.Users.Put(tx, &d.Value)
		return nil
	})
	if err != nil {
		return crm.Wrap(op, "the choice cannot be kept", err)
	}
	s.cache.dropUser(at)
	s.sidebars.moves.Add(1)
	return nil
}

// Moves counts how often somebody chose what their sidebar shows: what is
// remembered of that is over then.
func (s *Service) Moves() int64 { return s.sidebars.moves.Load() }

// SidebarOf is the workspace that the sidebar of an identity shows: the one that
// they chose, while they have a seat there, else where they sign in.
func (s *Service) SidebarOf(ctx context.Context, here *store.Space, who Identity) (*store.Space, error) {
	home, err := s.SpaceOf(ctx, here, who)
	if err != nil {
		return home, err
	}
	u, err := byIdentity(ctx, home, who)
	if err != nil || u.Sidebar == "" || u.Sidebar == home.Workspace() {
		return home, err
	}
	to := s.store.In(u.Sidebar)
	guest, err := seat(ctx, to, to, u.AccountIn(home.Workspace()))
	if err != nil || guest.ID == "" || guest.Status == crm.UserLeft {
		return home, err
	}
	return to, nil
}

// guest is the seat in a workspace of an identity that signs in to another one;
// zero when it has none.
func (s *Service) guest(ctx context.Context, sp *store.Space, who Identity) (crm.User, error) {
	if many, err := s.several(ctx); err != nil || !many {
		return crm.User{}, err
	}
	home, err := s.firstWith(ctx, sp, func(in *store.Space) (crm.User, error) { return byIdentity(ctx, in, who) })
	if err != nil || home.Workspace() == sp.Workspace() {
		return crm.User{}, err
	}
	u, err := byIdentity(ctx, home, who)
	if err != nil {
		return crm.User{}, err
	}
	return seat(ctx, sp, sp, u.AccountIn(home.Workspace()))
}
