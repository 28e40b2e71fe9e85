package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCorrectCommand previews and makes a correction without a server, and
// undoes it.
func TestCorrectCommand(t *testing.T) {
	s := newShell(t)
	stop := s.serve()
	imap, password := s.mail()
	const nora = "nora@brightwell.example"
	s.ok("user", "add", nora, "--name", "Nora")
	s.ok("mailbox", "add", "--owner", nora, "--imap", imap, "--tls", "none", "--login", "nora", "--password-file", password)
	s.ok("mailbox", "status", "--watch")
	s.ok("suggest", "--accept", "written-to", "--as", nora)
	if code, said := stop(); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	message, record := s.linked()
	dry := s.ok("correct", message, "wrong", "--record", record, "--scope", "address", "--as", nora, "--dry-run")
	if !strings.Contains(dry, "would change") || !strings.Contains(dry, "loses") {
		t.Errorf("previewed: %s", dry)
	}
	if again, _ := s.linked(); again != message {
		t.Error("a preview changed something")
	}
	var named struct {
		Stored []struct {
			RFC string `json:"rfc_id"`
		}
	}
	must(s.t, json.Unmarshal([]byte(s.ok("why", message, "--as", nora, "--json")), &named))
	if same := s.ok("correct", "<"+named.Stored[0].RFC+">", "wrong", "--record", record, "--scope", "address", "--as", nora, "--dry-run"); same != dry {
		t.Errorf("previewed by its Message-ID: %s", same)
	}
	s.fails([]string{"No mail with the Message-ID", "threadline why"}, "correct", "<nowhere@to.be>", "private", "--as", nora)
	s.fails([]string{"the operator reads no mail"}, "correct", message, "private")
	s.fails([]string{"there is no correction"}, "correct", message, "better", "--as", nora)
	made := s.ok("correct", message, "wrong", "--record", record, "--scope", "address", "--as", nora)
	if again, other := s.linked(); again == message && other == record {
		t.Errorf("still linked after: %s", made)
	}
	if out := s.ok("rematch", "--dry-run"); !strings.Contains(out, " 0 would change") {
		t.Errorf("rematch: %s", out)
	}
	s.ok("undo", strings.TrimSpace(made[strings.LastIndex(made, "undo ")+5:]))
	if again, other := s.linked(); again != message || other != record {
		t.Errorf("undone, and linked is %s to %s", again, other)
	}
	s.excludes(nora, message)
}

// excludes keeps the message away by its subject and takes that back.
func (s *shell) excludes(as, message string) {
	s.t.Helper()
	var m struct{ Stored []struct{ Subject string } }
	must(s.t, json.Unmarshal([]byte(s.ok("why", message, "--as", as, "--json")), &m))
	if len(m.Stored) == 0 || m.Stored[0].Subject == "" {
		s.t.Fatal("why tells no subject")
	}
	args := []string{"exclude", "add", m.Stored[0].Subject, "--on", "subject", "--as", as}
	if dry := s.ok(append(args, "--dry-run")...); !strings.Contains(dry, "would change") {
		s.t.Errorf("previewed: %s", dry)
	}
	s.fails([]string{"effect"}, append(args, "--effect", "burn")...)
	s.ok(args...)
	if again, _ := s.linked(); again == message {
		s.t.Error("an excluded message is still linked")
	}
	list := s.ok("exclude", "list")
	id := strings.Fields(strings.Split(list, "\n")[1])[0]
	s.ok("exclude", "remove", id)
	if again, _ := s.linked(); again != message {
		s.t.Error("the message is not linked after the exclusion was taken back")
	}
}

// linked returns the first message of the export that is linked to a contact by
// its address, and the contact.
func (s *shell) linked() (message, record string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "export")
	s.ok("export", "-o", file)
	f, err := os.Open(file)
	must(s.t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line struct {
			Collection, ID string
			Doc            struct {
				Links []struct{ Record, Rule string }
			}
		}
		must(s.t, json.Unmarshal(lines.Bytes(), &line))
		for _, l := range line.Doc.Links {
			if line.Collection == "message" && l.Rule == "address" {
				return line.ID, l.Record
			}
		}
	}
	s.t.Fatal("no message is linked")
	return "", ""
}
