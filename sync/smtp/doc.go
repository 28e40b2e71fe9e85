// Package smtp sends mail of IMAP accounts through their SMTP server (RFC 5321,
// RFC 6409).
//
// What it promises:
//   - A mail is handed over in one dialogue and never tried again by itself.
//     Until the last line of its body every failure says that it was not sent;
//     after it only the server's own refusal does.
//   - A connection serves one mail at a time and is kept for the next one while
//     all goes well. One on which the server hung up meanwhile, before it heard of
//     the mail, is replaced by a new one.
//   - An answer counts for what was said when the server had said nothing unasked
//     until then, not even one byte that has arrived and was not read. Whoever did
//     is not listened to any more: before the end of the body the mail was not sent,
//     after it nobody knows when more than one further answer came along.
//   - Where the server allows it, what comes before the body is said at once. The
//     body goes out when every recipient was taken, and not before.
//   - All recipients get it or none: one that the server refuses ends the
//     dialogue before the body.
//   - Without encryption nothing is sent but to this machine.
//
// It stores nothing.
package smtp
