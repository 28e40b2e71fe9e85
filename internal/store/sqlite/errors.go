package sqlite

import (
	"context"
	"errors"

	sqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"threadline/internal/crm"
)

// failure puts an error of the engine into words; errors that have some
// already pass through.
func failure(op crm.Op, err error) error {
	if err == nil {
		return nil
	}
	var known *crm.Error
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return crm.E(crm.Unavailable, op, "the operation was cut short", err)
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return crm.E(crm.Internal, op, "the database failed", err)
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		return crm.E(crm.Unavailable, op, "there is no room left to store anything", err).
			WithHint("free space on the disk that holds the data folder; nothing that was confirmed is lost")
	case lib.SQLITE_IOERR:
		return crm.E(crm.Unavailable, op, "the disk failed to read or write", err).
			WithHint("look at the disk that holds the data folder and at the system's log")
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return crm.E(crm.Unavailable, op, "another program locks the database", err).
			WithHint("close other programs that have the database open")
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return crm.E(crm.Unavailable, op, "the database cannot be opened for writing", err).
			WithHint("look at the owner and the permissions of the data folder")
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return damaged(op, err)
	case lib.SQLITE_INTERRUPT:
		return crm.E(crm.Unavailable, op, "the operation was cut short", err)
	}
	return crm.E(crm.Internal, op, "the database failed", err)
}

func damaged(op crm.Op, err error) error {
	return crm.E(crm.Internal, op, "the database file is damaged", err).
		WithHint("keep a copy of the data folder and restore the last backup; nothing was written over")
}

// ended tells whether the caller has given up.
func ended(ctx context.Context, op crm.Op) error {
	if err := ctx.Err(); err != nil {
		return failure(op, err)
	}
	return nil
}
