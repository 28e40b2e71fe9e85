package records

import "testing"

func TestCompanyName(t *testing.T) {
	for domain, want := range map[string]string{
		"acme.example":              "Acme",
		"blue-harbor.co.uk":         "Blue Harbor",
		"xn--zoty-kos-6obf.example": "Złoty Kłos",
		"42.example":                "42",
		"-.example":                 "-.example",
		"b_and_c.example":           "B And C",
	} {
		if got := companyName(domain); got != want {
			t.Errorf("%s: %q, want %q", domain, got, want)
		}
	}
}
