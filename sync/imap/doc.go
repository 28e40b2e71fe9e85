// Package imap is a mailbox on an IMAP4rev1 server (RFC 3501, RFC 9051), as
// package source wants it.
//
// What it promises beyond the contract of package source:
//   - It reads only: folders are opened with EXAMINE, bodies with BODY.PEEK.
//   - It never asks the server what a message means (no ENVELOPE, no
//     BODYSTRUCTURE): servers get that wrong, and one wrong answer costs the
//     whole connection.
//   - Passwords travel over TLS, or over a loopback connection.
//   - Every command has a deadline, every read a shorter one, and both close
//     the connection; only IDLE may wait longer, for a few minutes.
//   - A folder whose name is neither modified UTF-7 nor UTF-8 is read like any
//     other, under a name that people can read.
//
// What a server can lack: without CONDSTORE (RFC 7162) flag changes are not
// told by Delta (NoFlags); without ESEARCH, LIST-STATUS, SPECIAL-USE or IDLE
// the same is asked for in older ways.
//
// A cursor is "uidvalidity.uidnext.highestmodseq.messages", all four from one
// answer of the server. Deletions cannot be missed: a folder that has fewer
// messages than it had, plus the UIDs given out since, is reported as Recount.
//
// The package stores nothing.
package imap
