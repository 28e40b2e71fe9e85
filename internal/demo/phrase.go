package demo

import (
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// toRep is how customers begin a mail to the rep.
func toRep(language string, n int) string {
	l := map[string][]string{
		"en": {"Hi Nora,", "Dear Nora,", "Hello Nora,"},
		"fr": {"Bonjour Nora,", "Bonjour Madame Keane,", "Bonjour,"},
		"it": {"Buongiorno Nora,", "Gentile Nora,", "Buongiorno,"},
		"pl": {"Dzień dobry, Pani Noro,", "Dzień dobry,", "Szanowna Pani,"},
	}[language]
	return l[n%len(l)]
}

// toFirm is how people begin who do not know the rep yet.
func toFirm(language string) string {
	return map[string]string{
		"en": "Dear Sir or Madam,", "fr": "Madame, Monsieur,", "it": "Spettabile ditta,", "pl": "Szanowni Państwo,",
	}[language]
}

// regards is how mails end.
func regards(language string, n int) string {
	l := map[string][]string{
		"en": {"Kind regards,", "Best regards,", "Many thanks,"},
		"fr": {"Cordialement,", "Bien cordialement,", "Bien à vous,"},
		"it": {"Cordiali saluti", "Un cordiale saluto", "Grazie e buona giornata"},
		"pl": {"Pozdrawiam", "Z poważaniem", "Z wyrazami szacunku"},
	}[language]
	return l[n%len(l)]
}

// signature is the block below a customer's mail.
func (r role) signature(company Company) string {
	lines := []string{r.Name, r.Title + ", " + company.Name}
	for _, p := range r.Phones {
		lines = append(lines, string(p))
	}
	if company.Website != "" {
		lines = append(lines, company.Website)
	}
	return strings.Join(lines, "\n")
}

// ownSignature is the block below a mail of the own firm.
func ownSignature(p Person) string {
	title := map[crm.Address]string{
		nora().Address: "Export Sales", tom().Address: "Application Engineer", ines().Address: "Accounts",
		siobhan().Address: "Dispatch and Service", paul().Address: "Managing Director",
	}[p.Address]
	return "-- \n" + p.Name + "\n" + title + " | Brightwell Filtration Ltd, Cork\n+353 21 555 0100 | https://www.brightwell.example"
}

// money writes an amount as the language does; the currency stays a code where
// the writer's charset may lack its sign.
func money(minor int64, currency crm.Currency, language string) string {
	whole, cents := strconv.FormatInt(minor/100, 10), strconv.FormatInt(100+minor%100, 10)[1:]
	group, point := ",", "."
	switch language {
	case "fr", "pl":
		group, point = " ", ","
	case "it":
		group, point = ".", ","
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + group + whole[at:]
	}
	amount := whole + point + cents
	switch {
	case language == "en":
		return map[crm.Currency]string{"EUR": "€", "GBP": "£", "PLN": "PLN "}[currency] + amount
	case currency == "PLN" && language == "pl":
		return amount + " zł"
	case currency == "EUR" && language != "pl":
		return amount + " €"
	}
	return amount + " " + string(currency)
}
