// Package search finds records, activities and mail by the words that people
// remember of them, while they type.
//
// The way of a subject into the index:
//
//	record, message → subject   words in folded form, by who may know of them
//	subject → Index             a file of its own beside SQLite (FTS5), or the
//	                            collection search on Firestore
//
// What it promises:
//   - One folding for what is stored and what is asked (crm.Fold): lodz finds
//     Łódź.
//   - What begins a name, an address or a domain comes first, then what holds
//     all the words; each newest first.
//   - A word is kept under the audiences that may read it, and asked for under
//     those of the viewer, so that nothing hidden is found, counted, or makes a
//     page short. What is found is looked at once more through the rooms that
//     decide: an index that lags shows nothing that was hidden since.
//   - The index is a projection: it follows the feed of changes and arrivals,
//     lags by seconds, and is made anew from what is stored when it is missing,
//     of another version, or asked to be. A kill at any instant leaves it at an
//     earlier moment of the feed.
//
// It stores nothing but the index and its position in the feed.
package search
