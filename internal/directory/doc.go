// Package directory knows who is behind addresses and domains: which contacts and
// companies held them when, whom contacts work for, and which deals hang on both.
// It fills what package match looks things up in, for the tokens in question.
//
// It is a memory for engines whose every read is paid for and to which other
// processes write (store.Watch). On others it reads with the reader at hand, of
// which a transaction is serialisable, and keeps nothing.
//
// What it promises:
//   - Nothing that Fill gives is older than the moment that it returns: before it
//     answers, it asks the change log for what was committed since it last did,
//     whoever wrote, and drops what that names. So long as nothing changes that
//     costs one read, however many tokens are asked for.
//   - It takes no locks. Changes that are committed after that moment and before
//     the transaction that uses it may be missed, as Overtook tells afterwards:
//     whoever stores what follows from the directory stores the moment with it,
//     and decides again when it was overtaken. Package ledger does so by arrivals.
//   - It is filled by what is asked for, that nobody is there included, and holds
//     the latest Most tokens, as many records, and the deals of as many. It is not
//     loaded as a whole: a read finds one identity, or thirty times nobody.
//
// What it stores: nothing. A new process begins with an empty one.
package directory
