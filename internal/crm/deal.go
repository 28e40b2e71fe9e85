package crm

import "time"

// DealLead is how long before its creation a deal is already a candidate for
// mail: the talk that led to it.
const DealLead = 30 * 24 * time.Hour

// Deal is one possible sale to a company, with the contacts who take part.
func Deal() Noun {
	n := Noun{
		Kind: KindDeal, Plural: "deals", Prefix: "dea", Title: "name", Staged: true,
		Fields: []Field{
			{Key: "name", Type: FieldText, Required: true},
			{Key: "amount", Type: FieldNumber, Money: "currency"},
			{Key: "currency", Type: FieldCurrency},
			{Key: "company", Type: FieldRelation, To: KindCompany},
			{Key: "contacts", Type: FieldRelation, To: KindContact, Many: true, Roles: dealRoles()},
			{Key: RolesKey("contacts"), Type: FieldRoles, System: true},
			{Key: "expected_close", Type: FieldDate},
			{Key: "next_step", Type: FieldText},
			{Key: "owner", Type: FieldUser},
		},
	}
	return n.with(staged()...).with(qualification()...)
}

// dealRoles are what a contact may be to a deal.
func dealRoles() []string {
	return []string{"decision_maker", "economic_buyer", "champion", "influencer", "evaluator", "user", "blocker", "other"}
}
