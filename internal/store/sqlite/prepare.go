package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"threadline/internal/crm"
)

// migrations bring a schema from one number to the next; they only go forward.
//
//go:embed migrations
var migrations embed.FS

// application marks our files in the header of SQLite ("Thrl").
const application = 0x5468726c

const magic = "SQLite format 3\x00"

// prepare checks the file and brings its schema up to date, or makes it.
func prepare(ctx context.Context, path string) error {
	found, err := inspect(path)
	if err != nil {
		return err
	}
	if !found {
		return create(ctx, path)
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return failure("sqlite.Open", err)
	}
	err = migrate(ctx, db, path)
	if e := db.Close(); err == nil {
		err = failure("sqlite.Open", e)
	}
	return err
}

// inspect looks at the file without SQLite, which would take an empty file for
// a new database and drop a journal that has lost its database.
func inspect(path string) (found bool, err error) {
	const op = crm.Op("sqlite.Open")
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if st, err := os.Stat(path + "-wal"); err == nil && st.Size() > 0 {
			return false, crm.Errorf(crm.Invalid, op, "%s is missing, but its journal is there", path).
				WithHint("put the database file back beside its journal, or restore the last backup into an empty folder")
		}
		return false, nil
	}
	if err != nil {
		return false, crm.E(crm.Unavailable, op, "the database cannot be read", err).WithHint("look at the owner and the permissions of the data folder")
	}
	defer f.Close()
	head := make([]byte, 100)
	n, err := io.ReadFull(f, head)
	switch {
	case n == 0:
		return false, crm.Errorf(crm.Invalid, op, "%s is empty: its content was lost", path).
			WithHint("restore the last backup; to start anew, remove the file and its -wal and -shm files yourself")
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, crm.E(crm.Unavailable, op, "the database cannot be read", err)
	case n < len(head) || string(head[:len(magic)]) != magic:
		return false, crm.Errorf(crm.Invalid, op, "%s is not a database, or its beginning is damaged", path).
			WithHint("keep the file, and restore the last backup or choose another data folder")
	}
	return true, ours(path, int(binary.BigEndian.Uint32(head[68:])), int(binary.BigEndian.Uint32(head[60:])))
}

// ours tells whether the program may open a file with these marks of its
// header (application_id and user_version), before SQLite touches it.
func ours(path string, app, schema int) error {
	const op = crm.Op("sqlite.Open")
	if app != application {
		return crm.Errorf(crm.Invalid, op, "%s belongs to another program", path).WithHint("choose another data folder")
	}
	want, err := newest()
	if err != nil {
		return err
	}
	if schema > want {
		return crm.Errorf(crm.Invalid, op, "%s has schema %d, this program knows up to %d", path, schema, want).
			WithHint("use the newer version of the program that last opened it")
	}
	return nil
}

// create makes the database under another name first, so that the real name
// never holds half of one.
func create(ctx context.Context, path string) error {
	const op = crm.Op("sqlite.Open")
	part := path + ".new"
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(part + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return crm.E(crm.Unavailable, op, "what is left of an earlier attempt cannot be removed", err)
		}
	}
	db, err := sql.Open("sqlite", dsn(part))
	if err != nil {
		return failure(op, err)
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", application))
	if err = failure(op, err); err == nil {
		err = migrate(ctx, db, path)
	}
	if e := db.Close(); err == nil {
		err = failure(op, e) // closing the last connection writes the journal back
	}
	if err != nil {
		return err
	}
	if err := publish(part, path); err != nil {
		return crm.E(crm.Unavailable, op, "the database cannot be made", err)
	}
	return nil
}

// publish gives a finished file its name, and makes sure that it keeps it.
func publish(part, path string) error {
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// migrate applies the migrations that the file lacks, each in a transaction.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	const op = crm.Op("sqlite.Open")
	var app, have int
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&app); err != nil {
		return failure(op, err)
	}
	if err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return failure(op, err)
	}
	if err := ours(path, app, have); err != nil { // the journal may know more than the header did
		return err
	}
	want, err := newest()
	if err != nil {
		return err
	}
	for n := have + 1; n <= want; n++ {
		if err := step(ctx, db, n); err != nil {
			return err
		}
	}
	return nil
}

func newest() (int, error) {
	list, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, fmt.Errorf("read the migrations: %w", err)
	}
	return len(list), nil
}

func step(ctx context.Context, db *sql.DB, n int) error {
	text, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", n))
	if err != nil {
		return fmt.Errorf("read migration %d: %w", n, err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return failure("sqlite.Open", err)
	}
	defer tx.Rollback() // nothing after a commit
	script := strings.TrimSpace(string(text)) + fmt.Sprintf("\nPRAGMA user_version = %d;", n)
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return failure("sqlite.Open", err)
	}
	return failure("sqlite.Open", tx.Commit())
}
