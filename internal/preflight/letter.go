package preflight

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// unsubscribe looks whether mail programs can offer to leave with one click
// (RFC 8058).
func (c *check) unsubscribe() {
	u, err := url.Parse(c.q.Public)
	var host string
	if err == nil {
		host = u.Hostname()
	}
	level := Warns
	if c.q.Marketing && !c.q.Local {
		level = Refuses
	}
	switch {
	case host == "":
		c.add("unsubscribe", level, "the server has no public address, so that nobody can leave with one click", "serve with --public-url https://crm.company.example")
	case u.Scheme != "https":
		c.add("unsubscribe", level, "the way to leave is not https, so that mail programs offer none", "serve with --public-url https://crm.company.example")
	case loopback(host):
		c.add("unsubscribe", level, host+" is reached by nobody else, and so is the way to leave", "serve with --public-url https://crm.company.example")
	default:
		c.add("unsubscribe", Fine, "people leave with one click", "")
	}
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (ip.IsLoopback() || ip.IsPrivate())
}

const (
	clipped = 102 << 10 // Gmail shows no more of a mail
	heavy   = 10 << 20  // many servers take no more
)

func (c *check) size() {
	switch {
	case c.q.Size > heavy:
		c.add("size", Refuses, fmt.Sprintf("one mail has %d MB, and many servers take no more than %d", c.q.Size>>20, heavy>>20), "lead to files by a link")
	case c.q.Size > clipped:
		c.add("size", Warns, fmt.Sprintf("one mail has %d KB, and Gmail shows the first %d", c.q.Size>>10, clipped>>10), "make it shorter")
	default:
		c.add("size", Fine, fmt.Sprintf("one mail has about %d KB", max(1, c.q.Size>>10)), "")
	}
}

// shorteners are hosts whose links filters distrust: they hide where they lead.
var shorteners = []string{"bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "cutt.ly", "rebrand.ly", "t.ly"}

const mostHosts = 20 // that are looked up

// links looks where the letter leads, without going there.
func (c *check) links() {
	var hosts, bad []string
	level := Fine
	worse := func(l Level, text string) {
		bad = append(bad, text)
		if l == Refuses || level == Fine {
			level = l
		}
	}
	for _, text := range c.q.Links {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			worse(Refuses, text+" is no address")
			continue
		}
		host := u.Hostname()
		switch _, literal := netip.ParseAddr(host); {
		case literal == nil:
			worse(Warns, text+" names a number instead of a host")
		case slices.Contains(shorteners, strings.ToLower(host)):
			worse(Warns, host+" hides where it leads")
		case u.Scheme != "https":
			worse(Warns, text+" is not https")
		}
		if literal := net.ParseIP(host); literal == nil && !slices.Contains(hosts, host) && len(hosts) < mostHosts {
			hosts = append(hosts, host)
		}
	}
	for _, host := range hosts {
		if c.q.Local {
			break
		}
		if _, err := c.dns.LookupIPAddr(c.ctx, host); missing(err) {
			worse(Refuses, host+" does not exist")
		}
	}
	if level == Fine {
		c.add("links", Fine, fmt.Sprintf("%d links", len(c.q.Links)), "")
		return
	}
	c.add("links", level, strings.Join(bad[:min(len(bad), 5)], "; "), "mend the links of the letter")
}
