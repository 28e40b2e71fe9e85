package crm

import "slices"

// Figures is what follows from a record by now, kept so that people can filter
// and sort by it: a projection of the record, its timeline and the records
// around it, see package records. Mail counts as far as every member of the
// workspace may know of it.
type Figures struct {
	ID       RecordID       `cbor:"-" json:"id"`
	Kind     Kind           `cbor:"kind" json:"kind"`
	Values   map[string]any `cbor:"values,omitempty" json:"values"`
	Due      Time           `cbor:"due,omitempty" json:"due,omitempty"` // when time alone changes it
	Cell     string         `cbor:"cell,omitempty" json:"-"`            // of the sums that it is counted in
	Amount   int64          `cbor:"amount,omitempty" json:"-"`          // what it is counted with
	Audience []Audience     `cbor:"audience,omitempty" json:"-"`
}

// Tally counts and sums the records of one stage, currency and audience, so
// that a board needs no reading of all its records.
type Tally struct {
	ID       string     `cbor:"-" json:"-"` // follows from the rest
	Kind     Kind       `cbor:"kind" json:"-"`
	Pipeline string     `cbor:"pipeline" json:"-"`
	Stage    string     `cbor:"stage" json:"stage"`
	Currency Currency   `cbor:"currency,omitempty" json:"currency,omitempty"`
	Audience []Audience `cbor:"audience,omitempty" json:"-"`
	Count    int64      `cbor:"count" json:"count"`
	Sum      int64      `cbor:"sum" json:"sum"` // minor units
}

// NextTaskDue is the day of the open task that is due first.
const NextTaskDue = "next_task_due"

// Lifecycle is what somebody is to us. Stored it is what a person said; as a
// figure it is that or, where nobody said anything, what deals tell.
const Lifecycle = "lifecycle"

// What somebody is to us.
const (
	LifecycleProspect = "prospect"
	LifecycleCustomer = "customer"
)

func lifecycles() []string {
	return []string{LifecycleProspect, LifecycleCustomer, "former_customer", "partner", "supplier", "competitor", "other"}
}

// LifecycleOf is what a contact or company is to us: what was said, else a
// customer by a won deal, a prospect by an open one, "" by none. stages are the
// kinds of the stages of its deals.
func LifecycleOf(said string, stages []StageKind) string {
	switch {
	case said != "":
		return said
	case slices.Contains(stages, StageWon):
		return LifecycleCustomer
	case slices.Contains(stages, StageOpen):
		return LifecycleProspect
	}
	return ""
}

// HasLifecycle tells whether records of a noun are something to us.
func (n Noun) HasLifecycle() bool { return n.Kind == KindContact || n.Kind == KindCompany }

// IndexedFigures are the figures that indexes are kept of.
func IndexedFigures() []string {
	return []string{FirstTouch, LastTouch, LastInbound, LastOutbound, Mails30, DaysInStage, Rotting, NextTaskDue, WhoseTurn, Lifecycle}
}

// FigureFields are the figures of every record of a noun as fields that can be
// asked for.
func FigureFields(n Noun) []Field {
	if n.Activity {
		return nil
	}
	out := []Field{
		{Key: FirstTouch, Type: FieldTime}, {Key: LastTouch, Type: FieldTime},
		{Key: LastInbound, Type: FieldTime}, {Key: LastOutbound, Type: FieldTime},
		{Key: Mails30, Type: FieldNumber},
		{Key: WhoseTurn, Type: FieldChoice, Choices: []string{string(TurnOurs), string(TurnTheirs), string(TurnDone)}},
		{Key: NextTask, Type: FieldText}, {Key: NextTaskDue, Type: FieldDate},
	}
	if n.Staged {
		out = append(out, Field{Key: DaysInStage, Type: FieldNumber}, Field{Key: Rotting, Type: FieldCheckbox})
	}
	if n.HasLifecycle() {
		out = append(out, Field{Key: Lifecycle, Type: FieldChoice, Choices: lifecycles()})
	}
	for i := range out {
		out[i].System, out[i].Figure = true, true
	}
	return out
}

// WithFigures is the noun with figures among its fields.
func (n Noun) WithFigures(fields []Field) Noun {
	kept := slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool {
		return slices.ContainsFunc(fields, func(g Field) bool { return g.Key == f.Key })
	})
	n.Fields = append(kept, fields...)
	return n
}
