package crm

import (
	"slices"
	"strings"
)

// Country is an ISO 3166 code of two letters.
type Country string

// Home is the country of a workspace: telephone numbers that name none are of it.
type Home struct {
	Country Country `cbor:"country" json:"country" doc:"ISO 3166: PL"`
}

// HomeID names the setting that holds it.
const HomeID = "home"

// HomeSetting is the setting that holds it.
func HomeSetting(h Home) Setting { return Setting{ID: HomeID, Home: &h} }

// Check refuses a country of which nobody here knows how it writes its numbers.
func (h Home) Check() error {
	if _, ok := dialing[h.Country]; !ok {
		return Errorf(Invalid, "crm.Home", "%q is no country whose telephone numbers are known", Clip(string(h.Country), 20)).
			WithField("country").WithHint("two letters such as PL; without one, numbers are written with their country code")
	}
	return nil
}

// HomeIn is the country whose zone it is, "" when that is anybody's guess.
func HomeIn(zone string) Country {
	for _, c := range countries {
		if c.zone == zone && c.domain == "uk" {
			return "GB"
		} else if c.zone == zone {
			return Country(strings.ToUpper(c.domain))
		}
	}
	switch zone {
	case "Europe/Madrid":
		return "ES"
	case "Europe/Lisbon":
		return "PT"
	case "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles":
		return "US"
	case "America/Toronto", "America/Vancouver":
		return "CA"
	case "America/Sao_Paulo":
		return "BR"
	case "Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth":
		return "AU"
	case "Pacific/Auckland":
		return "NZ"
	}
	return ""
}

// dialled is how a country writes its numbers: its calling code, and what stands
// before a number that is dialled within it, or once stood there, and falls away from
// abroad.
type dialled struct{ code, trunk string }

var dialing = map[Country]dialled{
	"AE": {"971", "0"}, "AR": {"54", "0"}, "AT": {"43", "0"}, "AU": {"61", "0"}, "BE": {"32", "0"}, "BG": {"359", "0"}, "BR": {"55", "0"},
	"CA": {"1", "1"}, "CH": {"41", "0"}, "CL": {"56", "0"}, "CN": {"86", "0"}, "CO": {"57", "0"}, "CY": {"357", "0"}, "CZ": {"420", "0"}, "DE": {"49", "0"},
	"DK": {"45", "0"}, "EE": {"372", "0"}, "EG": {"20", "0"}, "ES": {"34", "0"}, "FI": {"358", "0"}, "FR": {"33", "0"}, "GB": {"44", "0"},
	"GR": {"30", "0"}, "HK": {"852", "0"}, "HR": {"385", "0"}, "HU": {"36", "06"}, "IE": {"353", "0"}, "IL": {"972", "0"}, "IN": {"91", "0"},
	"IS": {"354", "0"}, "IT": {"39", ""}, "JP": {"81", "0"}, "KR": {"82", "0"}, "LT": {"370", "0"}, "LU": {"352", "0"}, "LV": {"371", "0"},
	"MT": {"356", "0"}, "MX": {"52", "0"}, "MY": {"60", "0"}, "NL": {"31", "0"}, "NO": {"47", "0"}, "NZ": {"64", "0"}, "PH": {"63", "0"},
	"PL": {"48", "0"}, "PT": {"351", "0"}, "RO": {"40", "0"}, "RS": {"381", "0"}, "SA": {"966", "0"}, "SE": {"46", "0"}, "SG": {"65", "0"},
	"SI": {"386", "0"}, "SK": {"421", "0"}, "TH": {"66", "0"}, "TR": {"90", "0"}, "TW": {"886", "0"}, "UA": {"380", "0"}, "US": {"1", "1"},
	"VN": {"84", "0"}, "ZA": {"27", "0"},
}

// Digits of a number behind its country code: fewer are dialled within a town
// or are a service, and so many that begin with the code lost their +.
const (
	fewestNational = 7
	wholeNumber    = 11
)

// abroad is a number without a country code as it is dialled from abroad; "" when
// it is none of the country.
func (c Country) abroad(digits string) string {
	d, ok := dialing[c]
	if !ok {
		return ""
	}
	if len(digits) >= wholeNumber && strings.HasPrefix(digits, d.code) {
		return "+" + digits
	}
	if digits = strings.TrimPrefix(digits, d.trunk); len(digits) < fewestNational {
		return ""
	}
	return "+" + d.code + digits
}

// living returns the fields with telephones that are of the country.
func (c Country) living(fields []Field) []Field {
	fields = slices.Clone(fields)
	for i := range fields {
		if fields[i].Type == FieldPhone {
			fields[i].Home = c
		}
	}
	return fields
}
