package crm

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "lodz": "lodz", "Łódź": "lodz", "ZAŻÓŁĆ": "zazolc", "Straße": "strasse", "Ångström": "angstrom",
		"ŒUVRE": "oeuvre", "perché": "perche", "Q-118": "q-118", "ﬁne": "fine", "Ωmega": "ωmega", "İZMİR": "izmir",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Fold(rapid.String().Draw(t, "text"))
		if twice := Fold(once); twice != once {
			t.Fatalf("%q is folded again to %q", once, twice)
		}
	})
}
