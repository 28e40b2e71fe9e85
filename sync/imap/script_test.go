package imap_test

import (
	"bufio"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// script is a server that says what it is told to. A command that its answer
// function leaves alone gets a polite default.
type script struct {
	caps   string
	greet  func(c net.Conn) // nil: with the caps
	start  *tls.Config      // what it speaks after STARTTLS, which it asks for
	answer func(c net.Conn, tag, command string) (handled bool)
}

// listen serves connections until the test ends.
func (s script) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	var conns []net.Conn
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, c)
			mu.Unlock()
			all.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return l.Addr().String()
}

// say writes lines; a failed write shows in what the client makes of it.
func say(c net.Conn, lines ...string) {
	_, _ = c.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
}

func (s script) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	if s.greet != nil {
		s.greet(c)
	}
	if s.start != nil {
		c = s.startTLS(c)
	} else {
		say(c, "* OK [CAPABILITY "+s.caps+"] ready")
	}
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		tag, command, _ := strings.Cut(lines.Text(), " ")
		if s.answer != nil && s.answer(c, tag, command) {
			continue
		}
		switch word, _, _ := strings.Cut(command, " "); word {
		case "LOGIN":
			say(c, tag+" OK [CAPABILITY "+s.caps+"] in")
		case "CAPABILITY":
			say(c, "* CAPABILITY "+s.caps, tag+" OK done")
		case "EXAMINE":
			say(c, "* FLAGS (\\Seen)", "* 3 EXISTS", "* OK [UIDVALIDITY 7] v", "* OK [UIDNEXT 4] n", tag+" OK [READ-ONLY] open")
		case "UID":
			if strings.HasPrefix(command, "UID SEARCH") {
				say(c, "* SEARCH 1 2 3")
			}
			say(c, tag+" OK done")
		default:
			say(c, tag+" OK done")
		}
	}
}

func (s script) startTLS(c net.Conn) net.Conn {
	say(c, "* OK hello", "* OK still here")
	var line []byte
	for b := make([]byte, 1); !strings.HasSuffix(string(line), "\n"); line = append(line, b[0]) {
		if _, err := c.Read(b); err != nil {
			return c
		}
	}
	tag, _, _ := strings.Cut(string(line), " ")
	say(c, "* OK wait", tag+" OK go on")
	return tls.Server(c, s.start)
}

// drip writes a byte now and then until the client has had enough.
func drip(c net.Conn, text string, every time.Duration) {
	for i := range len(text) {
		if _, err := c.Write([]byte{text[i]}); err != nil {
			return
		}
		time.Sleep(every)
	}
}
