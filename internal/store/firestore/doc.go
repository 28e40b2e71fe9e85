// Package firestore keeps documents in Cloud Firestore (native mode, Standard
// edition, its Core operations only): the engine of many machines.
//
// What it stores: workspaces/{workspace}/{collection}/{id}, one document each
// with the stored bytes in the field _d and, at their own paths, copies of the
// values that declared indexes need. The copies hold exactly what
// store.Indexes.Entries has keys for, so Firestore's own order over them is the
// order of package store; every other field is in _d alone and costs no index
// entry. Changes and arrivals also carry _s, a shard by the hash of their id,
// and _t, the server's time of the request that made them. The document
// threadline/schema says whose database it is and of which version.
//
// A version is the time of the document's last change in microseconds, which
// Firestore leaves alone when a write changes nothing.
//
// What it promises beyond package store:
//   - Every call ends by itself: each has a deadline, whatever the caller's
//     context says.
//   - What was refused for lack of a lock or of a server (ABORTED, UNAVAILABLE,
//     RESOURCE_EXHAUSTED) is tried again. A commit without an answer is
//     ambiguous: one that only puts and deletes is repeated, because a repeat
//     changes nothing; one with preconditions is repeated too, and when the
//     repeat is refused the documents are read: what stands as it was to be
//     written counts as written. A transaction without an answer is run again
//     only when a document that it read is proved untouched; otherwise it fails
//     with crm.Unavailable, which means "look, then repeat".
//   - A commit is one request of at most MaxBytes, else it fails at once with
//     crm.TooLarge. Callers keep below MaxWrites (Driver.Room); more in one
//     commit are still atomic, because the server bounds bytes and not writes.
//   - Writes start at 500 a second and grow by half every five minutes of use,
//     as Google asks of new collections.
//   - Several documents are read by name in queries of thirty, in a transaction
//     with the same locks: a missing one costs nothing by itself.
//   - The feed is at least once: its position holds the time of the newest
//     entry and what was seen of the last seconds before it, so that an entry
//     whose commit took longer than that of a later one still comes.
//   - A database of another program, or of a newer version of this one, is
//     refused and nothing is written to it.
//
// What it does not do: sums read the documents of the query, one read each.
package firestore
