package firestore

import (
	"context"
	"testing"
	"time"
)

// TestRamp holds the rate to 500/50/5: 500 writes a second, half as many more
// every five minutes of use, anew after a rest.
func TestRamp(t *testing.T) {
	start := time.Unix(1_790_000_000, 0)
	r := newRamp(startRate, func() time.Time { return start })
	at := start
	for _, c := range []struct {
		after time.Duration
		want  float64
	}{
		{0, 500}, {4*time.Minute + 59*time.Second, 500}, {time.Second, 750}, {5 * time.Minute, 1125}, {5 * time.Minute, 1687.5},
		{14 * time.Minute, 500 * growth * growth * growth * growth * growth}, {rampRest + time.Second, 500},
	} {
		at = at.Add(c.after)
		if got := r.rateAt(at); got != c.want {
			t.Errorf("%s after the start: %.1f writes a second, want %.1f", at.Sub(start), got, c.want)
		}
	}
	for range 100 {
		at = at.Add(10 * time.Minute)
		r.rateAt(at)
	}
	if got := r.rateAt(at); got != topRate {
		t.Errorf("in the end %.1f writes a second, want %.1f", got, topRate)
	}
}

// TestRampHoldsBack: what is over the rate waits, and no longer than its caller.
func TestRampHoldsBack(t *testing.T) {
	r := newRamp(100, time.Now)
	begin := time.Now()
	for range 3 {
		if err := r.wait(t.Context(), 60); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(begin); took < 700*time.Millisecond {
		t.Errorf("180 writes at 100 a second, of which 100 are free, took %s", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if r.wait(ctx, 1000) == nil {
		t.Error("a wait of ten seconds fitted into a hundredth of one")
	}
}
