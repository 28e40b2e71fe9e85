package sequence

import (
	"context"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

// TestBudgetSpent: a sequence whose mailbox has sent what it may says so, and when it
// goes on; one of which nothing is due before that has no trouble.
func TestBudgetSpent(t *testing.T) {
	const most = 2
	w := newWorld(t, nil)
	w.campaigns.Counting(func(context.Context, *crm.Mailbox) (outbox.Budget, error) { return outbox.Budget{Limit: most}, nil })
	cfg := w.config()
	cfg.Budget = func(context.Context, *crm.Mailbox) (int, error) { return most, nil }
	results := func() Results {
		t.Helper()
		got, err := w.s.Results(t.Context(), w.anna, w.seq.ID)
		must(t, err)
		return got
	}
	for i := range most {
		w.contact(i)
	}
	must(t, w.campaigns.WorkOff(t.Context(), cfg))
	if got := results(); got.Recipients[crm.RecipientSent] != most || got.Recipients[crm.RecipientQueued] != most || got.Trouble != nil {
		t.Errorf("whose next letters are due in two days: %v, trouble %+v", got.Recipients, got.Trouble)
	}
	w.contact(most)
	must(t, w.campaigns.WorkOff(t.Context(), cfg))
	got := results()
	if got.Recipients[crm.RecipientSent] != most || got.Trouble == nil || !got.Trouble.Spent || !strings.Contains(got.Trouble.Reason, "24 hours") {
		t.Fatalf("with somebody due: %v, trouble %+v", got.Recipients, got.Trouble)
	}
	if next := got.Trouble.Next.Std(); next.Before(w.now.Add(23*time.Hour)) || next.After(w.now.Add(26*time.Hour)) {
		t.Errorf("now %s, it goes on at %s", w.now, next)
	}
	_, err := w.s.Pause(t.Context(), w.anna, w.info(), w.seq.ID)
	must(t, err)
	if got := results(); got.Trouble != nil {
		t.Errorf("paused: %+v", got.Trouble)
	}
}
