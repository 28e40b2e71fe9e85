// Package bulk changes many records at once, and takes such changes back.
//
// An edit finds records by a query and gives all of them the same values; an
// undo takes a batch of any size back. Both are jobs that look first and write
// afterwards: an edit waits with its plan for a person's word, an undo waits
// only when something was changed since.
//
// What it stores: the job, and one part a chunk with what is planned for its
// records, or what cannot be taken back.
//
// What it promises:
//   - Looking writes no record. What is written is what was shown: a record that
//     was deleted, hidden or changed in the same fields since is left alone and
//     told by name.
//   - Each chunk is one transaction with the progress of its job; killed at any
//     instant, the work goes on behind it.
//   - An edit is one batch, and so is an undo: both can be taken back.
//   - Whoever lost the right to edit in bulk meanwhile edits nothing more.
package bulk
