package mail

import "strings"

// monthOf reads the name of a month or its beginning, in English and the other
// languages of the catalogue; 0 if it is none.
func monthOf(t string) int {
	if len(t) < 3 {
		return 0
	}
	var key [3]byte
	for i := range key {
		key[i] = t[i] | 0x20
	}
	switch string(key[:]) {
	case "jan", "gen", "sty":
		return 1
	case "feb", "lut":
		return 2
	case "mar":
		return 3
	case "apr", "avr", "kwi":
		return 4
	case "may", "mai", "mag", "maj":
		return 5
	case "jun", "giu", "cze":
		return 6
	case "jul", "lug", "lip":
		return 7
	case "aug", "ago", "sie":
		return 8
	case "sep", "set", "wrz":
		return 9
	case "oct", "okt", "ott":
		return 10
	case "nov", "lis":
		return 11
	case "dec", "dez", "dic", "gru":
		return 12
	}
	for i, p := range [...]string{"fév", "juin", "juil", "aoû", "paź", "déc", "mär"} {
		if strings.HasPrefix(strings.ToLower(t), p) {
			return [...]int{2, 6, 7, 8, 10, 12, 3}[i]
		}
	}
	return 0
}

// zoneName takes the name of a zone, or one word of a long name such as Pacific
// Daylight Time. Names that mean several zones take the one most mail means.
func (d *dateReader) zoneName(t string) {
	if len(t) > 12 {
		return
	}
	name := strings.ToLower(strings.Trim(t, "."))
	switch name {
	case "daylight", "summer":
		d.summer = true
		return
	case "european", "europe", "romance": // after the "Central" of America
		d.zone, d.named = 60, true
		return
	}
	if d.named {
		return
	}
	if minutes, ok := zoneMinutes(name); ok {
		d.zone, d.named = minutes, true
	}
}

func zoneMinutes(name string) (int, bool) {
	switch name {
	case "z", "ut", "utc", "gmt", "wet", "greenwich":
		return 0, true
	case "cet", "met", "mez", "bst", "west":
		return 60, true
	case "cest", "mest", "mesz", "eet", "sast":
		return 120, true
	case "eest", "msk":
		return 180, true
	case "ist":
		return 330, true
	case "hkt", "sgt", "awst":
		return 480, true
	case "jst", "kst":
		return 540, true
	case "aest":
		return 600, true
	case "aedt":
		return 660, true
	case "nzst":
		return 720, true
	case "nzdt":
		return 780, true
	case "brt":
		return -180, true
	case "edt", "ast", "atlantic":
		return -240, true
	case "est", "cdt", "eastern":
		return -300, true
	case "cst", "mdt", "central":
		return -360, true
	case "mst", "pdt", "mountain":
		return -420, true
	case "pst", "akdt", "pacific":
		return -480, true
	case "akst":
		return -540, true
	case "hst":
		return -600, true
	}
	return 0, false
}
