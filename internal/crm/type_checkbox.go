package crm

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// checkboxType is yes or no, a bool.
func checkboxType() fieldType {
	return fieldType{widget: "checkbox", parse: parseCheckbox, format: plainText,
		compare: func(a, b any) int { return comparing[string](plainText(Field{}, a), plainText(Field{}, b)) }}
}

func parseCheckbox(f Field, raw any) (any, error) {
	switch v := raw.(type) {
	case bool:
		return v, nil
	case json.Number, float64, int64, int:
		return parseCheckbox(f, fmt.Sprint(v))
	case string:
		s := strings.ToLower(strings.TrimSpace(v))
		switch s {
		case "":
			return nil, nil
		case "yes":
			return true, nil
		case "no":
			return false, nil
		}
		if b, err := strconv.ParseBool(s); err == nil {
			return b, nil
		}
	}
	return nil, Errorf(Invalid, "crm.Field", "this takes true or false")
}
