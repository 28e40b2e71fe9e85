package crm

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// Phone is a number in E.164 form: + and 7 to 15 digits. What is dialled after
// it, of a switchboard, is no part of it.
type Phone string

// ParsePhone reads a number as people write it. One with its country code must
// have the length that numbers of the country have: which ranges are in use
// changes faster than any table of them. One without is of the country, home,
// and must be in use there: it may as well be of another. An extension is left out.
func ParsePhone(s string, home Country) (Phone, error) {
	const op = Op("crm.ParsePhone")
	text, ok := dialable(s)
	if !ok {
		return "", Errorf(Invalid, op, "%q is not a phone number", Clip(s, 40)).WithHint("digits alone, as in +48 600 000 000; leave out what is dialled after it")
	}
	if p, ok := asItStands(text); ok {
		return p, nil
	}
	if strings.HasPrefix(text, "+") {
		if n, err := phonenumbers.Parse(text, ""); err == nil && phonenumbers.IsPossibleNumber(n) {
			return e164(n), nil
		}
		return "", Errorf(Invalid, op, "%q is not a phone number of any country", Clip(s, 40)).WithHint("digits are missing or too many: write it as +48 600 000 000")
	}
	if home == "" {
		return "", Errorf(Invalid, op, "%q is not a phone number with country code", Clip(s, 40)).
			WithHint("write it as +48 600 000 000, or say in which country the workspace is")
	}
	for _, t := range []string{text, strings.TrimPrefix(text, "0")} { // once dialled before numbers where no such thing is any more
		if n, err := phonenumbers.Parse(t, string(home)); err == nil && phonenumbers.IsValidNumber(n) {
			return e164(n), nil
		}
	}
	return "", Errorf(Invalid, op, "%q is not a phone number of %s", Clip(s, 40), home).WithHint("write it with its country code, as +48 600 000 000")
}

func e164(n *phonenumbers.PhoneNumber) Phone {
	return Phone(phonenumbers.Format(n, phonenumbers.E164))
}

// dialable are the digits of a number, after + when its country code is said:
// without extension, spacing, and a 0 in brackets that is dialled within the
// country alone, as everywhere but in Italy.
func dialable(s string) (string, bool) {
	t := strings.TrimPrefix(strings.TrimSpace(withoutExtension(s)), "tel:")
	if rest, ok := strings.CutPrefix(t, "00"); ok {
		t = "+" + rest
	}
	if strings.HasPrefix(t, "+") && !strings.HasPrefix(t, "+39") {
		t = strings.Replace(t, "(0)", "", 1)
	}
	var b strings.Builder
	for i, r := range t {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -‐‑–./()\u00a0\u202f", r):
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 1
}

// withoutExtension cuts what is dialled after a number, in the words that stand
// before it in signatures.
func withoutExtension(number string) string {
	at := strings.IndexFunc(number, func(r rune) bool { return unicode.IsLetter(r) || r == '#' || r == ';' })
	if at <= 0 {
		return number
	}
	word := strings.TrimRightFunc(strings.ToLower(number[at:]), func(r rune) bool { return r >= '0' && r <= '9' })
	if at+len(word) == len(number) {
		return number
	}
	switch strings.TrimRight(word, " .:=") {
	case "ext", ";ext", "x", "#", "extension", "w", "wew", "wewn", "wewnętrzny", "int", "interno", "poste", "durchwahl", "dw":
		return number[:at]
	}
	return number
}

// National are the digits behind the country code.
func (p Phone) National() string {
	_, national := p.split()
	return national
}

// split cuts a number in E.164 form behind its country code: 0 when there is no
// such country.
func (p Phone) split() (code int, national string) {
	digits := strings.TrimPrefix(string(p), "+")
	for n := 1; n <= 3 && n < len(digits); n++ {
		code, _ = strconv.Atoi(digits[:n])
		if phonenumbers.GetRegionCodeForCountryCode(code) != phonenumbers.UNKNOWN_REGION {
			return code, digits[n:]
		}
	}
	return 0, ""
}

// asItStands takes a number that is in E.164 form already. It says of it what
// the library would, in a twentieth of the time.
func asItStands(digits string) (Phone, bool) {
	if len(digits) < 8 || len(digits) > 16 || digits[0] != '+' {
		return "", false
	}
	code, national := Phone(digits).split()
	if code == 0 || len(national) < 2 || national[0] == '0' || phonenumbers.GetCountryMobileToken(code) != "" {
		return "", false // the last: mobile numbers are dialled in another way from within
	}
	within := phonenumbers.GetNddPrefixForRegion(phonenumbers.GetRegionCodeForCountryCode(code), true)
	if within != "" && strings.HasPrefix(national, within) { // it may be what falls away from abroad
		return "", false
	}
	country, rest := int32(code), uint64(0)
	for _, r := range national {
		rest = rest*10 + uint64(r-'0')
	}
	n := phonenumbers.PhoneNumber{CountryCode: &country, NationalNumber: &rest}
	return Phone(digits), phonenumbers.IsPossibleNumberWithReason(&n) == phonenumbers.IS_POSSIBLE
}

// DialledWithin tells whether a number may be one of a country as it is dialled
// there: with the prefix that is dialled there first, where there is one.
func DialledWithin(s string, c Country) bool {
	text, ok := dialable(s)
	return ok && dialling(c) && strings.HasPrefix(text, phonenumbers.GetNddPrefixForRegion(string(c), true))
}

// Country is the country of a number, "" for none, or for one that several share.
func (p Phone) Country() Country {
	n, err := phonenumbers.Parse(string(p), "")
	if err != nil {
		return ""
	}
	if c := Country(phonenumbers.GetRegionCodeForNumber(n)); dialling(c) {
		return c
	}
	return ""
}

// sold are domains of countries in which companies of all countries have names.
const sold = " ai am cc co fm gg io la ly me sh so to tv ws "

// Country is the country of a domain, "" for one that tells none.
func (d Domain) Country() Country {
	last := string(d[strings.LastIndexByte(string(d), '.')+1:])
	switch {
	case last == "uk":
		return "GB"
	case len(last) != 2 || strings.Contains(sold, " "+last+" ") || !dialling(Country(strings.ToUpper(last))):
		return ""
	}
	return Country(strings.ToUpper(last))
}

// dialling tells whether it is known how a country writes its numbers.
func dialling(c Country) bool { return phonenumbers.GetCountryCodeForRegion(string(c)) != 0 }

// lone is the country that has a zone for itself and no other, "" for none.
func lone(zone string) Country {
	for code := range phonenumbers.GetSupportedCallingCodes() {
		region := phonenumbers.GetRegionCodesForCountryCode(code)
		zones, err := phonenumbers.GetTimezonesForPrefix(strconv.Itoa(code))
		if err == nil && len(region) == 1 && len(zones) == 1 && zones[0] == zone && region[0] != phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
			return Country(region[0])
		}
	}
	return ""
}
