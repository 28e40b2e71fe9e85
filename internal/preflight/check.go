package preflight

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"

	"threadline/internal/crm"
)

// Level is how bad a finding is.
type Level string

const (
	Fine    Level = "ok"
	Warns   Level = "warning"
	Refuses Level = "refused"
)

// Finding is one thing that was looked at.
type Finding struct {
	Check string `json:"check" enum:"mx,spf,dkim,dmarc,ptr,unsubscribe,size,links"`
	Level Level  `json:"level" enum:"ok,warning,refused"`
	Text  string `json:"text"`
	Fix   string `json:"fix,omitempty" doc:"What to do"`
}

// Question is what is to be sent, and how.
type Question struct {
	From      crm.Address
	Relay     string      // host of the SMTP server; "" of Gmail
	Local     bool        // the relay is this machine and nobody named a resolver: its DNS says nothing
	Signer    *crm.Signer // by which we sign; nil: we do not
	Public    string      // address of this server, such as https://crm.example/
	Marketing bool
	Size      int      // bytes of one mail
	Links     []string // web addresses in the letters
}

// Resolver is the part of net.Resolver that is asked.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, address string) ([]string, error)
}

// Check answers all findings, in the order of Finding's checks.
func Check(ctx context.Context, r Resolver, q Question) []Finding {
	c := &check{ctx: ctx, dns: r, q: q, domain: string(q.From.Domain())}
	if q.Local {
		c.add("spf", Warns, "mail leaves by a server on this machine, so that nothing is known of how it goes on", "look at "+c.domain+" by hand, or name a resolver with --resolver")
	} else {
		c.mx()
		c.spf()
		c.dkim()
		c.dmarc()
		c.ptr()
	}
	c.unsubscribe()
	c.size()
	c.links()
	return c.found
}

// Refused is an error when a finding refuses; it names the first one.
func Refused(list []Finding) error {
	for _, f := range list {
		if f.Level == Refuses {
			return crm.Errorf(crm.Conflict, "preflight", "the first mail would be refused: %s", f.Text).WithField(f.Check).WithHint(f.Fix)
		}
	}
	return nil
}

// check is one look.
type check struct {
	ctx    context.Context
	dns    Resolver
	q      Question
	domain string
	found  []Finding
	signed bool // by us, with a key that is in the DNS
	passes bool // SPF lets the relay send
}

func (c *check) add(what string, l Level, text, fix string) {
	c.found = append(c.found, Finding{Check: what, Level: l, Text: text, Fix: fix})
}

// missing tells a name that is not there from one that nobody answers for.
func missing(err error) bool {
	var d *net.DNSError
	return errors.As(err, &d) && d.IsNotFound
}

// silent notes that the DNS does not answer.
func (c *check) silent(what, name string) {
	c.add(what, Warns, "the DNS does not answer for "+name, "try again later, or name another resolver with --resolver")
}

// texts are the TXT records of a name that begin with a word; ok is false when
// nobody knows.
func (c *check) texts(what, name, begin string) (list []string, ok bool) {
	all, err := c.dns.LookupTXT(c.ctx, name)
	if err != nil && !missing(err) {
		c.silent(what, name)
		return nil, false
	}
	for _, t := range all {
		if strings.HasPrefix(strings.ToLower(t), begin) {
			list = append(list, t)
		}
	}
	return list, true
}

func (c *check) mx() {
	list, err := c.dns.LookupMX(c.ctx, c.domain)
	switch {
	case len(list) > 0 && list[0].Host == ".":
		c.add("mx", Refuses, c.domain+" says that it takes no mail: receivers refuse what nobody can answer", "give it an MX record, or send from another domain")
	case len(list) > 0:
		c.add("mx", Fine, "answers to "+c.domain+" arrive at "+strings.TrimSuffix(list[0].Host, "."), "")
	case err != nil && !missing(err):
		c.silent("mx", c.domain)
	default:
		if _, err := c.dns.LookupIPAddr(c.ctx, c.domain); err != nil {
			c.add("mx", Refuses, c.domain+" takes no mail: receivers refuse what nobody can answer", "give it an MX record, or send from another domain")
			return
		}
		c.add("mx", Warns, c.domain+" has no MX record", "give it one")
	}
}

// relays are the addresses of the relay.
func (c *check) relays() []netip.Addr {
	var out []netip.Addr
	list, err := c.dns.LookupIPAddr(c.ctx, c.q.Relay)
	if err != nil {
		return nil
	}
	for _, a := range list {
		if ip, ok := netip.AddrFromSlice(a.IP); ok {
			out = append(out, ip.Unmap())
		}
	}
	return out
}
