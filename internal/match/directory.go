package match

import (
	"golang.org/x/net/publicsuffix"

	"threadline/internal/crm"
)

// Directory is what matching knows besides the message: a snapshot, loaded for
// the tokens in question or held whole in memory.
type Directory struct {
	OwnAddresses map[crm.Address]bool
	OwnDomains   map[crm.Domain]bool
	FreeMail     map[crm.Domain]bool               // beyond the built-in list
	Holders      map[crm.Token][]crm.Holder        // of addresses and domains
	CompanyOf    map[crm.RecordID]crm.RecordID     // contact → company
	DealsOf      map[crm.RecordID][]Deal           // contact or company → deals
	Rules        map[crm.Token][]crm.Rule          // standing corrections
	Excluded     map[crm.Token]crm.ExclusionEffect // workspace-wide
}

// Deal is when a deal was open; Closed is 0 while it is.
type Deal struct {
	ID      crm.RecordID
	Created crm.Time
	Closed  crm.Time
}

// openAt tells whether mail of that date may belong to the deal.
func (d Deal) openAt(t crm.Time) bool {
	return d.Created.Add(-crm.DealLead) <= t && (d.Closed == 0 || t < d.Closed)
}

// Own tells whether an address is one of ours.
func (d *Directory) Own(a crm.Address) bool {
	return d.OwnAddresses[a] || d.OwnDomains[a.Domain()]
}

// outside tells whether a participant may match: understood, not ours, not
// excluded.
func (d *Directory) outside(p crm.Participant) bool {
	return p.Address != "" && !d.Own(p.Address) && !d.dropped(p.Address)
}

func (d *Directory) dropped(a crm.Address) bool {
	if len(d.Excluded) == 0 {
		return false
	}
	if d.Excluded[crm.AddressToken(a)] == crm.DropParticipant {
		return true
	}
	for _, dom := range domains(a.Domain()) {
		if d.Excluded[crm.DomainToken(dom)] == crm.DropParticipant {
			return true
		}
	}
	return false
}

// Free tells whether anybody may have an address at the domain.
func (d *Directory) Free(dom crm.Domain) bool { return d.FreeMail[dom] || crm.FreeMail(dom) }

// domains returns the domain itself and, when it is another, the domain that
// was registered for it: mail.acme.co.uk and acme.co.uk.
func domains(d crm.Domain) []crm.Domain {
	reg, err := publicsuffix.EffectiveTLDPlusOne(string(d))
	if err != nil || crm.Domain(reg) == d {
		return []crm.Domain{d}
	}
	return []crm.Domain{d, crm.Domain(reg)}
}

// Seek returns the tokens under which the message can be found when a record
// takes an address or a domain: those of participants outside.
func (d *Directory) Seek(ps []crm.Participant) []crm.Token {
	var out []crm.Token
	seen := map[crm.Token]bool{}
	add := func(t crm.Token) {
		if !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	for _, p := range ps {
		if p.Address == "" || d.Own(p.Address) {
			continue
		}
		add(crm.AddressToken(p.Address))
		for _, dom := range domains(p.Address.Domain()) {
			if !d.Free(dom) {
				add(crm.DomainToken(dom))
			}
		}
	}
	return out
}

// Direction decides it from identities alone.
func (d *Directory) Direction(m *crm.Message) crm.Direction {
	from := m.From().Address
	if from == "" || !d.Own(from) {
		return crm.Inbound
	}
	for _, p := range m.Participants {
		if p.Role != crm.RoleFrom && p.Role != crm.RoleSender && p.Role != crm.RoleReplyTo &&
			p.Address != "" && !d.Own(p.Address) {
			return crm.Outbound
		}
	}
	return crm.Within
}
