package records

import (
	"slices"

	"golang.org/x/net/publicsuffix"

	"threadline/internal/crm"
)

// checkDomains refuses domains at which anybody may be, and our own: mail would
// be linked to a company that it has nothing to do with. Domains that the
// record had already are let be.
func checkDomains(ws *crm.Workspace, old, r *crm.Record) error {
	if r.Kind != crm.KindCompany {
		return nil
	}
	var had []string
	if old != nil {
		had = old.List("domains")
	}
	for _, s := range r.List("domains") {
		if slices.Contains(had, s) {
			continue
		}
		if why := unfit(ws, crm.Domain(s)); why != "" {
			return crm.Errorf(crm.Invalid, "records.checkDomains", "%s %s, so it cannot stand for a company", s, why).
				WithField("domains").WithHint("put the person's address on a contact of the company instead")
		}
	}
	return nil
}

// unfit says why a domain cannot be a company's, "" when it can.
func unfit(ws *crm.Workspace, d crm.Domain) string {
	if suffix, _ := publicsuffix.PublicSuffix(string(d)); suffix == string(d) {
		return "belongs to many"
	}
	if crm.FreeMail(d) {
		return "is a free-mail domain"
	}
	for _, p := range d.Parents() {
		switch {
		case slices.Contains(ws.FreeMail, p):
			return "is a free-mail domain of this workspace"
		case slices.Contains(ws.OwnDomains, p):
			return "is our own"
		}
	}
	return ""
}

// keepRules fills in what the program keeps by itself, for every kind.
func (e *edit) keepRules(n crm.Noun, old, r *crm.Record, said map[string]any) error {
	switch {
	case n.Staged:
		return e.keepStage(old, r, said)
	case n.Activity:
		e.keepActivity(old, r)
	case n.Kind == crm.KindLead:
		e.keepLead(old, r)
	}
	return nil
}
