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
		if n, ok := whole(v.String()); ok {
			return n, nil
		}
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, nil
		}
		if n, ok := whole(strings.TrimSpace(v)); ok {
			return n, nil
		}
	}
	e := Errorf(Invalid, "crm.Field", "this takes a whole number")
	if f.Money != "" {
		e = e.WithHint("in the smallest unit of the currency: 10050 for 100.50")
	}
	return nil, e
}

// whole reads a whole number, also one that a spreadsheet wrote with decimals: 12.00.
func whole(text string) (int64, bool) {
	if before, decimals, ok := strings.Cut(text, "."); ok && before != "" && decimals != "" && strings.Trim(decimals, "0") == "" {
		text = before
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
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
