package imap_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/imap"
)

func asTheyAre(wire string) string { return wire }

// asLiteral is a quoted name as a literal.
func asLiteral(wire string) string {
	name := wire
	if wire[0] == '"' {
		name = strings.ReplaceAll(wire[1:len(wire)-1], `\"`, `"`)
	}
	return fmt.Sprintf("{%d}\r\n%s", len(name), name)
}

// TestNamesNobodyCanRead lists folders with names that are neither modified UTF-7
// nor UTF-8: they and all others are opened, by the names that the server knows.
func TestNamesNobodyCanRead(t *testing.T) {
	wire := []string{`"INBOX"`, `"R&D"`, "\"Pr\xe9sents \\\"1999\\\"\"", `Q&A`, `"Entw&APw-rfe"`, `"Tom &- Co"`}
	shown := []string{"INBOX", "R&D", `Présents "1999"`, "Q&A", "Entwürfe", "Tom & Co"}
	pair, err := testenv.NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	for _, is := range []struct {
		name, caps string
		told       func(string) string
		start      *tls.Config
	}{
		{"with LIST-STATUS", "IMAP4rev1 LIST-EXTENDED LIST-STATUS", asTheyAre, nil},
		{"without", "IMAP4rev1", asTheyAre, nil},
		{"as literals", "IMAP4rev1 LIST-EXTENDED LIST-STATUS", asLiteral, nil},
		{"over STARTTLS", "IMAP4rev1", asLiteral, &tls.Config{Certificates: []tls.Certificate{pair.TLS}}},
	} {
		t.Run(is.name, func(t *testing.T) {
			var opened []string
			srv := script{caps: is.caps, start: is.start, answer: func(c net.Conn, tag, command string) bool {
				verb, rest, _ := strings.Cut(command, " ")
				box, _, _ := strings.Cut(rest, " (") // what is asked of its state comes in any order
				known := slices.IndexFunc(wire, func(w string) bool { return strings.Trim(w, `"`) == strings.Trim(box, `"`) })
				switch {
				case verb == "LIST":
					for _, w := range wire {
						say(c, `* LIST (\HasNoChildren) "/" `+is.told(w))
						if strings.Contains(rest, "STATUS") {
							say(c, "* STATUS "+is.told(w)+" (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 7)")
						}
					}
					return false
				case verb == "STATUS" && known >= 0:
					say(c, "* STATUS "+wire[known]+" (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 7)")
					return false
				case verb == "EXAMINE" && known >= 0:
					opened = append(opened, shown[known])
					return false
				case verb == "EXAMINE" || verb == "STATUS":
					say(c, tag+" NO no such folder")
					return true
				}
				return false
			}}
			cfg := config(srv.listen(t), "anna")
			if is.start != nil {
				cfg.TLS, cfg.RootCAs = crm.TLSStart, pair.Roots
			}
			src := imap.New(cfg)
			s, err := src.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			folders, err := s.Folders(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, f := range folders {
				names = append(names, f.Name)
				if f.Count != 3 {
					t.Errorf("%q holds %d mails", f.Name, f.Count)
				}
			}
			if !slices.Equal(names, shown) {
				t.Errorf("folders %q", names)
			}
			other, err := src.Open(t.Context()) // knows no name yet
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			for _, f := range shown {
				if _, err := s.List(t.Context(), f, 0); err != nil {
					t.Errorf("%q: %v", f, err)
				}
				if _, err := other.List(t.Context(), f, 0); err != nil {
					t.Errorf("%q on another connection: %v", f, err)
				}
			}
			if len(opened) != 2*len(shown) {
				t.Errorf("opened %q", opened)
			}
			if _, err := other.List(t.Context(), "gone & lost", 0); !crm.IsKind(err, crm.NotFound) {
				t.Errorf("a folder that is gone: %v", err)
			}
		})
	}
}
