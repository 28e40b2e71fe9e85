// Package backup writes a house down as one archive while it is at work, and
// reads it back.
//
// The archive is a tar file. Its entries, in this order: backup.json (what it
// is and who made it), threadline.db (a snapshot of the database at one
// instant), blobs/<workspace>/<hash> (every large body that the snapshot
// names), end.json (how many entries there are, which bodies were missing, and
// a SHA-256 over the name, length and SHA-256 of each entry before it).
//
// What it promises:
//   - The snapshot is one state of the database: every commit up to an instant
//     and none after it. Writers go on meanwhile.
//   - The key file is never part of it, so that sealed secrets stay sealed;
//     neither are sessions, sign-in links and leases, nor who was working on a
//     job: nothing of the old house comes alive in the new one.
//   - An archive that was cut, changed in any byte that counts, or made in a
//     newer format is refused by its name.
//
// It stores a temporary copy of the database in the folder that it is given,
// and removes it, at the latest before the next backup.
package backup
