package campaign

import (
	"errors"
	"strings"
	"testing"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// TestSuppressedOfOthers: the list of who gets no mail is for those who may read
// every address.
func TestSuppressedOfOthers(t *testing.T) {
	own := crm.FolderRights{Create: crm.ReachOwn, Read: crm.ReachOwn, Update: crm.ReachOwn, Delete: crm.ReachOwn}
	rights := []crm.Right{crm.RightCampaigns}
	viewer := func(r crm.MemberRole) access.Viewer {
		r.Key = "r"
		return access.NewPolicy(crm.NewSchema([]crm.Setting{crm.RoleSetting(r), crm.MembershipSetting(crm.Membership{User: "u", Role: "r"})})).Member("u")
	}
	w := newWorld(t, 1, func(*Draft) {})
	for name, c := range map[string]struct {
		role crm.MemberRole
		may  bool
	}{
		"who reads all":         {crm.MemberRole{Others: crm.AllRights(), Rights: rights}, true},
		"who reads their own":   {crm.MemberRole{Others: own, Rights: rights}, false},
		"who sees no addresses": {crm.MemberRole{Others: crm.AllRights(), Rights: rights, Fields: []crm.FieldRule{{Kind: crm.KindLead, Field: "emails", Effect: crm.FieldHidden}}}, false},
		"who sends nothing":     {crm.MemberRole{Others: crm.AllRights()}, false},
	} {
		if _, err := w.s.Suppressed(t.Context(), viewer(c.role), 10, ""); (err == nil) != c.may || err != nil && !crm.IsKind(err, crm.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReleaseOfOnePurpose: what somebody left of one purpose is lifted by itself, and
// comes back with the undo; what else they left stays.
func TestReleaseOfOnePurpose(t *testing.T) {
	w := newWorld(t, 1, nil)
	_, err := w.s.SetMailing(t.Context(), w.anna, w.info("purposes"), crm.Mailing{Purposes: []crm.Purpose{{Key: "news", Name: "News"}, {Key: "offers", Name: "Offers"}}})
	must(t, err)
	const a = crm.Address("left@people.example")
	left := func(purpose string) bool {
		t.Helper()
		docs, err := store.Suppressions.GetMany(t.Context(), w.Space, []string{crm.SuppressionID(w.Key, a, purpose)})
		must(t, err)
		return docs[0].Exists()
	}
	for _, purpose := range []string{"", "news", "offers", "gone"} { // the last is named no more
		_, _, err := w.s.SuppressAll(t.Context(), w.info("suppress"), []crm.Address{a}, crm.Suppression{Reason: crm.SuppressedUnsubscribed, Purpose: purpose})
		must(t, err)
	}
	batch, err := w.s.Release(t.Context(), w.anna, w.info("release"), a, "news")
	must(t, err)
	if left("news") || !left("offers") || !left("") {
		t.Errorf("news %v, offers %v, all %v", left("news"), left("offers"), left(""))
	}
	_, err = w.s.Release(t.Context(), w.anna, w.info("release"), a, "news")
	var told *crm.Error
	if !errors.As(err, &told) || told.Kind != crm.NotFound || told.Field != "address" {
		t.Errorf("again: %+v", told)
	}
	_, err = w.Records.Undo(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, batch)
	must(t, err)
	if !left("news") {
		t.Error("the undo does not bring it back")
	}
	_, err = w.s.Release(t.Context(), w.anna, w.info("release"), a, "gone")
	must(t, err)
	_, err = w.s.Release(t.Context(), w.anna, w.info("release"), a, "gone")
	if !errors.As(err, &told) || told.Kind != crm.Invalid || told.Field != "purpose" || !strings.Contains(told.Hint, "news, offers") {
		t.Errorf("no such purpose: %+v", told)
	}
}
