package campaign

import (
	"fmt"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

// TestWarm is the ramp of a new mailbox: half as many again on each day, up to
// what any day may have.
func TestWarm(t *testing.T) {
	p := crm.Pace{PerDay: 100, Warmup: 20}
	for day, want := range []int{20, 30, 45, 67, 100, 100} {
		if got := warm(p, int64(day)); got != want {
			t.Errorf("day %d: %d, want %d", day, got, want)
		}
	}
	if got := warm(crm.Pace{PerDay: 100}, 0); got != 100 {
		t.Errorf("without a ramp the first day has %d", got)
	}
}

// TestRamp sends from a new mailbox for some days: in no 24 hours do more go out
// than the ramp allows, and it goes on.
func TestRamp(t *testing.T) {
	w := newWorld(t, 40, func(d *Draft) { d.Pace.Warmup, d.Pace.PerDay = 4, 100 })
	w.prepare()
	w.start()
	var sent []time.Time
	w.post.answer = func(int, outbox.Mail) (bool, error) {
		sent = append(sent, w.Space.Store().Now().Std())
		return true, nil
	}
	cfg := w.config()
	cfg.Parallel = 1
	for range 75 {
		must(t, w.s.send(t.Context(), cfg, w.errand()))
		w.pass(50 * time.Minute)
	}
	for i, at := range sent {
		lately := 0
		for _, x := range sent[:i+1] {
			if at.Sub(x) < 24*time.Hour {
				lately++
			}
		}
		if day := int64(at.Sub(sent[0]) / (24 * time.Hour)); lately > warm(w.campaign.Pace, day) {
			t.Errorf("on day %d %d went out within 24 hours", day, lately)
		}
	}
	if len(sent) < 4+6+9 {
		t.Errorf("in three days %d went out", len(sent))
	}
	w.once()
}

// TestDomainHasItsShare: of many people at one domain so many get it in a minute;
// those at others do not wait for them.
func TestDomainHasItsShare(t *testing.T) {
	w := newWorld(t, 6, func(d *Draft) { d.Pace.PerDomain = 2 })
	for i := range 3 {
		w.Make(crm.KindContact, 100+i, map[string]any{"name": "Else", "emails": []any{fmt.Sprintf("e%d@else%d.example", i, i)}})
	}
	w.people = 9
	w.prepare()
	w.start()
	var sent []int
	for range 4 {
		must(t, w.work())
		sent = append(sent, len(w.post.raw))
		w.pass(time.Minute)
	}
	// One of the domain at once, then one each half minute.
	if got := fmt.Sprint(sent); got != "[4 6 8 9]" {
		t.Errorf("after 0, 1, 2 and 3 minutes %s went out", got)
	}
	w.once()
}

// TestHoursOfRecipients: who is elsewhere gets it when it is morning there, on a
// working day.
func TestHoursOfRecipients(t *testing.T) {
	w := newWorld(t, 1, func(d *Draft) {
		d.Pace.Recipient, d.Pace.From, d.Pace.To, d.Pace.Days = true, 9*60, 17*60, []int{1, 2, 3, 4, 5}
	})
	zones := map[crm.Address]string{}
	for i, x := range []struct{ phone, zone string }{{"+48 22 123 45 67", "Europe/Warsaw"}, {"+81 3 1234 5678", "Asia/Tokyo"}, {"+91 11 2345 6789", "Asia/Kolkata"}} {
		a := crm.Address(fmt.Sprintf("z%d@else.example", i))
		w.Make(crm.KindContact, 10+i, map[string]any{"name": "P", "emails": []any{string(a)}, "phones": []any{x.phone}})
		zones[a] = x.zone
	}
	w.now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) // a Friday: 13:00 in Warsaw, 21:00 in Tokyo, 17:30 in Kolkata
	w.prepare()
	w.start()
	arrived := map[crm.Address]string{}
	w.post.answer = func(_ int, m outbox.Mail) (bool, error) {
		if zone, err := time.LoadLocation(zones[m.To[0]]); err == nil {
			arrived[m.To[0]] = w.Space.Store().Now().Std().In(zone).Format("Mon 15")
		}
		return true, nil
	}
	for i := range 80 {
		must(t, w.work())
		if i == 0 { // Kolkata is the last to begin on Monday
			came, err := w.s.Results(t.Context(), w.anna, w.campaign.ID)
			must(t, err)
			if end := time.Date(2026, 11, 30, 3, 30, 0, 0, time.UTC); came.Finish.Std().Before(end) {
				t.Errorf("it says to be through at %s, before %s", came.Finish.Std(), end)
			}
		}
		w.pass(50 * time.Minute)
	}
	for a, want := range map[crm.Address]string{"z0@else.example": "Fri 13", "z1@else.example": "Mon 09", "z2@else.example": "Mon 09"} {
		if arrived[a] != want {
			t.Errorf("%s in %s got it at %q there, want %q", a, zones[a], arrived[a], want)
		}
	}
}

// TestSegmentThatChanges: what is written down is sent, whoever joins or leaves
// the segment meanwhile; but for a contact that is deleted, who gets none.
func TestSegmentThatChanges(t *testing.T) {
	w := newWorld(t, 8, nil)
	shelf := view.New(w.Space, w.Records)
	x := crm.Segment{Name: "All", Kind: crm.KindContact, Mode: crm.SegmentDynamic, Query: `contacts where name ~ "Person"`, Sharing: crm.SharedWorkspace}
	saved, _, err := shelf.SaveSegment(t.Context(), w.anna, records.By{Actor: tt.Anna, Cause: crm.CauseUI}, x, 0)
	must(t, err)
	_, err = w.s.Edit(t.Context(), w.anna, w.info("segment"), w.campaign.ID, Draft{Name: "Autumn", Template: w.campaign.Template, Segment: saved.Value.ID, Mailbox: tt.AnnaMail, Pace: w.campaign.Pace}, 0)
	must(t, err)
	w.prepare()
	w.start()
	var deleted crm.Recipient
	w.post.answer = func(n int, _ outbox.Mail) (bool, error) {
		if n != 1 {
			return true, nil
		}
		waits, err := w.s.Ledger(t.Context(), w.anna, w.campaign.ID, crm.RecipientQueued, 10, "")
		must(t, err)
		deleted = waits.Items[0].Value
		_, err = w.Records.Delete(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, deleted.Contact, 0)
		must(t, err)
		w.Make(crm.KindContact, 500, map[string]any{"name": "Person New", "emails": []any{"new@people.example"}})
		_, err = w.Records.Update(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, crm.RecordID(tt.ID("con", 7)), records.Patch{Values: map[string]any{"name": "Left the segment"}})
		return true, err
	}
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 7 || f[crm.RecipientExcluded] != 1 || w.post.took["new@people.example"] != 0 {
		t.Errorf("%v; the newcomer got %d", f, w.post.took["new@people.example"])
	}
	line, err := store.Recipients.Get(t.Context(), w.Space, deleted.ID)
	must(t, err)
	if line.Value.Reason != crm.StopGone || w.post.took[deleted.Address] != 0 {
		t.Errorf("the line of the deleted contact is %s (%s)", line.Value.State, line.Value.Reason)
	}
}
