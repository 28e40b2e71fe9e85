package crm

import "strings"

// Nearest is a hint that names the name nearest to a misspelt word, or all of
// them. Names are in lower case.
func Nearest(word string, names []string) string {
	// More than two slips are another word, and so are slips in all letters.
	best, least := "", min(3, len([]rune(word)))
	for _, n := range names {
		if d := distance(strings.ToLower(word), n, least); d < least {
			best, least = n, d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "one of " + strings.Join(names, ", ")
}

// distance counts the insertions, deletions and changes between two words; it
// may stop counting at limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d >= limit || -d >= limit {
		return limit
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		corner := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next := min(row[j]+1, row[j+1]+1, corner+cost)
			corner, row[j+1] = row[j+1], next
		}
	}
	return row[len(y)]
}

// NoKind refuses a kind of which there are no records in a workspace. Those of
// folders that people make begin with x-.
func NoKind(op Op, k Kind, nouns []Noun) *Error {
	names := make([]string, len(nouns))
	for i, n := range nouns {
		names[i] = string(n.Kind)
	}
	hint := Nearest(string(k), names)
	if k.Custom() {
		hint += "; a folder is to be made first"
	}
	return Errorf(Invalid, op, "there are no records of the kind %q", Clip(string(k), 40)).WithHint(hint)
}
