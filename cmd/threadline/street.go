package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"threadline/internal/api"
	"threadline/internal/crm"
)

// street is the houses of one store, a house for each workspace, with one
// entrance. The first one is open from the start; others are opened when a request
// or the regular look finds them, so that a new workspace needs no restart, and
// those of other instances neither.
type street struct {
	main  *Main
	first *workers
	front *api.Front
	works bool // houses do their work in the background

	mu     sync.Mutex
	houses map[crm.WorkspaceID]*workers // but the first
	closed bool
	sure   bool          // somebody knows which workspaces there are
	looks  error         // why nobody does
	looked chan struct{} // closed once they were looked for
	wg     sync.WaitGroup
	cancel context.CancelFunc
}

// lookEvery is how often new workspaces are looked for.
const lookEvery = 5 * time.Second

func (m *Main) street(ctx context.Context, first *workers, works bool) *street {
	s := &street{main: m, first: first, works: works, houses: map[crm.WorkspaceID]*workers{}, looked: make(chan struct{})}
	s.front = api.NewFront(first.door, s)
	if !works {
		s.cancel = func() {}
		close(s.looked) // a command has the doors that it names
		return s
	}
	ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.wg.Go(func() { s.watch(ctx) })
	return s
}

// watch opens the houses of workspaces that are new.
func (s *street) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for first := true; ; first = false {
		s.look(ctx)
		if first {
			close(s.looked)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look opens the houses of all workspaces that there are.
func (s *street) look(ctx context.Context) {
	log := s.first.house.log
	all, err := s.first.house.auth.Workspaces(ctx)
	if err != nil && ctx.Err() == nil {
		log.Error("the workspaces cannot be listed", "err", err)
	}
	for _, ws := range all {
		if _, err := s.Door(ctx, ws.ID); err != nil && ctx.Err() == nil {
			log.Error("a workspace cannot be opened", "workspace", ws.ID, "err", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sure = s.sure || err == nil; s.sure {
		err = nil
	}
	s.looks = err
}

// Doors implements api.Town.
func (s *street) Doors(ctx context.Context) ([]*api.Server, error) {
	select {
	case <-s.looked:
	case <-ctx.Done():
		return nil, crm.E(crm.Unavailable, "street.Doors", "the workspaces are still being opened", ctx.Err())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []*api.Server{s.first.door}
	for _, w := range s.houses {
		out = append(out, w.door)
	}
	return out, s.looks
}

// Door implements api.Town.
func (s *street) Door(ctx context.Context, ws crm.WorkspaceID) (*api.Server, error) {
	if ws == s.first.house.Space.Workspace() {
		return s.first.door, nil
	}
	if door := s.opened(ws); door != nil {
		return door, nil
	}
	// Anybody can ask for one that does not exist, so nobody waits for the
	// answer but who asked.
	if _, err := s.first.house.auth.WorkspaceNamed(ctx, string(ws)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.houses[ws]; w != nil {
		return w.door, nil
	}
	if s.closed {
		return nil, crm.Errorf(crm.Unavailable, "street.Door", "the server is being stopped")
	}
	w, err := s.open(context.WithoutCancel(ctx), ws)
	if err != nil {
		return nil, err
	}
	s.houses[ws] = w
	return w.door, nil
}

// opened is the door of a house that stands, if it does.
func (s *street) opened(ws crm.WorkspaceID) *api.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.houses[ws]; w != nil {
		return w.door
	}
	return nil
}

func (s *street) open(ctx context.Context, ws crm.WorkspaceID) (*workers, error) {
	h, err := s.first.house.next(ctx, s.main, ws)
	if err != nil {
		return nil, err
	}
	w, err := s.main.workers(ctx, h, s.first.door)
	if err != nil {
		return nil, errors.Join(err, h.leave())
	}
	if s.works {
		w.start()
	}
	return w, nil
}

// start begins the work of the first house.
func (s *street) start() { s.first.start() }

// stop ends the work of all houses but the first, and closes them.
func (s *street) stop() error {
	s.cancel()
	s.wg.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	var errs []error
	for _, w := range s.houses {
		errs = append(errs, w.stop(), w.house.leave())
	}
	return errors.Join(errs...)
}
