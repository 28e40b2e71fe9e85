package card

import (
	"net"
	"net/url"

	"threadline/internal/crm"
)

const maxURL = 2000

// URL is an absolute address that the host may call or open: https, or http on
// this machine, which only the demo uses.
type URL struct{ s string }

// ParseURL checks an address. It fails with crm.Invalid.
func ParseURL(s string) (URL, error) {
	const op = crm.Op("card.ParseURL")
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURL || u.Host == "" || u.User != nil {
		return URL{}, crm.Errorf(crm.Invalid, op, "%q is not an absolute address", crm.Clip(s, 60))
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return URL{}, crm.Errorf(crm.Invalid, op, "%q is not an https address", crm.Clip(s, 60)).
			WithHint("use https://; http:// works on this machine only")
	}
	return URL{u.String()}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Path returns the address with path elements added, each escaped.
func (u URL) Path(elem ...string) URL {
	p, err := url.Parse(u.s)
	if u.s == "" || err != nil {
		return URL{}
	}
	escaped := make([]string, len(elem))
	for i, e := range elem {
		escaped[i] = url.PathEscape(e)
	}
	if p = p.JoinPath(escaped...); len(p.String()) > maxURL {
		return URL{}
	}
	return URL{p.String()}
}

// IsZero tells whether u is no address.
func (u URL) IsZero() bool { return u.s == "" }

// String returns the address.
func (u URL) String() string { return u.s }
