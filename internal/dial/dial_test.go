package dial

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"threadline/internal/crm"
)

// names answers every question with the addresses of a table, in turn when a
// name has several lists.
type names struct {
	table map[string][][]string
	asked map[string]int
}

// serve answers over UDP until the test ends, and returns a resolver that asks
// there.
func (n *names) serve(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.asked = map[string]int{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			size, from, err := conn.ReadFrom(buf)
			if err != nil {
				return // the test is over
			}
			if out := n.answer(buf[:size]); out != nil {
				_, _ = conn.WriteTo(out, from) // the resolver asks again
			}
		}
	}()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (n *names) answer(raw []byte) []byte {
	var msg dnsmessage.Message
	if msg.Unpack(raw) != nil || len(msg.Questions) != 1 {
		return nil
	}
	q := msg.Questions[0]
	msg.Response, msg.Additionals = true, nil
	lists := n.table[strings.TrimSuffix(q.Name.String(), ".")]
	if len(lists) > 0 {
		key := q.Type.String() + q.Name.String()
		list := lists[min(n.asked[key], len(lists)-1)]
		n.asked[key]++
		for _, s := range list {
			ip := netip.MustParseAddr(s)
			h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
			switch {
			case ip.Is4() && q.Type == dnsmessage.TypeA:
				msg.Answers = append(msg.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: ip.As4()}})
			case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
				msg.Answers = append(msg.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
			}
		}
	}
	out, err := msg.Pack()
	if err != nil {
		return nil
	}
	return out
}

// listener counts who comes.
func listener(t *testing.T) (port string, came func() bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, func() bool {
		c, err := l.Accept()
		if err != nil {
			return false
		}
		return c.Close() == nil
	}
}

func TestNamesThatLeadInside(t *testing.T) {
	inside := map[string]string{
		"loop.example": "127.0.0.1", "home.example": "192.168.1.1", "ten.example": "10.1.2.3", "meta.example": "169.254.169.254",
		"azure.example": "168.63.129.16", "group.example": "224.0.0.1", "zero.example": "0.0.0.0", "shared.example": "100.100.100.200",
		"mapped.example": "::ffff:127.0.0.1", "six.example": "::1", "ula.example": "fd00:ec2::254", "link.example": "fe80::1",
		"nat64.example": "64:ff9b::a9fe:a9fe", "teredo.example": "2001::1", "sixtofour.example": "2002:7f00:1::1",
		"compat.example": "::127.0.0.1", "site.example": "fec0::1", "last.example": "255.255.255.255",
	}
	n := &names{table: map[string][][]string{"both.example": {{"10.0.0.1", "fd00::1", "127.0.0.1"}}}}
	for name, ip := range inside {
		n.table[name] = [][]string{{ip}}
	}
	d := New(nil, n.serve(t))
	port, _ := listener(t)
	for name := range n.table {
		t.Run(name, func(t *testing.T) {
			c, err := d.Dial(t.Context(), "tcp", net.JoinHostPort(name, port))
			if err == nil {
				_ = c.Close()
				t.Fatal("a connection inside was opened")
			}
			if !crm.IsKind(err, crm.Invalid) || !strings.Contains(err.Error(), "--allow-net") {
				t.Errorf("refused for another reason: %v", err)
			}
			if ip := inside[name]; ip != "" && strings.Contains(err.(*net.OpError).Err.Error(), ip) {
				t.Errorf("the refusal tells the address: %v", err)
			}
		})
	}
}

// TestRebinding gives a public address to whoever looks first and loopback to
// the one that connects: only the connected address counts.
func TestRebinding(t *testing.T) {
	port, _ := listener(t)
	n := &names{table: map[string][][]string{"turn.example": {{"93.184.216.34"}, {"127.0.0.1"}}}}
	r := n.serve(t)
	d := New(nil, r)
	first, err := r.LookupHost(t.Context(), "turn.example")
	if err != nil || len(first) == 0 || first[0] != "93.184.216.34" {
		t.Fatalf("the first answer is %v, %v", first, err)
	}
	if _, err := d.Dial(t.Context(), "tcp", net.JoinHostPort("turn.example", port)); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("the second answer was not refused: %v", err)
	}
}

func TestAllowed(t *testing.T) {
	n := &names{table: map[string][][]string{"mail.example": {{"127.0.0.1"}}}}
	r := n.serve(t)
	ranges, err := ParseRanges([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*Dialer{"by range": New(ranges, r), "by the operator": New(nil, r).Local()} {
		t.Run(name, func(t *testing.T) {
			port, came := listener(t)
			c, err := d.Dial(t.Context(), "tcp", net.JoinHostPort("mail.example", port))
			if err != nil {
				t.Fatal(err)
			}
			_ = c.Close()
			if !came() {
				t.Error("nobody came")
			}
		})
	}
	if _, err := New(nil, r).Local().Dial(t.Context(), "tcp", "10.0.0.1:993"); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("loopback opens private networks too: %v", err)
	}
}

func TestPublicAddressesPass(t *testing.T) {
	d := New(nil, nil)
	for _, a := range []string{"93.184.216.34:993", "[2606:2800:220:1::1]:993", "172.32.0.1:993", "100.128.0.1:1", "[::ffff:8.8.8.8]:993"} {
		if err := d.check("tcp4", "mail.example:993", a); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	for _, a := range []string{"[fe80::1%eth0]:993", "[::ffff:10.0.0.1]:1", "not an address", ""} {
		if d.check("tcp", "mail.example:993", a) == nil {
			t.Errorf("%s passed", a)
		}
	}
	if d.check("udp", "x", "93.184.216.34:53") == nil {
		t.Error("udp passed")
	}
}

func TestParseRanges(t *testing.T) {
	got, err := ParseRanges([]string{"10.1.2.3/8", " 192.168.1.4 ", "fd00::/8"})
	if err != nil || len(got) != 3 || got[0].String() != "10.0.0.0/8" || got[1].String() != "192.168.1.4/32" {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "10.0.0.0", "home", "10.0.0.0/33", "::ffff:10.0.0.0/104"} {
		if _, err := ParseRanges([]string{bad}); (err == nil) != (bad == "10.0.0.0") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
