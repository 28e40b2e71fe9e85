package crm

import "testing"

func TestMoneyString(t *testing.T) {
	for want, m := range map[string]Money{
		"3,240.00 PLN": {324000, "PLN"}, "0.05 EUR": {5, "EUR"}, "-1,234,567.80 EUR": {-123456780, "EUR"},
		"999 JPY": {999, "JPY"}, "1,000 JPY": {1000, "JPY"}, "-100.000 KWD": {-100000, "KWD"}, "10.00": {1000, ""},
	} {
		if got := m.String(); got != want {
			t.Errorf("%d %s is %s, want %s", m.Minor, m.Currency, got, want)
		}
	}
}
