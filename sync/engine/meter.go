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
	for len(m.tick) > 1 && at.Sub(m.tick[0].at) > meterWindow {
		m.tick = m.tick[1:]
	}
}

// perSecond is the rate at a moment; 0 when nothing came lately.
func (m *meter) perSecond(now crm.Time) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	var first crm.Time
	for _, t := range m.tick {
		if now.Sub(t.at) <= meterWindow {
			if first == 0 {
				first = t.at
			}
			n += t.n
		}
	}
	if n == 0 {
		return 0
	}
	return float64(n) / max(now.Sub(first).Seconds(), 1)
}
