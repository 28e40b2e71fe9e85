package crm

import (
	"slices"
	"strings"
)

// maxChoices is how many choices a field may offer.
const maxChoices = 500

// dropdownType is one of the field's choices.
func dropdownType() fieldType {
	t := texted("select", parseChoice)
	t.check = checkChoices
	return t
}

func checkChoices(f Field) error {
	if len(f.Choices) == 0 || len(f.Choices) > maxChoices {
		return Errorf(Invalid, "crm.Field", "this takes 1 to %d choices", maxChoices).WithField("choices")
	}
	for i, c := range f.Choices {
		if s, err := textOf(c, maxLine); err != nil || s == "" || s != c || strings.Contains(c, ";") || slices.Contains(f.Choices[:i], c) {
			return Errorf(Invalid, "crm.Field", "%q cannot be a choice", Clip(c, 40)).WithField("choices").
				WithHint("choices are different texts without semicolons and spaces around them")
		}
	}
	return nil
}

func parseChoice(f Field, raw any) (any, error) {
	s, err := textOf(raw, maxLine)
	if err != nil || s == "" {
		return nil, err
	}
	if !slices.Contains(f.Choices, s) {
		return nil, Errorf(Invalid, "crm.Field", "%q is not a choice", Clip(s, 40)).WithHint("one of " + strings.Join(f.Choices, ", "))
	}
	return s, nil
}
