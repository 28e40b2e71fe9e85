package imap

import (
	"slices"
	"strings"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// attrRoles are the special-use attributes of RFC 6154.
func attrRoles() map[goimap.MailboxAttr]crm.BoxRole {
	return map[goimap.MailboxAttr]crm.BoxRole{
		goimap.MailboxAttrSent: crm.RoleSent, goimap.MailboxAttrDrafts: crm.RoleDrafts,
		goimap.MailboxAttrTrash: crm.RoleTrash, goimap.MailboxAttrJunk: crm.RoleJunk,
		goimap.MailboxAttrArchive: crm.RoleArchive, goimap.MailboxAttrAll: crm.RoleAll,
	}
}

// namedRoles are the names that mail programs and providers give to folders
// where the server tells no special use: English, French, Italian, Polish,
// German; in lower case.
func namedRoles() map[crm.BoxRole][]string {
	return map[crm.BoxRole][]string{
		crm.RoleSent: {"sent", "sent mail", "sent items", "sent messages",
			"envoyés", "éléments envoyés", "messages envoyés", "courrier envoyé", "objets envoyés",
			"inviati", "posta inviata", "inviata", "elementi inviati", "messaggi inviati",
			"wysłane", "elementy wysłane", "wiadomości wysłane", "poczta wysłana",
			"gesendet", "gesendete elemente", "gesendete objekte", "gesendete nachrichten"},
		crm.RoleDrafts: {"drafts", "draft", "draft messages",
			"brouillons", "brouillon", "bozze", "bozza", "kopie robocze", "wersje robocze", "szkice", "robocze",
			"entwürfe", "entwurf"},
		crm.RoleTrash: {"trash", "deleted", "deleted items", "deleted messages", "bin",
			"corbeille", "éléments supprimés", "messages supprimés", "cestino", "posta eliminata", "elementi eliminati",
			"kosz", "elementy usunięte", "usunięte", "papierkorb", "gelöscht", "gelöschte elemente", "gelöschte objekte"},
		crm.RoleJunk: {"junk", "spam", "junk e-mail", "junk email", "junk mail", "bulk mail",
			"courrier indésirable", "indésirables", "pourriel", "posta indesiderata", "indesiderata",
			"wiadomości-śmieci", "niechciane", "wiadomości śmieci", "junk-e-mail", "werbung", "spamverdacht"},
		crm.RoleArchive: {"archive", "archives", "archivio", "archiviati", "archiwum", "archiv"},
	}
}

// roles gives every folder its role: by attribute, else by name when the
// server gave no folder that role. A role found by name goes to one folder.
func roles(list []*goimap.ListData) map[string]crm.BoxRole {
	byAttr, byFolder := attrRoles(), map[string]crm.BoxRole{}
	taken := map[crm.BoxRole]bool{}
	for _, d := range list {
		if strings.EqualFold(d.Mailbox, "INBOX") {
			byFolder[d.Mailbox] = crm.RoleInbox
			continue
		}
		for _, a := range d.Attrs {
			if role := byAttr[a]; role != "" {
				byFolder[d.Mailbox], taken[role] = role, true
				break
			}
		}
	}
	names := namedRoles()
	for _, role := range []crm.BoxRole{crm.RoleSent, crm.RoleDrafts, crm.RoleTrash, crm.RoleJunk, crm.RoleArchive} {
		if taken[role] {
			continue
		}
		if folder := firstNamed(list, byFolder, names[role]); folder != "" {
			byFolder[folder] = role
		}
	}
	return byFolder
}

// firstNamed finds the folder with the earliest of the names that has no role
// yet.
func firstNamed(list []*goimap.ListData, has map[string]crm.BoxRole, names []string) string {
	best, rank := "", len(names)
	for _, d := range list {
		if has[d.Mailbox] != "" {
			continue
		}
		if i := slices.Index(names, topName(d)); i >= 0 && i < rank {
			best, rank = d.Mailbox, i
		}
	}
	return best
}

// topName is the lower-case name of a top-level folder. Some servers keep all
// folders below INBOX, Gmail its own ones below [Gmail]; a folder deeper than
// that is one that the owner made.
func topName(d *goimap.ListData) string {
	name := strings.ToLower(d.Mailbox)
	if d.Delim == 0 {
		return name
	}
	delim := string(d.Delim)
	for _, root := range []string{"inbox", "[gmail]", "[google mail]"} {
		name = strings.TrimPrefix(name, root+delim)
	}
	if strings.Contains(name, delim) {
		return ""
	}
	return name
}
