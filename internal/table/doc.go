// Package table reads and writes tables of text: CSV (RFC 4180) in whatever
// dialect a program of the reader's country wrote it.
//
// What it promises:
//   - Encoding, delimiter and heading are guessed from the beginning of a file
//     and can be said instead.
//   - Reading needs the memory of one row, which has at most MaxRow bytes; what
//     is broken or larger is a row with an error, and the rows behind it are read.
//   - Every row knows its number and where it begins, so that reading can go on
//     there later.
//   - What is written starts no formula in a spreadsheet, and is read back as it
//     was.
//
// It does no I/O of its own and stores nothing.
package table
