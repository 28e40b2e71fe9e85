package testenv

import (
	"bytes"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Mail is one message to put on a server.
type Mail struct {
	Raw      []byte
	Internal time.Time // the server's date
	Flags    []crm.Flag
}

// LoadMaildir puts mail into a folder by writing its files, which is much
// faster than APPEND; the server numbers them in the order given. The folder's
// name is ASCII, with / between levels. It returns how many were written.
func (s *Server) LoadMaildir(user, folder string, mails iter.Seq[Mail]) (int, error) {
	root := s.maildir(user, folder)
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(root, sub), 0o755); err != nil {
			return 0, err
		}
	}
	n := 0
	for m := range mails {
		if err := s.writeMail(filepath.Join(root, "cur"), m); err != nil {
			return n, err
		}
		n++
	}
	return n, s.handOver(filepath.Join(s.dir, "home", user))
}

// maildir is the folder's place in the Maildir++ layout.
func (s *Server) maildir(user, folder string) string {
	root := filepath.Join(s.dir, "home", user, "mail")
	if strings.EqualFold(folder, "INBOX") {
		return root
	}
	return filepath.Join(root, "."+strings.ReplaceAll(folder, "/", "."))
}

// CloseFolder takes the right to read a folder from the server, which goes on to
// list it. OpenFolder gives it back.
func (s *Server) CloseFolder(user, folder string) error { return os.Chmod(s.maildir(user, folder), 0) }

func (s *Server) OpenFolder(user, folder string) error {
	return os.Chmod(s.maildir(user, folder), 0o755)
}

func (s *Server) writeMail(cur string, m Mail) error {
	lf := bytes.ReplaceAll(m.Raw, []byte("\r\n"), []byte("\n"))
	wire := len(lf) + bytes.Count(lf, []byte("\n"))
	name := fmt.Sprintf("%d.M%09dP1.threadline,S=%d,W=%d:2,%s",
		1_000_000_000, s.files.Add(1), len(lf), wire, maildirFlags(m.Flags))
	path := filepath.Join(cur, name)
	if err := os.WriteFile(path, lf, 0o644); err != nil {
		return err
	}
	if m.Internal.IsZero() {
		return nil
	}
	return os.Chtimes(path, m.Internal, m.Internal)
}

func maildirFlags(flags []crm.Flag) string {
	letters := map[crm.Flag]byte{crm.FlagDraft: 'D', crm.FlagFlagged: 'F', crm.FlagAnswered: 'R',
		crm.FlagSeen: 'S', crm.FlagDeleted: 'T'}
	var b []byte
	for _, f := range flags {
		if l, ok := letters[f]; ok {
			b = append(b, l)
		}
	}
	slices.Sort(b) // the format demands ASCII order
	return string(b)
}
