package records

import "threadline/internal/crm"

// keepLead fills in the status of a lead.
func (e *edit) keepLead(old, r *crm.Record) {
	if r.Text("status") == "" {
		r.Values["status"] = crm.LeadNew
	}
	e.climb(old, r)
	if r.Text("currency") == "" && r.Values["amount"] != nil {
		r.Values["currency"] = string(e.ws.Currency)
	}
}

// climb notes when a lead reached the rungs of the ladder that its status stands
// on. Going down again takes nothing back: it was there.
func (e *edit) climb(old, r *crm.Record) {
	if old != nil && old.Text("status") == r.Text("status") {
		return
	}
	n := crm.ReachedRungs(r.Text("status"))
	at := e.at
	for i, rung := range crm.Rungs() {
		if t := r.When(rung); t != 0 && i >= n {
			at = min(at, t)
		}
	}
	for _, rung := range crm.Rungs()[:n] {
		if t := r.When(rung); t == 0 {
			r.Values[rung] = at
		}
	}
}
