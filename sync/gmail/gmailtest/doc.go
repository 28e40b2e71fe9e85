// Package gmailtest is a Gmail server in the process of a test: what the Gmail
// API, Google's OAuth endpoints and its push notifications do that an engine is
// judged on.
//
// What it promises:
//   - History expires (404), its ids have gaps; page tokens survive mail that
//     arrives meanwhile; a message may go between the listing and the get.
//   - Every call costs units by method; over the limit of a user or the project
//     within any 60 seconds it answers 429, and counts that as a fault of the
//     client (Overruns).
//   - Access tokens expire; consent can be refused, narrowed and revoked; PKCE
//     and single-use codes are enforced.
//   - Faults can be ordered by method: a status with its reason and Retry-After,
//     a connection cut before or after the call took effect.
//   - Notifications carry a signed token and may be asked for at any time.
//
// The payload of a message is built by another MIME library than the product's,
// so that the two check each other.
//
// It stores nothing outside of memory.
package gmailtest
