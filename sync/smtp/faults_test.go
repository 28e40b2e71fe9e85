package smtp_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/sync/smtp"
)

// script is an SMTP server that says and does at each point of a dialogue what a
// test wants: it answers with a line, hangs up, or says nothing.
type script struct {
	net.Listener
	hello string // after EHLO
	mu    sync.Mutex
	does  map[string]string // by point: greeting, EHLO, MAIL, RCPT, DATA, dot, after
	took  int
	conns int
	wg    sync.WaitGroup
}

const (
	hangUp  = "hang up"
	silence = "say nothing"
	cutDot  = "take it and hang up"
	cutBody = "hang up in the body"
	tooMuch = "250 taken, and a moment later: 550 nobody"
)

func newScript(t *testing.T, pipelining bool) *script {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{Listener: l, does: map[string]string{}, hello: "250-mail.test\r\n250 SIZE"}
	if pipelining {
		s.hello = "250-mail.test\r\n250-PIPELINING\r\n250 SIZE"
	}
	s.wg.Go(s.serve)
	t.Cleanup(func() { l.Close(); s.wg.Wait() })
	return s
}

func (s *script) serve() {
	for {
		c, err := s.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns++
		s.mu.Unlock()
		s.wg.Go(func() { defer c.Close(); s.talk(c) })
	}
}

// at is what happens at a point, once.
func (s *script) at(point string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.does[point]
	delete(s.does, point)
	return out
}

func (s *script) on(point, do string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.does = map[string]string{point: do}
}

// answer says a line, unless the script has another; false ends the dialogue.
func (s *script) answer(c net.Conn, in *bufio.Reader, point, usual string) bool {
	switch do := s.at(point); do {
	case "":
	case hangUp:
		return false
	case silence:
		_, _ = io.Copy(io.Discard, in) // until the client hangs up
		return false
	case tooMuch:
		_, _ = fmt.Fprint(c, "250 taken\r\n")
		time.Sleep(20 * time.Millisecond)
		usual = "550 nobody"
	default:
		usual = do
	}
	_, err := fmt.Fprint(c, usual+"\r\n")
	return err == nil
}

func (s *script) talk(c net.Conn) {
	in := bufio.NewReader(c)
	if !s.answer(c, in, "greeting", "220 mail.test") {
		return
	}
	for {
		word, err := in.ReadString('\n')
		if err != nil {
			return
		}
		point, _, _ := strings.Cut(strings.TrimSpace(strings.ToUpper(word)), " ")
		usual := map[string]string{"EHLO": s.hello, "DATA": "354 go on", "QUIT": "221 bye"}[point]
		if usual == "" {
			usual = "250 ok"
		}
		if !s.answer(c, in, point, usual) || point == "QUIT" {
			return
		}
		if point == "DATA" && usual[0] == '3' && !s.body(c, in) {
			return
		}
	}
}

// passBody reads a body up to its end; false when the connection ends before.
func passBody(in *bufio.Reader) bool {
	for {
		switch text, err := in.ReadString('\n'); {
		case err != nil:
			return false
		case text == ".\r\n":
			return true
		}
	}
}

func (s *script) body(c net.Conn, in *bufio.Reader) bool {
	if s.at("body") == cutBody {
		_, _ = in.ReadString('\n')
		return false
	}
	if !passBody(in) {
		return false
	}
	s.mu.Lock()
	refused := strings.HasPrefix(s.does["dot"], "4") || strings.HasPrefix(s.does["dot"], "5")
	if !refused {
		s.took++
	}
	s.mu.Unlock()
	return s.answer(c, in, "dot", "250 taken") && s.at("after") != hangUp
}

func (s *script) counts() (took, conns int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.took, s.conns
}

// TestEveryPointOfADialogue goes wrong at each point in each way, on a new
// connection and on one that was kept. What is said of the mail has to agree with
// what the server has: sent is there once, refused and later are not there, and
// only after the last line may nobody know. So it is where commands are sent at
// once, too.
func TestEveryPointOfADialogue(t *testing.T) {
	t.Run("one by one", func(t *testing.T) { t.Parallel(); everyPoint(t, newScript(t, false), crm.Unavailable, 0) })
	// DATA is said with the envelope: a server that hung up there has no mail yet.
	t.Run("at once", func(t *testing.T) { t.Parallel(); everyPoint(t, newScript(t, true), crm.ErrorKind(""), 1) })
}

// everyPoint goes through the table; cut and taken are what becomes of a mail when
// a kept connection ends at DATA.
func everyPoint(t *testing.T, s *script, cut crm.ErrorKind, taken int) {
	const fine, unknown = crm.ErrorKind(""), crm.ErrorKind("unknown")
	m := outbox.Mail{ID: "x@own.example", From: "nora@own.example", To: []crm.Address{"anna@acme.example"}, Raw: []byte("Subject: x\r\n\r\nhello\r\n")}
	for _, x := range []struct {
		kept      bool
		point, do string
		want      crm.ErrorKind
		took      int
	}{
		{true, "MAIL", hangUp, fine, 1}, // another connection is made
		{true, "MAIL", "421 closing", fine, 1},
		{true, "MAIL", "451 later", crm.Throttled, 0},
		{false, "MAIL", "552 too large", crm.Invalid, 0},
		{true, "MAIL", "552 too large", fine, 1}, // which may have been said of the mail before
		{true, "MAIL", silence, crm.Unavailable, 0},
		{true, "RCPT", hangUp, fine, 1},
		{false, "RCPT", hangUp, crm.Unavailable, 0},
		{true, "RCPT", "450 greylisted", crm.Throttled, 0},
		{true, "RCPT", "550 no such user", crm.Invalid, 0},
		{true, "DATA", hangUp, cut, taken},
		{false, "DATA", hangUp, crm.Unavailable, 0},
		{false, "DATA", "421 closing", crm.Throttled, 0},
		{true, "DATA", "554 no", crm.Invalid, 0},
		{true, "DATA", "what?", cut, taken},    // no answer at all
		{true, "DATA", "250 fine", cut, taken}, // the answer to something else
		{false, "DATA", "250 fine", crm.Unavailable, 0},
		{false, "greeting", "554 go away", crm.Denied, 0},
		{false, "greeting", hangUp, crm.Unavailable, 0},
		{false, "greeting", silence, crm.Unavailable, 0},
		{false, "EHLO", hangUp, crm.Unavailable, 0},
		{true, "body", cutBody, unknown, 0},
		{true, "dot", hangUp, unknown, 1},
		{true, "dot", silence, unknown, 1},
		{true, "dot", "2", unknown, 1},
		{true, "dot", "354 go on", unknown, 1}, // neither taken nor refused
		{true, "dot", "451 later", crm.Throttled, 0},
		{true, "dot", "550 spam", crm.Invalid, 0},
		{true, "dot", "250 taken\r\n550 nobody", fine, 1}, // which is not said of the next mail
		{true, "dot", tooMuch, fine, 1},
		{true, "after", hangUp, fine, 1},
	} {
		c, err := smtp.New(smtp.Config{Server: s.Addr().String(), TLS: crm.TLSNone, Timeout: 300 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		send := func() error { _, err := c.Send(t.Context(), m); return err }
		if x.kept {
			if err := send(); err != nil {
				t.Fatal(err)
			}
		}
		s.on(x.point, x.do)
		before, _ := s.counts()
		err = send()
		got := crm.KindOf(err)
		if outbox.Unknown(err) {
			got = unknown
		}
		if x.point == "body" && got == crm.Unavailable {
			got = unknown // it depends on which side notices first; either is right
		}
		took, _ := s.counts()
		if got != x.want || took-before != x.took {
			t.Errorf("%s at %s: %q (%v), and the server took %d; want %q and %d", x.do, x.point, got, err, took-before, x.want, x.took)
		}
		if err := send(); err != nil {
			t.Errorf("the mail after %s at %s: %v", x.do, x.point, err)
		}
		c.Close()
	}
}

// TestKeepsConnections sends many mails on few connections, and ends them.
func TestKeepsConnections(t *testing.T) {
	s := newScript(t, true)
	c, err := smtp.New(smtp.Config{Server: s.Addr().String(), TLS: crm.TLSNone, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	m := outbox.Mail{ID: "x@own.example", From: "nora@own.example", To: []crm.Address{"anna@acme.example"}, Raw: []byte("Subject: x\r\n\r\nhello\r\n")}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 40 {
				if _, err := c.Send(t.Context(), m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if took, conns := s.counts(); took != 120 || conns > 3 {
		t.Errorf("%d mails on %d connections", took, conns)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	s.Close()
	s.wg.Wait() // no connection is left
}

// TestBody: what a server reads is what was sent, with whole line ends, whatever
// the pieces in which it comes.
func TestBody(t *testing.T) {
	srv := serve(t)
	c, err := smtp.New(smtp.Config{Server: srv.addr, TLS: crm.TLSNone, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	long := strings.Repeat(strings.Repeat("x", 76)+"\r\n", 2000)
	for sent, want := range map[string]string{
		"A: b\r\n\r\nhello\r\n":          "",
		"A: b\r\n\r\nhello":              "A: b\r\n\r\nhello\r\n",
		"A: b\r\n\r\nhello\r":            "A: b\r\n\r\nhello\r\n",
		"A: b\n\nhello\n\nyou\r\n":       "A: b\r\n\r\nhello\r\n\r\nyou\r\n",
		"A: b\r\n\r\n.\r\n..\r\n.x\n.":   "A: b\r\n\r\n.\r\n..\r\n.x\r\n.\r\n",
		".\r\n\r\n":                      "",
		"\n":                             "\r\n",
		"A: b\r\n\r\n" + long + ".\r\nx": "A: b\r\n\r\n" + long + ".\r\nx\r\n",
	} {
		if want == "" {
			want = sent
		}
		m := outbox.Mail{ID: "x@own.example", From: "nora@own.example", To: []crm.Address{"anna@acme.example"}, Raw: []byte(sent)}
		if _, err := c.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		got := srv.received()
		if last := string(got[len(got)-1]); last != want {
			t.Errorf("%.60q arrives as %.80q, want %.80q", sent, last, want)
		}
	}
}

// TestGreetingWithoutEnd lets a server greet for ever, line after line and in one:
// it is left soon, and little of it was kept.
func TestGreetingWithoutEnd(t *testing.T) {
	for _, again := range []string{"220-welcome\r\n", "220 welcome ", "\r\n"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		var poured int
		var pouring sync.WaitGroup
		pouring.Go(func() {
			c, err := l.Accept()
			for ; err == nil && poured < 256<<20; poured += len(again) << 10 {
				_, err = io.WriteString(c, strings.Repeat(again, 1<<10))
			}
			if c != nil {
				_ = c.Close()
			}
		})
		s, err := smtp.New(smtp.Config{Server: l.Addr().String(), TLS: crm.TLSNone, Timeout: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Send(t.Context(), outbox.Mail{ID: "x@own.example", From: "nora@own.example", To: []crm.Address{"anna@acme.example"}, Raw: []byte("Subject: x\r\n\r\nhello\r\n")})
		_ = s.Close()
		_ = l.Close()
		pouring.Wait()
		if err == nil || outbox.Unknown(err) || poured > 32<<20 {
			t.Errorf("%q without end: %v after %d MB", again, err, poured>>20)
		}
	}
}
