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

// TestFoldLatin holds the quick way to the other one.
func TestFoldLatin(t *testing.T) {
	for r := rune(0); r < 0x2100; r++ {
		text := "a" + string(r) + "B"
		if got, want := Fold(text), foldAny(text); got != want {
			t.Errorf("%U: %q, want %q", r, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aZ9 -'’–éÉŁńßœÆŉſĳ\u0301\u00a0…İıŒ"))).Draw(t, "text")
		if got, want := Fold(text), foldAny(text); got != want {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	})
}

// BenchmarkFold folds a line with letters of several languages.
func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("Przesyłam l’offre définitive pour Łódź")
	}
}
