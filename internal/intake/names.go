package intake

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// namePart is which part of a person's name a column holds, in the order in which the
// parts are written.
type namePart int

const (
	noPart namePart = iota
	given
	middle
	family
)

// partsOfNames are headings of columns with parts of names, folded.
var partsOfNames = map[string]namePart{
	"first name": given, "firstname": given, "first_name": given, "given name": given, "forename": given, "prenom": given, "imie": given,
	"middle name": middle, "middlename": middle, "additional name": middle, "deuxieme prenom": middle, "secondo nome": middle, "drugie imie": middle,
	"last name": family, "lastname": family, "last_name": family, "surname": family, "family name": family, "nom de famille": family, "nazwisko": family, "cognome": family,
}

// ambiguous headings mean a part of a name beside the heading of another part, and
// a whole one elsewhere.
var ambiguous = map[string]struct {
	is     namePart
	beside string
}{"nom": {family, "prenom"}, "nome": {given, "cognome"}}

// partOf tells which part of a name a column holds among all columns.
func partOf(heading string, columns []string) namePart {
	heading = crm.FoldName(heading)
	if a, ok := ambiguous[heading]; ok && slices.ContainsFunc(columns, func(c string) bool { return crm.FoldName(c) == a.beside }) {
		return a.is
	}
	return partsOfNames[heading]
}

// named tells whether records of a kind have the names of people.
func named(n crm.Noun) bool { return n.Kind == crm.KindContact || n.Kind == crm.KindLead }

// joins tells whether several columns may become a field: the name of a person,
// whose parts other programs keep apart.
func joins(n crm.Noun, f crm.Field) bool {
	return named(n) && f.Key == n.Title && f.Type == crm.FieldText
}

// joinNames lets the parts of names become the name, where no column has it whole.
func joinNames(n crm.Noun, columns, fields []string) {
	if !named(n) || slices.Contains(fields, n.Title) {
		return
	}
	for i, c := range columns {
		if fields[i] == "" && partOf(c, columns) != noPart {
			fields[i] = n.Title
		}
	}
}

// reading is the order in which the cells of a row are read: as they stand, but
// for the parts of a name.
func reading(columns []string) []int {
	out := make([]int, len(columns))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return int(partOf(columns[a], columns) - partOf(columns[b], columns)) })
	return out
}

// joined is a name with a further part of it.
func joined(have, more string) string { return strings.TrimSpace(have + " " + more) }
