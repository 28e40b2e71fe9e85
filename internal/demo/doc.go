// Package demo makes a small believable world of sales: a rep at a firm of five
// who sells dust extraction in four languages, the customers, their deals, and
// about 400 mails of the last 90 days; and it serves that world on loopback, as
// an IMAP mailbox to which mail keeps arriving, an SMTP sink, and the drafts of Gmail.
//
// What it promises:
//   - The world is a pure function of a seed and a point in time: the same
//     arguments give the same bytes, on every machine.
//   - Every name is invented, every domain lies under .example (RFC 2606).
//   - Threads are real: each Message-ID in References belongs to an earlier mail
//     of the world, although not always to one in a folder of the rep.
//   - The servers bind to loopback only, keep everything in memory, and leave no
//     goroutine behind after Close.
//
// The package stores nothing.
package demo
