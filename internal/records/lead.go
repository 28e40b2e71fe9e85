package records

import "threadline/internal/crm"

// keepLead fills in the status of a lead.
func (e *edit) keepLead(_, r *crm.Record) {
	if r.Text("status") == "" {
		r.Values["status"] = crm.LeadNew
	}
	if r.Text("status") == crm.LeadQualified && r.When("sql_at") == 0 {
		r.Values["sql_at"] = e.at
	}
	if r.Text("currency") == "" && r.Values["amount"] != nil {
		r.Values["currency"] = string(e.ws.Currency)
	}
}
