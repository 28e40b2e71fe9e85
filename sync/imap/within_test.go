package imap

import (
	"testing"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// TestWithin: of Gmail's folders All Mail is read, and what is never in it.
func TestWithin(t *testing.T) {
	folders := []source.Folder{{Name: "INBOX", Role: crm.RoleInbox}, {Name: "[Gmail]/All Mail", Role: crm.RoleAll},
		{Name: "[Gmail]/Spam", Role: crm.RoleJunk}, {Name: "[Gmail]/Sent Mail", Role: crm.RoleSent}, {Name: "Projects"}}
	within(folders)
	for i, want := range []string{"[Gmail]/All Mail", "", "", "[Gmail]/All Mail", "[Gmail]/All Mail"} {
		if folders[i].Within != want {
			t.Errorf("%s lies within %q, want %q", folders[i].Name, folders[i].Within, want)
		}
	}
	hidden := []source.Folder{{Name: "INBOX", Role: crm.RoleInbox}}
	if within(hidden); hidden[0].Within != "" {
		t.Error("without All Mail the inbox is not read")
	}
}
