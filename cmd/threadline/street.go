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
	wg     sync.WaitGroup
	cancel context.CancelFunc
}

// lookEvery is how often new workspaces are looked for.
const lookEvery = 5 * time.Second

func (m *Main) street(ctx context.Context, first *workers, works bool) *street {
	s := &street{main: m, first: first, works: works, houses: map[crm.WorkspaceID]*workers{}}
	s.front = api.NewFront(first.door, s.doors, s.find)
	if !works {
		s.cancel = func() {}
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
	for {
		all, err := s.first.house.auth.Workspaces(ctx)
		if err != nil && ctx.Err() == nil {
			s.first.house.log.Error("the workspaces cannot be listed", "err", err)
		}
		for _, ws := range all {
			s.find(ctx, ws.ID)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// doors are those that are open.
func (s *street) doors() []*api.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []*api.Server{s.first.door}
	for _, w := range s.houses {
		out = append(out, w.door)
	}
	return out
}

// find is the door of a workspace, nil when there is none.
func (s *street) find(ctx context.Context, ws crm.WorkspaceID) *api.Server {
	if ws == s.first.house.Space.Workspace() {
		return s.first.door
	}
	if door := s.opened(ws); door != nil || !s.exists(ctx, ws) {
		return door
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.houses[ws]; w != nil {
		return w.door
	}
	if s.closed {
		return nil
	}
	w, err := s.open(context.WithoutCancel(ctx), ws)
	if err != nil {
		s.first.house.log.Error("a workspace cannot be opened", "workspace", ws, "err", err)
		return nil
	}
	s.houses[ws] = w
	return w.door
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

// exists tells whether the store has such a workspace. Anybody can ask for one
// that it has not, so nobody waits for the answer but who asked.
func (s *street) exists(ctx context.Context, ws crm.WorkspaceID) bool {
	_, err := s.first.house.auth.WorkspaceNamed(ctx, string(ws))
	return err == nil
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
