package auth

import (
	"testing"

	"threadline/internal/crm"
)

// TestFirstGuesses: what guessers try first is no password, whatever digits and marks
// stand around it; words that do not belong together are one.
func TestFirstGuesses(t *testing.T) {
	u := &crm.User{Email: "anna@acme.example"}
	for _, bad := range []string{"password123456", "P@ssw0rd!2026", "Summer2026!!", "Welcome12345!", "passwordpassword", "qwerty123456", "hunter", "Admin2026!!",
		"2611200626", "+48 601 987 654", "letmein-letmein", "Motdepasse2026", "ilOveyou!!!!", "1Changeme2!", "November2026", "Hasło12345678"} {
		if checkPassword(bad, u) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, good := range []string{"purple otter climbs ladder", "summer ladder otter", "8fk2-qz9w-77ab", "passing the salt twice", "admiral tangerine", "2938475610293847", "żółta łódź pływa"} {
		if err := checkPassword(good, u); err != nil {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
}
