package sqlite

import (
	"context"
	"database/sql"
)

// What commits add to the journal is copied into the file beside the writer,
// whenever about journalBytes have come together: a commit that had to do it
// would be late by some hundred milliseconds. Should the copying stay behind,
// because somebody reads for very long, the writer does it at journalPages.
const (
	journalBytes = 16 << 20
	leastCommit  = 64 << 10 // what a commit counts at least: it writes whole pages
	journalPages = `PRAGMA wal_autocheckpoint = 32768`
)

// grow counts what a commit added.
func (d *Driver) grow(bytes int64) {
	d.journal += max(bytes, leastCommit)
	if d.journal < journalBytes {
		return
	}
	d.journal = 0
	select {
	case d.full <- struct{}{}:
	default: // it is being copied
	}
}

// checkpoint owns a connection and copies when it is told to, until the driver
// closes. It waits for nobody and makes nobody wait. What cannot be copied now
// stays in the journal and is copied later; a disk that takes no more fails the
// commits, which say so.
func (d *Driver) checkpoint(s *session) {
	defer close(d.copied)
	for {
		select {
		case <-d.full:
			_ = s.each(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`, nil, func(*sql.Rows) error { return nil })
		case <-d.closing:
			return
		}
	}
}
