package match

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"threadline/internal/crm"
)

// Directory is what matching knows besides the message: a snapshot, loaded for
// the tokens in question or held whole in memory.
type Directory struct {
	OwnAddresses map[crm.Address]bool
	OwnDomains   map[crm.Domain]bool
	FreeMail     map[crm.Domain]bool           // beyond the built-in list
	Holders      map[crm.Token][]crm.Holder    // of addresses and domains
	CompanyOf    map[crm.RecordID]crm.RecordID // contact → company
	DealsOf      map[crm.RecordID][]Deal       // contact or company → deals
	Closed       map[crm.RecordID]crm.Time     // when deals were closed of which people spoke
	Rules        map[crm.Token][]crm.Rule      // standing corrections
	Exclusions   *Exclusions
	Folders      map[crm.BoxID]string         // names, when an exclusion asks for them
	OwnerOf      map[crm.MailboxID]crm.UserID // the same
}

// Deal is when a deal was open, and by what mail may name it.
type Deal struct {
	ID      crm.RecordID
	Created crm.Time
	Closed  crm.Time // 0 while it is open
	Name    string
	Amount  int64 // minor units, 0 when unknown
}

// openAt tells whether mail of that date may belong to the deal.
func (d Deal) openAt(t crm.Time) bool {
	return d.Created.Add(-crm.DealLead) <= t && (d.Closed == 0 || t < d.Closed)
}

// Own tells whether an address is one of ours: listed, or at one of our domains
// or below it.
func (d *Directory) Own(a crm.Address) bool {
	return d.OwnAddresses[a] || d.OwnDomain(a.Domain())
}

// OwnDomain tells whether a domain is one of ours or below it.
func (d *Directory) OwnDomain(of crm.Domain) bool {
	for dom := string(of); len(d.OwnDomains) > 0; {
		if d.OwnDomains[crm.Domain(dom)] {
			return true
		}
		_, rest, more := strings.Cut(dom, ".")
		if !more {
			break
		}
		dom = rest
	}
	return false
}

// Outside tells whether a participant may match: understood, not ours, not
// excluded for everybody.
func (d *Directory) Outside(p crm.Participant) bool {
	if p.Address == "" || d.Own(p.Address) {
		return false
	}
	return !d.dropped(p.Address, nil)
}

// Free tells whether anybody may have an address at the domain.
func (d *Directory) Free(dom crm.Domain) bool { return d.FreeMail[dom] || crm.FreeMail(dom) }

// domains returns the domain itself and the domain that was registered for it:
// mail.acme.co.uk and acme.co.uk. They may be the same.
func domains(d crm.Domain) (own, registered crm.Domain) {
	reg, err := publicsuffix.EffectiveTLDPlusOne(string(d))
	if err != nil {
		return d, d
	}
	return d, crm.Domain(reg)
}

// Registered returns the domain that was registered for a domain.
func Registered(d crm.Domain) crm.Domain {
	_, registered := domains(d)
	return registered
}

// Public tells whether anybody may register a name below the domain: com, co.uk.
func Public(d crm.Domain) bool {
	suffix, _ := publicsuffix.PublicSuffix(string(d))
	return suffix == string(d)
}

// key writes a token into a buffer, to look it up without allocating.
func key(buf []byte, prefix, value string) []byte {
	return append(append(buf[:0], prefix...), value...)
}

const (
	addressKey = "a:"
	domainKey  = "d:"
	keyBytes   = 2 + 254 + 2 // a longer one allocates
)

// manyTokens is the number from which a map finds repetitions faster.
const manyTokens = 24

// Seek returns the tokens under which the message can be found when a record
// takes an address or a domain: those of participants who are none of us.
func (r *Reading) Seek() []crm.Token {
	if len(r.parties) == 0 {
		return nil
	}
	t := tokens{list: make([]crm.Token, 0, min(3*len(r.parties), manyTokens))}
	size := 0
	for i := range r.parties {
		p := &r.parties[i]
		size += len(p.Address) + len(p.own) + len(p.registered) + 3*len(addressKey)
	}
	t.text.Grow(size)
	for i := range r.parties {
		p := &r.parties[i]
		if !t.add(addressKey, string(p.Address)) {
			continue
		}
		if !p.free {
			t.add(domainKey, string(p.own))
		}
		if p.registered != p.own && !p.freeBelow {
			t.add(domainKey, string(p.registered))
		}
	}
	return t.list
}

// tokens is a list without repetitions.
type tokens struct {
	list []crm.Token
	text strings.Builder    // of all of them
	seen map[crm.Token]bool // of a long list
}

// add adds a token and tells whether it was new.
func (t *tokens) add(prefix, value string) bool {
	var room [keyBytes]byte
	k := key(room[:], prefix, value)
	if t.seen == nil {
		for _, have := range t.list {
			if string(have) == string(k) {
				return false
			}
		}
	} else if t.seen[crm.Token(k)] {
		return false
	}
	from := t.text.Len()
	t.text.Write(k)
	t.list = append(t.list, crm.Token(t.text.String()[from:]))
	if len(t.list) == manyTokens {
		t.seen = map[crm.Token]bool{}
		for _, have := range t.list {
			t.seen[have] = true
		}
	} else if t.seen != nil {
		t.seen[t.list[len(t.list)-1]] = true
	}
	return true
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
