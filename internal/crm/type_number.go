package crm

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// maxDigits is how many decimals a number may have: beyond, and beyond
// maxNumber, a float64 would not hold what was written.
const (
	maxDigits = 6
	maxNumber = 1e9
)

// numberType is a whole number, an int64; with Digits a float64 of so many
// decimals.
func numberType() fieldType {
	return fieldType{widget: "number", check: checkDigits, parse: parseNumber, compare: compareNumbers, format: formatNumber}
}

func checkDigits(f Field) error {
	if f.Digits < 0 || f.Digits > maxDigits {
		return Errorf(Invalid, "crm.Field", "a number has 0 to %d decimals", maxDigits).WithField("digits")
	}
	return nil
}

func parseNumber(f Field, raw any) (any, error) {
	if f.Digits > 0 {
		return parseDecimal(raw, f.Digits)
	}
	switch v := raw.(type) {
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), nil
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, nil
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64); err == nil {
			return n, nil
		}
	}
	return nil, Errorf(Invalid, "crm.Field", "this takes a whole number")
}

// parseDecimal reads a number of at most so many decimals.
func parseDecimal(raw any, digits int) (any, error) {
	text := ""
	switch v := raw.(type) {
	case int64:
		text = strconv.FormatInt(v, 10)
	case int:
		text = strconv.Itoa(v)
	case float64:
		text = strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		text = v.String()
	case string:
		if text = strings.TrimSpace(v); text == "" {
			return nil, nil
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > maxNumber {
		return nil, Errorf(Invalid, "crm.Field", "this takes a number such as 12.5")
	}
	rounded := math.Round(n*math.Pow10(digits)) / math.Pow10(digits)
	if math.Abs(n-rounded) > math.Pow10(-digits-3) {
		return nil, Errorf(Invalid, "crm.Field", "this takes at most %d decimals", digits)
	}
	return rounded + 0, nil // no negative zero
}

func formatNumber(_ Field, v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return plainText(Field{}, v)
}
