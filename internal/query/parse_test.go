package query

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

const (
	company = "com_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	contact = "con_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	ola     = "usr_aaaaaaaaaaaaaaaaaaaaaaaaaa"
)

func schema() Schema {
	return Schema{
		Nouns: crm.Nouns(), Currency: "PLN",
		Choices: map[string][]Choice{"deal.stage": {
			{Value: "proposal", Names: []string{"Proposal"}}, {Value: "negotiation", Names: []string{"Negotiation"}},
			{Value: "won", Names: []string{"Wygrana sprzedaż"}}, {Value: "s_won", Names: []string{"Wygrana sprzedaż"}},
		}},
		Users: []Choice{{Value: ola, Names: []string{"Ola Łącka", "ola@us.example"}}},
	}
}

// test makes a condition.
func test(field string, op Op, values ...string) Expr {
	return Expr{Test: &Condition{Field: field, Op: op, Values: values}}
}

func where(e Expr) *Expr { return &e }

func TestParse(t *testing.T) {
	for text, want := range map[string]*Query{
		"contacts": {Kind: crm.KindContact},
		"deals where stage in (Proposal, Negotiation) and company.name = Acme order by amount desc": {
			Kind: crm.KindDeal, Order: "amount", Desc: true,
			Where: &Expr{And: []Expr{test("stage", In, "proposal", "negotiation"), test("company.name", Eq, "Acme")}},
		},
		"deals where stage = proposal and company = " + company + " order by created desc limit 20": {
			Kind: crm.KindDeal, Order: "created", Desc: true, Limit: 20,
			Where: &Expr{And: []Expr{test("stage", Eq, "proposal"), test("company", Eq, company)}},
		},
		"DEALS WHERE Amount >= 4800 AND amount<9000.5 ORDER BY amount ASC": {
			Kind: crm.KindDeal, Order: "amount",
			Where: &Expr{And: []Expr{test("amount", Ge, "4800"), test("amount", Lt, "9000.50")}},
		},
		`deals where amount = "3,240.00 pln" or amount between 1 EUR and 2.50 eur`: {
			Kind: crm.KindDeal, Where: &Expr{Or: []Expr{test("amount", Eq, "3240 PLN"), test("amount", Between, "1 EUR", "2.50 EUR")}},
		},
		"deals where amount > 5 and stage != proposal": {
			Kind: crm.KindDeal, Where: &Expr{And: []Expr{test("amount", Gt, "5"), test("stage", Ne, "proposal")}},
		},
		`deals where stage = "wygrana SPRZEDAZ" and stage != wygrana_sprzedaż`: {
			Kind: crm.KindDeal, Where: &Expr{And: []Expr{test("stage", In, "won", "s_won"), test("stage", NotIn, "won", "s_won")}},
		},
		`contacts where name = "Anna \"Ania\" Nowak"`: {
			Kind: crm.KindContact, Where: where(test("name", Eq, `Anna "Ania" Nowak`)),
		},
		"deals where contacts has " + contact: {
			Kind: crm.KindDeal, Where: where(test("contacts", Has, contact)),
		},
		"contacts where emails has (Anna@ACME.example, b@c.example) or emails ~ @acme": {
			Kind: crm.KindContact, Where: &Expr{Or: []Expr{
				test("emails", Has, "anna@acme.example", "b@c.example"), test("emails", Like, "@acme")}},
		},
		"contacts where owner = me or owner = \"ola łącka\" or owner not in (ola@us.example)": {
			Kind: crm.KindContact, Where: &Expr{Or: []Expr{test("owner", Eq, "me"), test("owner", Eq, ola), test("owner", NotIn, ola)}},
		},
		"calls where started > 2026-11-22T09:30:00Z": {
			Kind: crm.KindCall, Where: where(test("started", Gt, "2026-11-22T09:30:00Z")),
		},
		"tasks where due between yesterday and in 3 days and created_at > 7 days ago and due != this week": {
			Kind: crm.KindTask, Where: &Expr{And: []Expr{
				test("due", Between, "yesterday", "in 3d"), test(CreatedAt, Gt, "7d ago"), test("due", Ne, "this week")}},
		},
		"tasks where not (due is empty or title contains Łódź!) and (status = done or status is not empty)": {
			Kind: crm.KindTask, Where: &Expr{And: []Expr{
				{Not: &Expr{Or: []Expr{test("due", Empty), test("title", Like, "Łódź!")}}},
				{Or: []Expr{test("status", Eq, "done"), test("status", NotEmpty)}}}},
		},
		"tasks where due = today and (due = tomorrow and due = now) or not not due = next month": {
			Kind: crm.KindTask, Where: &Expr{Or: []Expr{
				{And: []Expr{test("due", Eq, "today"), test("due", Eq, "tomorrow"), test("due", Eq, "now")}},
				test("due", Eq, "next month")}},
		},
	} {
		got, err := Parse(text, schema())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
		roundTrip(t, text, got)
	}
}

// roundTrip holds a query against its text and its JSON.
func roundTrip(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string, q *Query) {
	t.Helper()
	written := Format(q, schema())
	again, err := Parse(written, schema())
	if d := cmp.Diff(q, again); err != nil || d != "" {
		t.Fatalf("%q became %q: %v\n%s", text, written, err, d)
	}
	raw, err := json.Marshal(q)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var read Query
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	checked, err := Check(read, schema())
	if d := cmp.Diff(q, checked); err != nil || d != "" {
		t.Fatalf("%q became %s: %v\n%s", text, raw, err, d)
	}
}

func TestParseErrors(t *testing.T) {
	for text, says := range map[string]string{
		"":                                         "starts with what it looks for",
		"dels":                                     "did you mean deals?",
		"widgets":                                  "one of contacts, companies",
		"deals where expected_close < 7d":          "write 7d ago, or in 7d",
		"deals where id = x":                       "one of created_at",
		"deals where stag = x":                     "at character 13: deals have no field \"stag\" (field q) — did you mean stage?",
		"deals where colour = x":                   "one of created_at, name",
		"deals where company.nam = x":              "at character 13: companies have no field \"nam\" (field q) — did you mean name?",
		"deals where name.x = x":                   "name points to no other record",
		"tasks where records.name = x":             "records of any kind",
		"deals where stage = propsal":              "at character 21: this is no value of stage",
		"deals where stage & x":                    "at character 19: expected a comparison",
		"deals where stage =":                      "at character 20: expected a value for stage, but the text ends",
		"deals where amount = much":                "at character 22: this is no value of amount",
		"deals where amount = 1.234":               "at character 22: this is no value of amount",
		"deals where company = con_x":              "at character 23: this is no value of company",
		"deals where company = Acme":               "ask for a field of it: company.name = …",
		"deals where company ~ Acme":               "ask for a field of it: company.name ~ …",
		"deals where contacts = " + contact:        "contacts is a list",
		"deals where stage has won":                "stage is not a list",
		"deals where company > " + company:         "company has no order",
		"deals where stage in won":                 "expected (",
		"deals where stage in (won":                "expected )",
		"deals where stage in ()":                  "expected a value",
		"deals where (stage = won":                 "expected )",
		"deals where name is x":                    "expected empty",
		"deals where amount between 1 and 2 EUR":   "at character 20: the two ends of a range have one currency",
		"deals where name between a":               "expected and",
		"deals where stage > \"wygrana sprzedaż\"": "means several values",
		"tasks where due > 3h ago":                 "at character 19: this is no value of due",
		"tasks where due > 3 fortnights ago":       "at character 19: this is no value of due",
		"deals where name = \"x":                   "at character 20: the quoted text has no end",
		"deals where name = \"\"":                  "expected a value for name",
		"deals order stage":                        "expected by",
		"deals order by contacts":                  "contacts gives no order",
		"deals order by company.name":              "give no order",
		"deals limit 0":                            "the limit is a number from 1 to 1000",
		"deals limit 1001":                         "the limit is a number from 1 to 1000",
		"deals limit 5 where stage = won":          "is not understood here",
		"deals where name = \xff":                  "not valid UTF-8",
		"deals " + strings.Repeat("x", MaxText):    "at most",
		"deals where " + strings.Repeat("(", 30):   "at most 20 deep",
		"deals where " + strings.Repeat("name = x and ", 101) + "name = y": "at most 100 conditions",
	} {
		q, err := Parse(text, schema())
		if err == nil {
			t.Errorf("%q was read as %s", crm.Clip(text, 60), Format(q, schema()))
			continue
		}
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", crm.Clip(text, 60), err, says)
		}
	}
}

func TestStageSuggestion(t *testing.T) {
	_, err := Parse("deals where stage = propsal", schema())
	e, ok := err.(*crm.Error)
	if !ok || e.Field != "q" || e.Hint != "did you mean Proposal?" {
		t.Errorf("got %#v", err)
	}
}

// TestCheckRefuses feeds structured filters that would mean something else as
// text.
func TestCheckRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"words in a field":    `{"kind":"deal","where":{"test":{"field":"name = x or name","op":"=","values":["y"]}}}`,
		"no part":             `{"kind":"deal","where":{}}`,
		"two parts":           `{"kind":"deal","where":{"not":{"test":{"field":"name","op":"is empty"}},"test":{"field":"name","op":"is empty"}}}`,
		"an unknown op":       `{"kind":"deal","where":{"test":{"field":"name","op":"= x or name =","values":["y"]}}}`,
		"a group of one":      `{"kind":"deal","where":{"and":[{"test":{"field":"name","op":"is empty"}}]}}`,
		"too many values":     `{"kind":"deal","where":{"test":{"field":"name","op":"=","values":["x","y"]}}}`,
		"an unknown kind":     `{"kind":"widget"}`,
		"words in the order":  `{"kind":"deal","order":"name limit 3"}`,
		"words in a date":     `{"kind":"task","where":{"test":{"field":"due","op":"=","values":["today or due is empty"]}}}`,
		"words in an amount":  `{"kind":"deal","where":{"test":{"field":"amount","op":"=","values":["5 or"]}}}`,
		"a value of no field": `{"kind":"deal","where":{"test":{"field":"colour","op":"=","values":["x"]}}}`,
	} {
		var q Query
		if err := json.Unmarshal([]byte(raw), &q); err != nil {
			t.Fatal(name, err)
		}
		if got, err := Check(q, schema()); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%s: %v, read as %+v", name, err, got)
		}
	}
}

func TestComplete(t *testing.T) {
	for text, want := range map[string][]string{
		"dea":                             {"deals"},
		"deals wh":                        {"where"},
		"deals where sta":                 {"stage", "stage_kind", "stage_history"},
		"deals where company.na":          {"company.name"},
		"deals where stage = ":            {"Proposal", "Negotiation", `"Wygrana sprzedaż"`},
		"deals where stage = neg":         {"Negotiation"},
		"deals where contacts ":           {"has", "is empty", "is not empty"},
		"deals where owner = ":            {"me", `"Ola Łącka"`},
		"tasks where due < this":          {"this week", "this month"},
		"deals where stage = won ord":     {"order by"},
		"deals where stage = won order ":  {"by"},
		"deals order by amount d":         {"desc"},
		"deals where stage = won and na":  {"name"},
		"deals where colour = x and name": {},
	} {
		if d := cmp.Diff(want, Complete(text, schema()).Words); d != "" {
			t.Errorf("%q (-want +got):\n%s", text, d)
		}
	}
	if c := Complete("deals where sta", schema()); c.At != 13 {
		t.Errorf("the words replace from %d on", c.At)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"contacts", "deals where stage in (won, \"lo st\") order by created desc limit 3",
		`notes where title = "a\\b\"c"`, "deals where amount >= -5", "calls where started > 2026-11-22T09:30:00.5Z",
		"companies where domains has acme.example and name = 'x", "deals where name = \"where\" and next_step = and",
		"deals where not (company.name ~ ł and amount between 1 EUR and 3.50 EUR) or owner = me",
		"tasks where due = this week or created_at > 7d ago and due in (today, in 3 days) or due is not empty",
		"deals where name = a!=b and created = 1970-01-01T00:00:00Z",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text, schema())
		if err != nil {
			return
		}
		roundTrip(t, text, q)
	})
}
