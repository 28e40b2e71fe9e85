// Package ledger knows why each mail is where it is. It joins messages to
// threads, links them to records through package match, keeps both right when
// the directory, the rules or the answers change, and explains them.
//
// What it promises:
//   - Links are derived: Link computes them for arriving mail inside the
//     transaction that stores it, Follow recomputes what a change touches, and
//     both equal a full recompute (Audit proves it on live data).
//   - LinkKnowing takes people from what package directory keeps, without locks:
//     its arrival says as of when that was, and Follow decides again when it was
//     overtaken. What hides mail (exclusions, answers), rules and who we are are
//     read in the transaction all the same.
//   - A thread is the union of messages that mention each other's Message-ID, or
//     of which one answers the other by its subject. It only grows: its name is
//     the smallest id that it ever had, whatever order they arrive in; a late
//     join leaves an alias instead of rewriting the thread.
//   - Within a thread, match.Threads keeps conversations apart; which, is decided
//     anew for all of it whenever it changes. A conversation is called by the
//     smallest id of its messages. A thread of more than match.MaxThread messages
//     is taken for one conversation in which no links are passed on; whose turn it
//     is and which mails pass others on is told from its newest match.MaxThread.
//   - Creating a contact, address, domain or deal links stored mail
//     retroactively: Follow reads the feed of changes, at least once, and a
//     repeat changes nothing.
//   - A correction is one change that can be undone. PreviewCorrection tells what
//     it would do, by the same decision, of mail that the viewer may know of.
//   - What exclusions and private answers do is derived with the links, so that
//     all but never_store can be taken back. Rules and exclusions that could
//     have no effect are refused.
//   - Every change of links leaves an arrival document in the same transaction.
//
// What it stores: links, threads and feed tokens in message documents, thread
// aliases, answers, rules and suggestions; its own position in the feed as a
// job document.
package ledger
