package smtp_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/sync/smtp"
)

// liar is an SMTP server that says more than it is asked. What it does with each
// mail it knows: who has it, and whom it refused.
type liar struct {
	net.Listener
	hello string
	says  func(point, to string) []string // in place of the usual answer; nil: the usual one
	mu    sync.Mutex
	has   map[string]int
	wg    sync.WaitGroup
	busy  atomic.Int32 // how many answers it is giving
}

// pause in what a liar says lets what stands before it arrive alone.
const pause = "\x00"

func (s *liar) serve() {
	for {
		c, err := s.Accept()
		if err != nil {
			return
		}
		s.wg.Go(func() { defer c.Close(); s.talk(c) })
	}
}

// say answers; false when it refuses: the first line is what is meant.
func (s *liar) say(c net.Conn, point, to, usual string) bool {
	s.busy.Add(1)
	defer s.busy.Add(-1)
	list := s.says(point, to)
	if list == nil {
		list = []string{usual}
	}
	text := ""
	for _, line := range list {
		if line == pause {
			_, _ = fmt.Fprint(c, text)
			text = ""
			time.Sleep(15 * time.Millisecond)
			continue
		}
		text += line + "\r\n"
	}
	_, _ = fmt.Fprint(c, text)
	return list[0][0] < '4'
}

func (s *liar) talk(c net.Conn) {
	in, to, good := bufio.NewReader(c), "", true
	s.say(c, "greeting", "", "220 mail.test")
	for {
		word, err := in.ReadString('\n')
		if err != nil {
			return
		}
		word = strings.TrimSpace(word)
		point, _, _ := strings.Cut(strings.ToUpper(word), " ")
		switch point {
		case "EHLO":
			s.say(c, point, "", s.hello)
		case "MAIL":
			to, good = "", s.say(c, point, "", "250 ok")
		case "RCPT":
			to = word[strings.Index(word, "<")+1 : strings.Index(word, "@")]
			good = s.say(c, point, to, "250 ok") && good
		case "DATA":
			if !good {
				s.say(c, "refused DATA", to, "503 no recipient")
				continue
			}
			if !s.say(c, point, to, "354 go on") {
				continue
			}
			if !s.body(c, in, to) {
				return
			}
		case "QUIT":
			s.say(c, point, "", "221 bye")
			return
		default:
			s.say(c, point, "", "250 ok")
		}
	}
}

func (s *liar) body(c net.Conn, in *bufio.Reader, to string) bool {
	if !passBody(in) {
		return false
	}
	if s.say(c, "dot", to, "250 taken") {
		s.mu.Lock()
		s.has[to]++
		s.mu.Unlock()
	}
	return true
}

// TestLies has a server say too much at each point of the dialogue about the second
// of some mails, while it refuses the third: nobody counts as sent who did not get
// it, nobody as refused who did, and whoever comes after is written to.
func TestLies(t *testing.T) {
	const ok, refused = "250 ok", "550 nobody"
	for name, lie := range map[string]map[string][]string{
		"two answers":                        {"dot": {ok, ok}},
		"three answers":                      {"dot": {ok, ok, ok}},
		"answers for the next mail":          {"dot": {ok, ok, "354 go on", ok}},
		"two answers, one late":              {"dot": {ok, pause, ok}},
		"three answers, two late":            {"dot": {ok, pause, ok, ok}},
		"answers for the next mail, late":    {"dot": {ok, pause, ok, ok, "354 go on", ok}},
		"one after the other":                {"dot": {ok, pause, ok, pause, "354 go on", pause, ok}},
		"taken, then refused":                {"dot": {ok, pause, refused, ok}},
		"a refusal that is none":             {"dot": {ok, refused, ok}},
		"refused twice":                      {"dot": {refused, refused}},
		"refused, then more, late":           {"dot": {refused, pause, ok, ok, "354 go on", ok, refused}},
		"two to MAIL":                        {"MAIL": {ok, ok}},
		"answers for the whole mail at MAIL": {"MAIL": {ok, ok, "354 go on", ok}},
		"the same, late":                     {"MAIL": {ok, pause, ok, "354 go on", ok}},
		"two to RCPT":                        {"RCPT": {ok, ok}},
		"a go-on at RCPT":                    {"RCPT": {ok, "354 go on"}},
		"taken at RCPT":                      {"RCPT": {ok, "354 go on", ok, refused}, "refused DATA": {"503 no"}},
		"two to DATA":                        {"DATA": {"354 go on", "354 go on"}},
		"taken at DATA":                      {"DATA": {"354 go on", ok, "354 go on"}, "dot": {refused}},
		"an answer without end":              {"dot": {"250-ok", "250-ok", ok}},
		"the end of another answer":          {"dot": {ok, "250-more"}},
		"hangs up and stays":                 {"dot": {ok, "421 closing"}},
		"nonsense":                           {"dot": {ok, "\x01\x02", "250"}},
		"an empty line":                      {"dot": {ok, ""}},
	} {
		for _, pipelining := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, at once %v", name, pipelining), func(t *testing.T) {
				t.Parallel()
				lied(t, lie, pipelining)
			})
		}
	}
}

func lied(t *testing.T, lie map[string][]string, pipelining bool) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &liar{Listener: l, hello: "250-mail.test\r\n250 SIZE", has: map[string]int{}}
	if pipelining {
		s.hello = "250-mail.test\r\n250-PIPELINING\r\n250 SIZE"
	}
	var mu sync.Mutex
	mails := 0
	s.says = func(point, to string) []string {
		mu.Lock()
		defer mu.Unlock()
		if point == "MAIL" {
			mails++
		}
		if to == "p2" && point == "RCPT" {
			return []string{"550 nobody"} // the truth about the third
		}
		if out := lie[point]; to == "p1" || to == "" && point == "MAIL" && mails == 2 {
			return out
		}
		return nil
	}
	s.wg.Go(s.serve)
	c, err := smtp.New(smtp.Config{Server: s.Addr().String(), TLS: crm.TLSNone, Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]error{}
	for i := range 5 {
		to := fmt.Sprintf("p%d", i)
		m := outbox.Mail{ID: crm.RFCID(to + "@own.example"), From: "nora@own.example", To: []crm.Address{crm.Address(to + "@acme.example")}, Raw: []byte("Subject: x\r\n\r\nhello\r\n")}
		_, verdicts[to] = c.Send(t.Context(), m)
		if i == 1 {
			for s.busy.Load() > 0 { // until all that is said late has been said
				time.Sleep(time.Millisecond)
			}
		}
	}
	c.Close()
	l.Close()
	s.wg.Wait()
	for to, err := range verdicts {
		switch has := s.has[to]; {
		case has > 1, err == nil && has != 1, err != nil && has > 0 && !outbox.Unknown(err), crm.IsKind(err, crm.Invalid) && to != "p1" && to != "p2":
			t.Errorf("%s: %v, and the server has %d", to, err, has)
		case to == "p2" && !crm.IsKind(err, crm.Invalid), err != nil && to != "p1" && to != "p2":
			t.Errorf("%s: %v after a lie", to, err)
		}
	}
}
