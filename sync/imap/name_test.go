package imap

import "testing"

func TestMendName(t *testing.T) {
	for raw, want := range map[string]string{
		"INBOX":                 "INBOX",
		"Sales/R&-D":            "Sales/R&-D",
		"Entw&APw-rfe":          "Entw&APw-rfe",
		"Wysłane":               "Wysłane",
		"&2D3eAA-":              "&2D3eAA-", // a pair of surrogates
		"R&D":                   "R&-D",
		"Q&A-":                  "Q&-A-",  // a shift of three quarters of a character
		"&AGE-":                 "&-AGE-", // a plain letter, shifted
		"&APw-&APw-":            "&-APw-&-APw-",
		"&2D0-":                 "&-2D0-", // half a pair
		"Pr\xe9sents":           "Pr&AOk-sents",
		"\xe9t\xe9 & \xe0\xe7a": "&AOk-t&AOk- &- &AOAA5w-a",
		"tab\there":             "tab&AAk-here",
		"żółw & S":              "&AXwA8wFC-w &- S",
		"":                      "",
	} {
		if got := mendName(raw); got != want || !wellNamed(got) {
			t.Errorf("%q became %q, want %q", raw, got, want)
		}
	}
}

func FuzzMendName(f *testing.F) {
	for _, s := range []string{"R&D", "Pr\xe9sents", "&APw-&APw-", "&2D0-", "a&"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once := mendName(raw)
		if !wellNamed(once) || mendName(once) != once {
			t.Errorf("%q became %q", raw, once)
		}
	})
}
