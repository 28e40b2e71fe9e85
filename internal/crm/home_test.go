package crm

import "testing"

func TestHomeOfAWorkspace(t *testing.T) {
	sch := NewSchema([]Setting{HomeSetting(Home{"PL"})})
	n, _ := sch.Noun(KindContact)
	f, _ := n.Field("phones")
	if got, err := f.Parse("600 123 456"); err != nil || got.([]string)[0] != "+48600123456" {
		t.Errorf("%v, %v", got, err)
	}
	n, _ = NewSchema(nil).Noun(KindContact)
	f, _ = n.Field("phones")
	if got, err := f.Parse("600 123 456"); err == nil {
		t.Errorf("without a home it is read as %v", got)
	}
	for zone, want := range map[string]Country{"Europe/Warsaw": "PL", "Europe/London": "GB", "America/New_York": "US", "Africa/Lagos": "NG", "Europe/Vilnius": "LT", "America/Lima": "PE", "UTC": "", "": ""} {
		if got := HomeIn(zone); got != want {
			t.Errorf("the home in %q is %q, not %q", zone, got, want)
		}
		if want != "" && (Home{want}).Check() != nil {
			t.Errorf("%s is refused", want)
		}
	}
	if err := (Home{"XX"}).Check(); err == nil {
		t.Error("XX is taken for a country")
	}
}

// A field of the workspace's own, made before the product had one of its name, is
// the one that there is.
func TestOwnFieldBeforeABuiltOne(t *testing.T) {
	own := FieldDef{Kind: KindCompany, Field: Field{Key: "country", Type: FieldChoice, Choices: []string{"PL"}}}
	n, _ := NewSchema([]Setting{FieldSetting(own)}).Noun(KindCompany)
	count := 0
	for _, f := range n.Fields {
		if f.Key == "country" {
			count++
		}
	}
	if f, _ := n.Field("country"); count != 1 || f.Type != FieldChoice || !f.Custom {
		t.Errorf("%d fields, the first %+v", count, f)
	}
}
