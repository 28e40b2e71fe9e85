// Package meeting makes meetings of the calendar files in mail.
//
// What it promises:
//   - One meeting for an invitation, however many mailboxes hold it and however
//     often it is read: its id follows from the UID (RFC 5545 §3.8.4.7).
//   - Moved, called off, answered: the highest revision holds, of the whole and of
//     each of a series, and of each person the latest answer, in whatever order
//     the mails come; see crm.Invite.Follow. What a person changed in a meeting
//     stays until the next revision.
//   - A series is one meeting, which stands at the one that goes on or comes next
//     and goes on within a minute of its end, also after the program was down; when
//     all are over, at the last. What was moved or called off is kept with its old
//     time. A rule that makes no series leaves a single meeting. One of a series
//     that has a title or place of its own shows it while the meeting stands there.
//   - A time that somebody who is invited proposes (METHOD:COUNTER) shows beside that
//     of the meeting, the latest one, until the organizer says anew when it is. To
//     take it over is to change the meeting to that time, which can be undone, and
//     ends the proposal. One about a series, or one of it, is told as such until
//     that one is over, and is for the organizer to take over: only they can say
//     to everybody when the others of the series are.
//   - A meeting stands on the timelines that its mails stand on. Mail about nobody
//     whom we know makes none until we know them.
//   - A meeting says no more than everybody in the workspace may know of the mail
//     at that moment: where that is metadata, its title is who takes part, and
//     place and text are left out; of private and internal mail there is none.
//
// Each step is a change of the program, which can be undone. A meeting that a
// person deleted comes back with the next revision.
//
// It stores meetings, through package records, and its position in the feed as a
// job document.
package meeting
