// Package export writes a workspace down and checks that it keeps its promises.
//
// The canonical export (Write) is the oracle of the product: two stores are in
// the same state when their exports are the same bytes. It is JSON Lines: one
// line that says what it is, then one line per document, in order of collection
// and id, the keys of every object sorted, times as RFC 3339 with microseconds,
// bytes in base64; what is missing, null or empty is left out. It holds
// settings, people, records, identities, rules, exclusions, answers, messages
// with links and bodies, and copies as stored, skipped or dead.
//
// It leaves out how the program got there: changes, arrivals, jobs, leases, the
// queue, cursors, sessions, keys, secrets, versions, times of the machine, what
// a server said about a dead letter, and whether anybody was asked about a
// message. Threads go by their present name. A full export (Options.Full) adds
// change log, folders with cursors, names that threads have lost, the id key and
// the contents of files in fields, for moving house; secrets stay out of it too,
// and so do jobs with the files that they work on. What the blob store has lost
// is told by name, in the last line, without which a full export was cut.
//
// Verify checks the promises on the live data, reads only, and says for each
// fault what to do.
//
// The package stores nothing.
package export
