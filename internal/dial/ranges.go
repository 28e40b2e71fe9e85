package dial

import "net/netip"

// span is a range with what people call it.
type span struct {
	prefix netip.Prefix
	name   string
}

// ranges are those of the registries of special-purpose addresses (RFC 6890)
// that no user-named host has business in.
func ranges() []span {
	var out []span
	for _, r := range []struct{ cidr, name string }{
		{"0.0.0.0/8", "this network"},
		{"10.0.0.0/8", "a private network"},
		{"100.64.0.0/10", "a shared network"},
		{"127.0.0.0/8", "this machine"},
		{"168.63.129.16/32", "a cloud's metadata service"}, // Azure's, the one with a public address
		{"169.254.0.0/16", "a link-local network"},
		{"172.16.0.0/12", "a private network"},
		{"192.0.0.0/24", "a reserved network"},
		{"192.0.2.0/24", "a network for documentation"},
		{"192.88.99.0/24", "a reserved network"},
		{"192.168.0.0/16", "a private network"},
		{"198.18.0.0/15", "a network for measurements"},
		{"198.51.100.0/24", "a network for documentation"},
		{"203.0.113.0/24", "a network for documentation"},
		{"224.0.0.0/4", "a multicast group"},
		{"240.0.0.0/4", "a reserved network"},
		{"::1/128", "this machine"},
		{"fc00::/7", "a private network"},
		{"fe80::/10", "a link-local network"},
		{"ff00::/8", "a multicast group"},
		{"64:ff9b::/96", "a translated network"}, // NAT64, RFC 6052
		{"64:ff9b:1::/48", "a translated network"},
		{"2001::/23", "a reserved network"}, // with Teredo, RFC 4380
		{"2001:db8::/32", "a network for documentation"},
		{"2002::/16", "a translated network"}, // 6to4, RFC 3056
		{"3fff::/20", "a network for documentation"},
	} {
		out = append(out, span{netip.MustParsePrefix(r.cidr), r.name})
	}
	return out
}

const globalUnicast = "2000::/3"

// special names the range of an address that is not for everybody, and is ""
// for one on the open network.
func special(list []span, ip netip.Addr) string {
	for _, s := range list {
		if s.prefix.Contains(ip) {
			return s.name
		}
	}
	if ip.Is6() && !netip.MustParsePrefix(globalUnicast).Contains(ip) {
		return "a reserved network"
	}
	return ""
}
