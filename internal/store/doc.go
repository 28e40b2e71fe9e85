// Package store is the memory of Threadline: a typed document store over a
// small driver, so that SQLite and Firestore keep the same promises.
//
// What it stores: documents of a closed list of collections (collections.go),
// each under a workspace. A document is a value in the encoding of encoding.go,
// with a version that changes when and only when its content does.
//
// What it promises:
//   - A Commit is atomic: all of its writes with all of their preconditions, or
//     none. Once it returned nil it survives a kill -9 and, on SQLite, a power
//     cut (synchronous=FULL).
//   - A Transact is serialisable. Its function reads first and writes after;
//     it may run more than once and must have no other effect.
//   - A query is served by exactly one index declared in
//     manifests/firestore.indexes.json, on every engine; without one it fails
//     with crm.MissingIndex and the lines to add.
//   - Order is by type, then value, then id: null < bool < number < time <
//     text < bytes; text compares as UTF-8 bytes; 3 equals 3.0; a filter finds
//     values of its own type only; a document without the ordered field is not
//     in the result, one with null is.
//   - A page's cursor is a position, not a snapshot: what is inserted before it
//     is not seen, nothing between is skipped or repeated unless it moved.
//   - Collections that are marked as logged are written through Change only,
//     which leaves one change document with each entity before and after.
//   - Changes returns changes and arrivals in the order of their commit, at
//     least once.
//
// Values and ids outside the allowed set are refused with the field's path
// before they reach a driver: text that is not UTF-8, NaN and infinities, an
// array in an array, maps deeper than 20, documents above 1 MiB less what the
// engine adds, ids that are not 1 to 256 bytes of [A-Za-z0-9_-].
package store
