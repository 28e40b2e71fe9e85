package crm

import (
	"strings"
	"testing"
)

func TestParseSignature(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		"  \n\n":                         "",
		"--":                             "",
		"Anna Nowak\r\nNord \r\n":        "Anna Nowak\nNord",
		"\n-- \nAnna\n\n+48 12 345\n":    "Anna\n\n+48 12 345",
		"--\r-- \rAnna":                  "--\nAnna",
		"-- Anna":                        "-- Anna",
		"  Anna":                         "  Anna",
		strings.Repeat("ż", 2000):        strings.Repeat("ż", 2000),
		strings.Repeat("ż", 2000) + "\n": strings.Repeat("ż", 2000),
	} {
		if got, err := ParseSignature(in); err != nil || got != want {
			t.Errorf("%.40q is %.40q, %v", in, got, err)
		}
	}
	if _, err := ParseSignature(strings.Repeat("ż", 2001)); !IsKind(err, TooLarge) {
		t.Error(err)
	}
}
