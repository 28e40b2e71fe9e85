package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/mail"
	"threadline/internal/timeline"
)

// TestPen: what stands above an earlier mail is in the writer's language and time,
// and is known for what it is when the mail comes back.
func TestPen(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	must(t, err)
	m := &timeline.Message{}
	m.Date, m.Subject = crm.At(time.Date(2026, 11, 19, 23, 30, 0, 0, time.UTC)), "Offer"
	m.From.Name, m.From.Address = "Bo Berg", "bo@firm.example"
	m.Participants = []crm.Participant{{Role: crm.RoleFrom, Name: "Bo Berg", Address: "bo@firm.example"}, {Role: crm.RoleTo, Address: "nora@brightwell.example"}}
	for lang, want := range map[i18n.Lang][2]string{
		i18n.English: {"On 20 Nov 2026, 00:30, Bo Berg wrote:", "---------- Forwarded message ----------|From: Bo Berg <bo@firm.example>|Date: 20 Nov 2026, 00:30|Subject: Offer|To: nora@brightwell.example"},
		i18n.French:  {"Le 20 nov. 2026, 00:30, Bo Berg a écrit :", "---------- Message transféré ----------|De: Bo Berg <bo@firm.example>|Date: 20 nov. 2026, 00:30|Objet: Offer|À: nora@brightwell.example"},
		i18n.Italian: {"Il 20 nov 2026, 00:30, Bo Berg ha scritto:", "---------- Messaggio inoltrato ----------|Da: Bo Berg <bo@firm.example>|Data: 20 nov 2026, 00:30|Oggetto: Offer|A: nora@brightwell.example"},
		i18n.Polish:  {"20 lis 2026, 00:30 Bo Berg pisze:", "---------- Wiadomość przekazana ----------|Od: Bo Berg <bo@firm.example>|Data: 20 lis 2026, 00:30|Temat: Offer|Do: nora@brightwell.example"},
	} {
		p := pen{lang, zone}
		if got := p.attribution(m); !slices.Equal(got, []string{want[0]}) {
			t.Errorf("%s: %q", lang, got)
		}
		if got := strings.Join(p.head(m), "|"); got != want[1] {
			t.Errorf("%s: %q", lang, got)
		}
		for _, head := range [][]string{p.attribution(m), p.head(m)} {
			raw := "From: nora@brightwell.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nYes.\r\n\r\n" + strings.Join(head, "\r\n") + "\r\n> Can you?\r\n"
			if back := mail.Parse([]byte(raw)); back.Quoted == 0 {
				t.Errorf("%s: what was quoted below %q is taken for words of the answer", lang, head[0])
			}
		}
	}
}
