// Package letter keeps templates and fills them: for a contact, their company, a
// deal and the person who writes.
//
// What it stores: template documents, and the signatures of people among the
// settings; each write is one change that can be undone.
//
// What it promises:
//   - A template that is stored parses: mistakes are refused when it is saved,
//     with line and column. Its HTML is clean (merge.Clean).
//   - What is shown before sending is what is sent: Fill gives subject, text and
//     HTML, and names every field without a value.
//   - A fill sees what its viewer may see, and nothing else: a field of a record
//     that the viewer may not read has no value.
//   - A person's own templates are theirs alone.
//
// Amounts and dates are written in the language of the letter.
package letter
