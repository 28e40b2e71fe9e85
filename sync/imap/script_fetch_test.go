package imap_test

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/sync/imap"
	"threadline/sync/source"
)

func quick(addr string) imap.Config {
	cfg := config(addr, "anna")
	cfg.Timeout, cfg.Progress = 5*time.Second, time.Second
	return cfg
}

func open(t *testing.T, cfg imap.Config) source.Session {
	t.Helper()
	s, err := imap.New(cfg).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func collect(t *testing.T, s source.Session, epoch uint64, keys crm.KeySet, want source.Want) (items []source.Item, err error) {
	t.Helper()
	for it, err := range s.Fetch(t.Context(), "INBOX", epoch, keys, want) {
		if err != nil {
			return items, err
		}
		items = append(items, it)
	}
	return items, nil
}

const (
	dated = `INTERNALDATE "01-Mar-2026 12:00:00 +0000"`
	text  = "Subject: x\r\n\r\nHello\r\n"
)

// mailAnswer is a FETCH answer as servers give it.
func mailAnswer(uid int, raw string) string {
	return fmt.Sprintf("* %d FETCH (UID %d FLAGS (\\Seen) RFC822.SIZE %d %s BODY[]<0> {%d}\r\n%s)", uid, uid, len(raw), dated, len(raw), raw)
}

// fetching answers the n-th UID FETCH with the n-th text; $ stands for the tag.
func fetching(answers ...string) func(net.Conn, string, string) bool {
	n := 0
	return func(c net.Conn, tag, command string) bool {
		if !strings.HasPrefix(command, "UID FETCH") || n >= len(answers) {
			return false
		}
		say(c, strings.ReplaceAll(answers[n], "$", tag))
		n++
		return true
	}
}

func TestFetchFromOddServers(t *testing.T) {
	t.Parallel()
	search := func(uids string, next func(net.Conn, string, string) bool) func(net.Conn, string, string) bool {
		return func(c net.Conn, tag, command string) bool {
			if strings.HasPrefix(command, "UID SEARCH") {
				say(c, "* SEARCH"+uids, tag+" OK done")
				return true
			}
			return next(c, tag, command)
		}
	}
	m1, m2, m3 := mailAnswer(1, text), mailAnswer(2, text), mailAnswer(3, text)
	for _, c := range []struct {
		name   string
		answer func(net.Conn, string, string) bool
		want   source.Want
		keys   []crm.Key // that come
		kind   crm.ErrorKind
	}{
		{"all well", fetching(m1 + "\r\n" + m2 + "\r\n" + m3 + "\r\n$ OK done"), source.Want{}, []crm.Key{1, 2, 3}, ""},
		{"a foreign flag change takes the place of an answer",
			search(" 2", fetching("* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"+m1+"\r\n"+m2+"\r\n"+m3+"\r\n$ OK done", m2+"\r\n$ OK done")),
			source.Want{}, []crm.Key{1, 3, 2}, ""},
		{"a deleted mail has no body",
			search("", fetching(m1+"\r\n* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 0 BODY[]<0> NIL)\r\n"+m3+"\r\n$ OK done")),
			source.Want{}, []crm.Key{1, 3}, ""},
		{"a deletion refuses the rest",
			search(" 3", fetching(m1+"\r\n$ NO [EXPUNGEISSUED] some are gone", m3+"\r\n$ OK done")),
			source.Want{}, []crm.Key{1, 3}, ""},
		{"a mail that exists is never handed out",
			search(" 2", fetching(m1+"\r\n* 2 FETCH (UID 2 BODY[]<0> NIL)\r\n"+m3+"\r\n$ OK done", "* 2 FETCH (UID 2 BODY[]<0> NIL)\r\n$ OK done")),
			source.Want{}, []crm.Key{1, 3}, crm.Internal},
		{"a mail is left out that exists", search(" 2", fetching(m1+"\r\n"+m3+"\r\n$ OK done", m2+"\r\n$ OK done")),
			source.Want{}, []crm.Key{1, 3, 2}, ""},
		{"a mail that exists is always left out", search(" 2", fetching(m1+"\r\n"+m3+"\r\n$ OK done", "$ OK done")), source.Want{}, []crm.Key{1, 3}, crm.Internal},
		{"an empty body of a mail with a size",
			search(" 2", fetching("* 2 FETCH (UID 2 RFC822.SIZE 90 BODY[]<0> {0}\r\n)\r\n$ OK done", "* 2 FETCH (UID 2 RFC822.SIZE 90 BODY[]<0> \"\")\r\n$ OK done")),
			source.Want{}, nil, crm.Internal},
		{"the server ignores the limit and estimates sizes",
			fetching("* 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {" + fmt.Sprint(2<<20) + "}\r\n" + strings.Repeat("x", 2<<20) + ")\r\n$ OK done"),
			source.Want{}, []crm.Key{1}, ""},
		{"a literal without end", fetching("* 1 FETCH (UID 1 BODY[]<0> {900000000}\r\nabc"), source.Want{}, nil, crm.Unavailable},
		{"a literal of no mail", fetching("* 1 FETCH (UID 1 BODY[]<0> {900000000000}\r\nabc"), source.Want{}, nil, crm.Internal},
		{"an unknown item", fetching("* 1 FETCH (UID 1 X-ODD 5)\r\n$ OK done"), source.Want{}, nil, crm.Internal},
		{"an unknown answer", fetching("* NONSENSE 5\r\n$ OK done"), source.Want{}, nil, crm.Internal},
		{"a refusal", fetching("$ NO [SERVERBUG] try later"), source.Want{}, nil, crm.Unavailable},
		{"a limit", fetching("$ NO [LIMIT] too much"), source.Want{}, nil, crm.Throttled},
		{"a farewell", fetching(m1 + "\r\n* BYE shutting down"), source.Want{}, []crm.Key{1}, crm.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := func(conn net.Conn, tag, command string) bool {
				return c.answer(conn, tag, command) || search("", fetching())(conn, tag, command)
			}
			s := open(t, quick(script{caps: "IMAP4rev1", answer: answer}.listen(t)))
			items, err := collect(t, s, 7, crm.Span(1, 3), c.want)
			if crm.KindOf(err) != c.kind {
				t.Errorf("error %v of kind %q, want %q", err, crm.KindOf(err), c.kind)
			}
			var keys []crm.Key
			for _, it := range items {
				keys = append(keys, it.Key)
				if len(it.Raw) == 0 {
					t.Errorf("key %d is empty", it.Key)
				}
			}
			if !slices.Equal(keys, c.keys) {
				t.Errorf("keys %v, want %v", keys, c.keys)
			}
		})
	}
}

// TestUnreadableDate shows that one copy survives a date that the library
// cannot read, and that the way to it is asking for it alone.
func TestUnreadableDate(t *testing.T) {
	t.Parallel()
	bad := `INTERNALDATE "yesterday"`
	addr := script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
		if !strings.HasPrefix(command, "UID FETCH") {
			return false
		}
		line := "* 1 FETCH (UID 1"
		if strings.Contains(command, "INTERNALDATE") {
			line += " " + bad
		}
		if strings.Contains(command, "BODY") {
			line += fmt.Sprintf(" BODY[]<0> {%d}\r\n%s", len(text), text)
		}
		say(c, line+")", tag+" OK done")
		return true
	}}.listen(t)
	if _, err := collect(t, open(t, quick(addr)), 7, crm.Span(1, 2), source.Want{}); !crm.IsKind(err, crm.Internal) {
		t.Errorf("among others: %v, want internal", err)
	}
	items, err := collect(t, open(t, quick(addr)), 7, crm.Keys(1), source.Want{})
	if err != nil || len(items) != 1 || string(items[0].Raw) != text || items[0].Internal != 0 {
		t.Errorf("alone: %+v, %v; want the copy without a date", items, err)
	}
}

// TestTrickle holds the source to its deadline against a server that sends a
// byte in time, always.
func TestTrickle(t *testing.T) {
	t.Parallel()
	addr := script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
		if strings.HasPrefix(command, "UID SEARCH") {
			drip(c, "* SEARCH"+strings.Repeat(" 1", 10_000), 100*time.Millisecond)
			return true
		}
		return false
	}}.listen(t)
	s := open(t, quick(addr))
	start := time.Now()
	_, err := s.List(t.Context(), "INBOX", 0)
	if !crm.IsKind(err, crm.Unavailable) || time.Since(start) > time.Minute {
		t.Errorf("ended with %v after %s", err, time.Since(start))
	}
}

// TestRefusedStatus keeps a folder whose state the server does not tell.
func TestRefusedStatus(t *testing.T) {
	t.Parallel()
	addr := script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
		switch {
		case strings.HasPrefix(command, "LIST"):
			say(c, `* LIST (\NoSelect) "/" Top`, `* LIST () "/" INBOX`, `* LIST () "/" "Secret plans"`, tag+" OK done")
		case strings.HasPrefix(command, `STATUS INBOX`):
			say(c, "* STATUS INBOX (MESSAGES 2 UIDNEXT 9 UIDVALIDITY 7)", tag+" OK done")
		case strings.HasPrefix(command, "STATUS"):
			say(c, tag+" NO [NOPERM] not for you")
		default:
			return false
		}
		return true
	}}.listen(t)
	got, err := open(t, quick(addr)).Folders(t.Context())
	want := []source.Folder{{Name: "INBOX", Role: crm.RoleInbox, Cursor: "7.9.0.2", Count: 2}, {Name: "Secret plans", Count: -1}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("folders %+v, %v; want %+v", got, err, want)
	}
}

// TestListsNothing: a listing of nothing is not believed where the folder has mail,
// unless the server says that it went.
func TestListsNothing(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]crm.ErrorKind{"* SEARCH": crm.Internal, "* OK nothing": crm.Internal, "* 3 EXPUNGE\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\n* SEARCH": ""} {
		addr := script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
			if !strings.HasPrefix(command, "UID SEARCH") {
				return false
			}
			say(c, said, tag+" OK done")
			return true
		}}.listen(t)
		l, err := open(t, quick(addr)).List(t.Context(), "INBOX", 0)
		if crm.KindOf(err) != want || errors.Is(err, source.ErrClosed) != (want != "") {
			t.Errorf("%s: %v, %v; want %q", said, l, err, want)
		}
	}
}

// TestAnnouncedAndNotMeant: a server that announces more than it understands is asked
// in the old ways.
func TestAnnouncedAndNotMeant(t *testing.T) {
	t.Parallel()
	addr := script{caps: "IMAP4rev1 CONDSTORE ESEARCH LIST-EXTENDED LIST-STATUS SPECIAL-USE", answer: func(c net.Conn, tag, command string) bool {
		switch {
		case strings.Contains(command, "RETURN"), strings.Contains(command, "CONDSTORE"), strings.Contains(command, "HIGHESTMODSEQ"):
			say(c, tag+" BAD unknown argument")
		case strings.HasPrefix(command, "LIST"):
			say(c, `* LIST () "/" INBOX`, tag+" OK done")
		default:
			return false
		}
		return true
	}}.listen(t)
	s := open(t, quick(addr))
	folders, err := s.Folders(t.Context())
	if err != nil || len(folders) != 1 {
		t.Fatalf("folders %v, %v", folders, err)
	}
	l, err := s.List(t.Context(), "INBOX", 0)
	if err != nil || l.All.Size() != 3 {
		t.Errorf("listed %v, %v", l, err)
	}
}

// TestIdleIsNotMeant: a server that announces IDLE and refuses it is asked instead.
func TestIdleIsNotMeant(t *testing.T) {
	t.Parallel()
	asked := 0
	addr := script{caps: "IMAP4rev1 IDLE", answer: func(c net.Conn, tag, command string) bool {
		switch {
		case command == "IDLE":
			say(c, tag+" BAD what?")
			return true
		case command == "NOOP":
			if asked++; asked == 4 {
				say(c, "* 4 EXISTS")
			}
		}
		return false
	}}.listen(t)
	s := open(t, quick(addr))
	for range 2 { // the first only tells where the folder stands
		if err := s.Wait(t.Context(), "INBOX"); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 4 {
		t.Errorf("asked %d times", asked)
	}
}

// TestSilentRefusal tells a vanished folder from a closed one where the server
// gives no code.
func TestSilentRefusal(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]crm.ErrorKind{`* LIST () "/" INBOX`: crm.Unavailable, `* LIST (\Noselect) "/" INBOX`: crm.NotFound} {
		addr := script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
			switch {
			case strings.HasPrefix(command, "EXAMINE"):
				say(c, tag+" NO cannot open")
			case strings.HasPrefix(command, "LIST"):
				say(c, list, tag+" OK done")
			default:
				return false
			}
			return true
		}}.listen(t)
		_, err := open(t, quick(addr)).Delta(t.Context(), "INBOX", "")
		if closed := errors.Is(err, source.ErrClosed); !crm.IsKind(err, want) || closed != (want == crm.Unavailable) {
			t.Errorf("%s: %v, want %q", list, err, want)
		}
	}
}
