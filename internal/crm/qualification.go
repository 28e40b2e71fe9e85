package crm

import "slices"

// Schemes of qualification: the criteria of each, in the order of its letters.
const (
	SchemeBANT  = "bant"
	SchemeCHAMP = "champ"
)

// Criteria returns what a scheme asks for, nil for no such scheme.
func Criteria(scheme string) []string {
	switch scheme {
	case SchemeBANT:
		return []string{"budget", "authority", "need", "timeline"}
	case SchemeCHAMP:
		return []string{"challenges", "authority", "money", "prioritization"}
	}
	return nil
}

// Schemes lists the schemes.
func Schemes() []string { return []string{SchemeBANT, SchemeCHAMP} }

// qualification are the fields of the schemes: an answer to each criterion.
func qualification() []Field {
	var out []Field
	for _, scheme := range Schemes() {
		for _, c := range Criteria(scheme) {
			out = append(out, Field{Key: scheme + "_" + c, Type: FieldChoice, Choices: []string{"unknown", "no", "partial", "yes"}})
		}
	}
	return out
}

// Completeness is how many of the criteria of a scheme are answered, in percent.
func Completeness(r *Record, scheme string) int {
	criteria := Criteria(scheme)
	known := 0
	for _, c := range criteria {
		if slices.Contains([]string{"no", "partial", "yes"}, r.Text(scheme+"_"+c)) {
			known++
		}
	}
	return 100 * known / max(1, len(criteria))
}
