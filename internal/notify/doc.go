// Package notify tells people what concerns them: a reminder, the day of a task,
// a task that was given to them, a comment that names them, an answer that a
// task waited for.
//
// What it promises:
//   - Each is told once, across restarts and repeats of the feed: the id of a
//     notice follows from what it is about.
//   - It follows the feed of changes and arrivals, at least once. Imports, undos
//     and historical mail tell nobody anything, and nobody is told of what they
//     did themselves.
//   - A reminder that came due while nothing ran is told at the next start, for
//     up to a week.
//   - Days begin where the person lives: the day of a task, the hour of a digest.
//   - A task that was put out of sight until a time is told of at that time.
//   - A notice holds no text: what it is about is read for whoever looks, and
//     left out when they may not read it.
//   - A task that waits for a reply goes on when mail arrives from outside on a
//     record that it is about; that is a change, which can be undone.
//
// What it stores: notice and noticechoice documents, and its position in the
// feed as a job document. Mail goes through the function that the owner of a
// Notifier gives it, at once or with the digest of the day, with a key by which
// a repeat is known; without one, notices that are to be mailed wait.
package notify
