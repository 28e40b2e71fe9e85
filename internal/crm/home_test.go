package crm

import "testing"

func TestPhonesWithoutACountryCode(t *testing.T) {
	for _, c := range []struct {
		home Country
		in   string
		want Phone // "" is refused
	}{
		{"", "+49 (0)30 123456", "+4930123456"}, {"", "0044 (0) 20 7946 0000", "+442079460000"}, {"", "+39 (0)6 1234567", "+39061234567"},
		{"", "600 123 456", ""}, {"", "+48 600 123 456", "+48600123456"},
		{"PL", "600 123 456", "+48600123456"}, {"PL", "22 123-45-67", "+48221234567"}, {"PL", "(022) 123 45 67", "+48221234567"}, {"PL", "48600123456", "+48600123456"},
		{"PL", "+49 30 123456", "+4930123456"}, {"PL", "112", ""}, {"PL", "600 123 456 ext. 5", ""},
		{"DE", "030/1234567", "+49301234567"}, {"FR", "06 12 34 56 78", "+33612345678"}, {"IT", "06 1234567", "+39061234567"},
		{"US", "(202) 555-0100", "+12025550100"}, {"US", "1 202 555 0100", "+12025550100"}, {"HU", "06 1 234 5678", "+3612345678"},
	} {
		got, err := ParsePhone(c.in, c.home)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q in %q is read as %q, %v; want %q", c.in, c.home, got, err, c.want)
		}
	}
}

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
	for zone, want := range map[string]Country{"Europe/Warsaw": "PL", "Europe/London": "GB", "America/New_York": "US", "UTC": "", "": ""} {
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
