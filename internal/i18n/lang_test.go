package i18n

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

func TestParseLang(t *testing.T) {
	for _, c := range []struct {
		tag  string
		want Lang
		ok   bool
	}{
		{"pl-PL", Polish, true}, {"fr_CA", French, true}, {" IT ", Italian, true}, {"en", English, true},
		{"pl_PL.UTF-8", Polish, true}, {"de-DE", English, false}, {"", English, false}, {"plx", English, false},
	} {
		got, ok := ParseLang(c.tag)
		if got != c.want || ok != c.ok {
			t.Errorf("ParseLang(%q) = %s, %t; want %s, %t", c.tag, got, ok, c.want, c.ok)
		}
	}
}

// TestPluralAgainstCLDR compares with the tables of golang.org/x/text.
func TestPluralAgainstCLDR(t *testing.T) {
	names := map[plural.Form]form{plural.One: formOne, plural.Few: formFew, plural.Many: formMany, plural.Other: formOther}
	for _, l := range Langs() {
		tag := language.Make(string(l))
		for n := range 20000 {
			want := names[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]
			if got := l.plural(int64(n)); got != want {
				t.Fatalf("%s %d: form %d, CLDR says %d", l, n, got, want)
			}
		}
	}
}

func TestTCounts(t *testing.T) {
	for _, c := range []struct {
		l    Lang
		n    any
		want string
	}{
		{English, 1, "1 more person"}, {English, 2, "2 more people"}, {French, 0, "0 autre personne"},
		{Italian, int64(3), "altre 3 persone"}, {Polish, 1, "jeszcze 1 osoba"}, {Polish, 3, "jeszcze 3 osoby"},
		{Polish, 12, "jeszcze 12 osób"}, {Polish, 22, "jeszcze 22 osoby"}, {Polish, "kilka", "jeszcze kilka osób"},
	} {
		if got := c.l.T(MorePeople, c.n); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.l, c.n, got, c.want)
		}
	}
}

func TestTEdges(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"UnknownKey":      {English.T("no.such.key"), "no.such.key"},
		"UnknownLang":     {Lang("xx").T(KindDeal), "Deal"},
		"MissingArgument": {English.T(BecauseRule, "a"), "rule for a, made by {1}"},
		"BracesInArg":     {English.T(BecauseRule, "{1}", "B"), "rule for {1}, made by B"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func TestPieces(t *testing.T) {
	got := English.Pieces(BecauseRule, "acme.example", "Piotr")
	want := []Piece{{"rule for ", false}, {"acme.example", true}, {", made by ", false}, {"Piotr", true}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMoment(t *testing.T) {
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Skip("no zone data")
	}
	at := time.Date(2026, 11, 19, 13, 2, 0, 0, time.UTC).In(warsaw)
	now := time.Date(2026, 12, 31, 22, 30, 0, 0, time.UTC)
	for l, want := range map[Lang]string{
		English: "19 Nov, 14:02", French: "19 nov., 14:02", Italian: "19 nov, 14:02", Polish: "19 lis, 14:02", "xx": "19 Nov, 14:02",
	} {
		if got := l.Moment(at, now); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	if got, want := Polish.Moment(at, now.Add(time.Hour)), "19 lis 2026, 14:02"; got != want {
		t.Errorf("in the next year of the reader's zone: %q, want %q", got, want)
	}
	if got, want := French.Day(time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC), now), "1er août 2025"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		l      Lang
		minor  int64
		code   string
		digits int
		want   string
	}{
		{English, 4800000, "EUR", 2, "€48,000"},
		{English, 123456789, "PLN", 2, "PLN 1,234,567.89"},
		{English, -1050, "USD", 2, "-$10.50"},
		{French, 4800000, "EUR", 2, "48~000 €"},
		{Italian, 4800050, "EUR", 2, "48.000,50 €"},
		{Polish, 480000, "PLN", 2, "4800 zł"},
		{Polish, 4800005, "PLN", 2, "48 000,05 zł"},
		{Polish, 5, "USD", 2, "0,05 USD"},
		{English, 1500, "JPY", 0, "¥1,500"},
		{French, 1234, "TND", 3, "1,234 TND"},
		{English, -9223372036854775808, "EUR", 2, "-€92,233,720,368,547,758.08"},
		{Italian, 0, "EUR", 2, "0 €"},
		{Italian, 999, "EUR", -1, "999 €"},
	} {
		want := strings.NewReplacer(" ", noBreak, "~", narrowNoBreak).Replace(c.want)
		if got := c.l.Money(c.minor, c.code, c.digits); got != want {
			t.Errorf("%s %d %s: %q, want %q", c.l, c.minor, c.code, got, want)
		}
	}
}

func BenchmarkT(b *testing.B) {
	for b.Loop() {
		Polish.T(BecauseAddress, "anna@acme.example", "Od")
	}
}
