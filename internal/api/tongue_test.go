package api

import (
	"strings"
	"testing"
)

// TestRefusalsInTheLanguageOfTheReader meets refusals of each sort as a browser
// does, in three languages, and without one in English.
func TestRefusalsInTheLanguageOfTheReader(t *testing.T) {
	w := newWorld(t)
	type in struct {
		call
		code int
		says [4]string // en, fr, it, pl
	}
	made := decode[recordView](t, w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"Ewa","emails":["ewa@huta.example"]}}`}))
	at := "/api/v1/contacts/" + string(made.ID)
	cases := map[string]in{
		"validation": {call{method: "PATCH", path: at, as: "nora", body: `{"values":{"emails":["nobody"]}}`}, 422,
			[4]string{"is not a mail address", "n’est pas une adresse e-mail", "non è un indirizzo e-mail", "nie jest adresem e-mail"}},
		"conflict": {call{method: "PATCH", path: at, as: "nora", header: map[string]string{"If-Match": "1"}, body: `{"values":{"name":"Ewa K"}}`}, 412,
			[4]string{"somebody else", "quelqu’un d’autre", "da altri", "ktoś inny"}},
		"a view without a name": {call{method: "POST", path: "/api/v1/views", as: "nora", body: `{"name":"","kind":"deal"}`}, 422,
			[4]string{"a name is text", "un nom est un texte", "un nome è un testo", "nazwa to tekst"}},
		"not found": {call{path: "/api/v1/contacts/con_aaaaaaaaaaaaaaaaaaaaaaaaaa", as: "nora"}, 404,
			[4]string{"there is no", "pas de fiche", "non c’è la scheda", "nie ma rekordu"}},
		"nobody": {call{path: "/api/v1/me"}, 401,
			[4]string{"nobody is signed in", "personne n’est connecté", "nessuno ha effettuato", "nikt nie jest zalogowany"}},
		"no address": {call{path: "/api/v1/nothing", as: "nora"}, 404,
			[4]string{"there is nothing", "il n’y a rien", "non c’è niente", "nic nie ma"}},
	}
	for name, c := range cases {
		for i, tag := range []string{"", "fr-FR,fr;q=0.9,en;q=0.5", "it", "pl-PL"} {
			one := c.call
			one.header = map[string]string{"Accept-Language": tag}
			for k, v := range c.header {
				one.header[k] = v
			}
			res := w.do(one)
			if p := decode[Problem](t, res); res.Code != c.code || !strings.Contains(p.Detail, c.says[i]) {
				t.Errorf("%s in %q: %d %q, want %d and %q", name, tag, res.Code, p.Detail, c.code, c.says[i])
			}
		}
	}
}
