package crm

import "testing"

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{
		"deels": "did you mean deals?", "Deal": "did you mean deals?", "an": "did you mean and?",
		"id": "one of deals, and", "x": "one of deals, and", "": "one of deals, and", "delas": "did you mean deals?",
	} {
		if got := Nearest(word, []string{"deals", "and"}); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}
