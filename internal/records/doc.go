// Package records keeps contacts, companies, deals and activities, and the
// identities that tie them to mail.
//
// What it stores: record, activity and identity documents; each of its writes
// is one change (or, for many records, one batch of changes), so that all of it
// can be taken back.
//
// What it promises:
//   - Values are checked by the noun's fields; relations exist in the same
//     workspace and are of the right kind; owners are users; a company never
//     holds a domain at which anybody may be.
//   - An identity is written in the same transaction as the record that gains
//     or loses it. Its earliest holder reaches back to the beginning.
//   - Undo writes back exactly what was there before, or nothing: whatever
//     changed in the meantime is named in a crm.Conflict.
//
// Every read takes a viewer and every write an actor; an empty user id is the
// operator. Records are visible to all members of their workspace.
package records
