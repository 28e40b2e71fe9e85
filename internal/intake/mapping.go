package intake

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// headings are words that other programs write over a column, folded, by the
// type of field or the key that they mean.
var headings = map[string][]string{
	"name": {"full name", "display name", "contact name", "company name", "deal name", "nom", "nom complet", "nazwa", "imie i nazwisko", "nome",
		"nome completo", "ragione sociale", "opportunity name", "account name", "raison sociale", "organisation name", "organization name"},
	"title": {"job title", "position", "role", "poste", "fonction", "stanowisko", "ruolo", "qualifica"},
	"emails": {"email", "e-mail", "mail", "email address", "e-mail address", "adres e-mail", "adresse e-mail", "adresse email", "courriel",
		"indirizzo email", "e-mail 1 - value", "primary email", "work email", "email 1", "email 2", "posta elettronica"},
	"phones": {"phone", "telephone", "mobile", "phone number", "mobile phone", "work phone", "telefon", "numer telefonu", "tel", "cellulare",
		"telefono", "portable", "komorka", "phone 1 - value", "business phone"},
	"company": {"account", "organisation", "organization", "firm", "employer", "company name", "account name", "societe", "entreprise", "firma",
		"azienda", "societa", "organization name"},
	"domains":        {"domain", "domaine", "domena", "dominio"},
	"website":        {"url", "web", "site", "web site", "site web", "strona www", "www", "sito web", "homepage"},
	"country":        {"country/region", "company country", "billing country", "pays", "kraj", "paese", "nazione"},
	"owner":          {"manager", "assigned to", "account owner", "deal owner", "proprietaire", "responsable", "opiekun", "wlasciciel", "responsabile"},
	"about":          {"notes", "note", "comment", "comments", "description", "remarks", "uwagi", "opis", "remarques", "descrizione", "notatki"},
	"amount":         {"value", "deal value", "montant", "kwota", "wartosc", "importo"},
	"currency":       {"devise", "waluta", "valuta"},
	"stage":          {"deal stage", "etape", "etap", "fase"},
	"contacts":       {"contact", "people", "kontakt", "contatto", "contatti"},
	"expected_close": {"close date", "expected close date", "date de cloture", "data zamkniecia", "data di chiusura"},
	"created":        {"create date", "created on", "creation date", "date de creation", "data utworzenia"},
}

// guessMap says which column becomes which field: the first that fits each, and
// every one that fits a list.
func guessMap(n crm.Noun, columns []string) []string {
	out := make([]string, len(columns))
	for _, exact := range []bool{true, false} {
		for i, c := range columns {
			if out[i] != "" {
				continue
			}
			for _, f := range n.Fields {
				if f.Key == n.Title && named(n) && partOf(c, columns) != noPart {
					continue
				}
				if !f.System && (f.Many || !slices.Contains(out, f.Key)) && means(f, crm.FoldName(c), exact) {
					out[i] = f.Key
					break
				}
			}
		}
	}
	joinNames(n, columns, out)
	return out
}

// means tells whether a heading names a field.
func means(f crm.Field, heading string, exact bool) bool {
	plain := strings.ReplaceAll(f.Key, "_", " ")
	if exact {
		return heading == f.Key || heading == plain || f.Many && heading == strings.TrimSuffix(plain, "s")
	}
	return slices.Contains(headings[f.Key], heading)
}
