package formula

import (
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
)

const acme = crm.RecordID("com_aaaaaaaaaaaaaaaaaaaaaaaaaa")

func field(kind crm.Kind, key, expr string) crm.Setting {
	return crm.FieldSetting(crm.FieldDef{Kind: kind, Field: crm.Field{Key: key, Type: crm.FieldFormula, Expr: expr}})
}

func TestEval(t *testing.T) {
	sch := crm.NewSchema([]crm.Setting{field(crm.KindDeal, "half", "amount / 2"), field(crm.KindCompany, "loud", "upper(name)"),
		crm.FieldSetting(crm.FieldDef{Kind: crm.KindDeal, Field: crm.Field{Key: "fee", Type: crm.FieldMoney}})})
	deal := &crm.Record{Kind: crm.KindDeal, CreatedAt: crm.At(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)), Values: map[string]any{
		"name": "Big", "amount": int64(4800), "company": string(acme), "expected_close": "2026-12-24", "fee": map[string]any{"minor": int64(1250), "currency": "EUR"}}}
	env := Env{Record: deal, Now: crm.At(time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC)), Zone: time.FixedZone("east", 3600),
		Related: func(id crm.RecordID) *crm.Record {
			if id != acme {
				return nil
			}
			return &crm.Record{Kind: crm.KindCompany, Values: map[string]any{"name": "Acme"}}
		}}
	n, _ := sch.Noun(crm.KindDeal)
	for expr, want := range map[string]any{
		`1 + 2 * 3`:                                   7.0,
		`(1 + 2) * 3`:                                 9.0,
		`-2 - -3`:                                     1.0,
		`half + 1`:                                    2401.0,
		`if(amount > 1000, "big", "small")`:           "big",
		`if(priority = "high", 1, 0)`:                 0.0,
		`company.loud + " / " + name`:                 "ACME / Big",
		`days(today(), expected_close)`:               32.0, // the day has begun in the zone
		`expected_close + 8`:                          "2027-01-01",
		`today() - expected_close`:                    -32.0,
		`round(now() - created_at, 1)`:                21.0,
		`amount / 0`:                                  nil,
		`amount / (amount - 4800)`:                    nil,
		`coalesce(next_step, "nothing")`:              "nothing",
		`empty(next_step) and not empty(name)`:        true,
		`next_step + "x"`:                             nil,
		`next_step = "a" or amount >= 4800`:           true,
		`fee * 2`:                                     25.0,
		`max(1, half, 3) + min(4, 2) + abs(-1)`:       2403.0,
		`has(company.name, "ACM")`:                    true,
		`year(expected_close) * 100 + month(today())`: 202611.0,
		`"say ""yes"""`:                               `say "yes"`,
		`expected_close > "2026-12-01"`:               true,
		`len("żółć")`:                                 4.0,
	} {
		p, err := Compile(sch, n, expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := p.Eval(env); got != want {
			t.Errorf("%s = %#v, want %#v", expr, got, want)
		}
	}
}

// TestTextsDoNotGrow puts a text together with itself, as often as an expression can,
// directly and by way of another formula: what no field would hold is missing.
func TestTextsDoNotGrow(t *testing.T) {
	sch := crm.NewSchema([]crm.Setting{field(crm.KindDeal, "twice", "next_step + next_step")})
	n, _ := sch.Noun(crm.KindDeal)
	for _, part := range []string{"next_step", "twice"} {
		p, err := Compile(sch, n, strings.Repeat(part+" + ", 1000)+part)
		if err != nil {
			t.Fatal(err)
		}
		of := func(size int) any {
			return p.Eval(Env{Record: &crm.Record{Kind: crm.KindDeal, Values: map[string]any{"next_step": strings.Repeat("x", size)}}})
		}
		if short, _ := of(2).(string); len(short) < 2002 {
			t.Errorf("%s: %d bytes", part, len(short))
		}
		if long, ok := of(40_000).(string); ok {
			t.Errorf("%s: a text of %d bytes", part, len(long))
		}
	}
}

func TestErrorsHavePositions(t *testing.T) {
	n, sch := crm.Deal(), crm.NewSchema(nil)
	for expr, want := range map[string]string{
		``:                        "at character 1:",
		`1 +`:                     "at character 4:",
		`amount + name`:           "at character 8:",
		`żółw`:                    "at character 1:",
		`amount * colour`:         "at character 10:",
		`company.colour`:          "at character 9:",
		`contacts.name`:           "at character 1:",
		`if(1, 2, 3)`:             "at character 1:",
		`round(1)`:                "at character 1:",
		`abs(name)`:               "at character 5:",
		`"open`:                   "at character 1:",
		`1 ? 2`:                   "at character 3:",
		`(1`:                      "at character 3:",
		`nope(1)`:                 "at character 1:",
		`contacts`:                "at character 1:",
		`1 2`:                     "at character 3:",
		strings.Repeat("(", 3000): "nested too deeply",
	} {
		_, err := Compile(sch, n, expr)
		if e, ok := err.(*crm.Error); !ok || !strings.Contains(e.Msg, want) || e.Field != "expr" || e.Kind != crm.Invalid {
			t.Errorf("%.40s: %v, want %s", expr, err, want)
		}
	}
}

func TestCycles(t *testing.T) {
	sch := crm.NewSchema([]crm.Setting{field(crm.KindDeal, "a", "b + 1"), field(crm.KindDeal, "b", "c * 2"), field(crm.KindDeal, "c", "1 - a")})
	if err := Check(sch); err == nil || !strings.Contains(err.Error(), "deal.a → deal.b → deal.c → deal.a") {
		t.Errorf("a ring of formulas: %v", err)
	}
	self := crm.NewSchema([]crm.Setting{field(crm.KindDeal, "a", "a")})
	if err := Check(self); err == nil || !strings.Contains(err.Error(), "depends on itself") {
		t.Errorf("a formula of itself: %v", err)
	}
	grow := []crm.Setting{field(crm.KindDeal, "f0", "amount")}
	for i := 1; i < 40; i++ {
		before := "f" + itoa(i-1)
		grow = append(grow, field(crm.KindDeal, "f"+itoa(i), before+" + "+before))
	}
	if err := Check(crm.NewSchema(grow)); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("formulas that double forty times: %v", err)
	}
	fine := crm.NewSchema([]crm.Setting{field(crm.KindDeal, "a", "b + b"), field(crm.KindDeal, "b", "amount")})
	if err := Check(fine); err != nil {
		t.Error(err)
	}
}

// FuzzCompile: nothing makes the compiler or what it compiles fall over.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{`1+2*amount`, `if(empty(name), "a", name)`, `days(today(), expected_close)`, `company.name`, `not (1 < 2)`} {
		f.Add(s)
	}
	sch, n := crm.NewSchema(nil), crm.Deal()
	f.Fuzz(func(t *testing.T, expr string) {
		p, err := Compile(sch, n, expr)
		if err != nil {
			return
		}
		for _, values := range []map[string]any{{}, {"name": "x", "amount": int64(3), "expected_close": "2026-01-01"}, {"amount": "wrong", "expected_close": "never"}} {
			p.Eval(Env{Record: &crm.Record{Values: values}})
		}
	})
}
