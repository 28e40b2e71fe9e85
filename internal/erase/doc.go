// Package erase takes a person out of a workspace for good, and lets old things
// go after the time that the workspace keeps them.
//
// What it promises:
//   - An erasure says first what it would do and waits for a word. Then it is a
//     job: killed at any instant, it goes on, and doing a piece twice changes
//     nothing.
//   - The person's record goes, with the leads that became it or the contact that it
//     became; of records that were merged into these the log alone holds something,
//     which is blanked. So goes what is said of them alone: activities,
//     identities, consents, enrolments, suggestions, rules. Mail that they take
//     part in keeps its place, date and direction and loses its words, files and
//     their name and address. Lines of ledgers lose the address. Of what keeps
//     mail away from them stays the keyed hash of their address.
//   - Mail from before the erasure that a mail server lists again, in the same
//     mailbox or another one, is not stored again: a keyed hash of the address
//     stays, and the skip is counted by its reason. Service.Lift takes that back;
//     mail is then fetched by a thorough look. What they send later is new mail.
//   - Files in their fields go, unless another record names the same content.
//   - Files that name them and were exported or uploaded for an import, and plans of
//     edits, are forgotten with their work. Other files that were exported stay.
//   - What the change log holds of them is blanked. Hashes stand in, so that the
//     audit chain still verifies; undoing across it is refused.
//   - Nothing of it can be taken back. What lies on mail servers and in backups
//     is not touched, nor is what mail of others says about the person, nor a query
//     or a template that somebody wrote with their name in it.
//   - A file of SQLite keeps what was deleted in it until the place is written
//     again. A backup has none of it, and neither has the house that is restored
//     from one.
//   - Retention rules are carried out by the same means, a bounded number at a
//     time.
//
// What it stores: job documents; what it leaves in those of others.
package erase
