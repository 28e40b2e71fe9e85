package records

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// Accepted is the outcome of AcceptWrittenTo.
type Accepted struct {
	Batch     string `json:"batch"`     // to undo it; empty when there was nothing to do
	Contacts  int    `json:"contacts"`  // made just now
	Companies int    `json:"companies"` // made just now
}

// AcceptWrittenTo makes a contact of everybody to whom the mail that the viewer
// sees was written and who is none yet, and a company for each of their domains
// that nobody holds. Ids follow from address and domain, so a repeat makes
// nothing twice.
func (s *Service) AcceptWrittenTo(ctx context.Context, v access.Viewer, by By) (Accepted, error) {
	const op = crm.Op("records.AcceptWrittenTo")
	people, err := ledger.Suggest(ctx, s.sp, v)
	if err != nil {
		return Accepted{}, crm.Wrap(op, "the people in the mail cannot be listed", err)
	}
	people = slices.DeleteFunc(people, func(p ledger.Person) bool { return p.Written == 0 })
	if len(people) == 0 {
		return Accepted{}, nil
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return Accepted{}, crm.Wrap(op, "the workspace cannot be read", err)
	}
	a := acceptance{ws: &ws.Value, by: by, company: map[crm.Domain]crm.RecordID{}}
	if err := a.known(ctx, s.sp, people); err != nil {
		return Accepted{}, crm.Wrap(op, "the companies cannot be looked up", err)
	}
	for _, p := range people {
		a.accept(p)
	}
	if by.Title == "" {
		by.Title = fmt.Sprintf("make contacts of %d people in the mail", len(people))
	}
	done, err := s.CreateMany(ctx, by, slices.Concat(a.companies, a.contacts))
	out := Accepted{Batch: done.Batch, Companies: len(a.companies), Contacts: done.New - len(a.companies)}
	if done.New == 0 {
		out.Batch = ""
	}
	return out, err
}

// acceptance gathers the drafts.
type acceptance struct {
	ws        *crm.Workspace
	by        By
	company   map[crm.Domain]crm.RecordID // of registrable domains; "" for none
	companies []Draft
	contacts  []Draft
}

// known finds the companies that hold a domain of the people, or one above it.
func (a *acceptance) known(ctx context.Context, r store.Reader, people []ledger.Person) error {
	var domains []crm.Domain
	for _, p := range people {
		if p.Domain != "" {
			domains = append(domains, p.Domain.Parents()...)
		}
	}
	slices.Sort(domains)
	domains = slices.Compact(domains)
	ids := make([]string, len(domains))
	for i, d := range domains {
		ids[i] = crm.IdentityID(a.ws.IDKey, crm.DomainToken(d))
	}
	docs, err := store.Identities.GetMany(ctx, r, ids)
	if err != nil {
		return err
	}
	for i, d := range docs {
		for _, h := range d.Value.Holders {
			if h.To == 0 && a.company[domains[i]] == "" {
				a.company[domains[i]] = h.Record
			}
		}
	}
	return nil
}

func (a *acceptance) accept(p ledger.Person) {
	values := map[string]any{"emails": []string{string(p.Address)}}
	if name := crm.Clip(strings.TrimSpace(p.Name), 150); name != "" {
		values["name"] = name
	}
	if a.by.Actor != "" {
		values["owner"] = string(a.by.Actor)
	}
	if id := a.companyOf(p.Domain); id != "" {
		values["company"] = string(id)
	}
	id := crm.DerivedID(crm.Contact().Prefix, a.ws.IDKey, "suggested", string(p.Address))
	a.contacts = append(a.contacts, Draft{ID: crm.RecordID(id), Kind: crm.KindContact, Values: values})
}

// companyOf returns the company of a domain: one that holds it or a domain
// above it, else a new one for the domain that somebody registered.
func (a *acceptance) companyOf(d crm.Domain) crm.RecordID {
	if d == "" {
		return ""
	}
	for _, p := range d.Parents() {
		if id := a.company[p]; id != "" {
			return id
		}
	}
	top, err := publicsuffix.EffectiveTLDPlusOne(string(d))
	if err != nil || unfit(a.ws, crm.Domain(top)) != "" {
		return ""
	}
	id := crm.RecordID(crm.DerivedID(crm.Company().Prefix, a.ws.IDKey, "suggested", top))
	a.company[crm.Domain(top)] = id
	values := map[string]any{"name": companyName(top), "domains": []string{top}}
	if a.by.Actor != "" {
		values["owner"] = string(a.by.Actor)
	}
	a.companies = append(a.companies, Draft{ID: id, Kind: crm.KindCompany, Values: values})
	return id
}

// companyName makes a name of the part of a domain that its owner chose:
// blue-harbor.co.uk is Blue Harbor.
func companyName(domain string) string {
	label, _, _ := strings.Cut(domain, ".")
	if u, err := idna.ToUnicode(label); err == nil {
		label = u
	}
	words := strings.FieldsFunc(label, func(r rune) bool { return r == '-' || r == '_' })
	for i, w := range words {
		r := []rune(w)
		words[i] = strings.ToUpper(string(r[:1])) + string(r[1:])
	}
	if len(words) == 0 {
		return domain
	}
	return strings.Join(words, " ")
}
