package ledger

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// base loads the part of the directory that does not depend on the messages:
// who we are, what is excluded, the rules of people.
func base(ctx context.Context, r store.Reader, ws crm.WorkspaceID) (*match.Directory, crm.IDKey, error) {
	return baseAs(ctx, r, ws, nil)
}

// baseAs is base as it would be with a proposal.
func baseAs(ctx context.Context, r store.Reader, ws crm.WorkspaceID, p *proposal) (*match.Directory, crm.IDKey, error) {
	wsDoc, err := store.Workspaces.Get(ctx, r, string(ws))
	if err != nil {
		return nil, nil, err
	}
	d := &match.Directory{
		OwnAddresses: map[crm.Address]bool{}, OwnDomains: map[crm.Domain]bool{}, FreeMail: map[crm.Domain]bool{},
		Holders: map[crm.Token][]crm.Holder{}, CompanyOf: map[crm.RecordID]crm.RecordID{},
		DealsOf: map[crm.RecordID][]match.Deal{}, Closed: map[crm.RecordID]crm.Time{}, Rules: map[crm.Token][]crm.Rule{},
	}
	for _, dom := range wsDoc.Value.OwnDomains {
		d.OwnDomains[dom] = true
	}
	for _, dom := range wsDoc.Value.FreeMail {
		d.FreeMail[dom] = true
	}
	if err := ownAddresses(ctx, r, d); err != nil {
		return nil, nil, err
	}
	rules, err := contents(store.Rules.All(ctx, r, store.Query{}))
	if err != nil {
		return nil, nil, err
	}
	for _, rule := range p.rulesAmong(rules) {
		d.Rules[rule.Value] = append(d.Rules[rule.Value], rule)
	}
	exclusions, err := contents(store.Exclusions.All(ctx, r, store.Query{}))
	if err != nil {
		return nil, nil, err
	}
	d.Exclusions = match.NewExclusions(p.exclusionsAmong(exclusions))
	if d.Exclusions.Labels() {
		err = folders(ctx, r, d)
	}
	return d, wsDoc.Value.IDKey, err
}

// folders loads the names of all folders and whose they are.
func folders(ctx context.Context, r store.Reader, d *match.Directory) error {
	d.Folders, d.OwnerOf = map[crm.BoxID]string{}, map[crm.MailboxID]crm.UserID{}
	mailboxes, err := contents(store.Mailboxes.All(ctx, r, store.Query{}))
	if err != nil {
		return err
	}
	for _, m := range mailboxes {
		d.OwnerOf[m.ID] = m.Owner
	}
	boxes, err := contents(store.Boxes.All(ctx, r, store.Query{}))
	for _, b := range boxes {
		d.Folders[b.ID] = b.Name
	}
	return err
}

func ownAddresses(ctx context.Context, r store.Reader, d *match.Directory) error {
	users, err := store.Users.All(ctx, r, store.Query{})
	if err != nil {
		return err
	}
	for _, u := range users {
		d.OwnAddresses[u.Value.Email] = true
	}
	boxes, err := store.Mailboxes.All(ctx, r, store.Query{})
	for _, m := range boxes {
		d.OwnAddresses[m.Value.Address] = true
		for _, a := range m.Value.Aliases {
			d.OwnAddresses[a] = true
		}
	}
	return err
}
