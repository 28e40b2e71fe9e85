package ledger

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// Person is somebody found in mail who is no contact, with the evidence.
type Person struct {
	Address  crm.Address   `json:"address"`
	Name     string        `json:"name,omitempty"`
	Domain   crm.Domain    `json:"domain,omitempty"` // "" for free mail
	Written  int           `json:"written"`          // mails that we wrote to them
	Received int           `json:"received"`         // mails that they wrote
	Copied   int           `json:"copied"`           // mails that only name them
	Last     crm.Time      `json:"last"`
	Example  crm.MessageID `json:"example"` // the latest such mail
}

// maxSuggestMail bounds how much of the newest mail is read for suggestions.
const maxSuggestMail = 50_000

// Suggest lists the people in the mail that the viewer sees who are no
// contacts, the most written-to first. Bulk senders and robots are never
// suggested.
func Suggest(ctx context.Context, sp *store.Space, v access.Viewer) ([]Person, error) {
	if !v.Records() {
		return nil, crm.Errorf(crm.Denied, "ledger.Suggest", "the people in the mail are for members of the workspace")
	}
	dir, key, err := base(ctx, sp, sp.Workspace())
	if err != nil {
		return nil, err
	}
	found := map[crm.Address]*Person{}
	robots := map[crm.Address]bool{}
	q := store.Query{Where: []store.Filter{store.HasAny("feed", suggestTokens(v))}, Order: "date", Desc: true, Limit: store.MaxLimit}
	for n := 0; n < maxSuggestMail; {
		page, err := store.Messages.Query(ctx, sp, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			meet(found, robots, dir, &page.Items[i].Value)
		}
		n += len(page.Items)
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	return strangers(ctx, sp, key, found, robots)
}

// suggestTokens is the list of all mail; the operator, who sets up, may know
// who is in it.
func suggestTokens(v access.Viewer) []crm.FeedToken {
	if v.Operator {
		return []crm.FeedToken{crm.Feed(crm.AllRecords, crm.Members)}
	}
	return v.Tokens(crm.AllRecords)
}

// meet counts the people of one message.
func meet(found map[crm.Address]*Person, robots map[crm.Address]bool, dir *match.Directory, m *crm.Message) {
	from := m.From().Address
	if m.Class != crm.ClassPerson && m.Class != crm.ClassCalendar && m.Class != crm.ClassAutoReply {
		robots[from] = true
		return
	}
	counted := map[crm.Address]bool{}
	for _, p := range met(m) {
		if counted[p.Address] || !dir.Outside(p) || robotic(p.Address) || p.Role == crm.RoleReplyTo {
			continue
		}
		counted[p.Address] = true
		who := found[p.Address]
		if who == nil {
			who = &Person{Address: p.Address, Last: m.Date, Example: m.ID}
			if dom := p.Address.Domain(); !dir.Free(dom) {
				who.Domain = dom
			}
			found[p.Address] = who
		}
		if who.Name == "" && !strings.EqualFold(p.Name, string(p.Address)) {
			who.Name = p.Name
		}
		switch {
		case m.Direction == crm.Outbound && (p.Role == crm.RoleTo || p.Role == crm.RoleCc || p.Role == crm.RoleBcc):
			who.Written++
		case p.Address == from:
			who.Received++
		default:
			who.Copied++
		}
	}
}

// met lists the participants, those with a name first: everybody counts once.
func met(m *crm.Message) []crm.Participant {
	out := slices.Clone(m.Participants)
	slices.SortStableFunc(out, func(a, b crm.Participant) int {
		return cmp.Compare(min(len(b.Name), 1), min(len(a.Name), 1))
	})
	return out
}

// robotic tells whether nobody reads what is sent to the address.
func robotic(a crm.Address) bool {
	if strings.HasSuffix(string(a), ".invalid") { // RFC 2606: nobody is there, as where a person was erased
		return true
	}
	local := strings.NewReplacer("-", "", "_", "", ".", "").Replace(a.Local())
	for _, word := range []string{"noreply", "donotreply", "nepasrepondre", "nonrispondere", "nieodpowiadaj",
		"mailerdaemon", "postmaster", "bounce", "notification", "newsletter", "unsubscribe"} {
		if strings.Contains(local, word) {
			return true
		}
	}
	return false
}

// strangers leaves out who is a contact already.
func strangers(ctx context.Context, sp *store.Space, key crm.IDKey, found map[crm.Address]*Person, robots map[crm.Address]bool) ([]Person, error) {
	addresses := keys(found)
	ids := make([]string, len(addresses))
	for i, a := range addresses {
		ids[i] = crm.IdentityID(key, crm.AddressToken(a))
	}
	docs, err := store.Identities.GetMany(ctx, sp, ids)
	if err != nil {
		return nil, err
	}
	var out []Person
	for i, a := range addresses {
		known := slices.ContainsFunc(docs[i].Value.Holders, func(h crm.Holder) bool { return h.To == 0 })
		person := !robots[a] || found[a].Written > 0 && found[a].Received > 0 // who writes to us by hand, too
		if !known && person {
			out = append(out, *found[a])
		}
	}
	slices.SortFunc(out, func(x, y Person) int {
		return cmp.Or(cmp.Compare(y.Written, x.Written), cmp.Compare(y.Received, x.Received),
			cmp.Compare(y.Last, x.Last), cmp.Compare(x.Address, y.Address))
	})
	return out, nil
}
