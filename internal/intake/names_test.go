package intake_test

import (
	"testing"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/records"
)

// TestNames reads names as other programs keep them: whole, and in parts of any
// order and language.
func TestNames(t *testing.T) {
	for file, want := range map[string]string{
		"First name,Last name,Email\nAnna,Nowak,a@a.example\n":                          "Anna Nowak",
		"Last Name,First Name,Middle Name,Email\nNowak,Anna,M.,a@a.example\n":           "Anna M. Nowak",
		"Nom,Prénom,Courriel\nNowak,Anna,a@a.example\n":                                 "Anna Nowak",
		"Nom,Email,Poste\nAnna Nowak,a@a.example,CEO\n":                                 "Anna Nowak",
		"Nome,Cognome,E-mail\nAnna,Nowak,a@a.example\n":                                 "Anna Nowak",
		"Imię,Nazwisko,E-mail\nAnna,Nowak,a@a.example\n":                                "Anna Nowak",
		"Given Name,Family Name,E-mail,Name\nAnna,Nowak,a@a.example,Anna Maria Nowak\n": "Anna Maria Nowak",
		"Surname,Email,Job title\nNowak,a@a.example,CEO\n":                              "Nowak",
		"First name,Last name,Email\nAnna,,a@a.example\n":                               "Anna",
	} {
		d := newDesk(t)
		d.applied(t, d.planned(t, crm.KindContact, file, intake.Options{}).ID)
		list, err := d.records.List(t.Context(), operator, crm.KindContact, records.Page{})
		must(t, err)
		if len(list.Items) != 1 || list.Items[0].Value.Name() != want {
			t.Errorf("%q: %d contacts, %q, want %q", file, len(list.Items), list.Items[0].Value.Name(), want)
		}
	}
}

// TestNamesSaid lets people say which columns are the name, and keeps what they
// say of one column apart from what is guessed of the others.
func TestNamesSaid(t *testing.T) {
	for want, said := range map[string]map[string]string{
		"Bo Ek":  {"A": "name", "B": "name"},
		"Ek":     {"B": "name"},
		"bo@e.x": nil,
	} {
		d := newDesk(t)
		im := d.planned(t, crm.KindContact, "A,B,Email\nBo,Ek,bo@e.example\n", intake.Options{Columns: said})
		d.applied(t, im.ID)
		list, err := d.records.List(t.Context(), operator, crm.KindContact, records.Page{})
		must(t, err)
		if got := list.Items[0].Value.Text("name"); said != nil && got != want || said == nil && got != "" {
			t.Errorf("%v: %q, want %q", said, got, want)
		}
	}
}
