package campaign

import (
	"testing"

	"threadline/internal/access"
	"threadline/internal/crm"
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
