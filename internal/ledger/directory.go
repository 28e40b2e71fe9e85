package ledger

import (
	"context"
	"slices"

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

// extend loads the holders of the tokens and what hangs on them: companies of
// contacts, deals of both.
func extend(ctx context.Context, r store.Reader, d *match.Directory, key crm.IDKey, tokens []crm.Token) error {
	ids := make([]string, len(tokens))
	for i, t := range tokens {
		ids[i] = crm.IdentityID(key, t)
	}
	docs, err := store.Identities.GetMany(ctx, r, ids)
	if err != nil {
		return err
	}
	var records []crm.RecordID
	seen := map[crm.RecordID]bool{}
	add := func(id crm.RecordID) {
		if id != "" && !seen[id] {
			seen[id] = true
			records = append(records, id)
		}
	}
	for _, doc := range docs {
		if !doc.Exists() {
			continue
		}
		d.Holders[doc.Value.Token] = doc.Value.Holders
		for _, h := range doc.Value.Holders {
			add(h.Record)
		}
	}
	if err := standingRules(ctx, r, d, tokens, add); err != nil {
		return err
	}
	if err := companies(ctx, r, d, records, add); err != nil {
		return err
	}
	return deals(ctx, r, d, records)
}

// standingRules adds the records of the rules in question; a rule for a record
// that is gone has no effect.
func standingRules(ctx context.Context, r store.Reader, d *match.Directory, tokens []crm.Token, add func(crm.RecordID)) error {
	about := map[crm.RecordID]bool{}
	for _, t := range tokens {
		for _, rule := range d.Rules[t] {
			about[rule.Record] = true
		}
	}
	gone, err := missing(ctx, r, about)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if d.Rules[t] == nil {
			continue
		}
		d.Rules[t] = slices.DeleteFunc(d.Rules[t], func(rule crm.Rule) bool { return gone[rule.Record] })
	}
	for _, id := range keys(about) {
		if !gone[id] {
			add(id)
		}
	}
	return nil
}

func companies(ctx context.Context, r store.Reader, d *match.Directory, records []crm.RecordID, add func(crm.RecordID)) error {
	var contacts []string
	for _, id := range records {
		if n, _ := crm.NounOfID(id); n.Kind == crm.KindContact {
			contacts = append(contacts, string(id))
		}
	}
	docs, err := store.Records.GetMany(ctx, r, contacts)
	for _, doc := range docs {
		if company := crm.RecordID(doc.Value.Text("company")); company != "" {
			d.CompanyOf[doc.Value.ID] = company
			add(company)
		}
	}
	return err
}

// deals loads the deals of contacts and companies.
func deals(ctx context.Context, r store.Reader, d *match.Directory, records []crm.RecordID) error {
	var contacts, firms []crm.RecordID
	for _, id := range append(records, companiesOf(d, records)...) {
		switch n, _ := crm.NounOfID(id); n.Kind {
		case crm.KindContact:
			contacts = append(contacts, id)
		case crm.KindCompany:
			firms = append(firms, id)
		}
	}
	byContact := func(ids []crm.RecordID) store.Filter { return store.HasAmong("values.contacts", ids) }
	byCompany := func(ids []crm.RecordID) store.Filter { return store.AmongAll("values.company", ids) }
	if err := eachDeal(ctx, r, contacts, byContact, d); err != nil {
		return err
	}
	return eachDeal(ctx, r, firms, byCompany, d)
}

func companiesOf(d *match.Directory, records []crm.RecordID) []crm.RecordID {
	var out []crm.RecordID
	for _, id := range records {
		if c := d.CompanyOf[id]; c != "" {
			out = append(out, c)
		}
	}
	return out
}

func eachDeal(ctx context.Context, r store.Reader, ids []crm.RecordID, filter func([]crm.RecordID) store.Filter, d *match.Directory) error {
	want := map[crm.RecordID]bool{}
	for _, id := range ids {
		if _, done := d.DealsOf[id]; !done {
			want[id] = true
			d.DealsOf[id] = nil
		}
	}
	var qs []store.Query
	for chunk := range chunks(keys(want), store.Width(r)) {
		qs = append(qs, store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal), filter(chunk)}, Limit: store.MaxLimit})
	}
	return store.Records.Gather(ctx, r, qs, func(doc store.Doc[crm.Record]) error {
		deal := match.Deal{ID: doc.Value.ID, Created: doc.Value.When("created"), Closed: doc.Value.When("closed_at"),
			Name: doc.Value.Text("name"), Amount: doc.Value.Int("amount")}
		for _, holder := range append(doc.Value.Records("contacts"), crm.RecordID(doc.Value.Text("company"))) {
			if want[holder] {
				d.DealsOf[holder] = append(d.DealsOf[holder], deal)
			}
		}
		return nil
	})
}
