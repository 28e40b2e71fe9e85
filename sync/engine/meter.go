package engine

import (
	"sync"
	"time"

	"threadline/internal/crm"
)

// meter measures the rate of stored mail over the last seconds.
type meter struct {
	mu   sync.Mutex
	tick []tick
}

type tick struct {
	at crm.Time
	n  int
}

const meterWindow = 10 * time.Second

func newMeter() *meter { return &meter{} }

func (m *meter) add(at crm.Time, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tick = append(m.tick, tick{at, n})
	for len(m.tick) > 2 && at.Sub(m.tick[1].at) > meterWindow {
		m.tick = m.tick[1:]
	}
}

// perSecond is the rate at a moment: of what came in the window, since what came
// before it; 0 when nothing came for as long as it may take.
func (m *meter) perSecond(now crm.Time) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.tick) == 0 {
		return 0
	}
	first, last, n := m.tick[0], m.tick[len(m.tick)-1], 0
	if len(m.tick) == 1 {
		n = first.n
	}
	for _, t := range m.tick[1:] {
		n += t.n
	}
	patience := meterWindow
	if len(m.tick) == 2 { // pieces come more rarely than the window is long
		patience = max(patience, 2*last.at.Sub(first.at))
	}
	if now.Sub(last.at) > patience {
		return 0
	}
	return float64(n) / max(now.Sub(first.at).Seconds(), 1)
}
