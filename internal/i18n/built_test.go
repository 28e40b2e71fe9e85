package i18n

import "testing"

func TestBuilt(t *testing.T) {
	for _, c := range []struct {
		lang            Lang
		key, name, want string
	}{
		{French, "proposal", "Proposal", "Proposition"}, {Polish, "sales", "Sales", "Sprzedaż"}, {English, "won", "Won", "Won"},
		{Italian, "won", "Signed", "Signed"},       // renamed
		{Italian, "s1", "Won", "Won"},              // made by somebody
		{"nl", "proposal", "Proposal", "Proposal"}, // a language that we lack is English
	} {
		if got := c.lang.Built(c.key, c.name); got != c.want {
			t.Errorf("%s: %s %q is told as %q, want %q", c.lang, c.key, c.name, got, c.want)
		}
	}
	for name, b := range built() {
		for _, l := range []Lang{French, Italian, Polish} {
			if b["key"] == "" || b[string(l)] == "" {
				t.Errorf("%q lacks its key or %s", name, l)
			}
		}
	}
}
