package crm

import (
	"strings"
	"time"
)

// zoneKeys are the fields of a contact, made by the workspace, that may name
// their zone.
var zoneKeys = []string{"time_zone", "timezone", "zone"}

// country is one that lies in a single zone: its calling code and its domain.
type country struct{ phone, domain, zone string }

var countries = []country{
	{"+48", "pl", "Europe/Warsaw"}, {"+49", "de", "Europe/Berlin"}, {"+43", "at", "Europe/Vienna"}, {"+41", "ch", "Europe/Zurich"},
	{"+39", "it", "Europe/Rome"}, {"+33", "fr", "Europe/Paris"}, {"+32", "be", "Europe/Brussels"}, {"+31", "nl", "Europe/Amsterdam"},
	{"+352", "lu", "Europe/Luxembourg"}, {"+353", "ie", "Europe/Dublin"}, {"+44", "uk", "Europe/London"}, {"+45", "dk", "Europe/Copenhagen"},
	{"+46", "se", "Europe/Stockholm"}, {"+47", "no", "Europe/Oslo"}, {"+358", "fi", "Europe/Helsinki"}, {"+354", "is", "Atlantic/Reykjavik"},
	{"+420", "cz", "Europe/Prague"}, {"+421", "sk", "Europe/Bratislava"}, {"+36", "hu", "Europe/Budapest"}, {"+386", "si", "Europe/Ljubljana"},
	{"+385", "hr", "Europe/Zagreb"}, {"+381", "rs", "Europe/Belgrade"}, {"+40", "ro", "Europe/Bucharest"}, {"+359", "bg", "Europe/Sofia"},
	{"+30", "gr", "Europe/Athens"}, {"+370", "lt", "Europe/Vilnius"}, {"+371", "lv", "Europe/Riga"}, {"+372", "ee", "Europe/Tallinn"},
	{"+380", "ua", "Europe/Kyiv"}, {"+90", "tr", "Europe/Istanbul"}, {"+972", "il", "Asia/Jerusalem"}, {"+971", "ae", "Asia/Dubai"},
	{"+966", "sa", "Asia/Riyadh"}, {"+91", "in", "Asia/Kolkata"}, {"+81", "jp", "Asia/Tokyo"}, {"+82", "kr", "Asia/Seoul"},
	{"+86", "cn", "Asia/Shanghai"}, {"+886", "tw", "Asia/Taipei"}, {"+852", "hk", "Asia/Hong_Kong"}, {"+65", "sg", "Asia/Singapore"},
	{"+60", "my", "Asia/Kuala_Lumpur"}, {"+66", "th", "Asia/Bangkok"}, {"+84", "vn", "Asia/Ho_Chi_Minh"}, {"+63", "ph", "Asia/Manila"},
	{"+27", "za", "Africa/Johannesburg"}, {"+20", "eg", "Africa/Cairo"}, {"+54", "ar", "America/Argentina/Buenos_Aires"}, {"+57", "", "America/Bogota"},
}

// ZoneOf is the IANA zone in which a person is, as far as the records tell: by
// what the contact says, by their telephones, those of the company, or the
// country of their address. "" when nothing does; countries with several zones
// tell nothing.
func ZoneOf(contact, company *Record) string {
	for _, r := range []*Record{contact, company} {
		if r == nil {
			continue
		}
		for _, key := range zoneKeys {
			if name := r.Text(key); name != "" && name != "Local" {
				if _, err := time.LoadLocation(name); err == nil {
					return name
				}
			}
		}
		for _, p := range r.List("phones") {
			if z := zoneBy(func(c country) bool { return strings.HasPrefix(p, c.phone) }); z != "" {
				return z
			}
		}
	}
	if contact == nil {
		return ""
	}
	for _, a := range contact.List("emails") {
		end := a[strings.LastIndexByte(a, '.')+1:]
		if z := zoneBy(func(c country) bool { return c.domain != "" && c.domain == end }); z != "" {
			return z
		}
	}
	return ""
}

func zoneBy(is func(country) bool) string {
	for _, c := range countries {
		if is(c) {
			return c.zone
		}
	}
	return ""
}
