// Package engine takes each mailbox through one state machine: connect, find
// out what changed, fetch, parse, match, store.
//
// What it promises:
//   - A cursor moves only in the transaction that stores its page or puts it on
//     the durable fetch queue: ranges in the box documents plus exceptions in
//     the queue collection. A kill -9 at any instant loses nothing and doubles
//     nothing; replaying any page, push or whole backfill changes nothing.
//   - Live mail goes before the backfill, the backfill newest first.
//   - Every remote copy of a folder is accounted for: on the server = stored +
//     skipped by reason + queued + retrying + dead by reason, as of one listing
//     (Counts of a box; Equation). A listing also finds what was missed.
//   - Of mail that a never_store exclusion covers nothing is written but a keyed
//     hash of its Message-ID and the reason: not even its blobs, which are
//     written inside the transaction that read the exclusions.
//   - A failing message neither blocks the cursor nor is lost: it is retried
//     with growing pauses and becomes a dead letter with its reason.
//   - One process works on a mailbox: every transaction checks the lease and its
//     fence.
//   - What a person wants of a mailbox (pause, resume, another choice of folders,
//     an audit, the end) stands in its document and is obeyed by whichever
//     process holds it.
//   - Every night each folder is compared key by key with the server; what
//     differs is repaired, and the folder keeps what was found.
//   - A deleted mailbox leaves nothing but its address; its messages stay or
//     go, as was chosen. That is not undone.
//   - Refused credentials stop the mailbox, keep cursor and queue, and say so;
//     everything else is retried with full jitter, at most 15 minutes apart.
//   - Memory is bounded by 20 MB of mail between the server and the store and by
//     groups of 800 mails or 8 MB, of which one is gathered, one decided on and
//     one written at a time, whatever the mailbox.
//
// Next decides, purely; run.go carries out; group.go stores. The engine
// knows neither campaigns nor workflows, nor which kind of source it drives.
//
// What it stores: box, copy, queue, message, body, thread, arrival and lease
// documents, and the state of the mailbox document.
package engine
