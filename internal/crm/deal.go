package crm

import "time"

// DealLead is how long before its creation a deal is already a candidate for
// mail: the talk that led to it.
const DealLead = 30 * 24 * time.Hour

// Deal is one possible sale to a company, with the contacts who take part.
// StageKind, closed_at and stage_history are kept by package records when the
// stage moves.
func Deal() Noun {
	return Noun{
		Kind: KindDeal, Plural: "deals", Prefix: "dea", Title: "name",
		Fields: []Field{
			{Key: "name", Type: FieldText, Required: true},
			{Key: "pipeline", Type: FieldText, Required: true},
			{Key: "stage", Type: FieldText, Required: true},
			{Key: "stage_kind", Type: FieldText, System: true},
			{Key: "amount", Type: FieldNumber}, // minor units of currency
			{Key: "currency", Type: FieldCurrency},
			{Key: "company", Type: FieldRelation, To: KindCompany},
			{Key: "contacts", Type: FieldRelation, To: KindContact, Many: true},
			{Key: "expected_close", Type: FieldDate},
			{Key: "created", Type: FieldTime},
			{Key: "closed_at", Type: FieldTime, System: true},
			{Key: "lost_reason", Type: FieldText},
			{Key: "next_step", Type: FieldText},
			{Key: "owner", Type: FieldUser},
			{Key: "stage_history", Type: FieldText, Many: true, System: true}, // "time stage", oldest first
		},
	}
}
