package dial

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"threadline/internal/crm"
)

// Dialer opens connections to addresses that are open to everybody, and to
// those that were allowed. It is safe for concurrent use.
type Dialer struct {
	special  []span
	allowed  []netip.Prefix
	resolver *net.Resolver
	local    bool
}

// New makes a dialer that also reaches the allowed ranges. A nil resolver is
// the one of the system.
func New(allowed []netip.Prefix, resolver *net.Resolver) *Dialer {
	return &Dialer{special: ranges(), allowed: allowed, resolver: resolver}
}

// Local returns a dialer that reaches loopback too.
func (d *Dialer) Local() *Dialer {
	out := *d
	out.local = true
	return &out
}

// Dial connects to host:port over tcp. A refused address is crm.Invalid in the
// field server.
func (d *Dialer) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	nd := net.Dialer{Resolver: d.resolver, ControlContext: func(_ context.Context, network, connected string, _ syscall.RawConn) error {
		return d.check(network, address, connected)
	}}
	return nd.DialContext(ctx, network, address)
}

const op = crm.Op("dial.Dial")

// check sees the address that is about to be connected to.
func (d *Dialer) check(network, asked, connected string) error {
	at, err := netip.ParseAddrPort(connected)
	if err != nil || !strings.HasPrefix(network, "tcp") {
		return crm.E(crm.Invalid, op, "This kind of connection is not made for users.", err).WithField("server")
	}
	// 127.0.0.1 may come as ::ffff:127.0.0.1, and a zone hides an address from
	// every range.
	ip := at.Addr().Unmap().WithZone("")
	where := special(d.special, ip)
	if where == "" || d.local && ip.IsLoopback() {
		return nil
	}
	for _, p := range d.allowed {
		if p.Contains(ip) {
			return nil
		}
	}
	// The address is left out: whoever asked may not know the names of this
	// network.
	return crm.Errorf(crm.Invalid, op, "%s leads to %s, where users do not send the server.", crm.Clip(asked, 80), where).
		WithField("server").WithHint("name a public mail server; the operator can allow a range with: threadline serve --allow-net CIDR")
}

// ParseRanges reads what --allow-net names: CIDR ranges, or single addresses.
func ParseRanges(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		s = strings.TrimSpace(s)
		if ip, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(ip.Unmap().WithZone(""), ip.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil || p.Addr().Is4In6() {
			return nil, crm.E(crm.Invalid, "dial.ParseRanges", "a range of addresses cannot be read", err).
				WithField("allow-net").WithHint("write it as 10.20.0.0/16 or fd12:3456::/32")
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
