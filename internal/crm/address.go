package crm

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Address is a mail address in the form that matching compares: trimmed, local
// part in lower case, domain in lower-case ASCII (IDNA). What the mail wrote is
// kept beside it for display.
type Address string

// Domain is a lower-case ASCII host name without a trailing dot.
type Domain string

const (
	maxAddress = 254 // RFC 5321 §4.5.3.1.3, less the brackets
	maxDomain  = 253 // RFC 1035 §2.3.4
)

// ParseAddress reads one bare address (no display name, no brackets).
func ParseAddress(s string) (Address, error) {
	const op = Op("crm.ParseAddress")
	s = strings.TrimFunc(s, unseen)
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > maxAddress || !utf8.ValidString(s) {
		return "", Errorf(Invalid, op, "%q is not a mail address", Clip(s, 60))
	}
	local := s[:at]
	for _, r := range local {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`<>,;:"()[]\`, r) {
			return "", Errorf(Invalid, op, "%q is not a mail address", Clip(s, 60))
		}
	}
	if strings.ContainsRune(local, '@') {
		return "", Errorf(Invalid, op, "%q has two @ signs", Clip(s, 60))
	}
	d, err := ParseDomain(s[at+1:])
	if err != nil {
		return "", Errorf(Invalid, op, "%q is not a mail address", Clip(s, 60))
	}
	return Address(strings.ToLower(local) + "@" + string(d)), nil
}

// unseen tells whether a character shows nothing, such as the mark with which
// spreadsheets begin a file: around an address nobody means it.
func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// ParseDomain reads a host name; international names become ASCII.
func ParseDomain(s string) (Domain, error) {
	const op = Op("crm.ParseDomain")
	s = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), ".")
	if !plainASCII(s) {
		a, err := idna.Lookup.ToASCII(s)
		if err != nil {
			return "", E(Invalid, op, "not a domain name", err)
		}
		s = strings.TrimSuffix(a, ".") // an ideographic full stop has become one
	}
	if s == "" || len(s) > maxDomain || strings.Contains(s, "..") || s[0] == '.' || s[0] == '-' || s[len(s)-1] == '.' {
		return "", Errorf(Invalid, op, "%q is not a domain name", Clip(s, 60))
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' {
			return "", Errorf(Invalid, op, "%q is not a domain name", Clip(s, 60))
		}
	}
	return Domain(s), nil
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Domain returns the part after the @.
func (a Address) Domain() Domain {
	return Domain(a[strings.LastIndexByte(string(a), '@')+1:])
}

// Local returns the part before the @.
func (a Address) Local() string {
	return string(a[:max(strings.LastIndexByte(string(a), '@'), 0)])
}

// Parents returns d and the domains above it that have at least two labels:
// mail.acme.co.uk, acme.co.uk, co.uk. The nearest comes first.
func (d Domain) Parents() []Domain {
	if _, err := netip.ParseAddr(string(d)); err == nil {
		return []Domain{d}
	}
	out := []Domain{d}
	for s := string(d); ; {
		_, rest, ok := strings.Cut(s, ".")
		if !ok || !strings.Contains(rest, ".") {
			return out
		}
		out = append(out, Domain(rest))
		s = rest
	}
}
