package engine

import (
	"math"
	"testing"
	"time"

	"threadline/internal/crm"
)

// TestMeter: the rate is that of the last seconds, and of the last two pieces where
// a quota lets them come more rarely.
func TestMeter(t *testing.T) {
	start := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	at := func(seconds int) crm.Time { return crm.At(start.Add(time.Duration(seconds) * time.Second)) }
	for name, c := range map[string]struct {
		ticks map[int]int // second: mails
		now   int
		want  float64
	}{
		"nothing":           {nil, 5, 0},
		"one piece":         {map[int]int{0: 100}, 1, 100},
		"steady":            {map[int]int{0: 50, 1: 50, 2: 50, 3: 50}, 3, 50},
		"stopped":           {map[int]int{0: 50, 1: 50, 2: 50}, 30, 0},
		"slow pieces":       {map[int]int{0: 50, 20: 100, 40: 100}, 41, 100. / 21},
		"slow, and ended":   {map[int]int{0: 50, 20: 100, 40: 100}, 90, 0},
		"slow, one just in": {map[int]int{0: 50, 50: 250}, 50, 5},
	} {
		m := newMeter()
		for s := range 100 {
			if n := c.ticks[s]; n > 0 {
				m.add(at(s), n)
			}
		}
		if got := m.perSecond(at(c.now)); math.Abs(got-c.want) > 0.5 {
			t.Errorf("%s: %.1f mails a second, want %.1f", name, got, c.want)
		}
	}
}
