// Package extract writes files that people take away: the records of a query or
// a view as CSV, records as JSON lines, and the mail of records as .eml.
//
// What it stores: the job, and the file in pieces in the blob store, until both
// are forgotten with the job.
//
// What it promises:
//   - A file holds what its maker may read when it is written: fields, records
//     and mails of which they may not know are neither in it nor counted. A mail
//     of which they know people and time only is left out and counted.
//   - Cells of CSV are no formulas: what a spreadsheet would carry out stands
//     behind an apostrophe, which an import takes away again.
//   - Any size: a piece is written in a transaction with the progress of the
//     job, and a killed process goes on behind the last.
//   - Only who made it gets the file, and only with the right to export.
//   - That a file was begun or fetched, by whom and through which door, stands in the
//     change log. A person begins and fetches only so many in an hour.
package extract
