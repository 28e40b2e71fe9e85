package query

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

const (
	company = "com_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	contact = "con_aaaaaaaaaaaaaaaaaaaaaaaaaa"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]*Query{
		"contacts": {Kind: crm.KindContact},
		"deals where stage = proposal and company = " + company + " order by created desc limit 20": {
			Kind: crm.KindDeal, Order: "created", Desc: true, Limit: 20,
			Where: []Condition{{"stage", Eq, "proposal"}, {"company", Eq, company}},
		},
		"DEALS WHERE Amount >= 4800 AND amount<9000 ORDER BY amount ASC": {
			Kind: crm.KindDeal, Order: "amount",
			Where: []Condition{{"amount", Ge, int64(4800)}, {"amount", Lt, int64(9000)}},
		},
		`contacts where name = "Anna \"Ania\" Nowak"`: {
			Kind: crm.KindContact, Where: []Condition{{"name", Eq, `Anna "Ania" Nowak`}},
		},
		"deals where contacts has " + contact: {
			Kind: crm.KindDeal, Where: []Condition{{"contacts", Has, contact}},
		},
		"deals where stage in (won, lost, won)": {
			Kind: crm.KindDeal, Where: []Condition{{"stage", In, []any{"won", "lost"}}},
		},
		"contacts where emails has Anna@ACME.example": {
			Kind: crm.KindContact, Where: []Condition{{"emails", Has, "anna@acme.example"}},
		},
		"calls where started > 2026-11-22T09:30:00Z": {
			Kind: crm.KindCall, Where: []Condition{{"started", Gt, crm.Time(1795339800000000)}},
		},
		"tasks where due <= 2026-11-22 and created_at > 2026-01-01": {
			Kind: crm.KindTask, Where: []Condition{{"due", Le, "2026-11-22"}, {CreatedAt, Gt, crm.Time(1767225600000000)}},
		},
	} {
		got, err := Parse(text, crm.Nouns())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
		again, err := Parse(Format(got), crm.Nouns())
		if d := cmp.Diff(got, again); err != nil || d != "" {
			t.Errorf("%s became %s: %v\n%s", text, Format(got), err, d)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, says := range map[string]string{
		"":                                       "starts with what it looks for",
		"dels":                                   "did you mean deals?",
		"widgets":                                "one of contacts, companies",
		"deals where stag = x":                   "at character 13: deals have no field \"stag\" (field q) — did you mean stage?",
		"deals where colour = x":                 "one of created_at, name",
		"deals where stage ~ x":                  "at character 19: expected a comparison",
		"deals where stage =":                    "at character 20: expected a value for stage, but the text ends",
		"deals where amount = much":              "at character 22: this is no value of amount",
		"deals where company = con_x":            "at character 23: this is no value of company",
		"deals where contacts = " + contact:      "contacts is a list",
		"deals where stage has won":              "stage is not a list",
		"deals where stage in won":               "expected (",
		"deals where stage in (won":              "expected )",
		"deals where stage = a and stage = b":    "compared twice",
		"deals where name = \"x":                 "at character 20: the quoted text has no end",
		"deals where name = \"\"":                "expected a value for name",
		"deals order stage":                      "expected by",
		"deals order by contacts":                "is a list and gives no order",
		"deals limit 0":                          "the limit is a number from 1 to 1000",
		"deals limit 1001":                       "the limit is a number from 1 to 1000",
		"deals limit 5 where stage = won":        "is not understood here",
		"deals where stage = won or stage = won": "at character 25: \"or\" is not understood here",
		"deals where name = \xff":                "not valid UTF-8",
		"deals " + strings.Repeat("x", MaxText):  "at most",
	} {
		q, err := Parse(text, crm.Nouns())
		if err == nil {
			t.Errorf("%q was read as %s", crm.Clip(text, 60), Format(q))
			continue
		}
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", crm.Clip(text, 60), err, says)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"contacts", "deals where stage in (won, \"lo st\") order by created desc limit 3",
		`notes where title = "a\\b\"c"`, "deals where amount >= -5", "calls where started > 2026-11-22T09:30:00.5Z",
		"companies where domains has acme.example and name = 'x", "deals where name = \"where\" and next_step = and",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text, crm.Nouns())
		if err != nil {
			return
		}
		again, err := Parse(Format(q), crm.Nouns())
		if err != nil {
			t.Fatalf("%q became %q: %v", text, Format(q), err)
		}
		if d := cmp.Diff(q, again); d != "" {
			t.Fatalf("%q became %q:\n%s", text, Format(q), d)
		}
	})
}
