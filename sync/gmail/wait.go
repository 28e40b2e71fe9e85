package gmail

import (
	"context"
	"sync"
	"time"

	"threadline/internal/crm"
)

// Hub passes notices of changes on to the sessions that wait. A notice is a hint:
// one that is lost or late costs time and nothing else. It is safe for
// concurrent use.
type Hub struct {
	mu      sync.Mutex
	waiting map[crm.Address]map[chan uint64]bool
}

// NewHub makes a hub that nobody waits at.
func NewHub() *Hub { return &Hub{waiting: map[crm.Address]map[chan uint64]bool{}} }

// Notify says that an account changed, and which history id it has now; 0 for
// not known. It tells how many sessions waited. It never blocks.
func (h *Hub) Notify(a crm.Address, history uint64) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.waiting[a] {
		select {
		case c <- history:
		default: // it has one already, and will look
		}
	}
	return len(h.waiting[a])
}

// Waits tells whether a session of this process waits for an account.
func (h *Hub) Waits(a crm.Address) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.waiting[a]) > 0
}

func (h *Hub) join(a crm.Address) chan uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := make(chan uint64, 1)
	if h.waiting[a] == nil {
		h.waiting[a] = map[chan uint64]bool{}
	}
	h.waiting[a][c] = true
	return c
}

func (h *Hub) leave(a crm.Address, c chan uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiting[a], c)
	if len(h.waiting[a]) == 0 {
		delete(h.waiting, a)
	}
}

// Wait ends when the history has gone on since this session last told of it: a
// notice says so, or a look every Config.Poll.
func (s *session) Wait(ctx context.Context, folder string) error {
	if _, ok := labelOf(folder); !ok && folder != inbox {
		return noFolder(folder)
	}
	_, err := bounded(ctx, s, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.wait(ctx) })
	return err
}

func (s *session) wait(ctx context.Context) error {
	var notices chan uint64
	if s.cfg.Hub != nil {
		notices = s.cfg.Hub.join(s.cfg.Address)
		defer s.cfg.Hub.leave(s.cfg.Address, notices)
	}
	end := time.NewTimer(s.cfg.IdleFor)
	defer end.Stop()
	for {
		p, err := s.profile(ctx)
		if err != nil {
			return err
		}
		if p.HistoryId != s.told {
			s.told = p.HistoryId
			return nil
		}
		look := time.NewTimer(s.cfg.Poll)
		select {
		case <-ctx.Done():
			look.Stop()
			return ctx.Err()
		case <-end.C:
			look.Stop()
			return nil
		case history := <-notices:
			if history > s.told {
				s.told = history
				look.Stop()
				return nil
			}
		case <-look.C:
		}
		look.Stop()
	}
}
