// Package meeting makes meetings of the calendar files in mail.
//
// What it promises:
//   - One meeting for an invitation, however many mailboxes hold it and however
//     often it is read: its id follows from the UID (RFC 5545 §3.8.4.7) and, of
//     one of a series, from its RECURRENCE-ID.
//   - Moved, called off, answered: the highest revision holds, and of each person
//     the latest answer, in whatever order the mails come; see crm.Invite.Follow.
//     What a person changed in a meeting stays until the next revision.
//   - A meeting stands on the timelines that its mails stand on. Mail about nobody
//     whom we know makes none until we know them.
//   - A meeting says no more than everybody in the workspace may know of the mail
//     at that moment: where that is metadata, its title is who takes part, and
//     place and text are left out; of private and internal mail there is none.
//
// Each step is a change of the program, which can be undone. A series is one
// meeting at its first time, with its rule. A meeting that a person deleted comes
// back with the next revision.
//
// It stores meetings, through package records, and its position in the feed as a
// job document.
package meeting
