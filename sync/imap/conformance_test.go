package imap_test

import (
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/imap"
	"threadline/sync/source/sourcetest"
)

// users gives every test a mailbox of its own on a shared server.
type users struct{ n atomic.Int64 }

func (u *users) next() string { return fmt.Sprintf("user%d", u.n.Add(1)) }

func config(addr, user string) imap.Config {
	return imap.Config{Server: addr, TLS: crm.TLSNone, Login: user, Password: testenv.Password,
		Timeout: 20 * time.Second, PollEvery: 50 * time.Millisecond}
}

func harness(cfg imap.Config, admin testenv.Admin, tellsFlags bool) sourcetest.Harness {
	wrong := cfg
	wrong.Password = "wrong"
	return sourcetest.Harness{
		Source: imap.New(cfg), WrongPassword: imap.New(wrong), TellsFlags: tellsFlags,
		Append: admin.Append, Delete: admin.Delete, SetFlags: admin.SetFlags,
		CreateFolder: admin.CreateFolder, DeleteFolder: admin.DeleteFolder,
	}
}

func TestConformanceDovecot(t *testing.T) {
	t.Parallel()
	srv := testenv.Dovecot(t, testenv.DovecotOptions{})
	_, port, _ := net.SplitHostPort(srv.Addr)
	_, portTLS, _ := net.SplitHostPort(srv.AddrTLS)
	var all users
	for name, set := range map[string]func(*imap.Config){
		"plain":    func(*imap.Config) {},
		"tls":      func(c *imap.Config) { c.TLS, c.Server = crm.TLSImplicit, "localhost:"+portTLS },
		"starttls": func(c *imap.Config) { c.TLS, c.Server = crm.TLSStart, "localhost:"+port },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sourcetest.Run(t, func(t *testing.T) sourcetest.Harness {
				user := all.next()
				cfg := config(srv.Addr, user)
				cfg.RootCAs = srv.Roots
				set(&cfg)
				h := harness(cfg, srv.Admin(user), true)
				h.Renumber = func(folder string) error { return srv.SetUIDValidity(t.Context(), user, folder, 4242) }
				return h
			})
		})
	}
}

// TestConformanceBareDovecot takes away every extension: flags are swept,
// folders asked one by one, news polled for.
func TestConformanceBareDovecot(t *testing.T) {
	t.Parallel()
	srv := testenv.Dovecot(t, testenv.DovecotOptions{NoTLS: true, Capabilities: []string{"IMAP4rev1", "UIDPLUS"}})
	var all users
	t.Run("drafts", func(t *testing.T) { drafts(t, srv, all.next()) })
	sourcetest.Run(t, func(*testing.T) sourcetest.Harness {
		user := all.next()
		return harness(config(srv.Addr, user), srv.Admin(user), false)
	})
}

func TestConformanceMemory(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Harness {
		addr := memory(t, memoryOptions{})
		return harness(config(addr, "anna"), testenv.Admin{Addr: addr, User: "anna", Password: testenv.Password}, false)
	})
}
