package query

import (
	"testing"
	"time"

	"threadline/internal/crm"
)

// warsaw is a quarter past midnight on Wednesday 25 March 2026 there, and still
// Tuesday in UTC; its clocks go forward on the Sunday after.
func warsaw(t *testing.T) Env {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return Env{Now: time.Date(2026, 3, 25, 0, 15, 0, 0, zone), Me: ola}
}

func bound(t *testing.T, text string, env Env) *Bound {
	t.Helper()
	q, err := Parse(text, schema())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	b, err := Bind(q, schema(), env)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return b
}

// TestMatch says for conditions on a deal and a task whether they hold.
func TestMatch(t *testing.T) {
	at := func(s string) crm.Time {
		v, err := crm.ParseTime(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	acme := &crm.Record{ID: company, Kind: crm.KindCompany, Values: map[string]any{"name": "Łódzkie Zakłady", "domains": []string{"acme.example"}}}
	anna := &crm.Record{ID: contact, Kind: crm.KindContact, Values: map[string]any{"name": "Anna", "emails": []string{"anna@acme.example", "a@b.example"}}}
	related := func(id crm.RecordID) *crm.Record {
		return map[crm.RecordID]*crm.Record{company: acme, contact: anna}[id]
	}
	records := map[string]*crm.Record{
		"deals": {ID: "dea_a", Kind: crm.KindDeal, CreatedAt: at("2026-03-24T23:30:00Z"), Values: map[string]any{
			"name": "Zażółć gęślą jaźń", "stage": "proposal", "amount": int64(324000), "currency": "PLN", "company": company,
			"contacts": []string{contact, "con_gone"}, "expected_close": "2026-03-31", "owner": ola, "created": at("2026-03-18T00:00:00Z")}},
		"tasks": {ID: "tas_a", Kind: crm.KindTask, CreatedAt: at("2026-03-24T22:30:00Z"), Values: map[string]any{
			"title": "Call", "due": "2026-03-25", "records": []any{string(company)}}},
	}
	for text, want := range map[string]bool{
		"deals where created_at = today":                                             true, // half past midnight there
		"tasks where created_at = today":                                             false,
		"tasks where created_at = yesterday":                                         true,
		"deals where created_at > yesterday":                                         true,
		"tasks where created_at > yesterday":                                         false,
		"tasks where created_at >= yesterday":                                        true,
		"tasks where created_at <= yesterday":                                        true,
		"tasks where created_at < today":                                             true,
		"deals where created_at = 2026-03-25":                                        true,
		"deals where created_at > 2026-03-25":                                        false,
		"deals where created_at > 2026-03-24T23:00:00Z":                              true,
		"deals where created_at = this week":                                         true,
		"deals where created = last week":                                            true,
		"deals where created < this week":                                            true,
		"deals where created > 7d ago":                                               true, // 01:00 there; the limit is 00:15
		"deals where created > 6d ago":                                               false,
		"deals where created > 167h ago":                                             false,
		"deals where created > 168 hours ago":                                        true,
		"deals where expected_close = this month":                                    true,
		"deals where expected_close > this month":                                    false,
		"deals where expected_close < next month":                                    true,
		"deals where expected_close = this quarter":                                  true,
		"deals where expected_close = next year":                                     false,
		"deals where expected_close in (today, in 6 days)":                           true,
		"deals where expected_close between tomorrow and in 1w":                      true,
		"deals where expected_close between tomorrow and in 5d":                      false,
		"deals where expected_close between this week and next week":                 true,
		"tasks where due = today":                                                    true,
		"tasks where due <= 1mo ago":                                                 false,
		"tasks where due != today":                                                   false,
		"deals where amount = 3240":                                                  true,
		"deals where amount = 3240 EUR":                                              false,
		"deals where amount != 3240 EUR":                                             true,
		"deals where amount > 3239.99 PLN":                                           true,
		"deals where amount between 1 PLN and 3240 PLN":                              true,
		"deals where amount in (1, 3240.00)":                                         true,
		"deals where name ~ zazolc":                                                  true,
		"deals where name ~ JAZN and not name ~ x":                                   true,
		"deals where name = \"zażółć gęślą jaźń\"":                                   false,
		"deals where company.name ~ lodz":                                            true,
		"deals where company.domains has acme.example":                               true,
		"deals where company.phones is empty":                                        true,
		"deals where company.name is not empty":                                      true,
		"deals where contacts.emails ~ @b.":                                          true,
		"deals where contacts.name = Anna":                                           true,
		"deals where contacts.name != Anna":                                          false,
		"deals where contacts.created_at between 2020-01-01 and 2021-01-01":          false,
		"deals where contacts has con_bbbbbbbbbbbbbbbbbbbbbbbbbb":                    false,
		"deals where contacts has (con_bbbbbbbbbbbbbbbbbbbbbbbbbb, " + contact + ")": true,
		"deals where owner = me and owner in (\"ola łącka\")":                        true,
		"deals where next_step is empty and next_step != x":                          true,
		"deals where next_step < x or next_step ~ x":                                 false,
		"deals where closed_at is not empty":                                         false,
		"tasks where records has " + company:                                         true,
		"deals where stage in (Negotiation, PROPOSAL)":                               true,
		"deals where not (stage = proposal and name is empty)":                       true,
		"deals": true,
	} {
		b := bound(t, text, warsaw(t))
		r := records[b.Noun.Plural]
		if got := b.Match(r, related); got != want {
			t.Errorf("%s: %v", text, got)
		}
		if other := records[map[string]string{"deals": "tasks", "tasks": "deals"}[b.Noun.Plural]]; b.Match(other, related) {
			t.Errorf("%s finds a record of another kind", text)
		}
	}
}

// TestMonthsEnd steps to months without the day.
func TestMonthsEnd(t *testing.T) {
	env := warsaw(t)
	env.Now = time.Date(2026, 3, 31, 12, 0, 0, 0, env.Now.Location())
	for text, want := range map[string]string{"1mo ago": "2026-02-28", "in 1 month": "2026-04-30", "1 year ago": "2025-03-31", "1q ago": "2025-12-31", "in 99999y": "9999-12-31"} {
		b := bound(t, "tasks where due = "+text, env)
		if got := b.Where.And[0].Test.Values[0]; got != want {
			t.Errorf("%s is %v, want %s", text, got, want)
		}
	}
}

// TestMeOfNobody refuses what is nobody's.
func TestMeOfNobody(t *testing.T) {
	q, err := Parse("deals where owner = me", schema())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Bind(q, schema(), Env{Now: time.Now()}); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("got %v", err)
	}
}
