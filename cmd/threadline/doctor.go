package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/search"
	"threadline/internal/store"
	"threadline/manifests"
)

// finding is one thing that doctor looked at.
type finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Told string `json:"told"`
	Hint string `json:"hint,omitempty"`
}

func (m *Main) doctorCommand() *cobra.Command {
	return &cobra.Command{Use: "doctor", Short: "Look for what could go wrong, and say what to do", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.doctor(cmd.Context()) }}
}

func (m *Main) doctor(ctx context.Context) error {
	found := []finding{m.folder(), m.space(), m.keyFile(), m.clock(), indexes()}
	err := m.with(ctx, "", func(ctx context.Context, c *client) error {
		found = append(found, m.searchIndex())
		told := "a server runs"
		if c.inside {
			told = "no server runs"
		}
		found = append(found, finding{What: "server", OK: true, Told: told})
		sealing, err := m.sealKeys(ctx, c)
		if err != nil {
			return err
		}
		found = append(found, sealing...)
		var looks list[finding]
		if _, err := c.send(ctx, "GET", "/doctor", nil, &looks); err != nil {
			return err
		}
		found = append(found, looks.Items...)
		boxes, err := c.mailboxes(ctx, "")
		for _, b := range boxes {
			f := finding{What: "mailbox " + string(b.Address), OK: b.Trouble == nil && !halted(b.State),
				Told: fmt.Sprintf("%s, %d of %d copies done", b.State, b.Done, b.Total)}
			if b.Trouble != nil {
				f.Told, f.Hint = f.Told+": "+b.Trouble.Msg, b.Trouble.Hint
			} else if b.State == crm.StatePaused {
				f.Hint = "go on with: threadline mailbox resume " + string(b.ID)
			}
			found = append(found, f)
		}
		return err
	})
	if err != nil {
		found = append(found, failed("data", err))
	}
	return m.report(found)
}

func failed(what string, err error) finding {
	var e *crm.Error
	if errors.As(err, &e) {
		return finding{What: what, Told: e.Msg, Hint: e.Hint}
	}
	return finding{What: what, Told: err.Error(), Hint: "the log of the server says more"}
}

func (m *Main) report(found []finding) error {
	bad := 0
	for _, f := range found {
		if !f.OK {
			bad++
		}
	}
	raw, err := json.Marshal(map[string]any{"items": found, "problems": bad})
	if err != nil {
		return err
	}
	err = m.print(raw, func() {
		var rows [][]string
		for _, f := range found {
			rows = append(rows, []string{map[bool]string{true: "ok", false: "PROBLEM"}[f.OK], f.What, f.Told, f.Hint})
		}
		m.table([]string{"", "what", "found", "what to do"}, rows)
	})
	if err == nil && bad > 0 {
		err = crm.Errorf(crm.Invalid, "doctor", "%d of %d things need attention", bad, len(found))
	}
	return err
}

// folder looks at the data folder.
func (m *Main) folder() finding {
	f := finding{What: "data folder", Told: m.opt.data}
	info, err := os.Stat(m.opt.data)
	switch {
	case err != nil:
		f.Told, f.Hint = "cannot be read: "+err.Error(), "make it with: threadline serve, or name another with --data"
	case !info.IsDir():
		f.Told, f.Hint = m.opt.data+" is no folder", "name a folder with --data"
	case info.Mode().Perm()&0o077 != 0:
		f.Told, f.Hint = fmt.Sprintf("%s is open to other users (mode %04o)", m.opt.data, info.Mode().Perm()), "run: chmod 700 "+m.opt.data
	default:
		f.OK = true
	}
	return f
}

const lowSpace = 1 << 30

// space looks at the room that is left on the disk.
func (m *Main) space() finding {
	var st syscall.Statfs_t
	if err := syscall.Statfs(m.opt.data, &st); err != nil {
		return finding{What: "disk space", Told: "cannot be told: " + err.Error(), Hint: "look whether the data folder is there: --data"}
	}
	return diskSpace(st.Bavail * uint64(st.Bsize))
}

func diskSpace(free uint64) finding {
	f := finding{What: "disk space", OK: free > lowSpace, Told: fmt.Sprintf("%.1f GB free", float64(free)/1e9)}
	if !f.OK {
		f.Hint = "make room, or move the data folder: syncing stops when the disk is full, and goes on by itself when there is room"
	}
	return f
}

// keyFile looks at the file that seals passwords.
func (m *Main) keyFile() finding {
	f := finding{What: "key file", Told: m.opt.keyFile}
	info, err := os.Stat(m.opt.keyFile)
	switch {
	case errors.Is(err, os.ErrNotExist):
		f.Told, f.Hint = m.opt.keyFile+" is missing", "put it back, or name it with --key-file; the first start of the server makes one"
	case err != nil:
		f.Told, f.Hint = "cannot be read: "+err.Error(), "make it readable for the user who runs threadline"
	case info.Mode().Perm()&0o077 != 0:
		f.Told, f.Hint = fmt.Sprintf("is open to other users (mode %04o)", info.Mode().Perm()), "run: chmod 600 "+m.opt.keyFile
	default:
		f.OK = true
	}
	return f
}

// searchIndex tells of search indexes that could not be used: without a server
// they were opened just now.
func (m *Main) searchIndex() finding {
	f := finding{What: "search index", OK: true, Told: searchFile(m.opt.data)}
	if m.opt.store != storeSQLite {
		f.Told = "in the document store"
		return f
	}
	aside, err := filepath.Glob(search.AsideOf(filepath.Join(m.opt.data, "search*.db")))
	if err != nil {
		return failed("search index", err)
	}
	if len(aside) > 0 {
		f.OK, f.Told = false, "could not be used and was made anew; what was there is "+strings.Join(aside, ", ")
		f.Hint = "look at the disk if it happens again; remove what was there when it is of no use to you"
	}
	return f
}

// clock compares the clock with the newest thing that was written here.
func (m *Main) clock() finding {
	f := finding{What: "clock", OK: true, Told: m.Now().UTC().Format("2006-01-02 15:04:05 UTC")}
	for _, name := range []string{"threadline.db", "threadline.db-wal"} {
		if info, err := os.Stat(filepath.Join(m.opt.data, name)); err == nil && info.ModTime().After(m.Now().Add(lateClock)) {
			f.OK, f.Told, f.Hint = false, f.Told+": data was written later than that", "set the clock, by NTP for good; tokens and dates depend on it"
		}
	}
	return f
}

const lateClock = 60 * 1e9 // one minute

// indexes looks whether every question of the program has its index.
func indexes() finding {
	f := finding{What: "indexes"}
	declared, err := store.ParseIndexes(manifests.Indexes)
	if err != nil {
		f.Told = err.Error()
		return f
	}
	have := map[string]bool{}
	for _, ix := range declared {
		have[ix.Name()] = true
	}
	missing := 0
	for _, ix := range store.Shapes() {
		if !have[ix.Name()] {
			missing++
		}
	}
	f.OK, f.Told = missing == 0, fmt.Sprintf("%d declared, %d missing", len(declared), missing)
	return f
}
