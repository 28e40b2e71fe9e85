package crm

import (
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// Currency is an ISO 4217 code.
type Currency string

// ParseCurrency checks that s is an ISO 4217 code, of today or of former times.
func ParseCurrency(s string) (Currency, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if _, err := currency.ParseISO(s); err != nil {
		return "", Errorf(Invalid, "crm.ParseCurrency", "%q is not a currency code", Clip(s, 20)).WithHint("use three letters such as EUR")
	}
	return Currency(s), nil
}

// Digits is the number of decimal places of the currency's minor unit.
func (c Currency) Digits() int {
	switch c {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// Money is an amount in minor units of its currency.
type Money struct {
	Minor    int64    `cbor:"minor" json:"minor"`
	Currency Currency `cbor:"currency" json:"currency"`
}

// Decimal writes the amount with a point and without the currency: "48000.00".
func (m Money) Decimal() string {
	d := m.Currency.Digits()
	neg := m.Minor < 0
	u := uint64(m.Minor)
	if neg {
		u = -u
	}
	s := strconv.FormatUint(u, 10)
	if d > 0 {
		for len(s) <= d {
			s = "0" + s
		}
		s = s[:len(s)-d] + "." + s[len(s)-d:]
	}
	if neg {
		s = "-" + s
	}
	return s
}

// String writes the amount as people do at a command line: "48,000.00 PLN".
func (m Money) String() string {
	s := m.Decimal()
	whole, rest, _ := strings.Cut(s, ".")
	sign, whole := whole[:len(whole)-len(strings.TrimPrefix(whole, "-"))], strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return strings.TrimSpace(sign + whole + rest + " " + string(m.Currency))
}
