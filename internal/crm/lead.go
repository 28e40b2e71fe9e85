package crm

// Statuses of a lead, in order of the ladder.
const (
	LeadNew       = "new"
	LeadMQL       = "mql" // marketing says: fit for sales
	LeadMAL       = "mal" // sales has taken it over
	LeadWorking   = "working"
	LeadNurturing = "nurturing"
	LeadQualified = "qualified"
	LeadConverted = "converted"
	LeadRejected  = "rejected"
)

// Lead is somebody's interest of which nobody knows yet what it is worth. Its
// addresses, phones and domains are identities as a contact's are; conversion
// hands them on.
func Lead() Noun {
	n := Noun{
		Kind: KindLead, Plural: "leads", Prefix: "led", Title: "name",
		Fields: []Field{
			{Key: "name", Type: FieldText, Personal: true},
			{Key: "company_name", Type: FieldText},
			{Key: "title", Type: FieldText},
			{Key: "emails", Type: FieldEmail, Many: true, Personal: true},
			{Key: "phones", Type: FieldPhone, Many: true, Personal: true},
			{Key: "status", Type: FieldChoice, Choices: []string{LeadNew, LeadMQL, LeadMAL, LeadWorking, LeadNurturing, LeadQualified, LeadRejected, LeadConverted}},
			{Key: "rating", Type: FieldChoice, Choices: []string{"junk", "cold", "warm", "hot"}},
			{Key: "source", Type: FieldText},
			{Key: "reject_reason", Type: FieldText},
			{Key: "mql_at", Type: FieldTime},
			{Key: "mal_at", Type: FieldTime},
			{Key: "sql_at", Type: FieldTime},
			{Key: "amount", Type: FieldNumber}, // minor units of currency
			{Key: "currency", Type: FieldCurrency},
			{Key: "owner", Type: FieldUser},
			{Key: "about", Type: FieldLongText},
			{Key: "converted_at", Type: FieldTime, System: true},
			{Key: "converted_contact", Type: FieldText, System: true},
			{Key: "converted_company", Type: FieldText, System: true},
			{Key: "converted_deal", Type: FieldText, System: true},
			{Key: "former", Type: FieldText, Many: true, System: true}, // tokens held in the past
		},
		Check: checkLead,
	}
	return n.with(qualification()...)
}

// Rungs are the fields in which the ladder keeps when a lead reached its rungs, in
// their order.
func Rungs() []string { return []string{"mql_at", "mal_at", "sql_at"} }

// ReachedRungs is how many rungs of the ladder a lead with the status stands on.
// One that skipped a rung has passed it.
func ReachedRungs(status string) int {
	return map[string]int{LeadMQL: 1, LeadMAL: 2, LeadQualified: 3}[status]
}

func checkLead(r *Record) error {
	const op = Op("crm.Lead")
	if r.Text("name") == "" && r.Text("company_name") == "" && len(r.List("emails")) == 0 {
		return Errorf(Invalid, op, "a lead needs a name, a company or an address").WithField("name")
	}
	if (r.Text("status") == LeadConverted) != (r.When("converted_at") != 0) {
		return Errorf(Invalid, op, "a lead is converted by its own action").WithField("status").WithHint("POST /api/v1/leads/{id}/convert")
	}
	if r.Text("status") == LeadRejected && r.Text("reject_reason") == "" && r.Text("rating") != "junk" {
		return Errorf(Invalid, op, "say why the lead is rejected").WithField("reject_reason")
	}
	var last Time
	for _, rung := range Rungs() {
		t := r.When(rung)
		if t != 0 && t < last {
			return Errorf(Invalid, op, "a lead climbs the ladder upwards: MQL, MAL, SQL").WithField(rung)
		}
		last = max(last, t)
	}
	return nil
}
