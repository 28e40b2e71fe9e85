package crm

import "testing"

// TestParseAddressStable reads what ParseAddress returned once more: the stored
// form must be its own stored form.
func TestParseAddressStable(t *testing.T) {
	for in, want := range map[string]Address{
		"Anna@ACME.example":          "anna@acme.example",
		"a@acme.example.":            "a@acme.example",
		"a@münchen.example\u3002":    "a@xn--mnchen-3ya.example",
		"a@münchen\u3002example":     "a@xn--mnchen-3ya.example",
		" a..b@acme.example ":        "a..b@acme.example",
		"j\u00fcrgen@x.example":      "j\u00fcrgen@x.example",
		"\ufeffanna@x.example":       "anna@x.example", // the first line of a file that a spreadsheet wrote
		"\u200banna@x.example\u00a0": "anna@x.example", // copied from a page
	} {
		got, err := ParseAddress(in)
		if err != nil || got != want {
			t.Errorf("%q = %q, %v, want %q", in, got, err, want)
			continue
		}
		if again, err := ParseAddress(string(got)); err != nil || again != got {
			t.Errorf("%q read again = %q, %v", got, again, err)
		}
	}
	for _, in := range []string{"", "a", "@x.example", "a@", "a@b@c", "a b@x.example", "a@-x.example", "a@x..example", "a@x.example..", "a@ł.example\u3002\u3002"} {
		if got, err := ParseAddress(in); err == nil {
			t.Errorf("%q = %q, want an error", in, got)
		}
	}
}
