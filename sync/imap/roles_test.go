package imap

import (
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

func TestRoles(t *testing.T) {
	type list = []*goimap.ListData
	plain := func(delim rune, names ...string) (out list) {
		for _, n := range names {
			out = append(out, &goimap.ListData{Mailbox: n, Delim: delim})
		}
		return out
	}
	special := func(name string, attrs ...goimap.MailboxAttr) *goimap.ListData {
		return &goimap.ListData{Mailbox: name, Delim: '/', Attrs: attrs}
	}
	for _, c := range []struct {
		name string
		list list
		want map[string]crm.BoxRole
	}{
		{"attributes win over names",
			append(plain('/', "INBOX", "Sent", "Trash"), special("Postausgang", goimap.MailboxAttrHasNoChildren, goimap.MailboxAttrSent)),
			map[string]crm.BoxRole{"INBOX": crm.RoleInbox, "Postausgang": crm.RoleSent, "Trash": crm.RoleTrash}},
		{"several with one attribute",
			list{special("A", goimap.MailboxAttrTrash), special("B", goimap.MailboxAttrTrash)},
			map[string]crm.BoxRole{"A": crm.RoleTrash, "B": crm.RoleTrash}},
		{"Gmail", list{special("INBOX"), special("[Gmail]/All Mail", goimap.MailboxAttrAll), special("[Gmail]/Spam", goimap.MailboxAttrJunk)},
			map[string]crm.BoxRole{"INBOX": crm.RoleInbox, "[Gmail]/All Mail": crm.RoleAll, "[Gmail]/Spam": crm.RoleJunk}},
		{"French", plain('.', "INBOX", "INBOX.Éléments envoyés", "INBOX.Brouillons", "INBOX.Corbeille", "INBOX.Courrier indésirable"),
			map[string]crm.BoxRole{"INBOX": crm.RoleInbox, "INBOX.Éléments envoyés": crm.RoleSent, "INBOX.Brouillons": crm.RoleDrafts,
				"INBOX.Corbeille": crm.RoleTrash, "INBOX.Courrier indésirable": crm.RoleJunk}},
		{"Italian", plain('/', "Posta inviata", "Bozze", "Cestino", "Posta indesiderata", "Archivio"),
			map[string]crm.BoxRole{"Posta inviata": crm.RoleSent, "Bozze": crm.RoleDrafts, "Cestino": crm.RoleTrash,
				"Posta indesiderata": crm.RoleJunk, "Archivio": crm.RoleArchive}},
		{"Polish", plain('/', "Elementy wysłane", "Kopie robocze", "Kosz", "Niechciane", "Archiwum"),
			map[string]crm.BoxRole{"Elementy wysłane": crm.RoleSent, "Kopie robocze": crm.RoleDrafts, "Kosz": crm.RoleTrash,
				"Niechciane": crm.RoleJunk, "Archiwum": crm.RoleArchive}},
		{"German", plain('/', "Gesendet", "Entwürfe", "Papierkorb", "Archiv"),
			map[string]crm.BoxRole{"Gesendet": crm.RoleSent, "Entwürfe": crm.RoleDrafts, "Papierkorb": crm.RoleTrash, "Archiv": crm.RoleArchive}},
		{"only one is guessed", plain('/', "Sent Messages", "Sent"), map[string]crm.BoxRole{"Sent": crm.RoleSent}},
		{"deeper folders are the owner's", plain('/', "Clients/Sent", "inbox"), map[string]crm.BoxRole{"inbox": crm.RoleInbox}},
	} {
		if diff := cmp.Diff(c.want, roles(c.list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestHeaderOf(t *testing.T) {
	for raw, want := range map[string]string{
		"A: 1\r\nB: 2\r\n\r\nbody\r\n\r\nmore": "A: 1\r\nB: 2\r\n\r\n",
		"A: 1\n\nbody\r\n\r\n":                 "A: 1\n\n",
		"A: 1\r\nB: 2":                         "",
		"":                                     "",
	} {
		if got := string(headerOf([]byte(raw))); got != want {
			t.Errorf("header of %q is %q, want %q", raw, got, want)
		}
	}
}
