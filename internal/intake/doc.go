// Package intake brings files of records in.
//
// A file goes through three stages, each a part of one job: it is kept (Upload),
// read and planned (Plan), and applied (Apply). The plan says for each row what
// becomes of it, and why; people correct how the file is read, which column is
// which field, and what happens to records that are there already, and plan
// again.
//
// What it stores: the file in pieces in the blob store, the job, and one part a
// chunk with the decisions on its rows.
//
// What it promises:
//   - Planning writes no record. Applying makes the same decisions again, in the
//     transaction that writes, and refuses rows of which the plan said something
//     else: the result equals the plan, and rows about which somebody changed
//     something in between are errors that say so.
//   - A row is brought in whole or not at all. All of them are one batch, which
//     can be undone.
//   - Killed at any instant, applying goes on behind its last chunk. Planning,
//     which remembers earlier rows, begins anew.
//   - Memory does not grow with the file but for the pieces' names, a filter of
//     fixed size, and the keys that rows have in common.
package intake
