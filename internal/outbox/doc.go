// Package outbox sends mail from the mailboxes of users, at most once.
//
// What it promises:
//
//   - A mail is written down before it is handed to a mail system, with the
//     Message-ID that it will have for ever. A kill at any instant leaves it as
//     queued, sent, failed, or sending, which is looked up before anything else
//     happens to it.
//
//   - Once its body may have gone out a mail is never handed over again by
//     itself. Whether it was sent is found out by looking its Message-ID up
//     among the mailbox's sent mail; what cannot be found out stays unknown, by
//     name, until a person decides.
//
//   - In any 24 hours a mailbox sends no more than its budget, mail of campaigns
//     and what its owner sent with other programs included.
//
//   - A draft has its Message-ID from its first save to its sending, and one copy
//     in the mailbox, however often it is written anew; where the mailbox takes
//     none it is kept here and says so.
//
//   - Files that go with a mail are put to it when it is handed over, from the store
//     of files; whoever names the content of a file that was uploaded may send it.
//
// A mail that answers another one or passes it on may quote it: it is put below when
// the mail is handed over, to a person or to the drafts of the mailbox, with its
// formatting where the new mail has one, as package page lets it through, without
// what this workspace tracked it by. What is larger than 256 KB is quoted as its text,
// of which 20,000 bytes are. Who may not read it any more cannot send the draft; one
// that was erased meanwhile is not quoted.
//
// Sender is what a mail system has to do; sync/gmail and sync/smtp each
// implement it, and package outboxtest holds both to it.
//
// What it stores: outgoing documents.
package outbox
