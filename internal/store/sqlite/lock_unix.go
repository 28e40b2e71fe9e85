//go:build unix

package sqlite

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"threadline/internal/crm"
)

// lock is held by the one process that has the database open. The system lets
// go of it when the process ends, however it ends.
type lock struct{ f *os.File }

// acquire takes the lock and writes down whose it is.
func acquire(path string, now time.Time) (*lock, error) {
	const op = crm.Op("sqlite.Open")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		kind, hint := crm.Unavailable, "look at the owner and the permissions of the data folder"
		if errors.Is(err, fs.ErrNotExist) {
			kind, hint = crm.Invalid, "make the data folder first"
		}
		return nil, crm.E(kind, op, "the data folder cannot be used", err).WithHint(hint)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		held, _ := io.ReadAll(io.LimitReader(f, 200)) // only for the message
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, crm.Errorf(crm.Conflict, op, "%s is in use by process %s", strings.TrimSuffix(path, ".lock"), holder(string(held))).
				WithHint("stop that process, or talk to it instead of opening its data")
		}
		return nil, crm.E(crm.Unavailable, op, "the data folder cannot be locked", err)
	}
	line := fmt.Sprintf("%d since %s\n", os.Getpid(), now.UTC().Format(time.RFC3339))
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(line), 0)
	}
	if err != nil {
		f.Close()
		return nil, crm.E(crm.Unavailable, op, "the lock cannot be written", err).WithHint("free space on the disk that holds the data folder")
	}
	return &lock{f}, nil
}

func holder(line string) string {
	if s := strings.TrimSpace(line); s != "" {
		return s
	}
	return "(unknown)"
}

func (l *lock) release() error { return l.f.Close() }
