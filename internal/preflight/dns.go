package preflight

import (
	"net"
	"net/netip"
	"strings"

	"blitiri.com.ar/go/spf"
	"golang.org/x/net/publicsuffix"
)

// spf looks whether the domain names who may send for it (RFC 7208).
func (c *check) spf() {
	list, ok := c.texts("spf", c.domain, "v=spf1")
	switch {
	case !ok:
		return
	case len(list) == 0:
		c.add("spf", Warns, c.domain+" does not say who may send for it", "put a TXT record at "+c.domain+": "+c.suggested())
		return
	case len(list) > 1:
		c.add("spf", Refuses, c.domain+" has several SPF records, so that none counts", "leave one, with all that the others name")
		return
	}
	if c.q.Relay == "" {
		c.google(list[0])
		return
	}
	ips := c.relays()
	if len(ips) == 0 {
		c.silent("spf", c.q.Relay)
		return
	}
	result, err := spf.CheckHostWithSender(net.IP(ips[0].AsSlice()), c.q.Relay, string(c.q.From), spf.WithContext(c.ctx), spf.WithResolver(c.dns))
	switch result {
	case spf.Pass:
		c.passes = true
		c.add("spf", Fine, c.domain+" lets "+c.q.Relay+" send", "")
	case spf.PermError:
		c.add("spf", Refuses, "the SPF record of "+c.domain+" cannot be evaluated: "+reason(err), "keep it to ten look-ups, and check its spelling")
	case spf.TempError:
		c.silent("spf", c.domain)
	default:
		c.add("spf", Warns, c.domain+" does not name "+c.q.Relay+" among those who may send ("+string(result)+")", "add its servers to the record, as its provider tells: "+c.suggested())
	}
}

func reason(err error) string {
	if err == nil {
		return "it is not understood"
	}
	return err.Error()
}

// googleSPF is what Google asks for (https://support.google.com/a/answer/33786).
const googleSPF = "include:_spf.google.com"

func (c *check) google(record string) {
	if strings.Contains(record, googleSPF) || strings.Contains(record, "redirect=_spf.google.com") {
		c.passes = true
		c.add("spf", Fine, c.domain+" lets Google send", "")
		return
	}
	c.add("spf", Warns, c.domain+" does not name Google among those who may send", "add "+googleSPF+" to its SPF record")
}

func (c *check) suggested() string {
	if c.q.Relay == "" {
		return "v=spf1 " + googleSPF + " ~all"
	}
	mechanism := "a:"
	if ip, err := netip.ParseAddr(c.q.Relay); err == nil {
		mechanism = map[bool]string{true: "ip4:", false: "ip6:"}[ip.Is4()]
	}
	return "v=spf1 " + mechanism + c.q.Relay + " ~all"
}

// dkim looks whether mail is signed so that receivers can check it.
func (c *check) dkim() {
	x := c.q.Signer
	switch {
	case x == nil && c.q.Relay == "":
		c.add("dkim", Fine, "Google signs what leaves Gmail", "see that it signs as "+c.domain+": Google Admin, Apps, Gmail, Authenticate email")
		return
	case x == nil:
		c.add("dkim", Warns, "we do not sign mail of "+c.domain+", and nobody knows whether "+c.q.Relay+" does", "let us sign: threadline dkim make "+c.domain)
		return
	}
	name := x.RecordName()
	list, err := c.dns.LookupTXT(c.ctx, name)
	switch {
	case err != nil && !missing(err):
		c.silent("dkim", name)
		return
	case len(list) == 0:
		c.add("dkim", Refuses, "we sign, and the DNS has no key at "+name, "put this TXT record there: "+x.Record())
		return
	}
	for _, t := range list {
		if strings.Contains(strings.Join(strings.Fields(t), ""), "p="+x.Public) {
			c.signed = true
			c.add("dkim", Fine, "we sign as "+string(x.Domain), "")
			return
		}
	}
	c.add("dkim", Refuses, "we sign, and the DNS has another key at "+name, "put this TXT record there: "+x.Record())
}

// dmarc looks what the domain asks receivers to do, and whether our mail is in
// line with it (RFC 7489): the address that people see is the one that is signed
// or may send.
func (c *check) dmarc() {
	org, err := publicsuffix.EffectiveTLDPlusOne(c.domain)
	if err != nil {
		org = c.domain
	}
	var list []string
	ok := true
	for _, name := range []string{c.domain, org} {
		if list, ok = c.texts("dmarc", "_dmarc."+name, "v=dmarc1"); !ok || len(list) > 0 {
			break
		}
	}
	switch {
	case !ok:
		return
	case len(list) == 0:
		c.add("dmarc", Warns, c.domain+" has no DMARC record: large providers ask for one", "put a TXT record at _dmarc."+org+": v=DMARC1; p=none; rua=mailto:postmaster@"+org)
		return
	case len(list) > 1:
		c.add("dmarc", Warns, c.domain+" has several DMARC records, so that none counts", "leave one")
		return
	}
	policy := tag(list[0], "p")
	if c.signed || c.passes || c.q.Relay == "" {
		c.add("dmarc", Fine, "the sender is in line with what "+org+" asks for (p="+policy+")", "")
		return
	}
	if policy == "reject" || policy == "quarantine" {
		c.add("dmarc", Refuses, org+" asks receivers to "+policy+" mail that is neither signed as it nor sent by its servers, such as this", "let us sign it: threadline dkim make "+c.domain+"; or add "+c.q.Relay+" to its SPF record")
		return
	}
	c.add("dmarc", Warns, "the mail is neither signed as "+org+" nor sent by one of its servers, as far as can be seen", "let us sign it: threadline dkim make "+c.domain)
}

// tag reads one tag of a record.
func tag(record, name string) string {
	for _, t := range strings.Split(record, ";") {
		if k, v, ok := strings.Cut(t, "="); ok && strings.EqualFold(strings.TrimSpace(k), name) {
			return strings.ToLower(strings.TrimSpace(v))
		}
	}
	return ""
}

// ptr looks whether the relay's address has a name that leads back to it. It says
// something of servers that deliver themselves.
func (c *check) ptr() {
	if c.q.Relay == "" {
		return
	}
	ips := c.relays()
	if len(ips) == 0 {
		c.silent("ptr", c.q.Relay)
		return
	}
	names, err := c.dns.LookupAddr(c.ctx, ips[0].String())
	if err != nil && !missing(err) {
		c.silent("ptr", ips[0].String())
		return
	}
	for _, name := range names {
		back, err := c.dns.LookupIPAddr(c.ctx, strings.TrimSuffix(name, "."))
		for _, a := range back {
			if err == nil && a.IP.Equal(net.IP(ips[0].AsSlice())) {
				c.add("ptr", Fine, ips[0].String()+" is called "+strings.TrimSuffix(name, "."), "")
				return
			}
		}
	}
	c.add("ptr", Warns, ips[0].String()+", by which "+c.q.Relay+" is reached, has no name that leads back to it", "if it delivers mail itself: let its provider set a PTR record to "+c.q.Relay)
}
