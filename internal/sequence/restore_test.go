package sequence

import (
	"context"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestRestoredSequence goes back to a backup from before the first letter, a week
// after two were sent: both are found among the sent mail, also the second one, of
// which the backup has no line; of the third nobody knows.
func TestRestoredSequence(t *testing.T) {
	w := newWorld(t, nil)
	p := w.contact(0)
	d, err := w.s.desk(t.Context())
	must(t, err)
	_, domain, _ := strings.Cut(string(p.Lines[0].RFCID), "@")
	w.post.kept = map[crm.RFCID]bool{}
	for step := range 2 {
		w.post.kept[crm.RFCID(d.lineID(&p.Enrolment, step)+"@"+domain)] = true
	}
	w.now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	_, err = w.Space.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Sequences.Get(ctx, tx, w.seq.ID)
		now := w.Space.Store().Now()
		doc.Value.Restored, doc.Value.At = now, now
		store.Sequences.Put(tx, &doc.Value)
		return err
	})
	must(t, err)
	for range 8 {
		w.work()
		w.now = w.now.Add(3 * time.Minute)
	}
	got := w.person(p.ID)
	if len(w.post.mails) > 0 || got.State != crm.EnrolmentStopped || got.Reason != crm.StopUnknown || len(got.Lines) != 3 {
		t.Fatalf("%d people got letters, they are %s %s: %+v", len(w.post.mails), got.State, got.Reason, got.Lines)
	}
	for i, want := range []crm.RecipientState{crm.RecipientSent, crm.RecipientSent, crm.RecipientUnknown} {
		if got.Lines[i].State != want {
			t.Errorf("letter %d is %s (%s)", i+1, got.Lines[i].State, got.Lines[i].Reason)
		}
	}
}
