package testenv

import (
	"net"
	"slices"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"go.uber.org/goleak"

	"threadline/internal/crm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func hello(n int) Mail {
	return Mail{
		Raw:      []byte("From: a@example.com\r\nSubject: " + string(rune('a'+n)) + "\r\n\r\nHello\r\n"),
		Internal: time.Date(2026, 5, 1+n, 8, 0, 0, 0, time.UTC), Flags: []crm.Flag{crm.FlagSeen},
	}
}

func TestDovecotServesLoadedAndAppendedMail(t *testing.T) {
	srv := Dovecot(t, DovecotOptions{})
	n, err := srv.LoadMaildir("anna", "Archive/2026", slices.Values([]Mail{hello(0), hello(1)}))
	if err != nil || n != 2 {
		t.Fatalf("LoadMaildir = %d, %v", n, err)
	}
	keys, err := srv.Admin("anna").Append("Archive/2026", hello(2))
	if err != nil || len(keys) != 1 || keys[0] != 3 {
		t.Fatalf("Append = %v, %v; want UID 3", keys, err)
	}
	before, after := status(t, srv, "Archive/2026"), uint32(4242)
	if err := srv.SetUIDValidity(t.Context(), "anna", "Archive/2026", after); err != nil {
		t.Fatal(err)
	}
	got := status(t, srv, "Archive/2026")
	if got.UIDValidity != after || before.UIDValidity == after || *got.NumMessages != 3 {
		t.Fatalf("after the change: %+v, before: %+v", got, before)
	}
	if err := srv.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := status(t, srv, "Archive/2026"); *got.NumMessages != 3 {
		t.Fatalf("after a restart: %+v", got)
	}
}

func status(t *testing.T, srv *Server, folder string) (data *goimap.StatusData) {
	t.Helper()
	err := srv.Admin("anna").with(func(c *imapclient.Client) (err error) {
		data, err = c.Status(folder, &goimap.StatusOptions{UIDValidity: true, NumMessages: true}).Wait()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestStopEndsEveryProcess(t *testing.T) {
	srv := Dovecot(t, DovecotOptions{NoTLS: true})
	if err := srv.Stop(); err != nil {
		t.Fatal(err)
	}
	// Workers are killed, and the kernel takes a moment to close their socket.
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", srv.Addr)
		if err != nil {
			return
		}
		_ = c.Close()
		if time.Now().After(deadline) {
			t.Fatal("the port still answers after Stop")
		}
	}
}

func TestProxyCutsAfterTheCount(t *testing.T) {
	srv := Dovecot(t, DovecotOptions{NoTLS: true})
	p := NewProxy(t, srv.Addr)
	p.Set(Fault{CutAfter: 4})
	c, err := net.Dial("tcp", p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	var got []byte
	buf := make([]byte, 64)
	for {
		n, err := c.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil {
			break
		}
	}
	if string(got) != "* OK" {
		t.Fatalf("got %q, want the first 4 bytes", got)
	}
}
