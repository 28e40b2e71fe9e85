package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// tryOpen opens and closes a database.
func tryOpen(t *testing.T, path string) error {
	t.Helper()
	d, err := Open(t.Context(), path, store.NewIndexes(store.Shapes()), Options{Now: time.Now})
	if err != nil {
		return err
	}
	return d.Close()
}

// refused checks that a file is refused with what to do and stays as it is.
func refused(t *testing.T, path string, kind crm.ErrorKind, words string) {
	t.Helper()
	before, _ := os.ReadFile(path)
	_, missing := os.Stat(path)
	err := tryOpen(t, path)
	var e *crm.Error
	if !crm.IsKind(err, kind) || !strings.Contains(err.Error(), words) {
		t.Fatalf("error %v (%s), want %s with %q", err, crm.KindOf(err), kind, words)
	}
	if e, _ = err.(*crm.Error); e == nil || e.Hint == "" {
		t.Errorf("%v does not say what to do", err)
	}
	after, err := os.ReadFile(path)
	if missing == nil && (err != nil || !bytes.Equal(before, after)) {
		t.Errorf("the refused file was changed (%v)", err)
	}
	if missing != nil && err == nil {
		t.Error("a file was made where one is missing")
	}
}

// filled makes a database with some thousand documents and returns its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.db")
	s, _ := openAt(t, path, store.Shapes())
	b := s.In("wsp_a").Batch()
	for i := range 2000 {
		store.Users.Create(b, &crm.User{ID: crm.UserID(fmt.Sprintf("usr_%04d", i)), Email: crm.Address(fmt.Sprintf("u%d@example.org", i)), Name: strings.Repeat("n", 300)})
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRefusedFiles(t *testing.T) {
	write := func(t *testing.T, path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	foreign := func(t *testing.T, path string, statements ...string) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name  string
		make  func(t *testing.T, path string)
		words string
	}{
		{"empty", func(t *testing.T, p string) { write(t, p, nil) }, "is empty"},
		{"empty with a journal", func(t *testing.T, p string) { write(t, p, nil); write(t, p+"-wal", []byte("x")) }, "is empty"},
		{"a journal alone", func(t *testing.T, p string) { write(t, p+"-wal", []byte("x")) }, "journal"},
		{"text", func(t *testing.T, p string) { write(t, p, []byte(strings.Repeat("hello\n", 100))) }, "not a database"},
		{"short", func(t *testing.T, p string) { write(t, p, []byte(magic)) }, "not a database"},
		{"of another program", func(t *testing.T, p string) { foreign(t, p, "CREATE TABLE x (y)") }, "another program"},
		{"newer", func(t *testing.T, p string) {
			foreign(t, p, fmt.Sprintf("PRAGMA application_id = %d", application), "PRAGMA user_version = 99")
		}, "schema 99"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data.db")
			c.make(t, path)
			refused(t, path, crm.Invalid, c.words)
			if err := tryOpen(t, path); err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("which file is it? %v", err)
			}
		})
	}
	t.Run("no folder", func(t *testing.T) {
		err := tryOpen(t, filepath.Join(t.TempDir(), "nowhere", "data.db"))
		if !crm.IsKind(err, crm.Invalid) || !strings.Contains(err.Error(), "make the data folder") {
			t.Errorf("error %v", err)
		}
	})
}

func TestDamagedFiles(t *testing.T) {
	spoil := func(t *testing.T, path string, change func(data []byte) []byte) {
		t.Helper()
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, change(data), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Run("header", func(t *testing.T) {
		path := filled(t)
		spoil(t, path, func(b []byte) []byte { b[3] ^= 0xff; return b })
		refused(t, path, crm.Invalid, "not a database")
	})
	t.Run("schema", func(t *testing.T) {
		path := filled(t)
		spoil(t, path, func(b []byte) []byte { copy(b[100:], bytes.Repeat([]byte{0xff}, 200)); return b })
		refused(t, path, crm.Internal, "damaged")
	})
	t.Run("cut", func(t *testing.T) {
		path := filled(t)
		spoil(t, path, func(b []byte) []byte { return b[:len(b)/2] })
		err := tryOpen(t, path)
		if !crm.IsKind(err, crm.Internal) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("opening half a file: %v", err)
		}
	})
	t.Run("pages", func(t *testing.T) {
		path := filled(t)
		spoil(t, path, func(b []byte) []byte {
			for at := 4096 * 40; at < len(b); at += 4096 {
				b[at] ^= 0xff // the type of the page
			}
			return b
		})
		d, err := Open(t.Context(), path, store.NewIndexes(store.Shapes()), Options{Now: time.Now})
		if err == nil {
			err = d.Check(t.Context())
			if e := d.Close(); e != nil {
				t.Log(e)
			}
		}
		if !crm.IsKind(err, crm.Internal) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("damaged pages: %v", err)
		}
	})
	t.Run("none", func(t *testing.T) {
		_, d := openAt(t, filled(t), store.Shapes())
		if err := d.Check(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestUnfinishedCreation opens where an earlier process died while it made the
// file.
func TestUnfinishedCreation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	for _, suffix := range []string{".new", ".new-wal", ".new-shm"} {
		if err := os.WriteFile(path+suffix, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := tryOpen(t, path); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v", st.Mode(), err)
	}
	left, err := filepath.Glob(path + ".new*")
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestSecondProcess runs itself to hold the file, and is refused by name until
// that process is killed.
func TestSecondProcess(t *testing.T) {
	if path := os.Getenv("THREADLINE_TEST_HOLD"); path != "" {
		openAt(t, path, store.Shapes())
		fmt.Println("held")
		select {}
	}
	path := filepath.Join(t.TempDir(), "data.db")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSecondProcess$")
	cmd.Env = append(os.Environ(), "THREADLINE_TEST_HOLD="+path)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	err = tryOpen(t, path)
	want := fmt.Sprintf("is in use by process %d since 2", cmd.Process.Pid)
	if !crm.IsKind(err, crm.Conflict) || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if err := tryOpen(t, path); err != nil {
		t.Errorf("after the holder was killed: %v", err)
	}
}

// TestDiskFull lets the database grow no further: commits fail, nothing of
// them is left, reads and later commits work.
func TestDiskFull(t *testing.T) {
	s, d := openAt(t, filepath.Join(t.TempDir(), "data.db"), store.Shapes())
	sp := s.In("wsp_a")
	put := func(from, n int) error {
		b := sp.Batch()
		for i := range n {
			store.Users.Create(b, &crm.User{ID: crm.UserID(fmt.Sprintf("usr_%05d", from+i)), Email: "a@example.org", Name: strings.Repeat("n", 500)})
		}
		return b.Commit(t.Context())
	}
	if err := put(0, 100); err != nil {
		t.Fatal(err)
	}
	pages := func(n int) {
		t.Helper()
		if err := d.writer.exec(fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	pages(100)
	version := d.clock
	for range 3 {
		err := put(1000, 2000)
		if !crm.IsKind(err, crm.Unavailable) || !strings.Contains(err.Error(), "free space") {
			t.Fatalf("a full disk: %v", err)
		}
	}
	if d.clock != version {
		t.Errorf("the clock moved from %v to %v", version, d.clock)
	}
	n, err := sp.Count(t.Context(), "user", store.Query{Where: []store.Filter{store.Is("email", "a@example.org")}})
	if err != nil || n != 100 {
		t.Errorf("counted %d, %v, want 100", n, err)
	}
	if err := put(100, 5); err != nil {
		t.Errorf("a small commit that fits: %v", err)
	}
	pages(1 << 30)
	if err := put(1000, 2000); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := d.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestGroupFails checks that a failed group takes back the names it added.
func TestGroupFails(t *testing.T) {
	s, d := openAt(t, filepath.Join(t.TempDir(), "data.db"), store.Shapes())
	if err := d.writer.exec("PRAGMA max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	commit := func() error {
		b := s.In("wsp_new").Batch()
		for i := range 200 {
			store.Users.Create(b, &crm.User{ID: crm.UserID(fmt.Sprintf("usr_%d", i)), Email: "a@example.org", Name: strings.Repeat("n", 500)})
		}
		return b.Commit(t.Context())
	}
	if err := commit(); !crm.IsKind(err, crm.Unavailable) {
		t.Fatal(err)
	}
	if err := d.writer.exec("PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	if err := commit(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, _ = openAt(t, d.path, store.Shapes())
	page, err := store.Users.Query(t.Context(), s.In("wsp_new"), store.Query{Where: []store.Filter{store.Is("email", "a@example.org")}, Limit: 500})
	if err != nil || len(page.Items) != 200 {
		t.Errorf("%d users, %v", len(page.Items), err)
	}
}

func TestReindex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	byEmail := store.Index{Collection: "user", Order: "email"}
	byName := store.Index{Collection: "user", Equal: []string{"status"}, Order: "name"}
	s, _ := openAt(t, path, []store.Index{byEmail})
	for _, ws := range []crm.WorkspaceID{"wsp_a", "wsp_b"} {
		b := s.In(ws).Batch()
		for i := range 1500 {
			store.Users.Create(b, &crm.User{ID: crm.UserID(fmt.Sprintf("usr_%04d", i)), Email: crm.Address(fmt.Sprint("u", i)), Name: fmt.Sprint("n", i%100), Status: crm.UserActive})
		}
		if err := b.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	emails := store.Query{Where: []store.Filter{store.Is("email", "u7")}}
	names := store.Query{Where: []store.Filter{store.Is("status", crm.UserActive)}, Order: "name"}
	for round, list := range [][]store.Index{{byEmail, byName}, {byName}, {byEmail}, {byEmail, byName}} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		var d *Driver
		s, d = openAt(t, path, list)
		var rows, want int64
		if err := d.writer.each(context.Background(), "SELECT count(*) FROM idx", nil, func(r *sql.Rows) error { return r.Scan(&rows) }); err != nil {
			t.Fatal(err)
		}
		for _, ix := range list {
			q, n := emails, int64(1)
			if ix.Order == "name" {
				q, n = names, 1500
			}
			want += 3000
			for _, ws := range []crm.WorkspaceID{"wsp_a", "wsp_b"} {
				if got, err := s.In(ws).Count(t.Context(), "user", q); err != nil || got != n {
					t.Errorf("round %d: %s counts %d, %v, want %d", round, ix.Order, got, err, n)
				}
			}
		}
		if rows != want {
			t.Errorf("round %d: %d entries, want %d", round, rows, want)
		}
	}
}

func TestClosed(t *testing.T) {
	s, _ := openAt(t, filepath.Join(t.TempDir(), "data.db"), store.Shapes())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := store.Users.Get(t.Context(), s.In("wsp_a"), "usr_1")
	if !crm.IsKind(err, crm.Unavailable) {
		t.Errorf("get after close: %v", err)
	}
	b := s.In("wsp_a").Batch()
	store.Users.Put(b, &crm.User{ID: "usr_1"})
	if err := b.Commit(t.Context()); !crm.IsKind(err, crm.Unavailable) {
		t.Errorf("commit after close: %v", err)
	}
}

func TestNestedCommit(t *testing.T) {
	s, _ := openAt(t, filepath.Join(t.TempDir(), "data.db"), store.Shapes())
	sp := s.In("wsp_a")
	err := sp.Transact(t.Context(), func(ctx context.Context, _ *store.Tx) error {
		b := sp.Batch()
		store.Users.Put(b, &crm.User{ID: "usr_1"})
		return b.Commit(ctx)
	})
	if !crm.IsKind(err, crm.Internal) {
		t.Errorf("a commit inside a transaction: %v", err)
	}
}

// TestClockGoesBack opens with a clock that stands before the last commit.
func TestClockGoesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	var last store.Version
	for _, year := range []int{2026, 1990, 2030, 2029} {
		x := store.NewIndexes(store.Shapes())
		now := func() time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
		d, err := Open(t.Context(), path, x, Options{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		s, err := store.New(d, store.Options{Indexes: x, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		b := s.In("wsp_a").Batch()
		store.Users.Put(b, &crm.User{ID: "usr_1", Name: fmt.Sprint(year)})
		if err := b.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		u, err := store.Users.Get(t.Context(), s.In("wsp_a"), "usr_1")
		if err != nil || u.Version <= last {
			t.Errorf("in %d: version %d after %d, %v", year, u.Version, last, err)
		}
		last = u.Version
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
