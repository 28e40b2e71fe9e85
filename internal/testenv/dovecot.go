package testenv

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// Password is what every login is accepted with, whatever the name.
const Password = "secret"

// requireVar turns the skipping of tests without Dovecot into failures.
const requireVar = "THREADLINE_REQUIRE_DOVECOT"

// ErrNoDovecot says that the server is not installed.
var ErrNoDovecot = errors.New("dovecot is not installed: apt-get install dovecot-imapd")

// DovecotOptions varies the server. The zero value offers everything.
type DovecotOptions struct {
	NoTLS        bool     // neither the TLS port nor STARTTLS
	Tokens       string   // address that tells of an access token, put behind it, whose it is, as Google's tokeninfo does; people sign in with such by XOAUTH2, too
	Capabilities []string // announce only these after login; empty: all
}

// Server is a running Dovecot.
type Server struct {
	Addr    string         // host:port, plain with STARTTLS
	AddrTLS string         // host:port, TLS from the first byte; "" with NoTLS
	Roots   *x509.CertPool // trusts its certificate, which names localhost and 127.0.0.1

	dir   string
	owner owner
	proc  *process
	files atomic.Int64 // of LoadMaildir, for names in order
}

// owner is whom the server runs as and the mail belongs to.
type owner struct {
	user, group string
	uid, gid    int
	drop        bool // started by root, which Dovecot refuses for mail access
}

// Dovecot starts a server for the test and stops it at its end. It skips the
// test when Dovecot is not installed.
func Dovecot(t testing.TB, opts DovecotOptions) *Server {
	t.Helper()
	// A folder of t.TempDir is closed to the user that root drops to.
	dir, err := os.MkdirTemp("", "threadline-dovecot-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	srv, err := StartDovecot(t.Context(), dir, opts)
	if errors.Is(err, ErrNoDovecot) && os.Getenv(requireVar) != "1" {
		t.Skipf("SKIPPED, NOT TESTED: %v (set %s=1 to fail instead)", err, requireVar)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Stop(); err != nil {
			t.Errorf("stopping dovecot: %v", err)
		}
	})
	return srv
}

// StartDovecot starts a server with everything it writes below dir, and waits
// until it greets. Stop ends it; a cancelled ctx only ends the waiting.
func StartDovecot(ctx context.Context, dir string, opts DovecotOptions) (*Server, error) {
	binary, err := findDovecot()
	if err != nil {
		return nil, err
	}
	who, err := findOwner()
	if err != nil {
		return nil, err
	}
	// A free port can be lost to somebody else before the server binds it.
	for range 3 {
		srv := &Server{dir: dir, owner: who}
		if err = srv.start(ctx, binary, opts); err == nil || ctx.Err() != nil {
			return srv, err
		}
	}
	return nil, err
}

func findDovecot() (string, error) {
	for _, name := range []string{"/usr/sbin/dovecot", "dovecot"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoDovecot
}

func findOwner() (owner, error) {
	name, drop := "", os.Getuid() == 0
	if drop {
		name = "nobody"
	}
	u, err := user.Current()
	if drop {
		u, err = user.Lookup(name)
	}
	if err != nil {
		return owner{}, fmt.Errorf("testenv: user to run dovecot as: %w", err)
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return owner{}, fmt.Errorf("testenv: group to run dovecot as: %w", err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return owner{user: u.Username, group: g.Name, uid: uid, gid: gid, drop: drop}, nil
}

func (s *Server) start(ctx context.Context, binary string, opts DovecotOptions) error {
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	s.Addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[0]))
	if opts.NoTLS {
		ports[1] = 0
	} else {
		s.AddrTLS = net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[1]))
	}
	if err := s.prepare(ports[0], ports[1], opts); err != nil {
		return err
	}
	s.proc, err = startProcess(s.owner, s.dir, binary, "-F", "-c", s.config())
	if err != nil {
		return fmt.Errorf("testenv: starting dovecot: %w", err)
	}
	if err := s.awaitGreeting(ctx); err != nil {
		return errors.Join(err, s.Stop())
	}
	return nil
}

// awaitGreeting returns when the server says its first line.
func (s *Server) awaitGreeting(ctx context.Context) error {
	deadline := time.Now().Add(20 * time.Second)
	for {
		if greets(s.Addr) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.proc.done:
			return fmt.Errorf("testenv: dovecot ended at once: %s", s.tailLog())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("testenv: dovecot does not greet: %s", s.tailLog())
		}
	}
}

func greets(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
	buf := make([]byte, 4)
	n, _ := c.Read(buf)
	return string(buf[:n]) == "* OK"
}

// Stop ends the server and waits for it. It may be called twice.
func (s *Server) Stop() error { return s.proc.stop() }

// Restart stops the server and starts it again on the same ports and mail.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.Stop(); err != nil {
		return err
	}
	binary, err := findDovecot()
	if err != nil {
		return err
	}
	if s.proc, err = startProcess(s.owner, s.dir, binary, "-F", "-c", s.config()); err != nil {
		return err
	}
	return s.awaitGreeting(ctx)
}

func (s *Server) config() string { return filepath.Join(s.dir, "dovecot.conf") }

func (s *Server) tailLog() string {
	b, _ := os.ReadFile(filepath.Join(s.dir, "dovecot.log"))
	out, _ := os.ReadFile(filepath.Join(s.dir, "dovecot.out"))
	return string(out) + string(b[max(0, len(b)-2000):])
}

func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
