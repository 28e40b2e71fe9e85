package crm

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

func TestParsePhone(t *testing.T) {
	for _, c := range []struct {
		home Country
		in   string
		want Phone // "" is refused
	}{
		{"", "+49 (0)30 123456", "+4930123456"}, {"", "0044 (0) 20 7946 0000", "+442079460000"}, {"", "+39 (0)6 1234567", "+39061234567"},
		{"", "600 123 456", ""}, {"", "+48 600 123 456", "+48600123456"}, {"", "tel:+48-600-123-456", "+48600123456"},
		{"PL", "600 123 456", "+48600123456"}, {"PL", "22 123-45-67", "+48221234567"}, {"PL", "(022) 123 45 67", "+48221234567"}, {"PL", "48600123456", "+48600123456"},
		{"PL", "+49 30 123456", "+4930123456"}, {"PL", "112", ""}, {"PL", "10 123 45 67", ""}, {"PL", "22–123–45–67", "+48221234567"},
		{"DE", "030/1234567", "+49301234567"}, {"FR", "06 12 34 56 78", "+33612345678"}, {"IT", "06 1234567", "+39061234567"},
		{"US", "(202) 555-0100", "+12025550100"}, {"US", "1 202 555 0100", "+12025550100"}, {"US", "011 48 22 123 45 67", "+48221234567"},
		{"HU", "06 1 234 5678", "+3612345678"}, {"NG", "0803 123 4567", "+2348031234567"}, {"PE", "987 654 321", "+51987654321"}, {"RU", "8 (495) 123-45-67", "+74951234567"},
		{"PL", "600 123 456 ext. 5", "+48600123456"}, {"", "+48 22 123 45 67 wew. 12", "+48221234567"}, {"", "+48221234567;ext=12", "+48221234567"}, {"", "+1 (202) 555-0100 x100", "+12025550100"},
		{"", "+48 12 345", ""}, {"", "+999 123 456 789", ""}, {"", "+0123456789", ""}, {"", "+48 600 123 456 789", ""}, {"", "+48 600 123 456 ask for Bo", ""}, {"", "+", ""}, {"", "x12", ""},
		{"", "1-800-FLOWERS", ""}, {"PL", "two", ""},
	} {
		got, err := ParsePhone(c.in, c.home)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q in %q is read as %q, %v; want %q", c.in, c.home, got, err, c.want)
		}
		if e, ok := err.(*Error); err != nil && (!ok || e.Hint == "") {
			t.Errorf("%q is refused without a word of what to do: %v", c.in, err)
		}
	}
}

// Every country's own example is read as it is dialled there and from abroad.
func TestParsePhoneOfEveryCountry(t *testing.T) {
	compared := 0
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE} {
			n := phonenumbers.GetExampleNumberForType(region, kind)
			if n == nil {
				continue
			}
			want := e164(n)
			for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.NATIONAL, phonenumbers.INTERNATIONAL, phonenumbers.E164} {
				text := phonenumbers.Format(n, form)
				if own, err := phonenumbers.Parse(text, region); err != nil || !phonenumbers.IsValidNumber(own) {
					continue // one that the library itself does not read back
				}
				compared++
				if got, err := ParsePhone(text, Country(region)); got != want {
					t.Errorf("%s: %q is read as %q, %v; want %q", region, text, got, err, want)
				}
			}
			if again, err := ParsePhone(string(want), ""); again != want {
				t.Errorf("%q is read back as %q, %v", want, again, err)
			}
		}
		if err := (Home{Country(region)}).Check(); err != nil {
			t.Errorf("%s: %v", region, err)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d were compared", compared)
	}
}

// What is taken as it stands is what the library makes of it.
func TestPhoneAsItStands(t *testing.T) {
	draw, taken := rand.New(rand.NewPCG(1, 2)), 0
	for range 100_000 {
		text := "+" + strconv.Itoa(1+draw.IntN(998)) + strconv.FormatUint(draw.Uint64N(1_000_000_000_0), 10)
		got, ok := asItStands(text)
		if !ok {
			continue
		}
		taken++
		n, err := phonenumbers.Parse(text, "")
		if err != nil || e164(n) != got || !phonenumbers.IsPossibleNumber(n) {
			t.Errorf("%s is taken as it stands, the library says %v, %v", text, n, err)
		}
	}
	if taken < 1000 {
		t.Errorf("only %d were taken", taken)
	}
}

func BenchmarkParsePhone(b *testing.B) {
	for name, text := range map[string]string{"international": "+48 600 123 456", "national": "600 123 456"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := ParsePhone(text, "PL"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
