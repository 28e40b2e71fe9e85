package imap_test

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"threadline/internal/crm"
	"threadline/sync/imap"
	"threadline/sync/source"
)

// TestFlood lets a server send answers without end, of every sort that the client
// gathers before it hands them on. Each is cut while little of it was taken, and
// said to be what it is.
func TestFlood(t *testing.T) {
	const answer, most = 1 << 20, 32 << 20 // what is sent may lie in buffers of the network
	for name, c := range map[string]struct{ on, begin, again string }{
		"a line of the greeting":   {"", "* OK ", "x"},
		"abilities":                {"LOGIN", "* CAPABILITY IMAP4rev1", " X"},
		"a refusal":                {"LOGIN", "$ NO ", "no and no "},
		"words before a tag":       {"LOGIN", "", "* OK still here\r\n"},
		"flags of a folder":        {"EXAMINE", "* FLAGS (a", " b"},
		"folders":                  {"LIST", "", "* LIST () \"/\" x\r\n"},
		"folders that hold none":   {"LIST", "", "* LIST (\\NoSelect) \"/\" x\r\n"},
		"the name of a folder":     {"LIST", "* LIST () \"/\" {4000000000}\r\n", "x"},
		"numbers":                  {"UID SEARCH", "* SEARCH", " 5"},
		"flags of a mail":          {"UID FETCH", "* 1 FETCH (UID 1 FLAGS (a", " b"},
		"a mail between quotes":    {"UID FETCH", "* 1 FETCH (UID 1 BODY[]<0> \"a", "b"},
		"mails nobody asked for":   {"UID FETCH", "", "* 9 FETCH (UID 9 FLAGS ())\r\n"},
		"a mail nobody asked for":  {"UID FETCH", "* 9 FETCH (UID 9 BODY[] {4000000000}\r\n", "x"},
		"a body within the header": {"UID FETCH", "* 1 FETCH (ENVELOPE (\"a", "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int64
			pour := func(c net.Conn, begin, again string) {
				piece := []byte(strings.Repeat(again, 64<<10/len(again)+1))
				_, err := c.Write([]byte(begin))
				for ; err == nil && sent.Load() < 4*most; sent.Add(int64(len(piece))) {
					_, err = c.Write(piece)
				}
			}
			srv := script{caps: "IMAP4rev1", answer: func(conn net.Conn, tag, command string) bool {
				if c.on == "" || !strings.HasPrefix(command, c.on) {
					return false
				}
				pour(conn, strings.ReplaceAll(c.begin, "$", tag), c.again)
				return true
			}}
			if c.on == "" {
				srv.greet = func(conn net.Conn) { pour(conn, c.begin, c.again) }
			}
			cfg := config(srv.listen(t), "anna")
			cfg.MaxAnswer = answer
			err := everything(t, cfg)
			if !crm.IsKind(err, crm.Unavailable) || !strings.Contains(err.Error(), "without end") || sent.Load() > most {
				t.Errorf("after %d MB: %v", sent.Load()>>20, err)
			}
		})
	}
}

// everything asks a server for all that a client asks for, up to the first failure.
func everything(t *testing.T, cfg imap.Config) error {
	s, err := imap.New(cfg).Open(t.Context())
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.Folders(t.Context()); err != nil {
		return err
	}
	if _, err := s.List(t.Context(), "INBOX", 0); err != nil {
		return err
	}
	_, err = collect(t, s, 7, crm.Span(1, 3), source.Want{})
	return err
}

// TestAllNumbers lets a server name every number that there is as that of a draft.
func TestAllNumbers(t *testing.T) {
	t.Parallel()
	src := imap.New(quick(script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
		switch {
		case strings.HasPrefix(command, "LIST"):
			say(c, `* LIST (\Drafts) "/" Drafts`, tag+" OK done")
		case strings.HasPrefix(command, "UID SEARCH"):
			say(c, `* ESEARCH (TAG "`+tag+`") UID ALL 1:4294967295`, tag+" OK done")
		default:
			return false
		}
		return true
	}}.listen(t)))
	if err := src.DropDraft(t.Context(), "tl.a@x.example"); err != nil {
		t.Error(err)
	}
}
