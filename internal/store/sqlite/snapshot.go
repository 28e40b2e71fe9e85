package sqlite

import (
	"context"
	"database/sql"

	"threadline/internal/crm"
)

// Snapshot writes a copy of the database as it is at one instant to a new file
// at path. Writers go on meanwhile; the journal grows until the copy is done.
// The copy holds no remains of what was deleted.
func (d *Driver) Snapshot(ctx context.Context, path string) error {
	const op = crm.Op("sqlite.Snapshot")
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	defer func() { cancel(); <-done }()
	go func() {
		defer close(done)
		select {
		case <-d.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	db, err := sql.Open("sqlite", dsn(d.path)) // of its own: the others are for short questions
	if err != nil {
		return failure(op, err)
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	if e := db.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = syncFile(path)
	}
	if late := ended(ctx, op); err != nil && late != nil {
		return late
	}
	return failure(op, err)
}
