package preflight_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"threadline/internal/crm"
	"threadline/internal/preflight"
)

// zone is a DNS server on this machine. A name with no records does not exist;
// one with "servfail" is not answered for.
type zone map[string][]string

func (z zone) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := l.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) == nil && len(m.Questions) == 1 {
				out, _ := z.answer(&m)
				_, _ = l.WriteTo(out, from)
			}
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", l.LocalAddr().String())
	}}
}

func (z zone) answer(m *dnsmessage.Message) ([]byte, error) {
	q := m.Questions[0]
	m.Response, m.Authoritative, m.RecursionAvailable, m.Additionals = true, true, true, nil
	name := strings.TrimSuffix(q.Name.String(), ".")
	list, ok := z[name]
	if !ok {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range list {
		kind, value, _ := strings.Cut(text, " ")
		h := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60, Type: q.Type}
		switch {
		case kind == "servfail":
			m.RCode = dnsmessage.RCodeServerFailure
		case kind == "TXT" && q.Type == dnsmessage.TypeTXT:
			var parts []string
			for ; len(value) > 200; value = value[200:] {
				parts = append(parts, value[:200])
			}
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.TXTResource{TXT: append(parts, value)}})
		case kind == "MX" && q.Type == dnsmessage.TypeMX:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName(value + ".")}})
		case kind == "A" && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: [4]byte(net.ParseIP(value).To4())}})
		case kind == "PTR" && q.Type == dnsmessage.TypePTR:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.PTRResource{PTR: dnsmessage.MustNewName(value + ".")}})
		}
	}
	return m.Pack()
}

// good is a domain to which nothing is to be said.
func good() zone {
	return zone{
		"own.example":                  {"MX mx.own.example", "TXT v=spf1 a:relay.own.example -all", "A 192.0.2.2"},
		"relay.own.example":            {"A 192.0.2.9"},
		"9.2.0.192.in-addr.arpa":       {"PTR relay.own.example"},
		"_dmarc.own.example":           {"TXT v=DMARC1; p=reject"},
		"tl._domainkey.own.example":    {"TXT v=DKIM1; k=rsa; p=" + strings.Repeat("A", 390)},
		"shop.example":                 {"A 192.0.2.3"},
		"1.2.0.192.in-addr.arpa":       {"PTR nobody.example"},
		"nobody.example":               {"A 192.0.2.77"},
		"_domainkey.broken.example":    {"servfail"},
		"broken.example":               {"servfail"},
		"_dmarc.broken.example":        {"servfail"},
		"tl._domainkey.broken.example": {"servfail"},
		"loop.example":                 {"MX mx.own.example", "TXT v=spf1 include:loop.example -all"},
		"twice.example":                {"MX mx.own.example", "TXT v=spf1 -all", "TXT v=spf1 a -all"},
		"strict.example":               {"MX mx.own.example", "TXT v=spf1 ip4:203.0.113.1 -all"},
		"_dmarc.strict.example":        {"TXT v=DMARC1; p=quarantine"},
		"null.example":                 {"MX "},
		"google.example":               {"MX mx.own.example", "TXT v=spf1 include:_spf.google.com ~all"},
	}
}

func question() preflight.Question {
	return preflight.Question{From: "anna@own.example", Relay: "relay.own.example", Public: "https://crm.own.example/", Marketing: true, Size: 5000,
		Links: []string{"https://shop.example/a"}, Signer: &crm.Signer{Domain: "own.example", Selector: "tl", Public: strings.Repeat("A", 390), Method: "rsa-sha256"}}
}

func TestCheck(t *testing.T) {
	r := good().resolver(t)
	for name, x := range map[string]struct {
		edit func(*preflight.Question)
		want string // check and level of what is not fine
		says string
	}{
		"all is well":           {func(*preflight.Question) {}, "", ""},
		"nobody signs":          {func(q *preflight.Question) { q.Signer = nil }, "dkim warning", "threadline dkim make own.example"},
		"another key":           {func(q *preflight.Question) { q.Signer.Public = "BBBB" }, "dkim refused", "p=BBBB"},
		"no key":                {func(q *preflight.Question) { q.Signer.Selector = "none" }, "dkim refused", "none._domainkey.own.example"},
		"not in SPF":            {func(q *preflight.Question) { q.From, q.Signer = "a@strict.example", nil }, "spf warning, dkim warning, dmarc refused", "quarantine"},
		"SPF goes in circles":   {func(q *preflight.Question) { q.From = "a@loop.example" }, "spf refused, dmarc warning", "ten look-ups"},
		"two SPF records":       {func(q *preflight.Question) { q.From = "a@twice.example" }, "spf refused, dmarc warning", "several SPF"},
		"nothing there":         {func(q *preflight.Question) { q.From, q.Signer = "a@nothing.example", nil }, "mx refused, spf warning, dkim warning, dmarc warning", "v=spf1 a:relay.own.example"},
		"a relay by number":     {func(q *preflight.Question) { q.From, q.Relay, q.Signer = "a@nothing.example", "2001:db8::1", nil }, "mx refused, spf warning, dkim warning, dmarc warning, ptr warning", "v=spf1 ip6:2001:db8::1 "},
		"the DNS is broken":     {func(q *preflight.Question) { q.From, q.Signer.Domain = "a@broken.example", "broken.example" }, "mx warning, spf warning, dkim warning, dmarc warning", "does not answer"},
		"by Gmail":              {func(q *preflight.Question) { q.From, q.Relay, q.Signer = "a@google.example", "", nil }, "dmarc warning", "p=none"},
		"not https":             {func(q *preflight.Question) { q.Public = "http://crm.own.example/" }, "unsubscribe refused", "--public-url"},
		"not https, to few":     {func(q *preflight.Question) { q.Public, q.Marketing = "http://crm.own.example/", false }, "unsubscribe warning", "--public-url"},
		"only here":             {func(q *preflight.Question) { q.Public = "https://127.0.0.1:8080/" }, "unsubscribe refused", "nobody else"},
		"long":                  {func(q *preflight.Question) { q.Size = 200 << 10 }, "size warning", "102"},
		"heavy":                 {func(q *preflight.Question) { q.Size = 50 << 20 }, "size refused", "50 MB"},
		"a link to nowhere":     {func(q *preflight.Question) { q.Links = []string{"https://gone.example/x"} }, "links refused", "gone.example does not exist"},
		"links that are unwise": {func(q *preflight.Question) { q.Links = []string{"http://shop.example", "https://192.0.2.3/x"} }, "links warning", "names a number"},
		"a server here":         {func(q *preflight.Question) { q.Local = true }, "spf warning", "--resolver"},
	} {
		t.Run(name, func(t *testing.T) {
			q := question()
			x.edit(&q)
			found := preflight.Check(t.Context(), r, q)
			var bad, all []string
			for _, f := range found {
				all = append(all, f.Text, f.Fix)
				if f.Level != preflight.Fine {
					bad = append(bad, f.Check+" "+string(f.Level))
					if f.Fix == "" {
						t.Errorf("%s does not say what to do", f.Text)
					}
				}
			}
			if got := strings.Join(bad, ", "); got != x.want || !strings.Contains(strings.Join(all, "\n"), x.says) {
				t.Errorf("%s; want %s with %q\n%s", got, x.want, x.says, strings.Join(all, "\n"))
			}
			if err := preflight.Refused(found); (err != nil) != strings.Contains(x.want, "refused") {
				t.Errorf("refused with %v", err)
			}
		})
	}
}
