package crm

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// moneyType is an amount with its currency, stored as a Money in the form
// {minor, currency}; text is an amount and a code: "48000.00 EUR".
func moneyType() fieldType {
	return fieldType{widget: "money", parse: parseMoney, plain: func(v any) any { return MoneyOf(v).Minor },
		compare: func(a, b any) int {
			x, y := MoneyOf(a), MoneyOf(b)
			return cmp.Or(cmp.Compare(x.Currency, y.Currency), cmp.Compare(x.Minor, y.Minor))
		},
		format: func(_ Field, v any) string {
			m := MoneyOf(v)
			return m.Decimal() + " " + string(m.Currency)
		}}
}

// MoneyOf reads the stored value of an amount; the zero Money for none.
func MoneyOf(v any) Money {
	m, _ := v.(map[string]any)
	minor, _ := m["minor"].(int64)
	code, _ := m["currency"].(string)
	return Money{Minor: minor, Currency: Currency(code)}
}

func parseMoney(f Field, raw any) (any, error) {
	switch v := raw.(type) {
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, nil
		}
		return moneyOfText(v)
	case map[string]any:
		code, _ := v["currency"].(string)
		c, err := ParseCurrency(code)
		if err != nil {
			return nil, err
		}
		f.Digits = 0
		minor, err := parseNumber(f, v["minor"])
		if err != nil || minor == nil || len(v) != 2 {
			return nil, Errorf(Invalid, "crm.Field", "an amount is {minor, currency}, minor a whole number of the smallest unit")
		}
		return map[string]any{"minor": minor, "currency": string(c)}, nil
	}
	return nil, Errorf(Invalid, "crm.Field", "this takes an amount with a currency").WithHint("such as 48000.00 EUR")
}

// moneyOfText reads an amount with a point and a currency, in either order.
func moneyOfText(s string) (any, error) {
	wrong := Errorf(Invalid, "crm.Field", "%q is no amount with a currency", Clip(s, 40)).WithHint("write it as 48000.00 EUR")
	words := strings.Fields(s)
	if len(words) != 2 {
		return nil, wrong
	}
	c, err := ParseCurrency(words[1])
	if err != nil {
		if c, err = ParseCurrency(words[0]); err != nil {
			return nil, wrong
		}
		words[0] = words[1]
	}
	whole, part, _ := strings.Cut(words[0], ".")
	if len(part) > c.Digits() {
		return nil, wrong.WithHint("the currency has " + strconv.Itoa(c.Digits()) + " decimals")
	}
	for len(part) < c.Digits() {
		part += "0"
	}
	minor, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || minor == math.MinInt64 || strings.ContainsAny(part, "+-") {
		return nil, wrong
	}
	return map[string]any{"minor": minor, "currency": string(c)}, nil
}

// Major is the amount of a stored value in whole units of its currency: 48000.5;
// nil for none.
func (f Field) Major(v any) any {
	m := MoneyOf(v)
	if m.Currency == "" {
		return nil
	}
	return float64(m.Minor) / math.Pow10(m.Currency.Digits())
}
