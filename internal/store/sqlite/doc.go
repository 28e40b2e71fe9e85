// Package sqlite keeps documents in one SQLite file: the engine of a single
// machine.
//
// What it stores: documents in the table doc, each with its version; for every
// declared index the keys of store.Indexes.Entries in the table idx, so that
// the order is the one of bytes and needs no collation; changes and arrivals in
// the table feed; names of workspaces, collections and indexes once, as small
// integers.
//
// What it promises beyond package store:
//   - One process has the file: a second one is refused by the first one's
//     name (lock.go).
//   - A commit that was answered survives a power cut: write-ahead log with
//     synchronous=FULL. Commits that arrive together share one sync.
//   - A transaction of store.Ahead reads what the commits before it are about to
//     write; what it wants is written only if all that it read is still so.
//   - A file that is damaged, foreign, emptied or newer than the program is
//     refused with what to do, and never written over.
//   - A full disk fails commits with crm.Unavailable and leaves reads working.
package sqlite
