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
	if !dialling(h.Country) {
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
	return lone(zone)
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
