package match

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// Exclusions are what people keep away, ready to be asked. The nil value keeps
// nothing away.
type Exclusions struct {
	people map[crm.Token][]crm.Exclusion // by address or domain
	erased map[crm.Token]crm.Time        // when a person was erased, by the hash of their address
	rest   []crm.Exclusion               // by folder, subject or header
}

// NewExclusions makes them ready; nil when there are none.
func NewExclusions(list []crm.Exclusion) *Exclusions {
	if len(list) == 0 {
		return nil
	}
	x := &Exclusions{people: map[crm.Token][]crm.Exclusion{}, erased: map[crm.Token]crm.Time{}}
	for _, e := range list {
		if e.Effect == crm.Erased {
			x.erased[e.Pattern] = e.At
		} else if e.Pattern.Address() != "" || e.Pattern.Domain() != "" {
			x.people[e.Pattern] = append(x.people[e.Pattern], e)
		} else {
			x.rest = append(x.rest, e)
		}
	}
	return x
}

// Labels tells whether any exclusion asks in which folder mail lies.
func (x *Exclusions) Labels() bool {
	return x != nil && slices.ContainsFunc(x.rest, func(e crm.Exclusion) bool { return e.Pattern.Label() != "" })
}

// Holding is one person's hold on a message: a mailbox, when it matters which,
// and the folders in which their copies lie.
type Holding struct {
	Owner   crm.UserID
	Mailbox crm.MailboxID
	Folders []string // and labels
}

// Never tells whether an exclusion keeps the copy from being stored. Here the domain
// of an address that was not understood counts, too: nobody can correct it later.
func (x *Exclusions) Never(m *crm.Message, h Holding) bool {
	if x == nil {
		return false
	}
	of := func(e crm.Exclusion) bool { return e.Effect == crm.NeverStore && concerns(&e, h) }
	return x.any(m, h, crm.NeverStore) || len(x.people) > 0 && slices.ContainsFunc(m.Participants, func(p crm.Participant) bool {
		return p.Address == "" && x.place(placeIn(p.Raw), of)
	})
}

// Erased tells whether somebody who takes part in a mail was erased after it was
// sent. A mail without a date is old.
func (x *Exclusions) Erased(m *crm.Message, key crm.IDKey, sent crm.Time) bool {
	if x == nil || len(x.erased) == 0 {
		return false
	}
	return slices.ContainsFunc(m.Participants, func(p crm.Participant) bool {
		at, gone := x.erased[crm.ErasedFrom(key, p.Address, 0).Pattern]
		return gone && p.Address != "" && sent <= at
	})
}

// any tells whether an exclusion with the effect covers the holding.
func (x *Exclusions) any(m *crm.Message, h Holding, effect crm.ExclusionEffect) bool {
	if x == nil {
		return false
	}
	of := func(e crm.Exclusion) bool { return e.Effect == effect && concerns(&e, h) }
	if len(x.people) > 0 {
		for i := range m.Participants {
			if x.person(m.Participants[i].Address, of) {
				return true
			}
		}
	}
	return slices.ContainsFunc(x.rest, func(e crm.Exclusion) bool { return of(e) && Asks(e.Pattern, m, h.Folders) })
}

func concerns(e *crm.Exclusion, h Holding) bool {
	return (e.Owner == "" || e.Owner == h.Owner) && (e.Mailbox == "" || e.Mailbox == h.Mailbox)
}

// person tells whether an exclusion of the address, or of a domain at or above
// its own, passes the test.
func (x *Exclusions) person(a crm.Address, of func(crm.Exclusion) bool) bool {
	if a == "" {
		return false
	}
	if slices.ContainsFunc(x.people[crm.AddressToken(a)], of) {
		return true
	}
	return x.place(a.Domain(), of)
}

// place tells whether an exclusion of a domain, or of one above it, passes the test.
func (x *Exclusions) place(d crm.Domain, of func(crm.Exclusion) bool) bool {
	if d == "" {
		return false
	}
	return slices.ContainsFunc(d.Parents(), func(d crm.Domain) bool { return slices.ContainsFunc(x.people[crm.DomainToken(d)], of) })
}

// placeIn is the domain of an address that was not understood, "" when it has none.
func placeIn(raw string) crm.Domain {
	at := strings.LastIndexByte(raw, '@')
	if at < 0 {
		return ""
	}
	rest := strings.TrimLeft(raw[at+1:], " \t")
	if end := strings.IndexAny(rest, "> \t,;()\""); end >= 0 {
		rest = rest[:end]
	}
	d, _ := crm.ParseDomain(rest)
	return d
}

// Asks tells whether a pattern finds the message, which lies in the folders.
func Asks(p crm.Token, m *crm.Message, folders []string) bool {
	if a := p.Address(); a != "" {
		return slices.ContainsFunc(m.Participants, func(q crm.Participant) bool { return q.Address == a })
	}
	if d := p.Domain(); d != "" {
		return slices.ContainsFunc(m.Participants, func(q crm.Participant) bool {
			return q.Address != "" && slices.Contains(q.Address.Domain().Parents(), d)
		})
	}
	if label := p.Label(); label != "" {
		return slices.ContainsFunc(folders, func(f string) bool { return below(strings.ToLower(f), label) })
	}
	if words := p.Subject(); words != "" {
		return strings.Contains(strings.ToLower(m.Subject), words)
	}
	name, words := p.Header()
	return name != "" && slices.ContainsFunc(m.Heads, func(h crm.Header) bool {
		return h.Name == name && strings.Contains(strings.ToLower(h.Value), words)
	})
}

// below tells whether a folder is the label or a folder in it; servers separate
// the steps by a slash or a dot.
func below(folder, label string) bool {
	rest, ok := strings.CutPrefix(folder, label)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '.')
}

// Strongest returns what the exclusions do to a message: drop_copy, owner_only
// or metadata_only when one of them covers every hold on it, else "".
func (d *Directory) Strongest(m *crm.Message) crm.ExclusionEffect {
	if d.Exclusions == nil {
		return ""
	}
	holds := d.holdings(m)
	for _, effect := range []crm.ExclusionEffect{crm.DropCopy, crm.OwnerOnly, crm.MetadataOnly} {
		if !slices.ContainsFunc(holds, func(h Holding) bool { return !d.Exclusions.any(m, h, effect) }) {
			return effect
		}
	}
	return ""
}

// holdings lists who holds the message, at least nobody in particular.
func (d *Directory) holdings(m *crm.Message) []Holding {
	if len(m.Owners) == 0 {
		return []Holding{{Folders: d.foldersOf(m, "")}}
	}
	out := make([]Holding, len(m.Owners))
	for i, u := range m.Owners {
		out[i] = Holding{Owner: u, Folders: d.foldersOf(m, u)}
	}
	return out
}

// foldersOf names the folders in which a person's copies lie, and the labels that
// they have, or when none is left on the server, lay and had last.
func (d *Directory) foldersOf(m *crm.Message, u crm.UserID) []string {
	if !d.Exclusions.Labels() {
		return nil
	}
	return d.places(m, func(id crm.MailboxID) bool { return d.OwnerOf[id] == u })
}

// Everywhere names the folders in which anybody's copies lie or lay last, and
// their labels.
func (d *Directory) Everywhere(m *crm.Message) []string {
	return d.places(m, func(crm.MailboxID) bool { return true })
}

func (d *Directory) places(m *crm.Message, in func(crm.MailboxID) bool) []string {
	var out []string
	for _, c := range m.Copies {
		if in(c.Mailbox) {
			out = append(append(out, d.Folders[c.Box]), crm.Keywords(c.Flags)...)
		}
	}
	for _, p := range m.Left {
		if in(p.Mailbox) {
			out = append(append(out, d.Folders[p.Box]), strings.Fields(p.Labels)...)
		}
	}
	return out
}

// dropped tells whether a participant matches nothing: for each who holds the
// message.
func (d *Directory) dropped(a crm.Address, owners []crm.UserID) bool {
	if d.Exclusions == nil || len(d.Exclusions.people) == 0 {
		return false
	}
	by := func(u crm.UserID) bool {
		return d.Exclusions.person(a, func(e crm.Exclusion) bool {
			return e.Effect == crm.DropParticipant && concerns(&e, Holding{Owner: u})
		})
	}
	if by("") {
		return true
	}
	return len(owners) > 0 && !slices.ContainsFunc(owners, func(u crm.UserID) bool { return !by(u) })
}

// Drops tells whether an exclusion takes away any participant of the message.
func (d *Directory) Drops(m *crm.Message) bool {
	return slices.ContainsFunc(m.Participants, func(p crm.Participant) bool { return d.dropped(p.Address, m.Owners) })
}
