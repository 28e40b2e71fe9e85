package crm

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestTypesRoundTrip holds every type of field against its own text: what is
// written is read back as the same value, and what is wrong is refused with the
// field.
func TestTypesRoundTrip(t *testing.T) {
	id := "con_" + "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	blob := "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for _, c := range []struct {
		f    Field
		in   any
		want any
		bad  any
	}{
		{Field{Type: FieldText}, "  a  b ", "a b", 7},
		{Field{Type: FieldLongText}, " a\nb ", "a\nb", true},
		{Field{Type: FieldEmail}, "A@Acme.Example", "a@acme.example", "a"},
		{Field{Type: FieldDomain}, "ACME.example", "acme.example", "a b"},
		{Field{Type: FieldPhone}, "+48 22 123 45 67", "+48221234567", "12"},
		{Field{Type: FieldURL}, "https://acme.example/x", "https://acme.example/x", "acme"},
		{Field{Type: FieldNumber}, "12", int64(12), 1.5},
		{Field{Type: FieldNumber}, json.Number("12.00"), int64(12), json.Number("12.50")},
		{Field{Type: FieldCheckbox}, json.Number("1"), true, json.Number("2")},
		{Field{Type: FieldTags}, []any{"north; vip", "east"}, []string{"east", "north", "vip"}, 4},
		{Field{Type: FieldNumber, Digits: 2}, "12.25", 12.25, "12.255"},
		{Field{Type: FieldMoney}, "48000.50 eur", map[string]any{"minor": int64(4800050), "currency": "EUR"}, "48000.555 EUR"},
		{Field{Type: FieldMoney}, map[string]any{"minor": float64(-5), "currency": "JPY"}, map[string]any{"minor": int64(-5), "currency": "JPY"}, map[string]any{"minor": 1.5, "currency": "JPY"}},
		{Field{Type: FieldCurrency}, "pln", "PLN", "zl"},
		{Field{Type: FieldCurrency}, "chf", "CHF", "XXQ"},
		{Field{Type: FieldPercent}, "12.5 %", 12.5, "much"},
		{Field{Type: FieldCheckbox}, "yes", true, "perhaps"},
		{Field{Type: FieldDate}, "2026-11-22", "2026-11-22", "2026-02-30"},
		{Field{Type: FieldTime}, "2026-11-22T09:00:00Z", Time(1795338000000000), "soon"},
		{Field{Type: FieldChoice, Choices: []string{"a", "b"}}, "b", "b", "c"},
		{Field{Type: FieldMultiSelect, Choices: []string{"b", "a"}}, "a; b; a", []string{"b", "a"}, "a; c"},
		{Field{Type: FieldTags}, []any{"vip", "", "north", "vip"}, []string{"north", "vip"}, 4},
		{Field{Type: FieldRating, Max: 3}, 3.0, int64(3), 4},
		{Field{Type: FieldPostal}, map[string]any{"city": "Łódź", "country": "pl"}, map[string]any{"city": "Łódź", "country": "PL"}, map[string]any{"planet": "Mars"}},
		{Field{Type: FieldRelation, To: KindContact}, id, id, "com_aaaaaaaaaaaaaaaaaaaaaaaaaa"},
		{Field{Type: FieldUser}, "usr_aaaaaaaaaaaaaaaaaaaaaaaaaa", "usr_aaaaaaaaaaaaaaaaaaaaaaaaaa", id},
		{Field{Type: FieldAutoNumber}, "7", int64(7), "x"},
	} {
		c.f.Key = "f"
		got, err := c.f.Parse(c.in)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v is read as %#v, %v; want %#v", c.f.Type, c.in, got, err, c.want)
			continue
		}
		again, err := c.f.Parse(c.f.Format(got))
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%s: %q is read back as %#v, %v; want %#v", c.f.Type, c.f.Format(got), again, err, got)
		}
		if _, err := c.f.Parse(c.bad); err == nil || err.(*Error).Field != "f" {
			t.Errorf("%s: %v is taken: %v", c.f.Type, c.bad, err)
		}
		if n, ok := c.f.Compare(got, again); ok && n != 0 {
			t.Errorf("%s: a value differs from itself", c.f.Type)
		}
		if v, err := c.f.Parse(""); c.f.Type != FieldFile && (v != nil || err != nil) {
			t.Errorf("%s: nothing is read as %#v, %v", c.f.Type, v, err)
		}
		if c.f.Type.Widget() == "" {
			t.Errorf("%s has no widget", c.f.Type)
		}
	}
	file := Field{Key: "f", Type: FieldFile}
	if v, err := file.Parse(map[string]any{"blob": blob, "name": "a.pdf", "size": 3.0}); err != nil || v.(map[string]any)["size"] != int64(3) {
		t.Errorf("a file is read as %v, %v", v, err)
	}
	if _, err := file.Parse(map[string]any{"blob": "x", "name": "a.pdf"}); err == nil {
		t.Error("a file without content is taken")
	}
}

// TestFieldDefinitions refuses definitions that mean nothing, and names what is
// wrong.
func TestFieldDefinitions(t *testing.T) {
	for want, f := range map[string]Field{
		"key":      {Key: "created_at", Type: FieldText},
		"type":     {Key: "a", Type: "colour"},
		"many":     {Key: "a", Type: FieldTags, Many: true},
		"unique":   {Key: "a", Type: FieldTags, Unique: true},
		"choices":  {Key: "a", Type: FieldChoice},
		"digits":   {Key: "a", Type: FieldNumber, Digits: 9},
		"max":      {Key: "a", Type: FieldRating, Max: 11},
		"default":  {Key: "a", Type: FieldNumber, Default: "x"},
		"expr":     {Key: "a", Type: FieldFormula},
		"stat":     {Key: "a", Type: FieldStatistic},
		"stat.do":  {Key: "a", Type: FieldStatistic, Stat: &Statistic{Do: "mean", Over: "mail"}},
		"roles":    {Key: "a", Type: FieldRelation, Roles: []string{"a", "a"}},
		"indexed":  {Key: "a", Type: FieldFormula, Expr: "1", Indexed: true},
		"required": {Key: "a", Type: FieldAutoNumber, Required: true},
	} {
		err := f.Check()
		if e, ok := err.(*Error); !ok || e.Field != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, f := range []Field{
		{Key: "vat", Type: FieldText, Unique: true, Indexed: true},
		{Key: "seats", Type: FieldNumber, Default: int64(1)},
		{Key: "partner", Type: FieldRelation, Many: true, Roles: []string{"reseller", "referrer"}},
	} {
		if err := f.Check(); err != nil {
			t.Errorf("%s: %v", f.Key, err)
		}
	}
}

func TestStatisticOf(t *testing.T) {
	day := Time(24 * 3600 * 1e6)
	items := []Item{{At: 9 * day, Value: int64(5)}, {At: 2 * day, Value: int64(7)}, {At: 11 * day, Value: int64(9)}, {At: 8 * day}}
	for _, c := range []struct {
		s    Statistic
		want any
	}{
		{Statistic{Do: StatCount}, int64(3)},
		{Statistic{Do: StatCount, Within: 3}, int64(2)},
		{Statistic{Do: StatSum, Value: "x"}, int64(12)},
		{Statistic{Do: StatFirst, Value: "x"}, int64(7)},
		{Statistic{Do: StatLast, Value: "x"}, int64(5)},
		{Statistic{Do: StatMin, Value: "x"}, int64(5)},
		{Statistic{Do: StatMax, Value: "x"}, int64(7)},
		{Statistic{Do: StatLast}, 9 * day},
		{Statistic{Do: StatMax, Within: 1, Value: "x"}, int64(5)},
	} {
		if got := c.s.Of(items, 10*day); got != c.want {
			t.Errorf("%+v: %v, want %v", c.s, got, c.want)
		}
	}
	if got := (Statistic{Do: StatLast}).Of(nil, day); got != nil {
		t.Errorf("last of nothing is %v", got)
	}
}

// TestRefusalNamesTheShape: whoever sends the wrong thing reads what it was, in
// no language of programs.
func TestRefusalNamesTheShape(t *testing.T) {
	for want, raw := range map[string]any{"a number": 5.0, "yes or no": true, "an object": map[string]any{}, "a list": []any{}, "nothing": nil} {
		if _, err := textOf(raw, 10); err == nil || !strings.HasSuffix(err.Error(), "this takes text, not "+want) {
			t.Errorf("%v: %v", raw, err)
		}
	}
}
