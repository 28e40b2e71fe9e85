package crm

import (
	"testing"
	"time"
)

// TestHoursWhereThereIsNoMidnight asks on the evening before a day that begins at one
// when mail may go out next: that morning, and not in the night.
func TestHoursWhereThereIsNoMidnight(t *testing.T) {
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	every := Pace{From: 9 * 60, To: 17 * 60, Days: []int{0, 1, 2, 3, 4, 5, 6}}
	evening := time.Date(2026, 9, 5, 20, 0, 0, 0, zone)
	if got, want := every.Hours(Calendar{}, zone, "").Open(evening), time.Date(2026, 9, 6, 9, 0, 0, 0, zone); !got.Equal(want) {
		t.Errorf("open at %v, want %v", got, want)
	}
	if got, want := (Pace{}).Hours(Calendar{}, zone, "").Close(evening), time.Date(2026, 9, 6, 1, 0, 0, 0, zone); !got.Equal(want) {
		t.Errorf("closed at %v, want %v", got, want)
	}
}
