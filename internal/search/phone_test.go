package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	tt "threadline/internal/timeline/timelinetest"
)

// TestFindPhones finds a number however it is typed, and while it is.
func TestFindPhones(t *testing.T) {
	r := newRig(t)
	_, err := r.Records.SetHome(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, "PL")
	must(t, err)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "phones": []string{"+48221234567"}})
	r.Make(crm.KindContact, 2, map[string]any{"name": "Nora", "phones": []string{"+442079460958"}})
	r.Make(crm.KindContact, 3, map[string]any{"name": "Gino", "phones": []string{"+39061234000"}})
	r.Make(crm.KindDeal, 1, map[string]any{"name": "22 pumps"})
	r.catchUp(t)
	for ask, want := range map[string][]string{
		"22 123 45 67": {"Ewa"}, "22 123": {"Ewa"}, "22": {"22 pumps", "Ewa"}, "(22) 123-45-67": {"Ewa"}, "+48 22 123": {"Ewa"}, "0048 22 1": {"Ewa"}, "022 123 45 67": {"Ewa"},
		"123 45 67": {"Ewa"}, "4567": {"Ewa"}, "+48221234567": {"Ewa"}, "020 7946 09": {"Nora"}, "0958": {"Nora"}, "+44 (0)20 7946 0958": {"Nora"}, "06 1234": {"Gino"},
		"23 45 67": nil, "0": {"Gino", "Nora"}, "00": nil,
	} {
		if d := cmp.Diff(want, r.find(t, access.Member(tt.Anna), ask)); d != "" {
			t.Errorf("%q: -want +got\n%s", ask, d)
		}
	}
}
