package records

import "threadline/internal/crm"

// keepActivity fills in the state of a task, and places the activity: on the
// timelines of all records that it is about, at the time when it came about.
func (e *edit) keepActivity(old, r *crm.Record) {
	switch r.Kind {
	case crm.KindTask:
		e.keepTask(r)
	case crm.KindMeeting:
		r.OpenProposal() // none any more, once somebody took it over
	}
	r.At = e.at
	if old != nil {
		r.At = old.At
	}
	if t := r.When("started"); t != 0 {
		r.At = t
	}
	r.Feed = nil
	for _, id := range r.Records("records") {
		r.Feed = append(r.Feed, crm.Feed(id, crm.Members))
	}
}

// keepTask keeps done_at in step with the status.
func (e *edit) keepTask(r *crm.Record) {
	if r.Text("status") == "" {
		r.Values["status"] = "todo"
	}
	switch {
	case r.Text("status") != "done":
		delete(r.Values, "done_at")
	case r.When("done_at") == 0:
		r.Values["done_at"] = e.at
	}
}
