package match

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plainly is take as it is defined: all codes of the text, then all else.
func (w *wordList) plainly(text string) {
	found := tokensOf(text)
	for _, codes := range []bool{true, false} {
		for _, t := range found {
			if t.code() == codes {
				w.add(t.text)
			}
		}
	}
}

// TestWordsAreThoseOfTheDefinition compares the way that stops early with the
// one that looks at everything.
func TestWordsAreThoseOfTheDefinition(t *testing.T) {
	parts := []string{"Order", "it", "IT", "Łódź", "Q-2383", "12/11/2026", "48", "000", "000,00", "48.000,00", "+39", "02", "1234",
		"x4711y", "A4-Blatt-9", "(see)", "don't", "a@b.example", "https://x.example/77", "www.x.example", "—", "3m-Tape", "EUR", "\xff9", "n°42", "C", "II", "etap", "18", "tys.", "mln", "88k", "N°6", "nr"}
	word := rapid.OneOf(rapid.SampledFrom(parts), rapid.StringMatching(`[a-zé0-9.,-]{1,9}`))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(word, 0, 300).Draw(t, "words"), " ")
		var got, want wordList
		got.take(text)
		want.plainly(text)
		if got.b.String() != want.b.String() {
			t.Fatalf("got  %s\nwant %s", got.b.String(), want.b.String())
		}
	})
}
