package query

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// me is the user who asks.
const me = "me"

// write gives a stored value as text that its field reads again.
func write(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case crm.Time:
		return x.String()
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// amount is a value of a money field. Without a currency it means the number in
// whichever currency a record has.
type amount struct {
	money crm.Money
	any   bool
}

// readAmount reads 3240, 3240.50 or 3240.50 EUR; digits may be grouped by
// commas where they stand in quotes.
func readAmount(text string, usual crm.Currency) (amount, error) {
	number, code, named := strings.Cut(text, " ")
	a := amount{any: !named, money: crm.Money{Currency: usual}}
	if named {
		c, err := crm.ParseCurrency(code)
		if err != nil {
			return a, err
		}
		a.money.Currency = c
	}
	bad := crm.Errorf(crm.Invalid, "query.amount", "%q is no amount", crm.Clip(text, 40)).WithHint("write it as 3240, 3240.50 or 3240.50 EUR")
	number, negative := strings.CutPrefix(strings.ReplaceAll(number, ",", ""), "-")
	whole, rest, _ := strings.Cut(number, ".")
	digits := a.money.Currency.Digits()
	if whole == "" || len(rest) > digits || strings.Trim(whole+rest, "0123456789") != "" {
		return a, bad
	}
	n, err := strconv.ParseInt(whole+rest+strings.Repeat("0", digits-len(rest)), 10, 64)
	if err != nil || n == math.MaxInt64 {
		return a, bad
	}
	if negative {
		n = -n
	}
	a.money.Minor = n
	return a, nil
}

func (a amount) String() string {
	s := a.money.Decimal()
	if whole, cents, ok := strings.Cut(s, "."); ok && strings.Trim(cents, "0") == "" {
		s = whole
	}
	if !a.any {
		s += " " + string(a.money.Currency)
	}
	return s
}

// monied tells whether values of a field are amounts: minor units beside a
// currency, or both in one value.
func monied(f crm.Field) bool { return f.Money != "" || f.Type == crm.FieldMoney }
